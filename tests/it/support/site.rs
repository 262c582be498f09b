//! A whole installation for one test: a database of its own, a clock that stands still, and the router in process.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::Router;
use chrono::{DateTime, NaiveDate, Utc};
use scrutiny_tracker::{
    clock::Clock,
    command::{
        self, Cx, demonstration, preference,
        session::{self, Client},
    },
    domain::{
        access::Actor,
        account::Way,
        action::Action,
        id::{ActionId, PersonId},
        plan::Record,
    },
    link::Links,
    mail::{bell::Bell, message::Mailbox, reading},
    seed,
    store::{self, Store, record::Depth},
    web::{self, App, Mode, page::settings::MailWay},
};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::{APPENDIX_B, Browser, HOST, postgres};

/// Machine time at which every site stands: not the office's, so that a mix-up shows.
fn machine_time() -> DateTime<Utc> {
    "2026-03-02T10:30:00Z".parse().expect("a moment")
}

/// One installation. Its database goes with it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// For commands and reads.
    pub(crate) cx: Cx,
    /// The address of its database, for another connection or for the program itself.
    pub(crate) url: String,
    real: bool,
    place: Arc<Place>,
}

/// Where a database lies.
#[derive(Debug)]
enum Place {
    Folder(TempDir),
    Postgres,
}

/// What a database holds when a test begins.
#[derive(Clone, Copy, Debug)]
enum Holds {
    AppendixB,
    Nothing,
}

/// Runs a test on Appendix B in SQLite, and then in PostgreSQL.
pub(crate) async fn each_database(test: impl AsyncFn(Site)) {
    each(Holds::AppendixB, test).await;
}

/// Runs a test on an empty, migrated database: SQLite, and then PostgreSQL.
pub(crate) async fn each_empty_database(test: impl AsyncFn(Site)) {
    each(Holds::Nothing, test).await;
}

async fn each(holds: Holds, test: impl AsyncFn(Site)) {
    // Shown when the test fails: which of the two it was.
    eprintln!("on SQLite:");
    test(Site::on_sqlite(holds).await).await;
    if let Some(database) = postgres::database(matches!(holds, Holds::AppendixB)).await {
        eprintln!("on PostgreSQL:");
        test(Site::open(database.url(), Place::Postgres).await).await;
        // A test that failed leaves its database; the cluster's folder goes in any case.
        database.drop().await;
    }
}

impl Site {
    /// Appendix B in SQLite, for tests of what no database has a say in.
    pub(crate) async fn appendix_b() -> Self {
        Self::on_sqlite(Holds::AppendixB).await
    }

    /// An empty, migrated SQLite database.
    pub(crate) async fn empty() -> Self {
        Self::on_sqlite(Holds::Nothing).await
    }

    async fn on_sqlite(holds: Holds) -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("test.sqlite");
        std::fs::write(&file, sqlite_template(holds).await).expect("the template is copied");
        Self::open(format!("sqlite://{}", file.display()), Place::Folder(folder)).await
    }

    async fn open(url: String, place: Place) -> Self {
        let store = Store::open(&url).await.expect("the database opens");
        Self { cx: cx(store), url, real: false, place: Arc::new(place) }
    }

    /// The same installation once more, as it is now, in a database of its own. Only on SQLite.
    pub(crate) async fn copy(&self) -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("test.sqlite");
        copy_sqlite(&self.url, &file).await;
        let copy = Self::open(format!("sqlite://{}", file.display()), Place::Folder(folder)).await;
        copy.cx.clock.move_office_to(self.cx.clock.office_now());
        store::installation::refresh(&copy.cx.store).await.expect("its settings are read");
        Self { real: self.real, ..copy }
    }

    /// The same installation as `serve` runs it, without the demonstration's doors.
    pub(crate) fn real(mut self) -> Self {
        self.real = true;
        self
    }

    /// The same installation with every statement counted from now on.
    pub(crate) fn counting(mut self) -> (Self, Statements) {
        let counter = Arc::new(AtomicUsize::new(0));
        self.cx.store.count_statements(counter.clone());
        (self, Statements(counter))
    }

    /// Moves office time to nine o'clock of a day. Machine time stays, so nobody is signed out.
    pub(crate) fn go_to(&self, day: NaiveDate) {
        self.cx.clock.move_office_to(demonstration::nine_on(day));
    }

    /// The office day.
    pub(crate) fn today(&self) -> NaiveDate {
        self.cx.clock.today()
    }

    /// The router.
    pub(crate) fn router(&self) -> Router {
        self.router_with(scrutiny_tracker::demonstration::mail_way(&self.cx))
    }

    fn router_with(&self, mail: MailWay) -> Router {
        let mode = if self.real {
            Mode::Real { secure: false }
        } else {
            Mode::Demonstration(scrutiny_tracker::demonstration::doors(&self.cx))
        };
        web::router(App::new(self.cx.clone(), mode).with_mail(mail))
    }

    /// A browser in which nobody is signed in.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router())
    }

    /// A browser in which somebody is signed in, by address.
    pub(crate) async fn sign_in_as(&self, email: &str) -> Browser {
        let token =
            session::start(&self.cx, self.person(email).await, Way::Demonstration, &Client::default())
                .await
                .expect("a session");
        let browser = self.browser();
        browser.set_cookie("session", &token);
        browser
    }

    /// The same, where mail goes out another way.
    pub(crate) async fn sign_in_with_mail(&self, email: &str, mail: MailWay) -> Browser {
        let browser = Browser::new(self.router_with(mail));
        let token = self.sign_in_as(email).await.cookie("session").expect("a session");
        browser.set_cookie("session", &token);
        browser
    }

    /// A person by address.
    pub(crate) async fn person(&self, email: &str) -> PersonId {
        let account = store::person::by_email(&self.cx.store, email).await.expect("the database answers");
        account.unwrap_or_else(|| panic!("nobody has the address {email}")).person.id
    }

    /// A person as the actor of a command, by address.
    pub(crate) async fn actor(&self, email: &str) -> Actor {
        let person = self.person(email).await;
        let actor = store::person::actor(&self.cx.store, person, self.today()).await.expect("an answer");
        actor.expect("an active person")
    }

    /// Appendix B as it is recorded now, with its whole past.
    pub(crate) async fn record(&self) -> Record {
        self.record_of(APPENDIX_B).await
    }

    /// A plan as it is recorded now, with its whole past.
    pub(crate) async fn record_of(&self, slug: &str) -> Record {
        let record =
            store::record::by_slug(&self.cx.store, &Actor::program("test"), slug, Depth::Everything).await;
        record.expect("the database answers").unwrap_or_else(|| panic!("there is no plan {slug}"))
    }

    /// An action of Appendix B by its label: "Aiii"; the first is "Action 1".
    pub(crate) async fn action(&self, label: &str) -> ActionId {
        self.whole_action(label).await.id
    }

    /// An action of Appendix B with its whole past.
    pub(crate) async fn whole_action(&self, label: &str) -> Action {
        let record = self.record().await;
        let action = record.actions.into_iter().find(|a| a.label == label);
        action.unwrap_or_else(|| panic!("there is no action {label}"))
    }

    /// Asks for another address for somebody who has just shown that it is they.
    pub(crate) async fn ask_for_address(&self, of: PersonId, new: &str) {
        let token = session::start(&self.cx, of, Way::Demonstration, &Client::default()).await.expect("in");
        let signed = session::signed_in(&self.cx, &token).await.expect("an answer").expect("a session");
        let confirmed = command::account::confirmed(&self.cx, &signed.session).expect("just now");
        command::email::ask(&self.cx, &signed.actor, confirmed, new, &Client::default())
            .await
            .expect("it is asked for");
    }

    /// What is in the outbox for an address, newest first: subject and plain text.
    pub(crate) async fn mailed(&self, to: &str) -> Vec<(String, String)> {
        let all = store::outbox::list(&self.cx.store, &store::outbox::Readable::All, 0, 200)
            .await
            .expect("the database answers");
        let theirs = all.into_iter().filter(|m| m.to_address == to);
        theirs
            .filter_map(|m| {
                let letter = reading::read(m.mime?.as_bytes()).expect("a message of ours");
                Some((m.subject.unwrap_or_default(), letter.plain))
            })
            .collect()
    }

    /// The path of the newest link to an address that begins like this.
    pub(crate) async fn link_mailed(&self, to: &str, begins: &str) -> String {
        let begins = self.cx.links.full(begins);
        let base = self.cx.links.full("");
        let mails = self.mailed(to).await;
        let mut words = mails.iter().flat_map(|(_, plain)| plain.split_whitespace());
        let link = words.find(|word| word.starts_with(&begins));
        let link = link.unwrap_or_else(|| panic!("no link {begins} was mailed to {to}: {mails:?}"));
        link.trim_start_matches(&base).to_owned()
    }

    /// The token of that link.
    pub(crate) async fn token_mailed(&self, to: &str, begins: &str) -> String {
        self.link_mailed(to, begins).await.trim_start_matches(begins).to_owned()
    }

    /// The path, on this site, under which somebody asks for one email a week.
    pub(crate) async fn unsubscribe(&self, email: &str) -> String {
        let person = self.person(email).await;
        let tx = self.cx.store.begin().await.unwrap();
        let url = preference::unsubscribe_url(&self.cx, &tx, person).await.unwrap();
        tx.commit().await.unwrap();
        url.strip_prefix(&self.cx.links.full("")).expect("an address of ours").to_owned()
    }

    /// A file beside the database; gone with it. Only on SQLite.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        match &*self.place {
            Place::Folder(folder) => folder.path().join(name),
            Place::Postgres => panic!("a PostgreSQL site has no folder"),
        }
    }
}

/// How many statements there were.
#[derive(Clone, Debug)]
pub(crate) struct Statements(Arc<AtomicUsize>);

impl Statements {
    /// The number since the last time it was asked.
    pub(crate) fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// What the commands need, on a database: the clock stands where every site's does.
pub(crate) fn cx(store: Store) -> Cx {
    store.take_installation(demonstration::installation());
    Cx {
        store,
        clock: Clock::fixed(demonstration::nine_on(demonstration::FIRST_DAY), machine_time()),
        links: Links::under(&format!("http://{HOST}")),
        sender: Mailbox { name: "Scrutiny Tracker".into(), address: "scrutiny-tracker@example.org".into() },
        bell: Bell::default(),
    }
}

/// Migrates a database, and loads Appendix B if it is asked for.
pub(super) async fn fill(url: &str, appendix_b: bool) {
    let store = Store::open(url).await.expect("a new database opens");
    store.migrate().await.expect("it is migrated");
    if appendix_b {
        command::seed::load(&cx(store), &seed::appendix_b().expect("the seed is read"))
            .await
            .expect("it is seeded");
    }
}

/// A database file as bytes: made once, so that a test only has to write it.
async fn sqlite_template(holds: Holds) -> &'static [u8] {
    static SEEDED: OnceCell<Vec<u8>> = OnceCell::const_new();
    static EMPTY: OnceCell<Vec<u8>> = OnceCell::const_new();
    match holds {
        Holds::AppendixB => SEEDED.get_or_init(|| make_sqlite(true)).await,
        Holds::Nothing => EMPTY.get_or_init(|| make_sqlite(false)).await,
    }
}

async fn make_sqlite(appendix_b: bool) -> Vec<u8> {
    let folder = TempDir::new().expect("a folder");
    let (made, whole) = (folder.path().join("made.sqlite"), folder.path().join("whole.sqlite"));
    let url = format!("sqlite://{}", made.display());
    fill(&url, appendix_b).await;
    copy_sqlite(&url, &whole).await;
    std::fs::read(whole).expect("it is read")
}

/// Puts a database into one new file. The write-ahead log is part of the database, so its file alone is not enough.
async fn copy_sqlite(url: &str, into: &Path) {
    let connection = sea_orm::Database::connect(url).await.expect("it opens again");
    let copied = connection.execute_unprepared(&format!("VACUUM INTO '{}'", into.display())).await;
    copied.expect("it is copied");
    connection.close().await.expect("it closes");
}

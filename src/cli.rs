//! The command line: what each command takes, and what it prints.
//!
//! Results go to standard output, everything else to standard error. A command that fails says why in one line.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail};
use chrono::NaiveDate;
use clap::{
    Parser, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use crate::{
    clock::{self, Clock},
    command::{
        Cx, health, installation, link, outbox, pack as papers,
        person::{self, PersonDraft},
        reminder::{self, Ahead},
        second_factor, seed, single_sign_on,
    },
    config::{Settings, Source},
    demonstration,
    domain::{
        access::{Actor, Grant, Role},
        health::Run,
        installation::Installation,
        message::MessageState,
        reminder::Mail,
        text::{self, plural},
        words::Words,
    },
    export,
    link::Links,
    mail::{bell::Bell, message::Mailbox, smtp::Smtp, transport::Transport},
    papers::{
        excel::excel,
        pack::Edition,
        word::{Shape, word},
    },
    private, serve,
    store::{
        self, Store,
        audit::{self, Verdict},
        record::Depth,
    },
    web::view,
};

/// Scrutiny panels' recommendations and action plans as living data.
///
/// Without a command: the demonstration, Appendix B of a real council's plan on a clock of its own, at
/// http://127.0.0.1:3000. No email leaves the machine.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    /// The database: sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME.
    ///
    /// Without it: SCRUTINY_DATABASE, else sqlite://data/scrutiny-tracker.sqlite; the demonstration has its own,
    /// sqlite://data/demonstration.sqlite.
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,

    /// A file of SCRUTINY_... settings, one NAME=value a line; the environment wins. See .env.example.
    #[arg(long, global = true, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// The demonstration's port.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a real installation: pages and, in the same process, the worker that sends reminders.
    Serve {
        /// Serve pages only; the worker runs elsewhere.
        #[arg(long)]
        without_worker: bool,
    },
    /// Run the worker alone: it sends reminders from 8am to 4pm on working days.
    Worker,
    /// Make the database's tables, or bring them up to date.
    Migrate,
    /// Load Appendix B into an empty, migrated database.
    Seed,
    /// Print a plan: the paper table as CSV, or everything as JSON.
    Export(Export),
    /// Write the papers of a round for a plan to a file: to read and print, for Word, or for Excel.
    Pack(Pack),
    /// Say which reminders are due, without sending any.
    Reminders(Reminders),
    /// Write a backup of the whole database to a file. It can be restored into SQLite or PostgreSQL.
    Backup {
        /// The file; it must not be there yet.
        file: PathBuf,
    },
    /// Read a backup into a new database.
    Restore {
        /// The file that `backup` wrote.
        file: PathBuf,
    },
    /// Check the installation: database, tables, settings, integrity, mail. Ends with 1 if something is wrong. A line that
    /// begins with WARNING says what is not safe; it alone does not end with 1.
    Check,
    /// Send a test mail, and say what the mail server answered.
    TestMail {
        /// To whom.
        address: String,
    },
    /// Look after the history.
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
    /// Look after accounts.
    User {
        #[command(subcommand)]
        command: User,
    },
}

#[derive(Debug, Subcommand)]
enum Audit {
    /// Say whether the history is as it was written. Ends with 1 if not, and names the first event that is wrong.
    Verify {
        /// A record check that was noted down earlier ("3f9a 12c4", or all of it): it must still be in the history.
        #[arg(long, value_name = "CHECK")]
        noted: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum User {
    /// Add a person, and print a link that works once, to set a password. For somebody who is there already: a new link.
    Add {
        /// Their address.
        email: String,
        /// What they may do. Can be given several times.
        #[arg(long = "role", required = true, value_parser = roles())]
        roles: Vec<Role>,
        /// Their name; without it, the part of the address before the @.
        #[arg(long)]
        name: Option<String>,
    },
    /// Take somebody's second factor away, who has lost their phone and their recovery codes. They are signed out
    /// everywhere, sign in with their password, and set up a new one.
    ResetSecondFactor {
        /// Their address.
        email: String,
    },
    /// Forget the council account of a person: their next single sign-on finds them by their address again.
    Unlink {
        /// Their address.
        email: String,
    },
}

#[derive(Debug, clap::Args)]
struct Export {
    /// The plan's name in addresses: the seed's is appendix-b.
    plan: String,
    /// The format.
    #[arg(long, value_enum)]
    format: Format,
    /// CSV: a column RATING after each column of updates.
    #[arg(long)]
    with_ratings: bool,
    /// CSV: a last column with what the facts suggest, and why.
    #[arg(long)]
    suggested: bool,
    /// As at the end of this day (2017-12-07) instead of today.
    #[arg(long, value_name = "DATE")]
    as_at: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// The paper table: Appendix B's columns.
    Csv,
    /// Everything that is recorded about the plan.
    Json,
}

#[derive(Debug, clap::Args)]
struct Pack {
    /// The plan's name in addresses: the seed's is appendix-b.
    plan: String,
    /// The round, as the plan's column head names it: "7 Dec 2017".
    #[arg(long, value_name = "LABEL")]
    round: String,
    /// The format.
    #[arg(long, value_enum)]
    format: PaperFormat,
    /// The file; what is there already is written over.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Word: the table alone, to go behind a cover report.
    #[arg(long)]
    table_only: bool,
    /// With the table alone: the letter of its heading, "Appendix B".
    #[arg(long, requires = "table_only")]
    letter: Option<String>,
    /// So many UPDATE / RAG columns, the latest; without it all of them.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    columns: Option<u16>,
    /// The edition that holds what is not for publication, and says so on every page.
    #[arg(long)]
    not_for_publication: bool,
    /// What was received after the papers closed, instead of the papers.
    #[arg(long, conflicts_with_all = ["table_only", "columns"])]
    addendum: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PaperFormat {
    /// A page to read and print, in one file.
    Html,
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
}

#[derive(Debug, clap::Args)]
struct Reminders {
    /// What the worker would send on this day (2017-12-07), given what is recorded as sent; and who gets nothing, and why.
    #[arg(long, value_name = "DATE", conflicts_with_all = ["from", "to"], required_unless_present = "from")]
    on: Option<NaiveDate>,
    /// Play the days from here on a copy, as if nobody wrote anything: one line a mail.
    #[arg(long, value_name = "DATE", requires = "to")]
    from: Option<NaiveDate>,
    /// The last day to play.
    #[arg(long, value_name = "DATE", requires = "from")]
    to: Option<NaiveDate>,
}

impl Cli {
    /// Does what the command line says.
    ///
    /// # Errors
    /// In words for the person at the keyboard.
    pub async fn run(self) -> anyhow::Result<()> {
        let Some(command) = self.command else {
            return demonstration::run(
                self.database.as_deref().unwrap_or(demonstration::DATABASE),
                self.port,
            )
            .await;
        };
        let source = Source::read(self.settings.as_ref()).map_err(anyhow::Error::msg)?;
        let url = source.database(self.database.as_deref());
        match command {
            Command::Serve { without_worker } => {
                let settings = settings(&source)?;
                for doubt in settings.doubts(&source, &url, self.settings.as_ref()) {
                    tracing::warn!("{doubt}");
                }
                make_room(&url)?;
                let cx = serve::open(&url, &settings).await?;
                serve::run(cx, settings, !without_worker).await
            }
            Command::Worker => {
                let settings = settings(&source)?;
                let cx = serve::open(&url, &settings).await?;
                serve::run_worker(cx, settings).await
            }
            Command::Migrate => {
                make_room(&url)?;
                let store = Store::open(&url).await?;
                let pending = store.pending_migrations().await?.len();
                store.migrate().await?;
                eprintln!("{} run; the tables are up to date", plural(pending, "migration", "migrations"));
                Ok(())
            }
            Command::Seed => {
                let cx = existing(&url, &source).await?;
                let appendix_b = crate::seed::appendix_b()?;
                seed::load(&cx, &appendix_b).await?;
                eprintln!("Appendix B loaded: {}", plural(appendix_b.actions.len(), "action", "actions"));
                Ok(())
            }
            Command::Export(what) => export_plan(&existing(&url, &source).await?, &what).await,
            Command::Pack(what) => pack(&existing(&url, &source).await?, &what).await,
            Command::Reminders(which) => reminders(&existing(&url, &source).await?, &which).await,
            Command::Backup { file } => backup(&existing(&url, &source).await?, &file).await,
            Command::Restore { file } => restore(&url, &file).await,
            Command::Check => check(&url, &source, self.settings.as_ref()).await,
            Command::TestMail { address } => test_mail(&url, &source, &address).await,
            Command::Audit { command: Audit::Verify { noted } } => {
                verify(&existing(&url, &source).await?.store, noted.as_deref()).await
            }
            Command::User { command: User::ResetSecondFactor { email } } => {
                reset_second_factor(&existing(&url, &source).await?, &email).await
            }
            Command::User { command: User::Add { email, roles, name } } => {
                add_user(&existing(&url, &source).await?, &source, &email, &roles, name).await
            }
            Command::User { command: User::Unlink { email } } => {
                unlink_user(&existing(&url, &source).await?, &email).await
            }
        }
    }
}

fn settings(source: &Source) -> anyhow::Result<Settings> {
    Settings::from(source).map_err(|wrong| {
        anyhow!("these settings are missing or wrong (see .env.example):\n  {}", wrong.join("\n  "))
    })
}

/// Makes a SQLite database's folder and file, as a new installation has none. An empty file is a new database, and what
/// SQLite puts beside it gets the file's rights.
fn make_room(url: &str) -> anyhow::Result<()> {
    let Some(file) = Store::file(url) else { return Ok(()) };
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        private::folder(folder).with_context(|| format!("the folder {} can’t be made", folder.display()))?;
    }
    if !file.exists() {
        private::new_file(&file).with_context(|| format!("{} can’t be made", file.display()))?;
    }
    Ok(())
}

/// A database that is there and whose tables are up to date.
async fn existing(url: &str, source: &Source) -> anyhow::Result<Cx> {
    if let Some(file) = Store::file(url)
        && !file.exists()
    {
        bail!("there is no database at {url}: `migrate` makes one, or name another with --database");
    }
    let store = Store::open(url).await?;
    if !store.pending_migrations().await?.is_empty() {
        bail!("the tables at {url} are not up to date: run `migrate` first");
    }
    // A demonstration's commands see its day.
    let clock = match crate::command::demonstration::day(&store).await? {
        Some(day) => Clock::standing(crate::command::demonstration::nine_on(day)),
        None => Clock::real(chrono_tz::Europe::London),
    };
    let cx = Cx {
        store,
        clock,
        links: Links::under(source.get("SCRUTINY_BASE_URL").unwrap_or_default()),
        sender: Mailbox { name: String::new(), address: String::new() },
        bell: Bell::default(),
    };
    // As `serve` would begin; what is saved has the last word.
    let zone = source.get("SCRUTINY_TIME_ZONE").filter(|zone| clock::zone(zone).is_some());
    let council = source.get("SCRUTINY_COUNCIL").unwrap_or_default();
    installation::take(&cx, Installation::starting(council, zone.unwrap_or("Europe/London")));
    installation::refresh(&cx).await?;
    Ok(cx)
}

/// Prints a result on standard output. A reader that has gone away (`| head`) is no error.
fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

async fn export_plan(cx: &Cx, what: &Export) -> anyhow::Result<()> {
    let record = store::record::by_slug(&cx.store, &operator(), &what.plan, Depth::Everything)
        .await?
        .with_context(|| format!("there is no plan {:?}", what.plan))?;
    let options =
        export::Options { with_ratings: what.with_ratings, suggested: what.suggested, as_at: what.as_at };
    let today = cx.clock.today();
    print(&match what.format {
        Format::Csv => export::csv(&record, &options, today)?,
        Format::Json => export::json(&record, &options, today)?,
    })
}

async fn pack(cx: &Cx, what: &Pack) -> anyhow::Result<()> {
    if what.table_only && what.format != PaperFormat::Docx {
        bail!("the table alone is for Word: --format docx");
    }
    let record = store::record::by_slug(&cx.store, &operator(), &what.plan, Depth::Everything)
        .await?
        .with_context(|| format!("there is no plan {:?}", what.plan))?;
    let round = record.rounds.iter().rfind(|round| round.label == what.round).with_context(|| {
        let labels: Vec<_> = record.rounds.iter().map(|round| format!("{:?}", round.label)).collect();
        match labels.is_empty() {
            true => format!("{} has no rounds", record.plan.title),
            false => format!("there is no round {:?}: {} has {}", what.round, what.plan, text::list(&labels)),
        }
    })?;
    let paper = if what.addendum {
        papers::read_addendum(cx, &record, round, true).await?.with_context(|| {
            format!("there is no addendum to {:?}: nothing was received after the papers closed", what.round)
        })?
    } else {
        papers::read(cx, &record, round).await?.with_context(|| {
            format!("there are no papers for {:?} yet: the round is only planned", what.round)
        })?
    };
    let edition = match what.not_for_publication {
        true if !paper.has_exempt() => bail!("nothing in these papers is marked as not for publication"),
        true => Edition::NotForPublication,
        false => Edition::Public,
    };
    let mut paper = paper.edition(edition);
    if let Some(columns) = what.columns {
        paper = paper.columns(columns.into());
    }
    let bytes = match what.format {
        PaperFormat::Html => view::pack::document(&paper).into_bytes(),
        PaperFormat::Xlsx => excel(&paper)?,
        PaperFormat::Docx if what.table_only => {
            word(&paper, &Shape::TableAlone { letter: what.letter.clone().unwrap_or_default() })?
        }
        PaperFormat::Docx => word(&paper, &Shape::Whole)?,
    };
    // A draft, or what is not for publication, is for nobody else on this machine.
    let written = match paper.mark() {
        Some(_) => private::new_file(&what.output).and_then(|mut file| file.write_all(&bytes)),
        None => std::fs::write(&what.output, bytes),
    };
    written.with_context(|| format!("{} can’t be written", what.output.display()))?;
    eprintln!("{} written to {}", paper.title(), what.output.display());
    Ok(())
}

async fn reminders(cx: &Cx, which: &Reminders) -> anyhow::Result<()> {
    let mut out = String::new();
    match (which.on, which.from, which.to) {
        (Some(day), ..) => {
            let schedule = Ahead::of_all(cx).await?.on(day);
            let mails = schedule.digests.len() + schedule.escalations.len();
            out += &format!("{}: {}\n", text::weekday_day(day), plural(mails, "mail", "mails"));
            let digests = schedule.digests.into_iter().map(Mail::Digest);
            for mail in digests.chain(schedule.escalations.into_iter().map(Mail::Escalation)) {
                out += &format!("\n{}\n", mail.addressed_as());
                out.extend(mail.lines().iter().map(|line| format!("  {line}\n")));
            }
            let mut none = schedule.none;
            none.sort();
            out += "\nNo mail about:\n";
            let several_plans = none.windows(2).any(|pair| pair[0].plan != pair[1].plan);
            for no in none {
                let plan = if several_plans { format!(", {}", no.plan) } else { String::new() };
                out += &format!("  {} ({}{plan}): {}\n", no.label, no.who, no.why);
            }
        }
        (None, Some(from), Some(to)) => {
            for (day, mail) in Ahead::of_all(cx).await?.between(from, to) {
                out += &format!("{}\n", play_line(day, &mail));
            }
        }
        _ => bail!("give --on DATE, or --from DATE and --to DATE"),
    }
    print(&out)
}

/// ISO date, tab, post, tab, the references with their reasons.
pub fn play_line(day: NaiveDate, mail: &Mail) -> String {
    format!("{day}\t{}\t{}", mail.addressed_as(), mail.lines().join("; "))
}

async fn backup(cx: &Cx, file: &Path) -> anyhow::Result<()> {
    let out = private::new_file(file).with_context(|| format!("{} can’t be made", file.display()))?;
    let rows = store::backup::write(&cx.store, BufWriter::new(&out)).await?;
    out.sync_all()?;
    eprintln!("{} written to {}", plural(rows, "row", "rows"), file.display());
    Ok(())
}

async fn restore(url: &str, file: &PathBuf) -> anyhow::Result<()> {
    let from = File::open(file).with_context(|| format!("{} can’t be read", file.display()))?;
    make_room(url)?;
    let store = Store::open(url).await?;
    store.migrate().await?;
    let rows = store::backup::read(&store, BufReader::new(from)).await?;
    eprintln!("{} restored into {url}", plural(rows, "row", "rows"));
    // What was tampered with before the backup is no reason to have nothing at all; but it must be known.
    match audit::verify(&store, None).await? {
        Verdict::Whole(whole) => {
            eprintln!("its history is whole; record check {}", audit::chain::short(&whole.head));
        }
        Verdict::Broken(broken) => eprintln!("WARNING: its history was tampered with: {broken}"),
    }
    Ok(())
}

async fn check(url: &str, source: &Source, file: Option<&PathBuf>) -> anyhow::Result<()> {
    let mut lines: Vec<String> = Vec::new();
    let mut wrong = 0;
    let cx = existing(url, source).await?;
    lines.push(format!("database     {} answers, its tables are up to date", cx.store.kind()));
    let damaged = store::integrity(&cx.store).await?;
    if damaged.is_empty() {
        lines.push("integrity    whole".to_owned());
    } else {
        wrong += damaged.len();
        lines.extend(damaged.iter().map(|what| format!("integrity    WRONG: {what}")));
    }
    match audit::verify(&cx.store, None).await? {
        Verdict::Whole(whole) => {
            let events = plural(whole.events, "event", "events");
            lines.push(format!(
                "history      whole, {events}; record check {}",
                audit::chain::short(&whole.head)
            ));
        }
        Verdict::Broken(broken) => {
            wrong += 1;
            lines.push(format!("history      WRONG: {broken}"));
        }
    }
    let plans = store::record::all(&cx.store, &operator(), Depth::Everything).await?;
    let actions: usize = plans.iter().map(|p| p.actions.len()).sum();
    lines.push(format!(
        "contents     {}, {}",
        plural(plans.len(), "plan", "plans"),
        plural(actions, "action", "actions")
    ));
    let is_demonstration = crate::command::demonstration::day(&cx.store).await?.is_some();
    lines.push(format!(
        "kind         {}",
        if is_demonstration { "a demonstration" } else { "a real installation" }
    ));
    let failed = store::outbox::count(&cx.store, MessageState::Failed).await?;
    let queued = store::outbox::count(&cx.store, MessageState::Queued).await?;
    let last = reminder::last_run(&cx).await?.map_or("never".to_owned(), text::day);
    lines.push(format!("mail         {queued} waiting, {failed} given up; reminders last ran: {last}"));
    if let Some(pause) = store::outbox::pause::get(&cx.store).await? {
        wrong += 1;
        let since = text::moment(cx.clock.in_office_time(pause.since));
        lines.push(format!("mail         WRONG: {} since {since}: {}", pause.by.words(), pause.why));
        lines.push(format!("             {}", pause.by.what_to_do()));
    }
    let refused = store::person::refused(&cx.store).await?;
    if !refused.is_empty() {
        let addresses = plural(refused.len(), "address", "addresses");
        lines.push(format!(
            "mail         warning: the mail server refuses {addresses}: see the page on reminders"
        ));
    }
    if !is_demonstration {
        // A worker that has never run may be about to be started for the first time.
        let mail = health::look(&cx).await?;
        if mail.silent_minutes.is_some() || mail.run != Run::OnTime {
            lines.extend(mail.warnings().into_iter().map(|what| format!("WARNING      {what}")));
        } else {
            let holidays = mail.holidays_run_out.map(health::holiday_words);
            lines.extend(holidays.map(|what| format!("WARNING      {what}")));
        }
        lines.extend(
            cx.installation().warnings().into_iter().map(|what| format!("settings     warning: {what}")),
        );
        match Settings::from(source) {
            Ok(settings) => {
                lines.push("settings     complete".to_owned());
                let doubts = settings.doubts(source, url, file);
                lines.extend(doubts.iter().map(|what| format!("WARNING      {what}")));
                wrong += check_single_sign_on(&cx, &settings, &mut lines).await?;
                if let Err(error) = Smtp::new(settings.smtp) {
                    wrong += 1;
                    lines.push(format!("mail         WRONG: {error}"));
                }
            }
            Err(missing) => {
                wrong += missing.len();
                lines.extend(missing.iter().map(|what| format!("settings     WRONG: {what}")));
            }
        }
    }
    print(&(lines.join("\n") + "\n"))?;
    if wrong > 0 {
        bail!("{} wrong", plural(wrong, "thing is", "things are"));
    }
    Ok(())
}

/// Whether the council's directory answers, where there is one: how many things are wrong about it.
async fn check_single_sign_on(
    cx: &Cx,
    settings: &Settings,
    lines: &mut Vec<String>,
) -> anyhow::Result<usize> {
    let Some(directory) = settings.sign_in.directory.clone() else {
        return Ok(0);
    };
    let directory = serve::directory(&cx.links, directory)?;
    let answer = directory.look(cx.clock.machine_now()).await;
    lines.push(match &answer {
        Ok(()) => format!("sign-on      {} answers", directory.issuer()),
        Err(failure) => format!("sign-on      WRONG: {}: {failure}", directory.issuer()),
    });
    Ok(usize::from(answer.is_err()))
}

async fn verify(store: &Store, noted: Option<&str>) -> anyhow::Result<()> {
    let noted = noted.map(|n| n.to_lowercase().split_whitespace().collect::<String>());
    if let Some(noted) = noted.as_deref().filter(|n| n.len() < 8 || !n.chars().all(|c| c.is_ascii_hexdigit()))
    {
        bail!(
            "{noted:?} is no record check: it has at least eight of the characters 0-9 and a-f, such as 3f9a 12c4"
        );
    }
    let whole = match audit::verify(store, noted.as_deref()).await? {
        Verdict::Whole(whole) => whole,
        Verdict::Broken(broken) => bail!("the history was tampered with: {broken}"),
    };
    let (names, texts) = (whole.names_erased, whole.contents_erased);
    let mut out = format!(
        "The history is whole.\nevents        {}\nerased        {}, {}\nrecord check  {}  {}\n",
        whole.events,
        plural(names, "name", "names"),
        plural(texts, "text", "texts"),
        audit::chain::short(&whole.head),
        whole.head
    );
    if let Some(noted) = noted {
        let Some(event) = whole.noted else {
            bail!("{noted} was never this history’s record check: it was written anew, or cut off before it");
        };
        out += &format!("noted         {noted} was the record check after event {event}\n");
    }
    print(&out)
}

async fn test_mail(url: &str, source: &Source, address: &str) -> anyhow::Result<()> {
    let settings = settings(source)?;
    let cx = serve::open(url, &settings).await?;
    let server = format!("the mail server {}:{}", settings.smtp.host, settings.smtp.port);
    let transport = Transport::Smtp(Box::new(Smtp::new(settings.smtp)?));
    let reply = outbox::send_test(&cx, &transport, address).await.with_context(|| server)?;
    eprintln!("Handed to the mail server, which answered: {reply}");
    Ok(())
}

async fn add_user(
    cx: &Cx,
    source: &Source,
    email: &str,
    roles: &[Role],
    name: Option<String>,
) -> anyhow::Result<()> {
    serve::refuse_demonstration(&cx.store).await?;
    let base = source.get("SCRUTINY_BASE_URL").context("SCRUTINY_BASE_URL is missing: the link needs it")?;
    let (local, domain) = email.split_once('@').with_context(|| format!("{email:?} is no mail address"))?;
    if local.is_empty() || domain.is_empty() {
        bail!("{email:?} is no mail address");
    }
    let operator = operator();
    let id = match store::person::by_email(&cx.store, email).await? {
        Some(known) => {
            eprintln!("{email} is there already: this is a new link; roles stay as they are");
            known.person.id
        }
        None => {
            let mut grants: Vec<Grant> = roles.iter().copied().map(Grant::everywhere).collect();
            grants.sort_unstable();
            grants.dedup();
            let draft = PersonDraft {
                name: name.unwrap_or_else(|| local.to_owned()),
                email: email.to_owned(),
                grants,
            };
            person::create(cx, &operator, &draft).await?
        }
    };
    let token = link::invite(cx, &operator, id, link::By::Hand).await?;
    eprintln!("This link works once, for 7 days:");
    print(&format!("{}\n", Links::under(base).full(&format!("/welcome/{token}"))))
}

async fn reset_second_factor(cx: &Cx, email: &str) -> anyhow::Result<()> {
    let known = store::person::by_email(&cx.store, email).await?;
    let known = known.with_context(|| format!("nobody here has the address {email}"))?;
    second_factor::reset(cx, &operator(), known.person.id).await?;
    eprintln!("The second factor of {email} is reset, and they are signed out everywhere");
    Ok(())
}

async fn unlink_user(cx: &Cx, email: &str) -> anyhow::Result<()> {
    let known = store::person::by_email(&cx.store, email).await?;
    let person = known.with_context(|| format!("nobody here has the address {email:?}"))?.person;
    if !single_sign_on::unlink(cx, &Actor::program("Command line"), person.id).await? {
        bail!("{email} has not signed in with a council account");
    }
    eprintln!("{email} is unlinked and signed out");
    Ok(())
}

/// Reads a role by its code, and lists the roles where help is asked for.
fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(
        Role::GRANTED
            .iter()
            .map(|role| PossibleValue::new(role.code()).help(role.meaning(&Words::default()))),
    )
    .try_map(|code| Role::from_code(&code).ok_or("no such role"))
}

/// Whoever can run commands on the machine could read the database too.
fn operator() -> Actor {
    Actor::program("Command line")
}

//! The history shows tampering: whatever is done to its rows behind the program's back is found, what is erased is not
//! tampering, and no two writers can fork it.
//!
//! Whoever tampers here knows how the chain is made: [`link_of`] is written from the words in `store::audit::chain`, not from
//! its code, so that the two hold each other.

use std::process::{Command, Output};

use entity::{audit_event, audit_head};
use scrutiny_tracker::{
    command::{self, person::PersonDraft},
    domain::{
        access::{Grant, Role},
        id::PersonId,
        update::UpdateDraft,
    },
    store::{
        Store,
        audit::{self, Broken, Erased, Of, Verdict, Whole},
        backup,
    },
};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, Database, DatabaseConnection, EntityTrait, IntoActiveModel,
    QueryOrder, QuerySelect, TransactionTrait,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    support::{ADMINISTRATOR, MANAGER, MAP_COORDINATOR, Site, day, each_database, each_empty_database},
    upgrade,
};

mod tampering;

async fn raw(site: &Site) -> DatabaseConnection {
    Database::connect(&site.url).await.expect("it opens once more")
}

async fn run(db: &impl ConnectionTrait, sql: &str) {
    db.execute_unprepared(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
}

async fn verdict(site: &Site) -> Verdict {
    audit::verify(&site.cx.store, None).await.unwrap()
}

async fn whole(site: &Site) -> Whole {
    match verdict(site).await {
        Verdict::Whole(whole) => whole,
        Verdict::Broken(broken) => panic!("{broken}"),
    }
}

async fn write(site: &Site, label: &str) {
    let draft = UpdateDraft::of("Three words here.");
    let actor = site.actor(MANAGER).await;
    command::update::add(&site.cx, &actor, site.action(label).await, &draft, None).await.expect("an update");
}

fn sha256(json: &Value) -> String {
    Sha256::digest(json.to_string()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn link_of(previous: &str, e: &audit_event::Model) -> String {
    sha256(&json!([
        previous,
        e.id,
        e.at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
        e.office_day.format("%Y-%m-%d").to_string(),
        e.actor_id,
        e.person_id,
        e.plan_id,
        e.action_id,
        e.kind,
        e.name_digest,
        e.content_digest
    ]))
}

async fn event(db: &DatabaseConnection, id: i64) -> audit_event::Model {
    audit_event::Entity::find_by_id(id).one(db).await.unwrap().unwrap_or_else(|| panic!("no event {id}"))
}

async fn last(db: &DatabaseConnection) -> audit_event::Model {
    audit_event::Entity::find()
        .order_by_desc(audit_event::Column::Id)
        .limit(1)
        .one(db)
        .await
        .unwrap()
        .expect("an event")
}

#[tokio::test]
async fn history_is_chained_as_its_documentation_says() {
    each_database(async |site| {
        let events = audit_event::Entity::find()
            .order_by_asc(audit_event::Column::Id)
            .all(&raw(&site).await)
            .await
            .unwrap();
        let mut previous = String::new();
        for (event, number) in events.iter().zip(1..) {
            assert_eq!(event.id, number, "without gaps");
            let name = sha256(&json!([event.name_salt, event.actor_name]));
            assert_eq!(event.name_digest.as_ref(), Some(&name));
            // serde_json keeps keys in order, and nothing here has a float.
            let content = sha256(&json!([event.content_salt, event.summary, event.detail]));
            assert_eq!(event.content_digest.as_ref(), Some(&content));
            assert_eq!(event.link, Some(link_of(&previous, event)));
            previous = event.link.clone().unwrap();
        }
        let whole = whole(&site).await;
        assert_eq!((whole.events, whole.head), (events.len() as i64, previous));
        let salts: std::collections::BTreeSet<_> =
            events.iter().flat_map(|e| [&e.name_salt, &e.content_salt]).collect();
        assert_eq!(salts.len(), events.len() * 2, "every text has a salt of its own");
    })
    .await;
}

/// Somebody who did something, was changed, and took a post over.
async fn busy_person(site: &Site) -> PersonId {
    let (administrator, id) = (site.actor(ADMINISTRATOR).await, site.person(MAP_COORDINATOR).await);
    let draft = PersonDraft {
        name: "Robin Testcase".into(),
        email: "robin@example.org".into(),
        grants: vec![Grant::everywhere(Role::Lead)],
    };
    command::person::edit(&site.cx, &administrator, id, 1, &draft).await.unwrap();
    let action = site.whole_action("Aiii").await;
    let robin = site.actor("robin@example.org").await;
    let own = site.record().await.actions.into_iter().find(|a| robin.answers_for(a)).expect("an action");
    assert_ne!(own.id, action.id);
    command::update::add(&site.cx, &robin, own.id, &UpdateDraft::of("Mine."), None).await.unwrap();
    id
}

async fn erase(site: &Site, person: PersonId) -> Erased {
    let tx = site.cx.store.begin().await.unwrap();
    let erased = audit::erase_about(&tx, person, site.cx.clock.machine_now()).await.unwrap();
    tx.commit().await.unwrap();
    erased
}

#[tokio::test]
async fn erased_person_is_gone_from_the_history_and_the_chain_holds() {
    each_database(async |site| {
        let person = busy_person(&site).await;
        let before = whole(&site).await;
        let theirs = audit::list(&site.cx.store, Of::Person(person), 0, 1000).await.unwrap();
        let (did, about): (Vec<_>, Vec<_>) = theirs.iter().partition(|e| e.actor == Some(person));
        assert_eq!((did.len(), about.len() > 1), (1, true), "{theirs:?}");

        let erased = erase(&site, person).await;
        assert_eq!(erased, Erased { names: 1, contents: about.len() as u64 });
        let after = whole(&site).await;
        assert_eq!((after.events, &after.head), (before.events, &before.head));
        assert_eq!((after.names_erased, after.contents_erased), (1, about.len() as u64));
        assert_eq!(erase(&site, person).await, Erased::default(), "once is enough");

        let mut all = Vec::new();
        backup::write(&site.cx.store, &mut all).await.unwrap();
        let all = String::from_utf8(all).unwrap();
        let history: String = all.lines().filter(|l| l.contains("\"audit_event\"")).collect();
        assert!(!history.contains("Robin") && !history.contains("robin@"), "a name is left");
        // The salts went with the texts: nobody can try names until a digest fits.
        let rows = audit_event::Entity::find().all(&raw(&site).await).await.unwrap();
        assert!(rows.iter().all(|r| r.name_salt.is_some() != r.name_erased_at.is_some()));
        assert!(rows.iter().all(|r| r.content_salt.is_some() != r.content_erased_at.is_some()));

        // What they did stays, and work goes on.
        let of_plan = site.sign_in_as(MANAGER).await.get("/plans/appendix-b/history").await;
        let mine = of_plan.select(".timeline-by").into_iter().find(|by| by.contains("Somebody who has left"));
        assert!(mine.is_some() && of_plan.main().contains("(1 word)"), "{}", of_plan.main());
        let page = site.sign_in_as(ADMINISTRATOR).await.get("/history").await;
        assert!(page.main().contains("It was erased on 2 March 2026."), "{}", page.main());
        write(&site, "Aiii").await;
        assert_eq!(whole(&site).await.events, before.events + 1);
    })
    .await;
}

#[tokio::test]
async fn restored_history_holds_from_each_database_in_each() {
    each_database(async |from| {
        erase(&from, busy_person(&from).await).await;
        let there = whole(&from).await;
        let mut text = Vec::new();
        backup::write(&from.cx.store, &mut text).await.unwrap();
        each_empty_database(async |into| {
            backup::read(&into.cx.store, text.as_slice()).await.unwrap();
            assert_eq!(whole(&into).await, there);
            into.go_to(day("2018-01-10"));
            write(&into, "Aiii").await;
            assert_eq!(whole(&into).await.events, there.events + 1);
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn empty_history_is_whole() {
    each_empty_database(async |site| assert_eq!(whole(&site).await, Whole::default())).await;
}

#[tokio::test]
async fn many_writers_at_once_write_one_chain() {
    each_database(async |site| {
        let before = whole(&site).await.events;
        let others = [Store::open(&site.url).await.unwrap(), Store::open(&site.url).await.unwrap()];
        let actor = site.actor(MANAGER).await;
        let labels = ["Aiii", "B", "D", "K", "Eii", "Ai"];
        let mut writing = tokio::task::JoinSet::new();
        for (number, label) in labels.into_iter().enumerate() {
            let (actor, action) = (actor.clone(), site.action(label).await);
            let cx = command::Cx { store: others[number % 2].clone(), ..site.cx.clone() };
            writing.spawn(async move {
                for time in 0..3 {
                    let draft = UpdateDraft::of(&format!("Number {time} of many."));
                    command::update::add(&cx, &actor, action, &draft, None).await.unwrap();
                }
            });
        }
        while let Some(done) = writing.join_next().await {
            done.unwrap();
        }
        assert_eq!(whole(&site).await.events, before + 18);
    })
    .await;
}

/// Another writer that takes no turn (a second version of the program, a repair by hand) and locks the head as it should.
#[tokio::test]
async fn writer_waits_for_the_head_and_follows_what_was_written_meanwhile() {
    each_database(async |site| {
        let db = raw(&site).await;
        if db.get_database_backend() != sea_orm::DbBackend::Postgres {
            return;
        }
        let before = last(&db).await;
        let other = db.begin().await.unwrap();
        let head = audit_head::Entity::find_by_id(1_i64).lock_exclusive().one(&other).await.unwrap().unwrap();
        let writing = tokio::spawn({
            let site = site.clone();
            async move { write(&site, "Aiii").await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert!(!writing.is_finished(), "the head is locked");
        let mut row = audit_event::Model { id: before.id + 1, ..before.clone() };
        row.link = Some(link_of(&head.link, &row));
        let new_head = audit_head::Model { id: 1, events: row.id, link: row.link.clone().unwrap() };
        audit_event::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(&other)
            .await
            .unwrap();
        new_head.into_active_model().reset_all().update(&other).await.unwrap();
        other.commit().await.unwrap();
        writing.await.unwrap();
        assert_eq!(whole(&site).await.events, before.id + 2);
    })
    .await;
}

#[tokio::test]
async fn events_of_earlier_versions_are_taken_into_the_chain_with_the_update() {
    each_empty_database(async |site| {
        // The tables as they were before the chain, with a gap in the identifiers, as deletions and failures leave them.
        let (db, url) = upgrade::tables_after(&site, 7).await;
        earlier(&db).await;
        adopted(&Store::open(&url).await.unwrap()).await;
    })
    .await;
}

async fn earlier(db: &DatabaseConnection) {
    run(
        db,
        "INSERT INTO person (id, name, email, active, created_at, version) \
         VALUES (5, 'Robin', 'robin@example.org', true, '2026-03-02T10:30:00+00:00', 1)",
    )
    .await;
    for (id, detail) in [(2, r#"{"person": 5, "b": 1, "a": 2}"#), (3, "{}"), (9, r#"{"reason": "x"}"#)] {
        let sql = format!(
            "INSERT INTO audit_event (id, at, office_day, actor_name, kind, summary, detail) VALUES \
             ({id}, '2026-03-02T10:30:00.123456789+00:00', '2026-03-02', 'Robin', 'person.edited', 'Robin edited {id}', '{detail}')"
        );
        run(db, &sql).await;
    }
}

async fn adopted(store: &Store) {
    store.migrate().await.unwrap();
    let Verdict::Whole(whole) = audit::verify(store, None).await.unwrap() else { panic!("it is whole") };
    assert_eq!(whole.events, 3);
    let events = audit::list(store, Of::All, 0, 10).await.unwrap();
    let told: Vec<_> = events.iter().map(|e| (e.number, e.summary().unwrap_or_default())).collect();
    assert_eq!(told, [(3, "Robin edited 9"), (2, "Robin edited 3"), (1, "Robin edited 2")]);
    assert_eq!(events[2].person, Some(PersonId(5)));
    assert_eq!(audit::list(store, Of::Person(PersonId(5)), 0, 10).await.unwrap().len(), 1);
    // Starting again takes nothing else in: an event without a link is then one that was put in.
    store.migrate().await.unwrap();
    assert_eq!(audit::verify(store, None).await.unwrap(), Verdict::Whole(whole));
}

fn program(site: &Site, arguments: &[&str]) -> (bool, String, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_scrutiny-tracker"))
        .args(["--database", &site.url])
        .args(arguments)
        .env_remove("SCRUTINY_DATABASE")
        .output()
        .expect("the program runs");
    (status.success(), String::from_utf8_lossy(&stdout).into(), String::from_utf8_lossy(&stderr).into())
}

#[tokio::test]
async fn audit_verify_says_so_and_ends_with_1_where_the_history_was_tampered_with() {
    each_database(async |site| {
        let head = audit::head(&site.cx.store).await.unwrap().expect("a head");
        let (ok, out, err) = program(&site, &["audit", "verify"]);
        assert!(ok, "{err}");
        let expected = format!(
            "The history is whole.\nevents        {}\nerased        0 names, 0 texts\nrecord check  {}  {}\n",
            head.events,
            head.short(),
            head.link
        );
        assert_eq!(out, expected);
        let (ok, out, err) = program(&site, &["audit", "verify", "--noted", &head.short().to_uppercase()]);
        assert!(
            ok && out.ends_with(&format!("was the record check after event {}\n", head.events)),
            "{out}{err}"
        );
        for (noted, why) in
            [("0000 0000", "never this history’s record check"), ("3f9a", "is no record check")]
        {
            let (ok, _, err) = program(&site, &["audit", "verify", "--noted", noted]);
            assert!(!ok && err.contains(why), "{noted}: {err}");
        }
        let check = program(&site, &["check"]).1;
        assert!(
            check.contains(&format!("whole, {} events; record check {}", head.events, head.short())),
            "{check}"
        );

        run(&raw(&site).await, "UPDATE audit_event SET kind = 'x' WHERE id = 7").await;
        let (ok, out, err) = program(&site, &["audit", "verify"]);
        assert_eq!((ok, out.as_str()), (false, ""));
        assert!(err.contains("the history was tampered with: event 7 was changed"), "{err}");
        let (ok, out, _) = program(&site, &["check"]);
        assert!(!ok && out.contains("history      WRONG: event 7 was changed"), "{out}");
    })
    .await;
}

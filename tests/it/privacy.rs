//! A person's own data as a file, taking out who leavers were, and keeping house once a day.

use scrutiny_tracker::{
    command::{self, link, post::holding, privacy, retention},
    domain::{
        access::{Actor, Grant, Role},
        id::{PersonId, PostId},
        update::{EnteredFor, ReceivedBy, UpdateDraft},
    },
    link::path,
    store::{self, audit, backup, privacy::SECTIONS},
};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::Value;

use crate::support::{
    ADMINISTRATOR, EDUCATION_LEAD, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Site, day, each_database,
};

const NAME: &str = "Given O’Family";
/// The post that leads Aiii.
const POST: &str = "Education Safeguarding Lead";
const EMAIL: &str = "given.family@example.org";

/// Every reference to a person: table, column.
const TO_PERSON_SQLITE: &str = r#"SELECT m.name, f."from" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f."table" = 'person'"#;
const TO_PERSON_POSTGRES: &str = "SELECT c.conrelid::regclass::text, a.attname::text FROM pg_constraint c \
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
    WHERE c.contype = 'f' AND c.confrelid = 'person'::regclass";

/// Runs statements on a site's database, past the program.
async fn run(site: &Site, statements: &[String]) {
    let db = Database::connect(&site.url).await.unwrap();
    for sql in statements {
        db.execute_unprepared(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
}

async fn count(site: &Site, from: &str) -> i64 {
    let db = Database::connect(&site.url).await.unwrap();
    let sql = Statement::from_string(db.get_database_backend(), format!("SELECT COUNT(*) FROM {from}"));
    db.query_one_raw(sql).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// Deactivates somebody as at a moment of machine time.
pub(crate) async fn deactivate(site: &Site, person: PersonId, at: &str) {
    let sql = format!("UPDATE person SET active = false, deactivated_at = '{at}' WHERE id = {person}");
    run(site, &[sql]).await;
}

/// Everything in the database.
async fn everything(site: &Site) -> String {
    let mut all = Vec::new();
    backup::write(&site.cx.store, &mut all).await.unwrap();
    String::from_utf8(all).unwrap()
}

/// Somebody who holds [`POST`], has written and asked for a date, and is named beside a post in a plan.
async fn leaver(site: &Site) -> PersonId {
    let administrator = site.actor(ADMINISTRATOR).await;
    let draft = command::person::PersonDraft {
        name: NAME.to_owned(),
        email: EMAIL.to_owned(),
        grants: vec![Grant::everywhere(Role::Lead)],
    };
    let id = command::person::create(&site.cx, &administrator, &draft).await.unwrap();
    let (manager, post) = (site.actor(MANAGER).await, the_post(site).await);
    holding::hand_over(&site.cx, &manager, post, Some(id), day("2017-12-01")).await.unwrap();
    link::invite(&site.cx, &administrator, id, link::By::Hand).await.unwrap();
    let browser = site.sign_in_as(EMAIL).await;
    assert_eq!(browser.get("/my-actions").await.status, 200);
    let me = site.actor(EMAIL).await;
    let aiii = site.action("Aiii").await;
    let text = UpdateDraft::of("The group has met, and NAME was there.");
    command::update::add(&site.cx, &me, aiii, &text, None).await.unwrap();
    command::deadline::ask(&site.cx, &me, aiii, "May 2018", "The group meets in April.").await.unwrap();
    let entered =
        EnteredFor { whom: NAME.to_owned(), received_by: ReceivedBy::Email, received_on: day("2017-12-06") };
    let text = UpdateDraft { entered_for: Some(entered), ..UpdateDraft::of("By email: it goes on.") };
    command::update::add(&site.cx, &manager, aiii, &text, None).await.unwrap();
    let (at, later) = ("'2026-03-01T09:00:00+00:00'", "'2026-04-01T09:00:00+00:00'");
    let eii = site.action("Eii").await;
    run(
        site,
        &[
            format!("INSERT INTO recovery_code (code_hash, person_id) VALUES ('c0de', {id})"),
            format!("INSERT INTO feed (token_hash, created_at, person_id) VALUES ('f33d', {at}, {id})"),
            format!("INSERT INTO round_link (token_hash, created_at, round_id, person_id) SELECT 'l17k', {at}, MIN(id), {id} FROM round"),
            format!("INSERT INTO mail_preference (person_id, frequency, term_time_only, version) VALUES ({id}, 'normal', false, 1)"),
            format!("INSERT INTO away (person_id, from_day, until_day, stand_in) VALUES ({id}, '2018-08-01', '2018-08-14', 'manager')"),
            format!("INSERT INTO away (person_id, from_day, until_day, stand_in, deputy_id) SELECT MIN(id), '2018-08-01', '2018-08-14', 'deputy', {id} FROM person"),
            format!("INSERT INTO snooze (person_id, action_id, from_day, until_day, reason, written_on) VALUES ({id}, {eii}, '2017-11-01', '2017-11-07', 'On a course', '2017-11-01')"),
            format!("INSERT INTO identity (issuer, subject, linked_at, person_id) VALUES ('https://directory.example.org', 'given-4711', {at}, {id})"),
            format!("INSERT INTO known_browser (token_hash, created_at, last_used_at, person_id) VALUES ('b40w', {at}, {later}, {id})"),
            format!("INSERT INTO kept_form (token_hash, path, fields, expires_at, person_id) VALUES ('f04m', '/actions/1/updates/new', '[[\"narrative\",\"Words of mine\"]]', {later}, {id})"),
            format!("INSERT INTO asked_by_phone (round_id, plan_id, whom, asked_on, note, by_id, recorded_at) SELECT round_id, plan_id, 'MAP Coordinator', '2017-12-04', 'Will write', {id}, {at} FROM round_plan LIMIT 1"),
            format!("INSERT INTO update_draft (action_id, fields, saved_at, person_id) VALUES ({eii}, '[[\"narrative\",\"Begun and not sent\"]]', {at}, {id})"),
            format!("UPDATE action_update SET review = 'accepted', reviewed_on = '2017-12-07', reviewed_by_id = {id}, cleared_by = '{NAME}' WHERE id = (SELECT MIN(id) FROM action_update WHERE action_id = {eii})"),
            format!("INSERT INTO assignment (action_id, position, capacity, person_id) VALUES ({eii}, 9, 'contributor', {id})"),
            format!("UPDATE assignment SET named_person = '{NAME}' WHERE action_id = {eii} AND capacity = 'lead'"),
            format!("UPDATE action SET lead_wording = 'Communications Manager ({NAME})' WHERE id = {eii}"),
            format!("INSERT INTO question (action_id, text, state, drafted_by_id, drafted_on, passed_on_by_id, answer, answered_by_id, version, recorded_at) VALUES ({eii}, 'Why?', 'answered', {id}, '2017-12-06', {id}, 'Because.', {id}, 3, {at})"),
            "INSERT INTO meeting (panel_id, held_on, version) SELECT MIN(id), '2017-11-20', 1 FROM panel".to_owned(),
            format!("INSERT INTO resolution (meeting_id, text, decided_on, recorded_by_id, version, recorded_at) SELECT MAX(id), 'Resolved.', '2017-11-20', {id}, 1, {at} FROM meeting"),
            format!("UPDATE person SET password_hash = '$argon2id$secret', second_factor_secret = 'JBSWY3DP' WHERE id = {id}"),
        ],
    )
    .await;
    // The mail of the first day, and its reasons.
    scrutiny_tracker::demonstration::worker(&site.cx).tick().await.unwrap();
    let mails = count(site, &format!("outbox WHERE person_id = {id}")).await;
    assert_eq!(mails, 1, "a mail on the first day");
    id
}

async fn the_post(site: &Site) -> PostId {
    let posts = store::record::posts(&site.cx.store).await.unwrap();
    posts.iter().find(|p| p.name == POST).unwrap().id
}

#[tokio::test]
async fn every_reference_to_a_person_has_a_place_in_their_data() {
    each_database(async |site| {
        let db = Database::connect(&site.url).await.unwrap();
        let sql = match db.get_database_backend() {
            DbBackend::Postgres => TO_PERSON_POSTGRES,
            _ => TO_PERSON_SQLITE,
        };
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        assert!(rows.len() > 10, "only {} references were found", rows.len());
        for row in rows {
            let table: String = row.try_get_by_index(0).unwrap();
            let column: String = row.try_get_by_index(1).unwrap();
            let table = table.trim_matches('"');
            assert!(
                SECTIONS.iter().any(|(_, t, c)| (*t, *c) == (table, column.as_str())),
                "{table}.{column} refers to a person, and is in no section of their data"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn ones_own_data_has_every_section_no_secret_and_nobody_else() {
    each_database(async |site| {
        let id = leaver(&site).await;
        let page = site.sign_in_as(EMAIL).await.get(path::OWN_DATA).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        let name = page.header("content-disposition").unwrap();
        assert_eq!(name, "attachment; filename=\"my-data-2017-12-07.json\"");
        let file: Value = serde_json::from_slice(&page.bytes).unwrap();
        assert!(file["what this is"].as_str().unwrap().starts_with("Everything that Scrutiny Tracker holds"));
        for (section, table, _) in SECTIONS {
            let rows = file["data"][section].as_array();
            assert!(rows.is_some_and(|rows| !rows.is_empty()), "{table} is missing: {}", file["data"]);
        }
        assert_eq!(file["data"]["person"]["name"], NAME);
        assert_eq!(file["data"]["person"]["number"], id.0);
        assert_eq!(file["data"]["updates written"][0]["text"], "The group has met, and NAME was there.");
        assert_eq!(file["data"]["updates entered for them"][0]["text"], "By email: it goes on.");
        let text = page.body();
        for secret in ["$argon2", "JBSWY3DP", "c0de", "b40w", "l17k", "token"] {
            let said = text.replace("session's or link's token", "");
            assert!(!said.contains(secret), "{secret}");
        }
        for other in [MANAGER, ADMINISTRATOR, "Administrator", "Panel member"] {
            assert!(!text.contains(other), "{other}: {text}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_somebody_did_to_others_is_told_without_saying_to_whom() {
    let site = Site::appendix_b().await;
    leaver(&site).await;
    let page = site.sign_in_as(MANAGER).await.get(path::OWN_DATA).await;
    let file: Value = serde_json::from_slice(&page.bytes).unwrap();
    let did = file["data"]["history of what they did"].as_array().unwrap();
    let handed = did.iter().find(|e| e["what"] == "post.handed-over").expect("the handover");
    assert_eq!(handed["said"], Value::Null);
    // What they entered for somebody is their own text, and says for whom; elsewhere the name does not stand.
    let mut rest = file["data"].clone();
    rest["updates written"] = Value::Null;
    rest["history of what they did"] = Value::Null;
    assert!(!rest.to_string().contains(NAME), "{rest:#}");
}

#[tokio::test]
async fn an_administrator_takes_out_the_data_of_others_and_the_history_says_so() {
    let site = Site::appendix_b().await;
    let id = leaver(&site).await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let page = browser.get(&path::person_data(id)).await;
    assert_eq!(page.h1(), format!("{NAME} Data held about this person"));
    let page = page.form("Download the data").send().await;
    assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")));
    let file: Value = serde_json::from_slice(&page.bytes).unwrap();
    assert_eq!(file["data"]["person"]["email address"], EMAIL);
    let event = audit::list(&site.cx.store, audit::Of::All, 0, 1).await.unwrap().remove(0);
    assert_eq!(event.kind, "person.data-taken-out");
    for email in [MANAGER, EDUCATION_LEAD, PANEL_MEMBER, EMAIL] {
        let browser = site.sign_in_as(email).await;
        assert_eq!(browser.get(&path::person_data(id)).await.status, 403, "{email}");
        assert_eq!(browser.post::<&str, &str>(&path::person_data(id), &[]).await.status, 403, "{email}");
    }
    assert_ne!(site.browser().get(path::OWN_DATA).await.path, path::OWN_DATA, "sent to sign in");
    let program = privacy::own_data(&site.cx, &Actor::program("Worker")).await;
    assert!(program.is_err());
}

#[tokio::test]
async fn a_leavers_name_and_address_are_nowhere_once_they_are_taken_out() {
    each_database(async |site| {
        let id = leaver(&site).await;
        let before = site.record().await;
        assert!(everything(&site).await.contains(NAME));
        deactivate(&site, id, "2026-03-01T09:00:00+00:00").await;
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let page = browser.get(&path::pseudonymisation(id)).await;
        assert!(page.main().contains("Former holder of Education Safeguarding Lead"), "{}", page.main());
        let unsure = page.form("Take out name and address").send().await;
        assert_eq!(
            (unsure.status, unsure.errors()),
            (422, vec!["Confirm that it can’t be undone".to_owned()])
        );
        assert!(everything(&site).await.contains(EMAIL));
        let page = unsure.form("Take out name and address").tick("sure").submit().await;
        assert!(page.text().contains("now Former holder of Education Safeguarding Lead"), "{}", page.text());

        let all = everything(&site).await;
        for gone in [NAME, EMAIL, "given-4711", "JBSWY3DP", "$argon2id$secret"] {
            let line = all.lines().find(|line| line.contains(gone));
            assert_eq!(line, None, "{gone}");
        }
        for table in [
            "session",
            "one_time_link",
            "known_browser",
            "round_link",
            "kept_form",
            "identity",
            "recovery_code",
            "role_grant",
        ] {
            assert_eq!(count(&site, &format!("{table} WHERE person_id = {id}")).await, 0, "{table}");
        }
        // The history still holds together, and says that it was done.
        let whole = audit::verify(&site.cx.store, None).await.unwrap();
        assert!(matches!(whole, audit::Verdict::Whole(_)), "{whole:?}");
        let mine = audit::list(&site.cx.store, audit::Of::Person(id), 0, 50).await.unwrap();
        assert_eq!((mine[0].kind.as_str(), mine[0].summary().is_some()), ("person.pseudonymised", true));
        assert!(mine.iter().filter(|e| e.actor == Some(id)).all(|e| e.actor_name.is_none()));
        // The record holds: who held the post, who wrote, what was asked for.
        let after = site.record().await;
        let held = after.post(the_post(&site).await).unwrap();
        let names: Vec<String> = held.holder_names(day("2017-12-06")).collect();
        assert_eq!(names, ["Former holder of Education Safeguarding Lead"]);
        let aiii = after.actions.iter().find(|a| a.label == "Aiii").unwrap();
        let written = aiii.updates.iter().find(|u| u.author == Some(id)).unwrap();
        assert_eq!(written.author_name.as_deref(), Some("Former holder of Education Safeguarding Lead"));
        assert_eq!(written.narrative, "The group has met, and NAME was there.");
        let asked = aiii.revisions.last().unwrap();
        assert_eq!(asked.asked_by.as_deref(), Some("Former holder of Education Safeguarding Lead"));
        let entered = aiii.updates.iter().find_map(|u| u.entered_for.clone()).unwrap();
        assert!(
            entered.starts_with("for Former holder of Education Safeguarding Lead, received by"),
            "{entered}"
        );
        let eii = after.actions.iter().find(|a| a.label == "Eii").unwrap();
        assert_eq!(eii.lead_wording, "Communications Manager (name removed)");
        for (was, is) in std::iter::zip(&before.actions, &after.actions) {
            assert_eq!((was.updates.len(), &was.states), (is.updates.len(), &is.states));
        }
        assert_eq!(before.rounds, after.rounds);
        // Every page that shows them still opens.
        let manager = site.sign_in_as(MANAGER).await;
        for page in
            ["/plans/appendix-b", "/plans/appendix-b/dashboard", "/plans/appendix-b/export.csv", "/people"]
        {
            let page = if page == "/people" { browser.get(page).await } else { manager.get(page).await };
            assert_eq!(page.status, 200, "{}", page.path);
        }
        // Once more does nothing more.
        let page = browser.get(&path::pseudonymisation(id)).await;
        assert!(page.main().contains("That has been done"));
        let events = count(&site, "audit_event").await;
        let administrator = site.actor(ADMINISTRATOR).await;
        privacy::pseudonymise(&site.cx, &administrator, id).await.unwrap();
        assert_eq!(count(&site, "audit_event").await, events);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_taken_out_whose_account_is_in_use() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let id = site.person(MAP_COORDINATOR).await;
    let page = browser.get(&path::pseudonymisation(id)).await;
    assert!(page.main().contains("Deactivate the account first"), "{}", page.main());
    let page = browser.post(&path::pseudonymisation(id), &[("sure", "yes")]).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.errors(), ["MAP Coordinator can still sign in: deactivate the account first"]);
    assert_eq!(site.person(MAP_COORDINATOR).await, id);
}

#[tokio::test]
async fn an_account_named_like_its_post_takes_no_post_out_of_the_plan() {
    let site = Site::appendix_b().await;
    let id = site.person(EDUCATION_LEAD).await;
    let before: Vec<_> = site.record().await.actions.into_iter().map(|a| (a.lead_wording, a.leads)).collect();
    deactivate(&site, id, "2026-03-01T09:00:00+00:00").await;
    let administrator = site.actor(ADMINISTRATOR).await;
    privacy::pseudonymise(&site.cx, &administrator, id).await.unwrap();
    let after: Vec<_> = site.record().await.actions.into_iter().map(|a| (a.lead_wording, a.leads)).collect();
    assert_eq!(before, after);
    assert!(!everything(&site).await.contains(EDUCATION_LEAD));
    // They held it to the end: nobody holds it now.
    let record = site.record().await;
    assert!(record.post(the_post(&site).await).unwrap().is_vacant(site.today()));
}

#[tokio::test]
async fn leavers_are_taken_out_by_themselves_once_their_time_is_over() {
    each_database(async |site| {
        // It is 2 March 2026 by the machine's clock.
        let (gone, going) = (site.person(PANEL_MEMBER).await, site.person(EDUCATION_LEAD).await);
        deactivate(&site, gone, "2024-03-02T10:29:00+00:00").await;
        deactivate(&site, going, "2024-03-02T10:31:00+00:00").await;
        scrutiny_tracker::demonstration::worker(&site.cx).tick().await.unwrap();
        let name = async |id| store::person::by_id(&site.cx.store, id).await.unwrap().unwrap().person.name;
        assert_eq!(name(gone).await, format!("Former panel member {gone}"));
        assert_eq!(name(going).await, "Education Safeguarding Lead");
        let event = audit::list(&site.cx.store, audit::Of::All, 0, 1).await.unwrap().remove(0);
        assert_eq!((event.kind.as_str(), event.actor), ("person.pseudonymised", None));
        assert_eq!(retention::keep_house(&site.cx).await.unwrap(), None, "once a day");
        site.go_to(day("2017-12-08"));
        let again = retention::keep_house(&site.cx).await.unwrap().unwrap();
        assert_eq!(again.leavers, 0, "once for each");
    })
    .await;
}

#[tokio::test]
async fn time_runs_from_today_for_those_of_whom_nobody_noted_when_they_left() {
    let site = Site::appendix_b().await;
    let id = site.person(PANEL_MEMBER).await;
    run(&site, &[format!("UPDATE person SET active = false WHERE id = {id}")]).await;
    retention::keep_house(&site.cx).await.unwrap();
    assert_eq!(count(&site, "person WHERE active = false AND deactivated_at IS NULL").await, 0);
    assert_eq!(site.person(PANEL_MEMBER).await, id);
}

#[tokio::test]
async fn what_nobody_needs_any_more_is_swept_and_the_rest_stays() {
    each_database(async |site| {
        let id = site.person(MAP_COORDINATOR).await;
        let link = |hash: &str, expires: &str| {
            format!("INSERT INTO one_time_link (token_hash, purpose, created_at, expires_at, person_id) VALUES ('{hash}', 'password', '{expires}', '{expires}', {id})")
        };
        let browser = |hash: &str, used: &str| {
            format!("INSERT INTO known_browser (token_hash, created_at, last_used_at, person_id) VALUES ('{hash}', '{used}', '{used}', {id})")
        };
        let form = |hash: &str, expires: &str| {
            format!("INSERT INTO kept_form (token_hash, path, fields, expires_at, person_id) VALUES ('{hash}', '/plans/new', '[]', '{expires}', {id})")
        };
        let tally = |key: &str, at: &str| {
            format!("INSERT INTO throttle (key, failures, last_at, wait_until) VALUES ('{key}', 1, '{at}', '{at}')")
        };
        let mail = |key: &str, at: &str, state: &str| {
            format!("INSERT INTO outbox (unique_key, kind, state, office_day, person_id, to_name, to_address, message_id, subject, note, attempts, uncertain, next_attempt_at, created_at) \
                VALUES ('{key}', 'reminder', '{state}', '2017-12-07', {id}, 'MAP Coordinator', 'map@example.org', '{key}@example.org', '2 overdue', '250 ok', 1, false, '{at}', '{at}')")
        };
        run(
            &site,
            &[
                form("old", "2026-03-02T10:00:00+00:00"),
                form("new", "2026-03-02T11:00:00+00:00"),
                link("old", "2026-01-31T10:00:00+00:00"),
                link("new", "2026-02-01T10:00:00+00:00"),
                browser("old", "2025-03-02T10:00:00+00:00"),
                browser("new", "2025-03-03T10:00:00+00:00"),
                tally("account old", "2026-03-01T10:00:00+00:00"),
                tally("account new", "2026-03-01T11:00:00+00:00"),
                mail("old", "2025-03-02T10:00:00+00:00", "handed"),
                mail("waiting", "2025-03-02T10:00:00+00:00", "queued"),
                mail("new", "2025-03-02T11:00:00+00:00", "handed"),
            ],
        )
        .await;
        let text =
            "INSERT INTO outbox_text (outbox_id, mime) SELECT id, 'text' FROM outbox WHERE subject = '2 overdue'";
        run(&site, &[text.to_owned()]).await;
        let done = retention::keep_house(&site.cx).await.unwrap().unwrap();
        assert_eq!((done.links, done.browsers, done.tallies, done.mails), (1, 1, 1, 1), "{done:?}");
        for table in ["one_time_link", "known_browser", "kept_form"] {
            assert_eq!(count(&site, table).await, 1, "{table}");
            assert_eq!(count(&site, &format!("{table} WHERE token_hash = 'new'")).await, 1, "{table}");
        }
        assert_eq!(count(&site, "throttle").await, 1);
        let kept = "outbox WHERE subject = '2 overdue' AND state = 'handed'";
        assert_eq!(count(&site, kept).await, 2, "that there was a mail stays");
        let emptied =
            format!("{kept} AND to_address = '' AND id NOT IN (SELECT outbox_id FROM outbox_text)");
        assert_eq!(count(&site, &emptied).await, 1);
    })
    .await;
}

//! Whatever is done to the history's rows behind the program's back is found, and named.

use super::*;

/// The event that is tampered with: some stand before it, and many behind.
const SOME: i64 = 7;

/// Does something to the rows, and expects it to be found: what is wrong, given the number of events there were.
async fn found(tampering: &[&str], expected: impl Fn(i64) -> Broken) {
    each_database(async |site| {
        let events = whole(&site).await.events;
        let db = raw(&site).await;
        for sql in tampering {
            run(&db, sql).await;
        }
        assert_eq!(verdict(&site).await, Verdict::Broken(expected(events)), "{tampering:?}");
    })
    .await;
}

#[tokio::test]
async fn changed_text_is_found() {
    for sql in [
        "UPDATE audit_event SET summary = 'Nothing happened' WHERE id = 7",
        "UPDATE audit_event SET detail = '{\"reason\":\"another\"}' WHERE id = 7",
        "UPDATE audit_event SET content_salt = NULL WHERE id = 7",
        // What is emptied without being marked as erased is not erased, nor is what is marked and still there.
        "UPDATE audit_event SET summary = '', detail = '{}' WHERE id = 7",
        "UPDATE audit_event SET content_erased_at = at WHERE id = 7",
        "UPDATE audit_event SET content_erased_at = at, content_salt = NULL WHERE id = 7",
    ] {
        found(&[sql], |_| Broken::Content(SOME)).await;
    }
}

#[tokio::test]
async fn changed_name_is_found() {
    for sql in [
        "UPDATE audit_event SET actor_name = 'Somebody else' WHERE id = 7",
        "UPDATE audit_event SET name_erased_at = at WHERE id = 7",
    ] {
        found(&[sql], |_| Broken::Name(SOME)).await;
    }
}

#[tokio::test]
async fn changed_facts_are_found() {
    for change in [
        "at = '2017-01-01T00:00:00+00:00'",
        "office_day = '2017-01-01'",
        "actor_id = (SELECT MAX(id) FROM person)",
        "person_id = (SELECT MAX(id) FROM person)",
        "plan_id = (SELECT id FROM plan)",
        "action_id = (SELECT MAX(id) FROM action)",
        "kind = 'action.closed'",
        "content_digest = name_digest",
        "name_digest = NULL",
        "link = 'ffff'",
    ] {
        let sql = format!("UPDATE audit_event SET {change} WHERE id = 7");
        // A link that is another breaks the one behind it as well.
        let broken = if change.starts_with("link") { Broken::Unlinked(SOME) } else { Broken::Facts(SOME) };
        found(&[&sql], |_| broken.clone()).await;
    }
    found(&["UPDATE audit_event SET kind = 'x' WHERE id = (SELECT MAX(id) FROM audit_event)"], Broken::Facts)
        .await;
}

#[tokio::test]
async fn missing_events_are_found() {
    found(&["DELETE FROM audit_event WHERE id = 1"], |_| Broken::Missing(1)).await;
    found(&["DELETE FROM audit_event WHERE id IN (7, 8)"], |_| Broken::Missing(SOME)).await;
    let last = "DELETE FROM audit_event WHERE id = (SELECT MAX(id) FROM audit_event)";
    found(&[last], |n| Broken::End { told: n, there: n - 1 }).await;
    found(&[last, "UPDATE audit_head SET events = events - 1"], |n| Broken::Head(n - 1)).await;
    found(&["DELETE FROM audit_event"], |n| Broken::End { told: n, there: 0 }).await;
    found(&["DELETE FROM audit_head"], |_| Broken::NoHead).await;
    found(&["UPDATE audit_head SET link = 'ffff'"], Broken::Head).await;
    // Whoever closes the gap is found all the same.
    let closed = [
        "DELETE FROM audit_event WHERE id = 7",
        "UPDATE audit_event SET id = -id WHERE id > 7",
        "UPDATE audit_event SET id = -id - 1 WHERE id < 0",
        "UPDATE audit_head SET events = events - 1",
    ];
    found(&closed, |_| Broken::Unlinked(SOME)).await;
}

#[tokio::test]
async fn events_in_another_order_are_found() {
    let swap = |a: i64, b: i64| {
        [
            format!("UPDATE audit_event SET id = -1 WHERE id = {a}"),
            format!("UPDATE audit_event SET id = {a} WHERE id = {b}"),
            format!("UPDATE audit_event SET id = {b} WHERE id = -1"),
        ]
    };
    for (a, b) in [(SOME, SOME + 1), (SOME, 12), (1, 2)] {
        let sql = swap(a, b);
        found(&sql.each_ref().map(String::as_str), |_| Broken::Moved { now: a, was: b }).await;
    }
}

const STRANGER: &str = "INSERT INTO audit_event (id, at, office_day, actor_name, kind, summary, detail) \
    SELECT MAX(id) + 1, MAX(at), MAX(office_day), 'Chair', 'round.closed', 'Round closed', '{}' FROM audit_event";

#[tokio::test]
async fn events_that_the_program_did_not_write_are_found() {
    found(&[STRANGER], |n| Broken::PutIn(n + 1)).await;
    found(&[STRANGER, "UPDATE audit_event SET id = 0 WHERE link IS NULL"], |_| Broken::PutIn(0)).await;
    let between = [
        STRANGER,
        "UPDATE audit_event SET id = -id - 1 WHERE id >= 7",
        "UPDATE audit_event SET id = -id WHERE id < 0",
        "UPDATE audit_event SET id = 7 WHERE link IS NULL",
    ];
    found(&between, |_| Broken::PutIn(SOME)).await;
}

/// Gives an event new digests and a new link, as somebody would who knows how they are made.
async fn relink(db: &DatabaseConnection, id: i64) -> String {
    let mut row = event(db, id).await;
    row.name_salt = Some("a".into());
    row.name_digest = Some(sha256(&json!([row.name_salt, row.actor_name])));
    row.content_salt = Some("b".into());
    row.content_digest = Some(sha256(&json!([row.content_salt, row.summary, row.detail])));
    let previous = event(db, id - 1).await.link.unwrap();
    let link = link_of(&previous, &row);
    row.link = Some(link.clone());
    row.into_active_model().reset_all().update(db).await.unwrap();
    link
}

#[tokio::test]
async fn who_knows_how_the_links_are_made_is_found_all_the_same() {
    each_database(async |site| {
        let db = raw(&site).await;
        let events = whole(&site).await.events;
        // An event behind the last one, well linked: the head does not count it.
        run(&db, STRANGER).await;
        relink(&db, events + 1).await;
        assert_eq!(verdict(&site).await, Verdict::Broken(Broken::PutIn(events + 1)));
        run(&db, &format!("DELETE FROM audit_event WHERE id > {events}")).await;
        whole(&site).await;
        // One between others, well linked to the one before it: the one behind it does not follow from it.
        for sql in [
            STRANGER,
            "UPDATE audit_event SET id = -id - 1 WHERE id >= 7 AND link IS NOT NULL",
            "UPDATE audit_event SET id = 7 WHERE link IS NULL",
            "UPDATE audit_event SET id = -id WHERE id < 0",
        ] {
            run(&db, sql).await;
        }
        relink(&db, SOME).await;
        assert_eq!(verdict(&site).await, Verdict::Broken(Broken::PutIn(SOME)));
    })
    .await;
    each_database(async |site| {
        let db = raw(&site).await;
        run(&db, "UPDATE audit_event SET summary = 'Nothing happened' WHERE id = 7").await;
        relink(&db, SOME).await;
        assert_eq!(verdict(&site).await, Verdict::Broken(Broken::Facts(SOME + 1)));
    })
    .await;
}

#[tokio::test]
async fn history_of_thousands_of_events_is_walked_to_its_end() {
    each_empty_database(async |site| {
        let tx = site.cx.store.begin().await.unwrap();
        for number in 1..=2100 {
            let event = audit::NewEvent {
                at: site.cx.clock.machine_now(),
                office_day: site.today(),
                actor: None,
                actor_name: "Worker".into(),
                plan: None,
                action: None,
                kind: "plan.edited".into(),
                summary: format!("The {number}th"),
                detail: json!({ "b": number, "a": null, "ä": "\u{1F642} \" \\ \n \u{7}" }),
            };
            audit::insert(&tx, &event).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(whole(&site).await.events, 2100);
        let db = raw(&site).await;
        // The last one of a piece, the first of the next, and the last of all.
        for id in [2100, 2001, 1001, 1000] {
            run(&db, &format!("UPDATE audit_event SET summary = '' WHERE id = {id}")).await;
            assert_eq!(verdict(&site).await, Verdict::Broken(Broken::Content(id)));
        }
        run(&db, "DELETE FROM audit_event WHERE id = 1000").await;
        assert_eq!(verdict(&site).await, Verdict::Broken(Broken::Missing(1000)));
    })
    .await;
}

/// What no chain can show by itself: everything written anew. What was noted down elsewhere shows it.
#[tokio::test]
async fn history_that_was_written_anew_is_found_by_what_was_noted_down() {
    each_database(async |site| {
        let noted = audit::head(&site.cx.store).await.unwrap().expect("a head");
        let check = noted.short().replace(' ', "");
        write(&site, "Aiii").await;
        let found = audit::verify(&site.cx.store, Some(&check)).await.unwrap();
        assert!(
            matches!(found, Verdict::Whole(Whole { noted: Some(n), .. }) if n == noted.events),
            "{found:?}"
        );
        let db = raw(&site).await;
        run(&db, "UPDATE audit_event SET summary = 'Nothing happened' WHERE id = 7").await;
        let (mut last_link, events) = (String::new(), noted.events + 1);
        for id in SOME..=events {
            last_link = relink(&db, id).await;
        }
        run(&db, &format!("UPDATE audit_head SET link = '{last_link}'")).await;
        assert_eq!(whole(&site).await.events, events);
        let found = audit::verify(&site.cx.store, Some(&check)).await.unwrap();
        assert!(matches!(found, Verdict::Whole(Whole { noted: None, .. })), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn nothing_more_is_recorded_behind_a_missing_head() {
    each_database(async |site| {
        run(&raw(&site).await, "DELETE FROM audit_head").await;
        let draft = UpdateDraft::of("Three words here.");
        let actor = site.actor(MANAGER).await;
        let refused = command::update::add(&site.cx, &actor, site.action("Aiii").await, &draft, None)
            .await
            .unwrap_err();
        assert!(refused.to_string().contains("audit verify"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn event_that_was_put_in_is_not_taken_into_the_chain_by_a_later_start() {
    each_database(async |site| {
        let events = whole(&site).await.events;
        run(&raw(&site).await, STRANGER).await;
        site.cx.store.migrate().await.unwrap();
        assert_eq!(verdict(&site).await, Verdict::Broken(Broken::PutIn(events + 1)));
    })
    .await;
}

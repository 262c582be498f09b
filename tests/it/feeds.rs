//! Calendar feeds: made once and shown once, fetched by a program that knows nothing but the address, and gone when they
//! have to be.

use calcard::{
    Entry, Parser,
    icalendar::{ICalendarComponentType, ICalendarProperty, ICalendarValue, Uri},
};
use chrono::TimeDelta;
use scrutiny_tracker::{
    command::{deadline, feed, person, plan as plans, privacy, retention, update},
    domain::{
        access::{Grant, Role},
        action::Decider,
        meeting::Dates,
        rating::Rating,
        update::UpdateDraft,
    },
    link::path,
    store,
};

use crate::{
    steps::{change_plan, open_round},
    support::{
        ADMINISTRATOR, EDUCATION_LEAD, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site,
        day, each_database,
    },
};

/// Makes a feed as somebody would, and gives its path.
async fn make(site: &Site, email: &str, of: &str) -> String {
    let page = site.sign_in_as(email).await.get(path::FEEDS).await;
    let page = page.form("Make a feed").set("of", of).send().await;
    assert_eq!(page.status, 200, "{:?}", page.errors());
    let address = page.select(".inset").concat();
    assert!(page.main().contains("It is shown only here and now"));
    address.strip_prefix(&site.cx.links.full("")).expect("an address of ours").to_owned()
}

async fn fetch(site: &Site, path: &str) -> Page {
    // A calendar program has no cookies.
    site.browser().get(path).await
}

/// The entries of a feed, as a parser of others reads them: day and summary, with the address and the UID.
async fn read(site: &Site, path: &str) -> Vec<(String, String, String)> {
    let page = fetch(site, path).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/calendar; charset=utf-8"));
    let body = page.body();
    let Entry::ICalendar(calendar) = Parser::new(&body).entry() else { panic!("no calendar: {body}") };
    // And the crate's own.
    let own: icalendar::Calendar = body.parse().expect("a calendar");
    let mut entries = Vec::new();
    for event in calendar.components.iter().filter(|c| c.component_type == ICalendarComponentType::VEvent) {
        let text = |property: ICalendarProperty| {
            let entry =
                event.entries.iter().find(|e| e.name == property).unwrap_or_else(|| panic!("{property:?}"));
            match &entry.values[0] {
                ICalendarValue::Text(text) => text.clone(),
                ICalendarValue::PartialDateTime(day) => {
                    format!("{:04}-{:02}-{:02}", day.year.unwrap(), day.month.unwrap(), day.day.unwrap())
                }
                ICalendarValue::Uri(Uri::Location(uri)) => uri.clone(),
                other => panic!("{other:?}"),
            }
        };
        let said = format!("{} {}", text(ICalendarProperty::Dtstart), text(ICalendarProperty::Summary));
        entries.push((said, text(ICalendarProperty::Url), text(ICalendarProperty::Uid)));
    }
    assert_eq!(own.events().count(), entries.len());
    entries
}

fn said(entries: &[(String, String, String)]) -> Vec<&str> {
    entries.iter().map(|(said, ..)| said.as_str()).collect()
}

const TITLE: &str = "Digital Safeguarding - Sexting and Youth Produced sexual…";

#[tokio::test]
async fn somebodys_feed_has_their_deadlines_what_is_asked_of_them_and_the_meeting() {
    each_database(async |site| {
        open_round(&site, "19 Feb 2018").await;
        let feed = make(&site, EDUCATION_LEAD, "own").await;
        assert!(feed.starts_with("/calendar/") && feed.ends_with(".ics"));
        let entries = read(&site, &feed).await;
        assert_eq!(
            said(&entries),
            [
                format!("2017-09-30 Aiii is due – {TITLE}"),
                format!("2017-11-30 D is due – {TITLE}"),
                "2018-01-29 Updates due for 19 Feb 2018".to_owned(),
                "2018-02-19 Meeting of the Community Safety and Leisure Scrutiny Panel".to_owned(),
            ]
        );
        assert_eq!(entries[0].1, site.cx.links.full(&path::action(site.action("Aiii").await)));
        assert_eq!(entries[2].1, site.cx.links.full(path::MY_ACTIONS));
        // The same day in another week: the same identifiers.
        site.go_to(day("2017-12-14"));
        let uids =
            |entries: &[(String, String, String)]| entries.iter().map(|e| e.2.clone()).collect::<Vec<_>>();
        assert_eq!(uids(&read(&site, &feed).await), uids(&entries));
        // What is answered is not asked any more, and what is said to be complete is not due.
        let lead = site.actor(EDUCATION_LEAD).await;
        for (label, reported) in [("Aiii", Rating::Complete), ("D", Rating::OnTrack)] {
            let draft = UpdateDraft { reported, ..UpdateDraft::of("Done") };
            update::add(&site.cx, &lead, site.action(label).await, &draft, None).await.unwrap();
        }
        let entries = read(&site, &feed).await;
        assert_eq!(said(&entries)[0], format!("2017-11-30 D is due – {TITLE}"));
        assert_eq!(entries.len(), 2, "{entries:?}");
    })
    .await;
}

#[tokio::test]
async fn a_plans_feed_has_all_its_days_and_nothing_that_anybody_wrote() {
    let site = Site::appendix_b().await;
    open_round(&site, "19 Feb 2018").await;
    change_plan(&site, |plan| plan.title = "O’Brien’s, “plan”; with\\ more".to_owned()).await;
    let record = site.record().await;
    let tx = site.cx.store.begin().await.unwrap();
    let dates = Dates::proposed(&site.cx.calendar(), day("2018-04-16"));
    store::meeting::meeting_on(&tx, record.plan.panel_id.unwrap(), day("2018-04-16"), dates).await.unwrap();
    tx.commit().await.unwrap();
    let feed = make(&site, SCRUTINY_OFFICER, &record.plan.id.to_string()).await;
    let entries = read(&site, &feed).await;
    assert!(said(&entries).contains(&"2018-01-31 K is due – O’Brien’s, “plan”; with\\ more"), "{entries:?}");
    let papers = "2018-04-04 Papers due – Community Safety and Leisure Scrutiny Panel, 16 April 2018";
    assert!(said(&entries).contains(&papers), "who sees to the papers: {entries:?}");
    let body = fetch(&site, &feed).await.body();
    let unfolded = body.replace("\r\n ", "");
    for update in record.actions.iter().flat_map(|a| &a.updates) {
        let first: String = update.narrative.chars().take(25).collect();
        assert!(!unfolded.contains(&first), "{first}");
    }
    for holding in record.posts.iter().flat_map(|p| &p.holdings) {
        assert!(!unfolded.contains(&holding.person.email));
    }
    // A member of the panel has the deadlines and the meeting; what is between the officers they have not.
    let theirs = make(&site, PANEL_MEMBER, &record.plan.id.to_string()).await;
    let entries = read(&site, &theirs).await;
    assert!(said(&entries).iter().any(|s| s.contains("K is due")));
    assert!(!said(&entries).iter().any(|s| s.contains("Papers due")), "{entries:?}");
}

#[tokio::test]
async fn a_date_that_is_granted_moves_the_entry_and_one_asked_for_does_not() {
    let site = Site::appendix_b().await;
    let plan = site.record().await.plan.id.to_string();
    let feed = make(&site, MANAGER, &plan).await;
    let k = async || read(&site, &feed).await.into_iter().find(|e| e.0.contains(" K is due")).expect("K");
    let before = k().await;
    assert!(before.0.starts_with("2018-01-31"), "{before:?}");
    let asked = site.whole_action("K").await.revisions.last().unwrap().id;
    let verdict = deadline::Verdict {
        granted: true,
        on: site.today(),
        decider: Decider::Panel,
        by: "Community Safety and Leisure Scrutiny Panel".into(),
        reason: None,
    };
    deadline::decide(&site.cx, &site.actor(SCRUTINY_OFFICER).await, asked, &verdict).await.unwrap();
    let after = k().await;
    assert!(after.0.starts_with("2018-03-31"), "{after:?}");
    assert_eq!(before.2, after.2);
    assert!(fetch(&site, &feed).await.body().contains("SEQUENCE:1\r\n"));
}

#[tokio::test]
async fn the_address_is_shown_once_and_only_its_hash_is_kept() {
    each_database(async |site| {
        let feed = make(&site, MAP_COORDINATOR, "own").await;
        let token = feed.trim_start_matches("/calendar/").trim_end_matches(".ics").to_owned();
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        let page = browser.get(path::FEEDS).await;
        assert!(!page.body().contains(&token));
        assert_eq!(page.rows("table").len(), 1);
        assert_eq!(page.rows("table")[0][2], "Not yet");
        let mut backup = Vec::new();
        store::backup::write(&site.cx.store, &mut backup).await.unwrap();
        assert!(!String::from_utf8(backup).unwrap().contains(&token));
        // It is noted when it was asked for, to the hour.
        assert_eq!(fetch(&site, &feed).await.status, 200);
        assert_ne!(browser.get(path::FEEDS).await.rows("table")[0][2], "Not yet");
        let noted = async || {
            let person = site.person(MAP_COORDINATOR).await;
            store::feed::of_person(&site.cx.store, person).await.unwrap()[0].0.last_fetched_at
        };
        let first = noted().await;
        assert!(first.is_some());
        site.cx.clock.move_machine_to(site.cx.clock.machine_now() + TimeDelta::minutes(10));
        fetch(&site, &feed).await;
        assert_eq!(noted().await, first);
        // Another of the same takes its place: pressing twice leaves one.
        let second = make(&site, MAP_COORDINATOR, "own").await;
        assert_eq!((fetch(&site, &feed).await.status, fetch(&site, &second).await.status), (404, 200));
        assert_eq!(browser.get(path::FEEDS).await.rows("table").len(), 1);
        let data = browser.get("/account/data").await.body();
        assert!(data.contains("\"calendar feeds\"") && data.contains("own actions"));
    })
    .await;
}

#[tokio::test]
async fn a_feed_is_revoked_after_a_question_and_by_nobody_else() {
    each_database(async |site| {
        let feed = make(&site, MAP_COORDINATOR, "own").await;
        let id =
            store::feed::of_person(&site.cx.store, site.person(MAP_COORDINATOR).await).await.unwrap()[0].0.id;
        let other = site.sign_in_as(MANAGER).await;
        let page = other.get(&path::revoke_feed(id)).await;
        assert_eq!(page.path, path::FEEDS, "not theirs to know of");
        other.post(path::REVOKE_FEED, &[("feed", id.to_string())]).await;
        assert_eq!(fetch(&site, &feed).await.status, 200);
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        let page = browser.get(path::FEEDS).await;
        let page = browser.get(&page.attributes("main td a", "href")[0]).await;
        assert_eq!(page.h1(), "Revoke the feed of my actions?");
        let form = page.form("Revoke the feed");
        let page = form.clone().submit().await;
        assert!(page.main().contains("You have none."));
        assert_eq!(fetch(&site, &feed).await.status, 404);
        assert_eq!(form.submit().await.status, 200, "pressed twice");
    })
    .await;
}

#[tokio::test]
async fn a_feed_ends_with_the_account_and_with_the_right_to_read() {
    each_database(async |site| {
        let administrator = site.actor(ADMINISTRATOR).await;
        let plan = site.record().await.plan.id;
        let deactivated = make(&site, EDUCATION_LEAD, "own").await;
        person::deactivate(&site.cx, &administrator, site.person(EDUCATION_LEAD).await).await.unwrap();
        assert_eq!(fetch(&site, &deactivated).await.status, 404);
        person::reactivate(&site.cx, &administrator, site.person(EDUCATION_LEAD).await).await.unwrap();
        assert_eq!(fetch(&site, &deactivated).await.status, 404, "it does not come back by itself");
        let signed_out = make(&site, MAP_COORDINATOR, "own").await;
        person::sign_out_everywhere(&site.cx, &administrator, site.person(MAP_COORDINATOR).await)
            .await
            .unwrap();
        assert_eq!(fetch(&site, &signed_out).await.status, 404);
        // The member of a panel reads no plan any more.
        let lost = make(&site, PANEL_MEMBER, &plan.to_string()).await;
        assert_eq!(fetch(&site, &lost).await.status, 200);
        let member = store::person::by_email(&site.cx.store, PANEL_MEMBER).await.unwrap().unwrap();
        let draft = person::PersonDraft {
            name: member.person.name.clone(),
            email: member.person.email.clone(),
            grants: vec![Grant::everywhere(Role::Administrator)],
        };
        person::edit(&site.cx, &administrator, member.person.id, member.version, &draft).await.unwrap();
        assert_eq!(fetch(&site, &lost).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn leavers_and_forgotten_feeds_are_taken_out() {
    each_database(async |site| {
        let administrator = site.actor(ADMINISTRATOR).await;
        let leaver = site.person(EDUCATION_LEAD).await;
        person::deactivate(&site.cx, &administrator, leaver).await.unwrap();
        // As an earlier version would have left it.
        let tx = site.cx.store.begin().await.unwrap();
        store::feed::replace(&tx, leaver, None, "a hash", site.cx.clock.machine_now()).await.unwrap();
        tx.commit().await.unwrap();
        privacy::pseudonymise(&site.cx, &administrator, leaver).await.unwrap();
        assert!(store::feed::of_person(&site.cx.store, leaver).await.unwrap().is_empty());
        let (followed, forgotten) =
            (make(&site, MANAGER, "own").await, make(&site, MAP_COORDINATOR, "own").await);
        site.cx.clock.move_machine_to(site.cx.clock.machine_now() + TimeDelta::days(300));
        fetch(&site, &followed).await;
        site.cx.clock.move_machine_to(site.cx.clock.machine_now() + TimeDelta::days(100));
        site.go_to(day("2018-12-07"));
        retention::keep_house(&site.cx).await.unwrap().expect("the day’s work");
        assert_eq!((fetch(&site, &followed).await.status, fetch(&site, &forgotten).await.status), (200, 404));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_feed_is_not_there_and_a_form_without_a_choice_says_so() {
    let site = Site::appendix_b().await.real();
    let feed = make(&site, MANAGER, "own").await;
    let without = feed.trim_end_matches(".ics").to_owned();
    for path in [without, "/calendar/x.ics".to_owned(), "/calendar/.ics".to_owned(), format!("{feed}/x")] {
        let page = fetch(&site, &path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.main().is_empty());
    }
    let browser = site.sign_in_as(MANAGER).await;
    let page = browser.get(path::FEEDS).await.form("Make a feed").send().await;
    assert_eq!((page.status, page.errors()), (422, vec!["Choose what the calendar shows".to_owned()]));
    let page = browser.post(path::FEEDS, &[("of", "999999")]).await;
    assert_eq!(
        (page.status, page.errors()),
        (422, vec!["Choose your own actions, or a plan from the list".to_owned()])
    );
    let page = site.sign_in_as(ADMINISTRATOR).await.get(path::FEEDS).await;
    assert!(page.main().contains("There is nothing to show in a calendar"));
    let administrator = site.actor(ADMINISTRATOR).await;
    assert!(feed::make(&site.cx, &administrator, None).await.is_err());
}

#[tokio::test]
async fn once_monitoring_has_ended_a_feed_shows_what_lay_before() {
    let site = Site::appendix_b().await;
    let manager = site.actor(MANAGER).await;
    let plan = site.record().await.plan.id;
    let (own, whole) = (make(&site, MANAGER, "own").await, make(&site, MANAGER, &plan.to_string()).await);
    assert!(read(&site, &own).await.iter().any(|e| e.0.starts_with("2018-01-31")));
    plans::end_monitoring(&site.cx, &manager, plan, site.today(), "The panel, minute 17/46", "nothing")
        .await
        .unwrap();
    for feed in [own, whole] {
        let entries = read(&site, &feed).await;
        assert!(!entries.is_empty() && entries.iter().all(|e| e.0.as_str() < "2017-12-08"), "{entries:?}");
    }
}

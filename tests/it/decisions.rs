//! Recording what the panel decided at a meeting: one page, a page to check it, one press; and the minute, which may follow.

use scrutiny_tracker::{
    command::{self, person::PersonDraft},
    domain::{
        access::{Actor, Grant, Role},
        action::{DateOutcome, Decider, State},
        deadline::Span,
        decision::{Outcome, Verdict},
        id::{MeetingId, PanelId, PlanId},
        meeting::Dates,
        rating::{RagKey, Rating},
        round::RoundDraft,
    },
    export,
    link::path,
    store,
};

use crate::{
    steps::{action_page, change_plan, draft_of, fact, second_plan, work},
    support::{
        COMMUNICATIONS_MANAGER, EDUCATION_LEAD, Form, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page,
        SCRUTINY_OFFICER, Site, day, each_database,
    },
};

const RESOLUTION: &str = "That the completions and dates set out be agreed, with the exceptions noted.";
const MEETING: &str = "2018-02-19";

/// A meeting of Appendix B's panel on a day.
async fn meeting(site: &Site, on: &str) -> MeetingId {
    let panel = site.record().await.plan.panel_id.expect("a panel");
    let tx = site.cx.store.begin().await.unwrap();
    let id = store::meeting::meeting_on(&tx, panel, day(on), Dates::default()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// The page of the meeting of 19 February 2018, the day after it.
async fn deciding(site: &Site) -> Page {
    site.go_to(day("2018-02-20"));
    let id = meeting(site, MEETING).await;
    site.sign_in_as(SCRUTINY_OFFICER).await.get(&path::decisions(id)).await
}

/// The name of the field with the outcome of the completion or merge that an action stands in.
async fn of_state(site: &Site, kind: &str, label: &str) -> String {
    let change = site.whole_action(label).await.states.last().unwrap().id.unwrap();
    format!("{kind}-{change}")
}

/// The same of the last date that was asked for.
async fn of_date(site: &Site, label: &str) -> String {
    format!("extension-{}", site.whole_action(label).await.revisions.last().unwrap().id)
}

/// Fills in the form and checks it.
async fn check(form: Form) -> Page {
    let page = form.set("text", RESOLUTION).submit().await;
    assert_eq!((page.status, page.h1().contains("Check the decisions")), (200, true), "{}", page.main());
    page
}

async fn decide(form: Form) -> Page {
    check(form).await.form("Record these decisions").submit().await
}

#[tokio::test]
async fn everything_put_to_the_meeting_stands_on_one_page_pre_set_to_agreed() {
    let site = Site::appendix_b().await;
    let page = deciding(&site).await;
    let form = page.form("Continue");
    let record = site.record().await;
    let today = site.today();
    for action in &record.actions {
        let change = action.change_at(today);
        for (kind, put) in [
            ("completion", change.is_some_and(|c| c.state.is_complete())),
            ("merge", change.is_some_and(|c| c.state == State::Merged)),
        ] {
            let name = change.and_then(|c| c.id).map(|id| format!("outcome-{kind}-{id}")).unwrap_or_default();
            assert_eq!(form.has(&name), put, "{kind} of {}", action.label);
        }
    }
    let k = format!("outcome-{}", of_date(&site, "K").await);
    assert!(form.has(&k));
    let outcomes: Vec<String> = form.names().into_iter().filter(|n| n.starts_with("outcome-")).collect();
    assert!(outcomes.len() > 10, "{outcomes:?}");
    for name in &outcomes {
        assert_eq!(form.value(name), "agreed", "{name}");
        assert_eq!(form.choices(name), ["agreed", "not_agreed", "deferred", "noted"]);
    }
    let variation = record.recommendations.iter().find_map(|r| r.variations.first()).unwrap();
    assert!(form.has(&format!("outcome-variation-{}", variation.id.unwrap())));
}

#[tokio::test]
async fn all_of_it_is_recorded_at_once_with_one_exception_and_the_minute_follows() {
    each_database(async |site| {
        let page = deciding(&site).await;
        let ai = of_state(&site, "completion", "Ai").await;
        let form = page.form("Continue").set(&format!("outcome-{ai}"), "not_agreed");
        let refused = form.clone().set("text", RESOLUTION).submit().await;
        assert_eq!(refused.errors(), ["Say why it was not agreed: whoever asked for it will read this"]);
        let form = form.set(&format!("reason-{ai}"), "No figures were shown.");

        let before = site.record().await;
        let checking = check(form).await;
        for said in [
            "Completion not agreed: it is open again.",
            "No figures were shown.",
            "March 2018 agreed: it is the deadline now.",
            "it says “minute awaited” until you add one",
            RESOLUTION,
        ] {
            assert!(checking.main().contains(said), "{said}: {}", checking.main());
        }
        assert_eq!(site.record().await, before, "nothing is stored by looking");

        let page = checking.form("Record these decisions").submit().await;
        assert!(page.main().contains("The decisions are recorded"), "{}", page.main());
        assert!(page.main().contains("Minute awaited"));

        let one = site.whole_action("Ai").await;
        let last = one.states.last().unwrap();
        assert_eq!((last.state, last.from), (State::Open, day(MEETING)));
        assert_eq!(
            last.reason.as_deref(),
            Some("Not agreed by the panel on 19 February 2018: No figures were shown.")
        );
        assert!(one.state_at(day("2018-02-18")).is_complete(), "it was complete until then");
        let asked = site.whole_action("K").await.revisions.pop().unwrap();
        let decision = asked.decision.unwrap();
        let expected = (DateOutcome::Granted, day(MEETING), Decider::Panel);
        assert_eq!((decision.outcome, decision.on, decision.decider), expected);
        let record = site.record().await;
        let today = site.today();
        for action in record.actions.iter().filter(|a| a.label != "Ai") {
            let Some(change) = action.change_at(today) else { continue };
            let agreed = change.agreed.as_ref().unwrap_or_else(|| panic!("{} is not agreed", action.label));
            assert_eq!((agreed.on, agreed.minute.as_deref()), (day(MEETING), None), "{}", action.label);
        }

        let exported = export::json(&record, &export::Options::default(), today).unwrap();
        let exported: serde_json::Value = serde_json::from_str(&exported).unwrap();
        let put = exported["resolutions"][0]["decided"].as_array().unwrap();
        let refused: Vec<_> = put.iter().filter(|one| one["outcome"] == "not_agreed").collect();
        assert_eq!(
            (refused.len(), &refused[0]["kind"], &refused[0]["reason"], &refused[0]["action"]),
            (1, &"completion".into(), &"No figures were shown.".into(), &one.id.0.into())
        );

        // Nothing says that all is agreed, or that it is complete and no more.
        let plan = site.sign_in_as(PANEL_MEMBER).await.get("/plans/appendix-b").await;
        let sentence = plan.select(".lead-sentence").concat();
        assert!(sentence.ends_with("It did not agree 1 other."), "{sentence}");
        assert!(!sentence.contains("every"), "{sentence}");
        let refused = site.sign_in_as(PANEL_MEMBER).await;
        let refused = action_page(&site, &refused, "Ai").await;
        let tags = "✓ Complete Not agreed by the panel, 19 February 2018";
        assert!(refused.main().contains(tags), "{}", refused.main());
        assert!(!refused.main().contains("no completion stated"), "{}", refused.main());

        // The same on the action's page, and then with the minute.
        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        let panel = "Community Safety and Leisure Scrutiny Panel";
        let aii = record
            .actions
            .iter()
            .find(|a| a.change_at(today).is_some_and(|c| c.state.is_complete()))
            .unwrap();
        let shown = async |label: &str| action_page(&site, &officer, label).await;
        let state = fact(&shown(&aii.label).await, "State");
        assert!(state.contains(&format!("Agreed by {panel} on 19 February 2018, minute awaited")), "{state}");
        let timeline = shown(&aii.label).await.select(".timeline").concat();
        assert!(timeline.contains("Completion: agreed by the panel 19 February 2018"), "{timeline}");
        assert!(timeline.contains(&format!("{panel}, minute awaited")), "{timeline}");

        let minutes = page.click("Add the minute reference of resolution 1").await;
        let page = minutes.form("Save").set("minute", "17/43").submit().await;
        assert!(page.main().contains("Minute 17/43"), "{}", page.main());
        let again = minutes.form("Save").set("minute", "17/44").submit().await;
        assert_eq!(again.status, 409, "{}", again.main());
        assert!(again.main().contains("17/43") && again.main().contains("What you typed"));
        for label in [aii.label.as_str(), "K", "Ai"] {
            let page = shown(label).await;
            assert!(page.main().contains("minute 17/43"), "{label}: {}", page.main());
            assert!(!page.main().contains("minute awaited"), "{label}");
        }
    })
    .await;
}

#[tokio::test]
async fn each_lead_gets_one_notice_of_what_was_decided_on_theirs() {
    each_database(async |site| {
        let page = deciding(&site).await;
        let (k, i) = (of_date(&site, "K").await, of_state(&site, "merge", "I").await);
        let form = page
            .form("Continue")
            .set(&format!("outcome-{k}"), "not_agreed")
            .set(&format!("reason-{k}"), "The campaign was promised for January.")
            .set(&format!("outcome-{i}"), "noted");
        let checking = check(form).await;
        let told = checking.main().split("on their actions: ").nth(1).unwrap_or_default().to_owned();
        assert!(told.contains("MAP Coordinator"), "{told}");
        checking.form("Record these decisions").submit().await;

        work(&site).await;
        let about = |mails: Vec<(String, String)>| {
            mails
                .into_iter()
                .filter(|(_, plain)| plain.contains("DECISIONS OF THE PANEL"))
                .collect::<Vec<_>>()
        };
        for lead in [MANAGER, MAP_COORDINATOR, COMMUNICATIONS_MANAGER] {
            let mails = about(site.mailed(lead).await);
            assert_eq!(mails.len(), 1, "{lead}: {mails:?}");
        }
        let mut all = String::new();
        for lead in [MANAGER, MAP_COORDINATOR, EDUCATION_LEAD, COMMUNICATIONS_MANAGER] {
            for (_, plain) in about(site.mailed(lead).await) {
                assert!(plain.contains("met on Monday 19 February 2018"), "{plain}");
                all.push_str(&plain);
            }
        }
        assert!(all.contains("March 2018 not agreed: the deadline stays Jan 2018"), "{all}");
        assert!(all.contains("noted, which is not agreed: it is put to the next meeting again"), "{all}");
        assert!(!all.contains("promised for January"), "no reasons: {all}");
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_meanwhile_is_said_and_nothing_half_done_and_everything_typed_kept() {
    each_database(async |site| {
        let page = deciding(&site).await;
        let (ai, k) = (of_state(&site, "completion", "Ai").await, of_date(&site, "K").await);
        let form = page
            .form("Continue")
            .set(&format!("outcome-{k}"), "deferred")
            .set(&format!("reason-{k}"), "We want to see the budget.")
            .set(&format!("outcome-{ai}"), "not_agreed")
            .set(&format!("reason-{ai}"), "No figures were shown.");
        let checking = check(form).await;
        // An officer decides on K by hand, between the two pages.
        let officer = site.actor(SCRUTINY_OFFICER).await;
        let verdict = command::deadline::Verdict {
            granted: true,
            on: day("2018-02-19"),
            decider: Decider::Panel,
            by: "The chair".to_owned(),
            reason: None,
        };
        let revision = site.whole_action("K").await.revisions.last().unwrap().id;
        command::deadline::decide(&site.cx, &officer, revision, &verdict).await.unwrap();
        let before = site.record().await;

        let page = checking.form("Record these decisions").submit().await;
        assert_eq!(page.status, 409);
        for said in [
            "Nothing of this page has been recorded",
            "K: March 2018 instead of",
            "granted by The chair on 19 February 2018",
            "You had chosen “Deferred”",
            "We want to see the budget.",
        ] {
            assert!(page.main().contains(said), "{said}: {}", page.main());
        }
        assert_eq!(site.record().await, before, "nothing half done");
        let form = page.form("Continue");
        assert!(!form.has(&format!("outcome-{k}")), "the rest stands on the page");
        assert_eq!(form.value(&format!("outcome-{ai}")), "not_agreed");
        assert_eq!(form.value(&format!("reason-{ai}")).trim(), "No figures were shown.");
        assert_eq!(form.value("text").trim(), RESOLUTION);
        let page = form.submit().await.form("Record these decisions").submit().await;
        assert!(page.main().contains("The decisions are recorded"), "{}", page.main());
        assert_eq!(site.whole_action("Ai").await.state_at(site.today()), State::Open);
    })
    .await;
}

#[tokio::test]
async fn two_who_record_the_same_meeting_do_not_decide_twice() {
    each_database(async |site| {
        let page = deciding(&site).await;
        let (one, two) = (page.form("Continue"), page.form("Continue").set("minute", "17/43"));
        // Another window has a form of its own.
        let other = site.sign_in_as(SCRUTINY_OFFICER).await.get(&page.path).await;
        let other = check(other.form("Continue")).await;
        let pressed = check(one).await.form("Record these decisions");
        pressed.submit().await;
        let again = pressed.submit().await;
        assert!(again.main().contains("These decisions were recorded already"), "{}", again.main());
        let back = two.set("text", RESOLUTION).submit().await;
        assert!(back.main().contains("These decisions were recorded already"), "the back button");
        let late = other.form("Record these decisions").submit().await;
        assert_eq!(late.status, 409);
        assert!(late.main().contains("agreed by Community Safety and Leisure Scrutiny Panel on 19 February 2018, recorded meanwhile"), "{}", late.main());
        assert_eq!(site.record().await.decided.iter().map(|d| d.resolution.id).collect::<std::collections::BTreeSet<_>>().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn noted_and_deferred_change_nothing_and_come_to_the_next_meeting_again() {
    each_database(async |site| {
        let page = deciding(&site).await;
        let mut form = page.form("Continue");
        let outcomes: Vec<String> = form.names().into_iter().filter(|n| n.starts_with("outcome-")).collect();
        for (n, name) in outcomes.iter().enumerate() {
            form = form.set(name, if n % 2 == 0 { "noted" } else { "deferred" });
        }
        let states = |record: &scrutiny_tracker::domain::plan::Record| {
            record.actions.iter().map(|a| (a.states.clone(), a.revisions.clone())).collect::<Vec<_>>()
        };
        let before = states(&site.record().await);
        decide(form).await;
        assert_eq!(states(&site.record().await), before);
        let same = deciding(&site).await;
        assert!(same.main().contains("Nothing waits for a decision of this meeting"), "{}", same.main());
        assert!(same.main().contains("Noted, not agreed"));

        let page = action_page(&site, &site.sign_in_as(PANEL_MEMBER).await, "Ai").await;
        assert!(page.main().contains("It is put to the next meeting again."), "{}", page.main());
        assert!(fact(&page, "What the facts say").contains("reported complete, not yet agreed"));

        site.go_to(day("2018-06-05"));
        let next = meeting(&site, "2018-06-04").await;
        let page = site.sign_in_as(SCRUTINY_OFFICER).await.get(&path::decisions(next)).await;
        let again = page.form("Continue").names();
        assert!(outcomes.iter().all(|name| again.contains(name)), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn a_merge_that_is_not_agreed_is_undone_from_the_day_of_the_meeting() {
    each_database(async |site| {
        let page = deciding(&site).await;
        let (i, av) = (of_state(&site, "merge", "I").await, of_state(&site, "merge", "Av").await);
        let form = page.form("Continue").set(&format!("outcome-{i}"), "not_agreed");
        decide(form.set(&format!("reason-{i}"), "They are two different things.")).await;
        let merged = site.whole_action("I").await;
        assert_eq!(merged.state_at(day("2018-02-18")), State::Merged);
        assert_eq!(merged.state_at(day(MEETING)), State::Open);
        let other = site.whole_action("Av").await;
        assert!(other.states.last().unwrap().agreed.is_some(), "{av}");
    })
    .await;
}

#[tokio::test]
async fn a_variation_that_is_not_agreed_says_that_the_old_wording_stands() {
    each_database(async |site| {
        let page = deciding(&site).await;
        let record = site.record().await;
        let varied = record.recommendations.iter().find_map(|r| r.variations.first()).unwrap().id.unwrap();
        let name = format!("outcome-variation-{varied}");
        let form = page.form("Continue").set(&name, "not_agreed");
        decide(form.set(&format!("reason-variation-{varied}"), "Twice a year was asked for.")).await;
        let browser = site.sign_in_as(PANEL_MEMBER).await;
        for page in [action_page(&site, &browser, "F").await, browser.get("/plans/appendix-b").await] {
            assert!(page.main().contains("the old wording stands again"), "{}", page.path);
            assert!(page.main().contains("Twice a year was asked for."), "{}", page.path);
        }
        let page = browser.get("/plans/appendix-b?as-at=2018-02-18").await;
        assert!(!page.main().contains("the old wording stands again"), "not yet on the day before");
        // Neither does any paper or file say that it was varied.
        let refused = "Not agreed by Community Safety and Leisure Scrutiny Panel on 19 February 2018, minute awaited: the old wording stands";
        let csv = browser.get("/plans/appendix-b/export.csv").await.body();
        assert!(csv.contains(refused) && csv.contains("Variation put to the panel, agreed by "), "{csv}");
        let options = export::Options::default();
        let json = export::json(&site.record().await, &options, site.today()).unwrap();
        assert!(json.contains("not_agreed"), "{json}");
        let draft = RoundDraft {
            label: "March 2018".to_owned(),
            span: Span::month(2018, 3).unwrap(),
            updates_due_on: None,
            meeting_on: None,
            meeting_of: None,
        };
        let officer = site.actor(SCRUTINY_OFFICER).await;
        let round = command::round::create(&site.cx, &officer, &draft, &[site.record().await.plan.id]).await.unwrap();
        command::round::open(&site.cx, &officer, round, &[]).await.unwrap();
        let pack = site.sign_in_as(SCRUTINY_OFFICER).await.get(&path::pack(round, "appendix-b")).await.main();
        assert!(pack.contains(refused) && pack.contains("Variation put to the panel, agreed by "), "{pack}");
        // The next variation begins with the words that stand, and the same may be recorded anew.
        let record = site.record().await;
        let one = record.recommendations.iter().find(|r| !r.variations.is_empty()).unwrap();
        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = officer.get(&path::new_variation(one.id)).await.form("Record variation");
        assert_eq!(form.value("was").split_whitespace().collect::<Vec<_>>(), one.text.split_whitespace().collect::<Vec<_>>());
        let again = &one.variations[0];
        let form = form.set("was", &again.was).set("now", &again.now).set("agreed_by", "The Executive");
        form.submit().await;
        form.submit().await;
        let record = site.record().await;
        assert_eq!(record.recommendation(one.id).unwrap().variations.len(), 2, "once more, and once only");
    })
    .await;
}

/// A panel of its own with a plan of its own, and somebody who is its scrutiny officer alone.
async fn others(site: &Site) -> (PanelId, PlanId) {
    let officer = site.actor(SCRUTINY_OFFICER).await;
    let other = command::meeting::panel::create(&site.cx, &officer, "People Scrutiny Panel").await.unwrap();
    let second = second_plan(site).await;
    let mut plan = site.record_of("second").await.plan;
    let version = plan.version;
    plan.panel = Some("People Scrutiny Panel".to_owned());
    let draft = draft_of(plan);
    command::plan::edit(&site.cx, &Actor::program("test"), second, version, &draft).await.unwrap();
    let somebody = PersonDraft {
        name: "Somebody".to_owned(),
        email: "somebody@example.org".to_owned(),
        grants: vec![Grant { role: Role::ScrutinyOfficer, plan: Some(second) }],
    };
    command::person::create(&site.cx, &Actor::program("test"), &somebody).await.unwrap();
    (other, second)
}

#[tokio::test]
async fn the_last_meeting_of_a_panel_puts_its_own_plans_and_those_that_were_reported_to_it() {
    each_database(async |site| {
        let old = site.record().await.plan.panel_id.unwrap();
        let (other, second) = others(&site).await;
        let officer = site.actor(SCRUTINY_OFFICER).await;
        let last = meeting(&site, MEETING).await;
        site.go_to(day("2018-02-20"));
        command::meeting::panel::succeed(&site.cx, &officer, old, other, day("2018-02-20"), false)
            .await
            .unwrap();
        let titles = async |id| {
            let sitting = store::decision::sitting(&site.cx.store, &officer, id).await.unwrap().unwrap();
            sitting.records.iter().map(|record| record.plan.slug.clone()).collect::<Vec<_>>()
        };
        assert_eq!(titles(last).await, ["appendix-b"], "the successor’s own were never theirs");
        site.go_to(day("2018-02-19"));
        let draft = RoundDraft {
            label: "19 Feb 2018".to_owned(),
            span: Span::day(day(MEETING)),
            updates_due_on: None,
            meeting_on: Some(day(MEETING)),
            meeting_of: Some("Community Safety and Leisure Scrutiny Panel".to_owned()),
        };
        command::round::create(&site.cx, &officer, &draft, &[second]).await.unwrap();
        let mut both = titles(last).await;
        both.sort();
        assert_eq!(both, ["appendix-b", "second"], "it reports to that meeting");
        let next = {
            let tx = site.cx.store.begin().await.unwrap();
            let id =
                store::meeting::meeting_on(&tx, other, day("2018-03-26"), Dates::default()).await.unwrap();
            tx.commit().await.unwrap();
            id
        };
        assert_eq!(titles(next).await.len(), 2, "from then on all are the successor’s");
    })
    .await;
}

#[tokio::test]
async fn a_minute_reference_is_changed_by_who_may_in_every_plan_that_it_touches() {
    each_database(async |site| {
        let page = deciding(&site).await;
        let ai = of_state(&site, "completion", "Ai").await;
        let page = decide(page.form("Continue").set(&format!("outcome-{ai}"), "noted")).await;
        let address = page.click("Add the minute reference of resolution 1").await.path;
        others(&site).await;
        let somebody = site.sign_in_as("somebody@example.org").await;
        assert_eq!(somebody.get(&address).await.status, 404);
        let fields = [("minute", "17/43"), ("version", "1")];
        assert_eq!(somebody.post(&address, &fields).await.status, 404);
        let id = site.record().await.decided[0].resolution.id;
        let actor = site.actor("somebody@example.org").await;
        let denied = command::decision::minute(&site.cx, &actor, id, 1, Some("17/43")).await;
        assert!(matches!(denied, Err(command::CommandError::NotFound)), "{denied:?}");
        let seen = somebody.get(&page.path).await;
        assert!(!seen.main().contains(RESOLUTION), "{}", seen.main());
        // The officer of one of the plans that it touches, though not of all.
        let records = [site.record().await, site.record_of("second").await];
        assert!(matches!(
            command::decision::may_minute(&actor, &records),
            Err(command::CommandError::Denied(_))
        ));
        assert_eq!(site.record().await.decided[0].resolution.minute, None);
    })
    .await;
}

#[tokio::test]
async fn the_panels_own_rating_stands_beside_the_others_with_its_reason_and_its_day() {
    each_database(async |site| {
        change_plan(&site, |plan| plan.key = RagKey::standard()).await;
        let page = deciding(&site).await;
        let aiii = site.action("Aiii").await;
        let (rating, reason) = (format!("rating-{aiii}"), format!("rating-reason-{aiii}"));
        let form = page.form("Continue").set("text", RESOLUTION);
        let refused = form.clone().set(&rating, "at_risk").submit().await;
        assert_eq!(refused.errors(), ["Say why Aiii is rated so: the reason stands beside it"]);
        let refused = form.clone().set(&reason, "Because.").submit().await;
        assert_eq!(refused.errors(), ["Choose the rating of Aiii that this is the reason for"]);
        let mut fields = form.clone().set(&rating, "at_risk").set(&reason, "Because.").fields();
        fields
            .iter_mut()
            .filter(|(name, _)| *name == rating)
            .for_each(|(_, value)| *value = "closed".to_owned());
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let page = site.sign_in_as(SCRUTINY_OFFICER).await.post(&page.path, &fields).await;
        assert_eq!(page.status, 422);
        assert!(page.errors()[0].starts_with("Choose a rating of the key of "), "{:?}", page.errors());

        let before = site.whole_action("Aiii").await.latest_at(site.today()).map(|u| u.reported);
        decide(form.set(&rating, "at_risk").set(&reason, "Half of the schools are not in it.")).await;
        let rated = site.whole_action("Aiii").await;
        assert_eq!(rated.latest_at(site.today()).map(|u| u.reported), before, "what is reported stays");
        assert_eq!(rated.panel_rating_at(day("2018-02-18")), None);
        assert_eq!(rated.panel_rating_at(day(MEETING)).map(|r| r.rating), Some(Rating::AtRisk));
        let browser = site.sign_in_as(PANEL_MEMBER).await;
        let word = site.record().await.plan.key.word(Rating::AtRisk);
        let page = action_page(&site, &browser, "Aiii").await;
        let own = fact(&page, "The panel’s own rating");
        assert!(own.contains(&word) && own.contains("Half of the schools are not in it."), "{own}");
        let plan = browser.get("/plans/appendix-b").await;
        assert_eq!(plan.count(".panel-rating"), 1);
        assert_eq!(browser.get("/plans/appendix-b?as-at=2018-02-18").await.count(".panel-rating"), 0);
    })
    .await;
}

#[tokio::test]
async fn only_a_conclusion_makes_a_recommendation_met() {
    each_database(async |site| {
        let record = site.record().await;
        let one = record.recommendations.iter().find(|r| r.reference.as_deref() == Some("Ai")).unwrap().id;
        let browser = site.sign_in_as(PANEL_MEMBER).await;
        let page = action_page(&site, &browser, "Ai").await;
        assert!(page.main().contains("1 of 1 action complete"), "{}", page.main());
        assert!(!page.main().contains("Conclusion"));

        let page = deciding(&site).await;
        let form = page.form("Continue").set(&format!("conclusion-{one}"), "partly_met");
        decide(form.set(&format!("conclusion-reason-{one}"), "Only for secondary schools.")).await;
        let concluded = site.record().await;
        let concluded = concluded.recommendation(one).unwrap();
        assert_eq!(concluded.conclusion_at(day("2018-02-18")), None);
        assert_eq!(concluded.conclusion_at(day(MEETING)).map(|c| c.verdict), Some(Verdict::PartlyMet));
        for page in [action_page(&site, &browser, "Ai").await, browser.get("/plans/appendix-b").await] {
            assert!(
                page.main().contains("Conclusion of the panel: Partly met"),
                "{}: {}",
                page.path,
                page.main()
            );
            assert!(page.main().contains("Only for secondary schools."), "{}", page.path);
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_recorded_of_a_meeting_that_lies_ahead() {
    let site = Site::appendix_b().await;
    let id = meeting(&site, MEETING).await;
    let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
    let page = officer.get(&path::decisions(id)).await;
    assert!(page.main().contains("It is on Monday 19 February 2018"), "{}", page.main());
    assert_eq!(page.count("main form"), 0);
    let aiii = site.action("Aiii").await;
    let (rating, reason) = (format!("rating-{aiii}"), format!("rating-reason-{aiii}"));
    let fields =
        [("text", RESOLUTION), ("step", "save"), (rating.as_str(), "at_risk"), (reason.as_str(), "So")];
    let page = officer.post(&path::decisions(id), &fields).await;
    assert_eq!(
        page.errors(),
        ["The meeting is on 19 February 2018: decisions can be recorded from that day"]
    );
    assert!(site.record().await.actions.iter().all(|a| a.panel_ratings.is_empty()));
}

#[tokio::test]
async fn a_resolution_without_words_or_without_anything_decided_is_refused() {
    let site = Site::appendix_b().await;
    let page = deciding(&site).await;
    assert_eq!(
        page.form("Continue").submit().await.errors(),
        ["Enter the resolution, as the minutes will say it"]
    );
    decide(page.form("Continue")).await;
    let page = deciding(&site).await.form("Continue").set("text", RESOLUTION).submit().await;
    assert_eq!(page.errors(), ["Nothing is decided here: give a rating or a conclusion"]);
}

#[tokio::test]
async fn going_back_from_the_check_keeps_everything() {
    let site = Site::appendix_b().await;
    let ai = of_state(&site, "completion", "Ai").await;
    let form = deciding(&site)
        .await
        .form("Continue")
        .set(&format!("outcome-{ai}"), "deferred")
        .set("minute", "17/43");
    let page = check(form).await.form("Go back and change").submit().await;
    let form = page.form("Continue");
    assert_eq!(form.value(&format!("outcome-{ai}")), "deferred");
    assert_eq!((form.value("minute").as_str(), form.value("text").trim()), ("17/43", RESOLUTION));
}

#[tokio::test]
async fn what_came_after_the_page_was_opened_is_not_decided_unseen() {
    let site = Site::appendix_b().await;
    let checked = deciding(&site).await.form("Continue");
    let manager = site.actor(MANAGER).await;
    site.go_to(day(MEETING));
    let (from, into) = (site.action("G").await, site.action("Aiii").await);
    command::action::merge(&site.cx, &manager, from, into, "One piece of work").await.unwrap();
    site.go_to(day("2018-02-20"));
    let page = check(checked).await;
    assert!(page.main().contains("Not decided here"), "{}", page.main());
    page.form("Record these decisions").submit().await;
    let left = site.whole_action("G").await.states.pop().unwrap();
    assert_eq!((left.state, left.agreed), (State::Merged, None));
    assert!(deciding(&site).await.form("Continue").has(&format!("outcome-merge-{}", left.id.unwrap())));
}

#[tokio::test]
async fn the_plan_says_what_is_the_panels_to_decide() {
    let site = Site::appendix_b().await;
    change_plan(&site, |plan| {
        plan.panel_grants_dates = false;
        plan.panel_confirms_completion = false;
    })
    .await;
    let names = deciding(&site).await.form("Continue").names();
    let outcomes: Vec<&String> = names.iter().filter(|n| n.starts_with("outcome-")).collect();
    assert!(!outcomes.is_empty());
    assert!(outcomes.iter().all(|n| n.contains("merge") || n.contains("variation")), "{outcomes:?}");
}

#[tokio::test]
async fn every_outcome_stands_in_the_history_and_in_the_record() {
    let site = Site::appendix_b().await;
    let k = of_date(&site, "K").await;
    let form = deciding(&site).await.form("Continue").set(&format!("outcome-{k}"), "noted");
    decide(form).await;
    let record = site.record().await;
    let noted = record.decided.iter().find(|d| d.outcome == Outcome::Noted).unwrap();
    assert_eq!(noted.action, Some(site.action("K").await));
    let page = site.sign_in_as(PANEL_MEMBER).await.get("/plans/appendix-b/history").await;
    assert!(page.main().contains("K: March 2018 noted, which is not agreed"), "{}", page.main());
}

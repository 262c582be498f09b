//! Entering the updates of a round: many on one page, with one button, all or nothing.

use scrutiny_tracker::{
    command,
    domain::{
        action::{ActionDraft, State},
        id::RoundId,
        rating::{RagKey, Rating},
        update::{ReviewState, UpdateDraft},
    },
};

use crate::{
    steps::{change_plan, open_round, publish},
    support::{
        Browser, EDUCATION_LEAD, Form, MANAGER, MAP_COORDINATOR, Page, SCRUTINY_OFFICER, Site, day,
        each_database,
    },
};

struct Entering {
    site: Site,
    browser: Browser,
    round: RoundId,
}

impl Entering {
    async fn begin(site: Site) -> Self {
        let round = open_round(&site, "19 Feb 2018").await;
        Self { browser: site.sign_in_as(MANAGER).await, site, round }
    }

    async fn page(&self) -> Page {
        self.browser.get(&format!("/rounds/{}/updates", self.round)).await
    }

    async fn form(&self) -> Form {
        self.page().await.form("Save updates")
    }

    /// The name of a field in the row of an action.
    async fn name(&self, label: &str, field: &str) -> String {
        format!("a{}_{field}", self.site.action(label).await)
    }

    /// The form with one row filled.
    async fn fill(&self, form: Form, label: &str, text: &str, rating: &str) -> Form {
        let form = form.set(&self.name(label, "narrative").await, text);
        form.set(&self.name(label, "reported").await, rating)
    }

    async fn updates(&self) -> usize {
        self.site.record().await.actions.iter().map(|a| a.updates.len()).sum()
    }
}

fn received(form: Form) -> Form {
    form.set("received_by", "email").set("received_on", "4 December 2017")
}

#[tokio::test]
async fn what_came_by_email_is_entered_for_several_leads_with_one_button() {
    each_database(async |site| {
        let it = Entering::begin(site).await;
        let before = it.updates().await;
        let page = it.page().await;
        // The last text stands above the box.
        assert!(page.main().contains("Update on Aiii"), "{}", page.main());
        assert!(page.main().contains("7 Dec 2017"));
        let form = received(page.form("Save updates"));
        let form = it.fill(form, "Aiii", "The plan is drafted.", "on_track").await;
        let form = it.fill(form, "D", "Schools are slow.", "at_risk").await;
        let form = form.set(&it.name("D", "put_right").await, "A second letter by March");
        // Their own action: their own word.
        let form = it.fill(form, "Aviii", "Booked.", "on_track").await;
        let form = form.set("cleared_by", "Head of Service").set("cleared_on", "5 December 2017");
        let page = form.submit().await;
        assert!(page.main().contains("3 updates entered"), "{}", page.main());
        assert_eq!(it.updates().await, before + 3);
        let latest = async |label: &str| it.site.whole_action(label).await.updates.pop().unwrap();
        let aiii = latest("Aiii").await;
        assert_eq!(
            aiii.entered_for.as_deref(),
            Some("for Education Safeguarding Lead, received by email on 4 December 2017")
        );
        assert_eq!((aiii.round, aiii.reported), (Some(it.round), Rating::OnTrack));
        assert_eq!(aiii.cleared.unwrap().by, "Head of Service");
        assert_eq!(latest("D").await.put_right.as_deref(), Some("A second letter by March"));
        assert_eq!(latest("Aviii").await.entered_for, None);
        // They are awaited no more, and sending the same page again adds nothing.
        let rows = it.page().await.select(".entry h3");
        assert!(rows.iter().all(|r| !r.starts_with("Aiii ")), "{rows:?}");
        let page = form.submit().await;
        assert!(page.main().contains("Nothing new to save. 3 were saved before"), "{}", page.main());
        assert_eq!(it.updates().await, before + 3);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_row_keeps_every_other_rows_text_and_saves_nothing() {
    each_database(async |site| {
        let it = Entering::begin(site).await;
        let before = it.updates().await;
        let form = it.fill(it.form().await, "Aiii", "The plan is drafted.", "on_track").await;
        let form = it.fill(form, "D", "", "off_track").await;
        let form = it.fill(form, "Ei", "Printed.", "complete").await;
        let form = form.set(&it.name("J", "narrative").await, "No rating said.");
        let page = form.submit().await;
        assert_eq!(page.status, 422);
        let mut errors = page.errors();
        errors.sort();
        assert_eq!(
            errors,
            [
                "Choose how you received it",
                "D: Say what will put it right, and by when",
                "D: write what has happened, or empty the whole row",
                "Ei: Say what difference it has made or how you will know, or tick “Not known yet”",
                "J: choose how it is going, or “Not recorded” if nobody says",
            ]
        );
        assert_eq!(it.updates().await, before);
        let form = page.form("Save updates");
        assert_eq!(form.value(&it.name("Aiii", "narrative").await), "The plan is drafted.");
        assert_eq!(form.value(&it.name("Ei", "reported").await), "complete");
        // Put right, all of it is saved.
        let form = received(form).set(&it.name("D", "reported").await, "");
        let form = form.tick(&it.name("Ei", "outcome_not_known").await);
        let form = form.set(&it.name("J", "reported").await, "not_recorded");
        let page = form.submit().await;
        assert!(page.main().contains("3 updates entered"), "{}", page.main());
        assert_eq!(it.updates().await, before + 3);
        assert_eq!(it.site.whole_action("Ei").await.state_at(it.site.today()), State::Complete);
    })
    .await;
}

#[tokio::test]
async fn who_has_written_in_the_meantime_is_shown_before_anything_is_saved() {
    each_database(async |site| {
        let it = Entering::begin(site).await;
        let form = received(it.fill(it.form().await, "Aiii", "By phone.", "on_track").await);
        let form = it.fill(form, "D", "By phone too.", "on_track").await;
        let lead = it.site.actor(EDUCATION_LEAD).await;
        let action = it.site.action("Aiii").await;
        command::update::add(&it.site.cx, &lead, action, &UpdateDraft::of("My own words."), None)
            .await
            .unwrap();
        let before = it.updates().await;
        let page = form.submit().await;
        assert_eq!(page.status, 422);
        assert!(
            page.errors()[0]
                .contains("Education Safeguarding Lead has written an update on Aiii in the meantime"),
            "{:?}",
            page.errors()
        );
        assert!(page.main().contains("My own words."), "both texts are on the page");
        assert_eq!(it.updates().await, before);
        let form = page.form("Save updates");
        assert_eq!(form.value(&it.name("Aiii", "narrative").await), "By phone.");
        assert_eq!(form.value(&it.name("D", "narrative").await), "By phone too.");
        assert!(form.submit().await.main().contains("2 updates entered"));
        assert_eq!(it.updates().await, before + 2);
    })
    .await;
}

#[tokio::test]
async fn the_same_page_with_another_text_shows_it_again_and_then_adds_it() {
    let it = Entering::begin(Site::appendix_b().await).await;
    let form = received(it.fill(it.form().await, "Aiii", "Drafted.", "on_track").await);
    let before = it.updates().await;
    form.submit().await;
    let page = it.fill(form, "Aiii", "Printed.", "on_track").await.submit().await;
    assert_eq!(page.status, 422);
    assert!(page.errors()[0].contains("saved before, with other answers"), "{:?}", page.errors());
    assert!(page.form("Save updates").submit().await.main().contains("1 update entered"));
    assert_eq!(it.updates().await, before + 2);
}

#[tokio::test]
async fn one_leads_actions_alone_are_a_link_away() {
    let it = Entering::begin(Site::appendix_b().await).await;
    let all = it.page().await;
    let page = all.click("Education Safeguarding Lead (2)").await;
    let labels: Vec<String> = page.select(".entry h3 strong");
    assert_eq!(labels, ["Aiii", "D"]);
    let page = received(page.form("Save updates")).submit().await;
    assert_eq!(page.errors(), ["Nothing is written yet: fill at least one row"]);
    assert_eq!(page.select(".entry h3 strong"), ["Aiii", "D"], "the choice stays");
    assert!(all.count(".entry") >= 10);
}

#[tokio::test]
async fn a_rating_that_the_plans_key_does_not_have_is_explained() {
    let it = Entering::begin(Site::appendix_b().await).await;
    change_plan(&it.site, |plan| plan.key = RagKey::standard()).await;
    let form = received(it.fill(it.form().await, "Aiii", "Begun.", "on_track").await);
    assert_eq!(
        form.choices(&it.name("Aiii", "reported").await),
        ["", "on_track", "at_risk", "off_track", "complete", "not_recorded"]
    );
    let name = it.name("Aiii", "reported").await;
    let mut fields = form.fields();
    for (field, value) in &mut fields {
        if *field == name {
            "not_started".clone_into(value);
        }
    }
    let page = it.browser.post(&format!("/rounds/{}/updates", it.round), &fields).await;
    assert_eq!(
        page.errors(),
        [
            "Aiii: This plan’s key has no rating for “Not started”: choose Green, Amber, Red, Complete or “Not recorded”"
        ]
    );
}

#[tokio::test]
async fn only_who_enters_for_others_comes_in_and_only_while_somebody_can_be_awaited() {
    let it = Entering::begin(Site::appendix_b().await).await;
    let path = format!("/rounds/{}/updates", it.round);
    for who in [EDUCATION_LEAD, MAP_COORDINATOR, SCRUTINY_OFFICER] {
        let browser = it.site.sign_in_as(who).await;
        assert_eq!(browser.get(&path).await.status, 403, "{who}");
        assert_eq!(browser.post(&path, &[("x", "y")]).await.status, 403, "{who}");
    }
    let form = received(it.fill(it.form().await, "Aiii", "Drafted.", "on_track").await);
    publish(&it.site, it.round).await;
    assert!(it.browser.follow(it.page().await).await.main().contains("Nobody is awaited for this round now"));
    // What was typed meanwhile is not lost with it.
    let before = it.updates().await;
    let page = form.send().await;
    assert_eq!(page.status, 422);
    assert!(page.errors()[0].contains("19 Feb 2018 has been published"), "{:?}", page.errors());
    assert_eq!(page.form("Save updates").value(&it.name("Aiii", "narrative").await), "Drafted.");
    assert_eq!(it.updates().await, before);
}

#[tokio::test]
async fn what_is_entered_once_the_papers_are_closed_is_said_to_be_late() {
    each_database(async |site| {
        let it = Entering::begin(site).await;
        let form = received(it.fill(it.form().await, "Aiii", "Drafted.", "on_track").await);
        it.site.go_to(day("2018-02-09"));
        let officer = it.site.actor(SCRUTINY_OFFICER).await;
        command::round::close(&it.site.cx, &officer, it.round, true).await.unwrap();
        let late = "marked “received after the papers closed”";
        assert!(it.page().await.main().contains(late));
        let page = form.submit().await;
        assert!(page.main().contains("1 update entered. The papers are closed"), "{}", page.main());
        assert!(page.main().contains(late), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn what_somebody_saved_for_later_stays_when_updates_are_entered() {
    each_database(async |site| {
        let it = Entering::begin(site).await;
        let own = format!("/actions/{}/updates/new", it.site.action("Aviii").await);
        let form = it.browser.get(&own).await.form("Save for later");
        form.set("narrative", "Half a sentence").submit().await;
        let form = received(it.fill(it.form().await, "Aviii", "Booked.", "on_track").await);
        assert!(form.submit().await.main().contains("1 update entered"));
        assert_eq!(it.browser.get(&own).await.form("Save update").value("narrative"), "Half a sentence");
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_for_an_action_that_is_not_theirs_any_more_is_shown_to_be_copied() {
    let it = Entering::begin(Site::appendix_b().await).await;
    let form = received(it.fill(it.form().await, "Aiii", "Drafted.", "on_track").await);
    let mut fields = form.fields();
    fields.push(("a999999_narrative".to_owned(), "Of an action that is gone.".to_owned()));
    fields.retain(|(name, _)| name != "received_by");
    let page = it.browser.post(&format!("/rounds/{}/updates", it.round), &fields).await;
    assert_eq!(page.status, 422);
    assert!(page.main().contains("Of an action that is gone."), "{}", page.main());
}

#[tokio::test]
async fn what_is_entered_where_a_manager_looks_first_is_accepted() {
    let it = Entering::begin(Site::appendix_b().await).await;
    change_plan(&it.site, |plan| plan.manager_looks_first = true).await;
    let form = received(it.fill(it.form().await, "Aiii", "Drafted.", "on_track").await);
    form.submit().await;
    let latest = it.site.whole_action("Aiii").await.updates.pop().unwrap();
    assert_eq!(latest.review.unwrap().state, ReviewState::Accepted);
}

#[tokio::test]
async fn two_hundred_rows_with_long_texts_are_read_in_as_many_statements_as_twenty_and_saved_at_once() {
    each_database(async |site| {
        let plan = site.record().await.plan.id;
        let manager = site.actor(MANAGER).await;
        let small = Entering::begin(site).await;
        let (counted, statements) = small.site.clone().counting();
        let browser = counted.sign_in_as(MANAGER).await;
        let path = format!("/rounds/{}/updates", small.round);
        statements.take();
        browser.get(&path).await;
        let few = statements.take();
        let draft = |n: usize| ActionDraft {
            recommendation: None,
            short_title: None,
            text: format!("Another thing to do, number {n}"),
            lead_wording: "N/A".to_owned(),
            leads: Vec::new(),
            contributors: Vec::new(),
            resource: String::new(),
            resource_kind: None,
            resource_pence: None,
            themes: Vec::new(),
        };
        for n in 0..190 {
            command::action::create(&small.site.cx, &manager, plan, &draft(n), "March 2018").await.unwrap();
        }
        small.site.go_to(day("2017-12-08"));
        statements.take();
        let page = browser.get(&path).await;
        assert_eq!(statements.take(), few);
        assert!(page.count(".entry") >= 200, "{}", page.count(".entry"));
        let mut form = received(page.form("Save updates"));
        let names: Vec<String> = form.names();
        let text = "Zwölf Sätze über das, was war. ".repeat(60);
        for name in names {
            if name.ends_with("_narrative") {
                form = form.set(&name, &text);
            } else if name.ends_with("_reported") {
                form = form.set(&name, "not_recorded");
            }
        }
        let before = small.updates().await;
        let page = form.submit().await;
        let rows = small.updates().await - before;
        assert!(rows >= 200, "{rows}: {}", page.main());
        assert!(page.main().contains(&format!("{rows} updates entered")), "{}", page.main());
    })
    .await;
}

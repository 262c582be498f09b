//! Questions from the panel: drafted, passed on or returned, answered, resolved; and who learns of them when.

use scrutiny_tracker::{
    command::{self, question::Drafted},
    domain::{
        id::QuestionId,
        message::MessageState,
        question::{Question, QuestionState},
    },
    link::path,
    mail::reading,
    store::{self, outbox::Readable, record::Depth},
};

use crate::{
    steps::{action_page, change_plan, work},
    support::{
        ADMINISTRATOR, EDUCATION_LEAD, GOVERNORS_MANAGER, LSCB_MANAGER, MANAGER, MAP_COORDINATOR,
        PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site, day, each_database,
    },
};

const WORDS: &str = "How many schools took up the offer of training?";
const ANSWER: &str = "Nineteen of the thirty-five, and six more in spring.";

/// The questions of an action.
async fn questions(site: &Site, label: &str) -> Vec<Question> {
    site.whole_action(label).await.questions
}

/// A draft of the panel member's.
async fn drafted(site: &Site, label: &str) -> QuestionId {
    let (member, action) = (site.actor(PANEL_MEMBER).await, site.action(label).await);
    match command::question::draft(&site.cx, &member, action, WORDS, None).await.unwrap() {
        Drafted::New(id) => id,
        Drafted::Before(id) => panic!("{id} was there before"),
    }
}

/// The same, passed on.
async fn passed_on(site: &Site, label: &str) -> QuestionId {
    let id = drafted(site, label).await;
    command::question::pass_on(&site.cx, &site.actor(SCRUTINY_OFFICER).await, id, 1).await.unwrap();
    id
}

async fn passing_on(site: &Site, id: QuestionId) -> Page {
    site.sign_in_as(SCRUTINY_OFFICER).await.get(&path::pass_on_question(id)).await
}

#[tokio::test]
async fn a_question_goes_from_a_member_over_the_officer_to_the_lead_and_back() {
    each_database(async |site| {
        let member = site.sign_in_as(PANEL_MEMBER).await;
        let page = action_page(&site, &member, "Aiii").await.click("Ask a question").await;
        let page = page.form("Save question").set("text", WORDS).submit().await;
        assert!(page.main().contains("Draft, not yet passed on"), "{}", page.main());

        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = officer.get(path::QUESTIONS).await;
        assert!(page.main().contains("Waiting to be passed on"), "{}", page.main());
        let page = page.click(WORDS).await.click("Pass on or return").await;
        let page = page.form("Continue").set("decision", "pass-on").submit().await;
        assert!(page.main().contains("Mail goes to Education Safeguarding Lead"), "{}", page.main());
        assert!(page.main().contains("Awaiting an answer"));

        let lead = site.sign_in_as(EDUCATION_LEAD).await;
        let page = lead.get("/my-actions").await;
        assert!(page.main().contains("Questions to answer"), "{}", page.main());
        work(&site).await;
        let page = lead.get(&site.link_mailed(EDUCATION_LEAD, "/questions/").await).await;
        assert!(page.main().contains(WORDS));
        let page = page.form("Save answer").set("answer", ANSWER).submit().await;
        assert!(page.main().contains("Answered"), "{}", page.main());
        assert!(!lead.get("/my-actions").await.main().contains("Questions to answer"));

        let page = action_page(&site, &member, "Aiii").await;
        let timeline = page.select(".timeline").concat();
        for said in [
            "Question from the panel",
            "7 December 2017, asked by Panel member",
            WORDS,
            "Answer to a question from the panel",
            "Answered on 7 December 2017 by Education Safeguarding Lead",
            ANSWER,
        ] {
            assert!(timeline.contains(said), "{said}: {timeline}");
        }
        let page = page.click(&format!("Open the question: {WORDS}")).await.click("Resolve").await;
        let page = page.form("Resolve the question").submit().await;
        assert!(page.main().contains("The question is resolved"));
        let asked = questions(&site, "Aiii").await;
        assert_eq!((asked.len(), asked[0].state), (1, QuestionState::Resolved));
        assert_eq!(asked[0].resolved_on, Some(day("2017-12-07")));
    })
    .await;
}

#[tokio::test]
async fn the_lead_is_mailed_once_in_the_panels_name_without_the_words() {
    each_database(async |site| {
        let id = drafted(&site, "Aiii").await;
        let page = passing_on(&site, id).await;
        let form = page.form("Continue").set("decision", "pass-on");
        form.submit().await;
        let again = form.submit().await;
        assert_eq!(again.errors(), ["It has been passed on already"]);

        assert!(work(&site).await > 0, "it goes out in office hours, in the day’s email");
        let mails = site.mailed(EDUCATION_LEAD).await;
        let about: Vec<_> = mails.iter().filter(|(subject, _)| subject.contains("question")).collect();
        let [(subject, plain)] = about.as_slice() else { panic!("{mails:?}") };
        assert!(subject.starts_with("2 overdue, 1 question – "), "{subject}");
        assert!(plain.contains("QUESTIONS FROM THE PANEL"), "{plain}");
        let asks = "The Community Safety and Leisure Scrutiny Panel asks a question. Please answer by Monday 29 January 2018, for the meeting on 19 February 2018.";
        assert!(plain.contains(asks), "{plain}");
        assert!(plain.contains(&site.cx.links.full(&path::answer_question(id))), "{plain}");
        assert!(plain.contains("you hold the post Education Safeguarding Lead"), "{plain}");
        assert!(!plain.contains("schools took up"), "no words of the question: {plain}");
    })
    .await;
}

#[tokio::test]
async fn where_nobody_leads_the_manager_is_asked_with_the_reason() {
    each_database(async |site| {
        let manager = site.actor(MANAGER).await;
        let post = site
            .record()
            .await
            .posts
            .iter()
            .find(|p| p.name == "Education Safeguarding Lead")
            .cloned()
            .unwrap();
        command::post::holding::hand_over(&site.cx, &manager, post.id, None, day("2017-12-01"))
            .await
            .unwrap();
        let id = drafted(&site, "Aiii").await;
        let page = passing_on(&site, id).await.form("Continue").set("decision", "pass-on").submit().await;
        let why = "as the plan’s manager: nobody holds Education Safeguarding Lead";
        assert!(page.main().contains(why), "{}", page.main());
        work(&site).await;
        let (_, plain) = site.mailed(MANAGER).await.remove(0);
        assert!(plain.contains("QUESTIONS FROM THE PANEL"), "{plain}");
        assert!(plain.contains("Why you: nobody holds Education Safeguarding Lead"), "{plain}");

        let page = site.sign_in_as(MANAGER).await.get("/my-actions").await;
        assert!(page.main().contains("Questions that wait for other leads"), "{}", page.main());
        let page = page.click(WORDS).await.form("Save answer").set("answer", ANSWER).submit().await;
        assert!(page.main().contains("Risk and Resilience Manager, for the lead"), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_its_members_and_the_officers_alone() {
    each_database(async |site| {
        let id = drafted(&site, "Aiii").await;
        for (reader, sees) in [
            (PANEL_MEMBER, true),
            (SCRUTINY_OFFICER, true),
            (MANAGER, false),
            (EDUCATION_LEAD, false),
            (MAP_COORDINATOR, false),
        ] {
            let browser = site.sign_in_as(reader).await;
            let status = browser.get(&path::question(id)).await.status;
            assert_eq!(status, if sees { 200 } else { 404 }, "{reader}");
            let page = action_page(&site, &browser, "Aiii").await;
            assert_eq!(page.body().contains(WORDS), sees, "{reader}");
            for path in
                ["/questions", "/plans/appendix-b", "/history", "/plans/appendix-b/history", "/my-actions"]
            {
                let page = browser.get(path).await;
                let shown = page.main().contains("uestion was drafted") || page.main().contains(WORDS);
                assert_eq!(shown, sees && path == "/questions", "{reader} on {path}: {}", page.main());
            }
        }
        let page = site.sign_in_as(EDUCATION_LEAD).await.get(&path::answer_question(id)).await;
        assert_eq!(page.status, 404, "there is nothing to answer yet");
        assert!(site.mailed(EDUCATION_LEAD).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_records_of_a_panel_hold_no_drafts_of_others_either() {
    let site = Site::appendix_b().await;
    drafted(&site, "Aiii").await;
    let panel = site.record().await.plan.panel_id.unwrap();
    for (reader, holds) in [(PANEL_MEMBER, 1), (MANAGER, 0)] {
        let (store, actor) = (&site.cx.store, site.actor(reader).await);
        let (.., records) =
            store::record::of_panel(store, &actor, panel, Depth::Current).await.unwrap().unwrap();
        let drafts = records.iter().flat_map(|r| &r.actions).flat_map(|a| &a.questions).count();
        assert_eq!(drafts, holds, "{reader}");
    }
}

#[tokio::test]
async fn a_returned_question_is_changed_by_its_member_and_waits_again() {
    each_database(async |site| {
        let id = drafted(&site, "Aiii").await;
        let form = passing_on(&site, id).await.form("Continue").set("decision", "return");
        assert_eq!(form.submit().await.errors(), ["Say why it is returned: the member will read this"]);
        form.set("comment", "The figure is in the papers of September.").submit().await;
        assert_eq!(questions(&site, "Aiii").await[0].state, QuestionState::Returned);

        let member = site.sign_in_as(PANEL_MEMBER).await;
        let page = member.get(&path::question(id)).await;
        assert!(page.main().contains("The figure is in the papers of September."), "{}", page.main());
        let (one, two) = (page.click("Change the question").await, page.click("Change the question").await);
        one.form("Save question").set("text", "And since September?").submit().await;
        let both = two.form("Save question").set("text", "Which schools are they?").submit().await;
        assert_eq!(both.status, 409);
        for words in ["And since September?", "Which schools are they?"] {
            assert!(both.main().contains(words), "{}", both.main());
        }
        both.form("Save question").submit().await;
        let asked = &questions(&site, "Aiii").await[0];
        assert_eq!((asked.state, asked.text.as_str()), (QuestionState::Draft, "Which schools are they?"));
    })
    .await;
}

#[tokio::test]
async fn nobody_passes_on_words_that_they_have_not_read() {
    each_database(async |site| {
        let id = drafted(&site, "Aiii").await;
        let form =
            passing_on(&site, id).await.form("Continue").set("decision", "pass-on").set("comment", "Kept");
        let member = site.actor(PANEL_MEMBER).await;
        command::question::reword(&site.cx, &member, id, 1, "Which schools are they?").await.unwrap();
        let page = form.submit().await;
        assert_eq!(page.status, 409);
        assert!(page.main().contains("Which schools are they?"), "{}", page.main());
        assert_eq!(page.form("Continue").value("comment"), "Kept");
        assert_eq!(questions(&site, "Aiii").await[0].state, QuestionState::Draft);
        assert!(site.mailed(EDUCATION_LEAD).await.is_empty());
        page.form("Continue").submit().await;
        assert_eq!(questions(&site, "Aiii").await[0].state, QuestionState::PassedOn);
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_question_is_nobodys_and_a_passed_on_one_is_not_withdrawn() {
    each_database(async |site| {
        let (id, sent) = (drafted(&site, "Aiii").await, passed_on(&site, "Ai").await);
        let member = site.sign_in_as(PANEL_MEMBER).await;
        let confirm =
            member.get(&path::question(id)).await.click("Withdraw it").await.form("Withdraw the question");
        confirm.submit().await;
        for reader in [PANEL_MEMBER, SCRUTINY_OFFICER] {
            let page = site.sign_in_as(reader).await.get(&path::question(id)).await;
            assert_eq!(page.status, 404, "{reader}");
        }
        let page = member.post(&path::withdraw_question(sent), &[("sure", "yes")]).await;
        assert_eq!(page.errors(), ["It has been passed on, and can’t be withdrawn any more"]);
        let page =
            member.post(&path::edit_question(sent), &[("version", "2"), ("text", "Other words")]).await;
        assert_eq!(page.errors(), ["It has been passed on: ask another question instead"]);
        assert_eq!(questions(&site, "Ai").await[0].text, WORDS);
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_who_answer_is_shown_both_answers() {
    each_database(async |site| {
        // Led jointly by two posts.
        let record = site.record().await;
        let joint = record.actions.iter().find(|a| a.leads.len() == 2).unwrap().label.clone();
        let id = passed_on(&site, &joint).await;
        work(&site).await;
        let one = site.sign_in_as(LSCB_MANAGER).await.get(&path::answer_question(id)).await;
        let two = site.sign_in_as(GOVERNORS_MANAGER).await.get(&path::answer_question(id)).await;
        one.form("Save answer").set("answer", ANSWER).submit().await;
        let page = two.form("Save answer").set("answer", "None that we know of.").submit().await;
        assert_eq!(page.status, 409);
        for words in [ANSWER, "None that we know of."] {
            assert!(page.main().contains(words), "{}", page.main());
        }
        assert_eq!(questions(&site, &joint).await[0].answer.as_deref(), Some(ANSWER));
        page.form("Save answer").submit().await;
        assert_eq!(questions(&site, &joint).await[0].answer.as_deref(), Some("None that we know of."));
        let mailed = (site.mailed(LSCB_MANAGER).await.len(), site.mailed(GOVERNORS_MANAGER).await.len());
        assert_eq!(mailed, (1, 1), "each of the two");
    })
    .await;
}

#[tokio::test]
async fn pressing_twice_asks_once_and_nothing_typed_is_lost() {
    each_database(async |site| {
        let member = site.sign_in_as(PANEL_MEMBER).await;
        let form = member.get(&path::new_question(site.action("Aiii").await)).await.form("Save question");
        assert_eq!(form.submit().await.errors(), ["Write your question"]);
        let form = form.set("text", WORDS);
        form.submit().await;
        assert!(form.submit().await.main().contains("This question was saved already"));
        assert_eq!(questions(&site, "Aiii").await.len(), 1);
        // The back button, and other words: they are another question.
        let page = form.set("text", "Which schools are they?").submit().await;
        assert_eq!(page.status, 422);
        page.form("Save question").submit().await;
        assert_eq!(questions(&site, "Aiii").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_public_reads_what_was_passed_on_and_no_name() {
    each_database(async |site| {
        change_plan(&site, |plan| plan.public = true).await;
        drafted(&site, "Ai").await;
        let id = passed_on(&site, "Aiii").await;
        let lead = site.actor(EDUCATION_LEAD).await;
        command::question::answer(&site.cx, &lead, id, 2, ANSWER).await.unwrap();
        let browser = site.browser();
        let page = action_page(&site, &browser, "Aiii").await;
        let timeline = page.select(".timeline").concat();
        for said in [WORDS, ANSWER, "asked by a member of the panel", "Answered on 7 December 2017"] {
            assert!(timeline.contains(said), "{said}: {timeline}");
        }
        assert!(!timeline.contains("Panel member"), "{timeline}");
        assert!(!page.body().contains("Open the question"));
        assert!(!action_page(&site, &browser, "Ai").await.body().contains(WORDS));
    })
    .await;
}

#[tokio::test]
async fn the_plan_says_which_questions_await_an_answer() {
    let site = Site::appendix_b().await;
    passed_on(&site, "Aiii").await;
    drafted(&site, "Ai").await;
    let page = site.sign_in_as(MAP_COORDINATOR).await.get("/plans/appendix-b").await;
    let page = page.click("1 with a question awaiting an answer").await;
    let rows = page.rows("table.table-plan");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(rows[0][1].contains("1 question from the panel awaiting an answer"), "{rows:?}");
    let page =
        site.sign_in_as(MAP_COORDINATOR).await.get("/plans/appendix-b?as-at=2017-12-06&show=question").await;
    assert!(page.main().contains("Nothing matches this filter"));
}

#[tokio::test]
async fn a_plan_that_is_not_monitored_any_more_is_asked_nothing() {
    let site = Site::appendix_b().await;
    let waiting = drafted(&site, "Aiii").await;
    let (manager, plan) = (site.actor(MANAGER).await, site.record().await.plan.id);
    command::plan::end_monitoring(&site.cx, &manager, plan, day("2017-12-07"), "The panel", "Nothing")
        .await
        .unwrap();
    let member = site.sign_in_as(PANEL_MEMBER).await;
    let page = member.post(&path::new_question(site.action("Ai").await), &[("text", WORDS)]).await;
    assert_eq!(page.errors(), ["Monitoring of this plan has ended: nobody is asked any more"]);
    let page = passing_on(&site, waiting).await.form("Continue").set("decision", "pass-on").submit().await;
    assert_eq!(page.errors(), ["Monitoring of this plan has ended: nobody is asked any more"]);
}

#[tokio::test]
async fn nobody_settles_an_answer_that_they_have_not_read_and_the_first_one_is_kept() {
    each_database(async |site| {
        let id = passed_on(&site, "Aiii").await;
        let lead = site.actor(EDUCATION_LEAD).await;
        command::question::answer(&site.cx, &lead, id, 2, ANSWER).await.unwrap();
        let member = site.sign_in_as(PANEL_MEMBER).await;
        let page = member.get(&path::resolve_question(id)).await;
        assert!(page.main().contains(ANSWER), "{}", page.main());
        site.go_to(day("2017-12-11"));
        command::question::answer(&site.cx, &lead, id, 3, "None.").await.unwrap();
        let page = page.form("Resolve the question").submit().await;
        assert_eq!(page.status, 409);
        assert!(page.main().contains("The answer was changed in the meantime"), "{}", page.main());
        assert!(page.main().contains("None."));
        assert_eq!(questions(&site, "Aiii").await[0].state, QuestionState::Answered);
        // It was answered before it was changed, and says so.
        let question = questions(&site, "Aiii").await.remove(0);
        assert_eq!(question.state_at(day("2017-12-08")), Some(QuestionState::Answered));
        assert!(
            member
                .get(&path::question(id))
                .await
                .main()
                .contains("Answered on 7 December 2017, changed on 11 December 2017 by"),
        );
        let history = member.get("/plans/appendix-b/history").await;
        assert!(history.main().contains(ANSWER), "{}", history.main());
        page.form("Resolve the question").submit().await;
        assert_eq!(questions(&site, "Aiii").await[0].state, QuestionState::Resolved);
    })
    .await;
}

/// Gives the lead of Aiii another address.
async fn moves(site: &Site, to: &str) {
    let lead = store::person::by_email(&site.cx.store, EDUCATION_LEAD).await.unwrap().unwrap();
    let draft = command::person::PersonDraft {
        name: lead.person.name.clone(),
        email: to.to_owned(),
        grants: lead.grants,
    };
    let administrator = site.actor(ADMINISTRATOR).await;
    command::person::edit(&site.cx, &administrator, lead.person.id, lead.version, &draft).await.unwrap();
}

#[tokio::test]
async fn a_question_that_waits_in_the_outbox_follows_the_lead_and_is_in_the_managers_log() {
    each_database(async |site| {
        passed_on(&site, "Aiii").await;
        moves(&site, "new-address@example.org").await;
        work(&site).await;
        let plans = Readable::OfPlans(vec![site.record().await.plan.id]);
        let mails = store::outbox::list(&site.cx.store, &plans, 0, 50).await.unwrap();
        let asks =
            |m: &&store::outbox::Message| m.subject.as_deref().is_some_and(|s| s.contains("1 question"));
        let mail = mails.iter().find(asks).expect("in the manager’s log");
        assert_eq!((mail.to_address.as_str(), mail.state), ("new-address@example.org", MessageState::Handed));
        let letter = reading::read(mail.mime.as_deref().unwrap().as_bytes()).unwrap();
        assert!(letter.header("To").unwrap().contains("new-address@example.org"));
        assert!(letter.plain.contains("asks a question."), "{}", letter.plain);
    })
    .await;
}

#[tokio::test]
async fn a_question_that_was_answered_before_its_mail_went_out_is_not_asked_again() {
    each_database(async |site| {
        let id = passed_on(&site, "Aiii").await;
        command::question::answer(&site.cx, &site.actor(EDUCATION_LEAD).await, id, 2, ANSWER).await.unwrap();
        work(&site).await;
        let mails = store::outbox::list(&site.cx.store, &Readable::All, 0, 50).await.unwrap();
        let subjects: Vec<_> = mails.iter().filter_map(|m| m.subject.as_deref()).collect();
        assert!(!subjects.is_empty() && subjects.iter().all(|s| !s.contains("question")), "{subjects:?}");
        assert!(store::notice::waiting(&site.cx.store).await.unwrap().is_empty(), "it is settled");
    })
    .await;
}

#[tokio::test]
async fn who_asked_or_passes_on_resolves_and_nobody_else() {
    let site = Site::appendix_b().await;
    let id = passed_on(&site, "Aiii").await;
    let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
    let page = officer.post(&path::resolve_question(id), &[("sure", "yes")]).await;
    assert_eq!(page.errors(), ["There is no answer yet"]);
    command::question::answer(&site.cx, &site.actor(EDUCATION_LEAD).await, id, 2, ANSWER).await.unwrap();
    for reader in [MANAGER, EDUCATION_LEAD, ADMINISTRATOR] {
        let page = site.sign_in_as(reader).await.get(&path::resolve_question(id)).await;
        assert_eq!(page.status, 403, "{reader}");
    }
    officer.get(&path::question(id)).await.click("Resolve").await.form("Resolve the question").submit().await;
    let page = site.sign_in_as(EDUCATION_LEAD).await;
    let page = page.post(&path::answer_question(id), &[("version", "4"), ("answer", "More")]).await;
    assert_eq!(page.errors(), ["This question is resolved: write an update instead"]);
    assert!(page.body().contains("More"), "what was typed is kept");
    assert_eq!(questions(&site, "Aiii").await[0].answer.as_deref(), Some(ANSWER));
}

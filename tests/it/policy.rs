//! A plan's policy for mail: in words, changed by a form, noted in the history, and the default for plans without one.

use scrutiny_tracker::{
    command,
    domain::{
        access::Actor,
        plan::PlanDraft,
        policy::{Escalation, Policy},
    },
    store::{self, audit::Of},
};

use crate::steps::{draft_of, second_plan};
use crate::support::{
    APPENDIX_B, EDUCATION_LEAD, Form, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, SCRUTINY_OFFICER, Site, day,
    each_database,
};

const WORDS: &str = "/plans/appendix-b/reminders";
const EDIT: &str = "/plans/appendix-b/reminders/edit";

async fn form(site: &Site) -> Form {
    site.sign_in_as(MANAGER).await.get(EDIT).await.form("Save")
}

#[tokio::test]
async fn the_seed_plan_escalates_nothing_and_is_otherwise_as_every_plan() {
    each_database(async |site| {
        let expected = Policy { escalation: None, ..Policy::default() };
        assert_eq!(site.record().await.policy, expected);
        let page = site.sign_in_as(MANAGER).await.get(WORDS).await;
        assert!(page.main().contains("This plan has figures of its own"), "{}", page.main());
        assert!(page.main().contains("Nobody but the lead is mailed about it automatically"));
        assert!(page.main().contains("14 days before, 3 working days before and on the day"));
    })
    .await;
}

#[tokio::test]
async fn everyone_who_reads_the_plan_reads_its_reminders_and_managers_change_them() {
    let site = Site::appendix_b().await;
    for email in [EDUCATION_LEAD, SCRUTINY_OFFICER, PANEL_MEMBER] {
        let browser = site.sign_in_as(email).await;
        let page = browser.get("/plans/appendix-b").await.click("Reminders").await;
        assert_eq!((page.status, page.path.as_str()), (200, WORDS), "{email}");
        assert!(!page.main().contains("Change the reminders"), "{email}");
        assert_eq!(browser.get(EDIT).await.status, 403, "{email}");
    }
    let page = site.sign_in_as(MANAGER).await.get(WORDS).await.click("Change the reminders").await;
    assert_eq!((page.status, page.path.as_str()), (200, EDIT));
    assert_eq!(site.sign_in_as(MANAGER).await.get("/plans/none/reminders").await.status, 404);
}

#[tokio::test]
async fn a_manager_changes_every_figure_and_the_history_says_from_what_to_what() {
    each_database(async |site| {
        let posts = site.record().await.posts;
        let director = posts.iter().find(|p| p.name == "LSCB Manager").unwrap().id;
        let page = form(&site)
            .await
            .set("first_days", "21")
            .set("second_working_days", "")
            .untick("on_the_day")
            .set("overdue_mails", "3")
            .set("overdue_every_days", "10")
            .set("quiet_days", "14")
            .set("round_first_working_days", "7")
            .set("round_second_working_days", "2")
            .untick("monday_mail")
            .tick("escalates")
            .set("listed_working_days", "4")
            .set("mailed_working_days", "8")
            .set("director", &director.to_string())
            .submit()
            .await;
        assert_eq!((page.status, page.path.as_str()), (200, WORDS), "{:?}", page.errors());
        let record = site.record().await;
        let expected = Policy {
            first_days: Some(21),
            second_working_days: None,
            on_the_day: false,
            overdue_every_days: 10,
            overdue_mails: 3,
            quiet_days: 14,
            round_first_working_days: Some(7),
            round_second_working_days: Some(2),
            monday_mail: false,
            escalation: Some(Escalation {
                listed_working_days: 4,
                mailed_working_days: 8,
                director: Some(director),
            }),
        };
        assert_eq!(record.policy, expected);
        assert!(
            page.main().contains("it stands in the weekly mail to LSCB Manager (the accountable director)")
        );
        let events = store::audit::list(&site.cx.store, Of::Plan(record.plan.id), 0, 1).await.unwrap();
        assert_eq!(events[0].kind, "plan.mail-policy-changed");
        let change = &events[0].detail()["Before a deadline"];
        assert!(change["from"].as_str().unwrap().starts_with("14 days before, 3 working days before"));
        assert!(change["to"].as_str().unwrap().starts_with("21 days before"));
        assert!(events[0].detail().get("To whom").is_none(), "only what changed: {}", events[0].detail());
        // Saved again without a change: no event.
        form(&site).await.submit().await;
        let again = store::audit::list(&site.cx.store, Of::Plan(record.plan.id), 0, 1).await.unwrap();
        assert_eq!(again[0].number, events[0].number);
    })
    .await;
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_what_was_typed_stays() {
    let site = Site::appendix_b().await;
    let page = form(&site)
        .await
        .set("first_days", "91")
        .set("second_working_days", "three")
        .set("overdue_mails", "")
        .set("round_first_working_days", "2")
        .set("round_second_working_days", "2")
        .tick("escalates")
        .set("listed_working_days", "9")
        .set("mailed_working_days", "8")
        .submit()
        .await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.errors(),
        [
            "First reminder: enter a whole number from 1 to 90",
            "Second reminder: enter a whole number from 1 to 30",
            "Mails about what is overdue: enter a whole number from 0 to 20",
            "Second reminder of a round: enter less than 2, as it comes after the first reminder",
            "A mail to the manager after: enter 9 or more, as the manager reads of it in the weekly mail first",
        ]
    );
    let kept = page.form("Save");
    assert_eq!(kept.value("first_days"), "91");
    assert_eq!(kept.value("second_working_days"), "three");
    assert_eq!(kept.value("mailed_working_days"), "8");
    let page = form(&site)
        .await
        .set("overdue_every_days", "-1")
        .set("round_first_working_days", "1")
        .set("round_second_working_days", "5")
        .submit()
        .await;
    assert_eq!(
        page.errors(),
        [
            "Days between them: enter a whole number from 1 to 90",
            "Second reminder of a round: leave it empty, or enter more for the first reminder, as it comes after that",
        ]
    );
}

#[tokio::test]
async fn figures_of_an_escalation_that_is_off_count_for_nothing() {
    let site = Site::appendix_b().await;
    let page = form(&site)
        .await
        .untick("escalates")
        .set("listed_working_days", "nonsense")
        .set("first_days", "20")
        .submit()
        .await;
    assert_eq!(page.status, 200);
    assert_eq!(site.record().await.policy.escalation, None);
}

#[tokio::test]
async fn one_press_takes_the_default_whatever_was_typed() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let page = browser.get(EDIT).await;
        // What the button brings stands beside it.
        let default = page.select("main details").remove(0);
        assert!(
            default.contains("it stands in a weekly mail to the manager, whether a round is open"),
            "{default}"
        );
        let form = page.form("Use the default");
        let page = form.set("first_days", "nonsense").submit().await;
        assert_eq!((page.status, page.path.as_str()), (200, WORDS));
        assert!(page.main().contains("This is the default, as in every new plan."), "{}", page.main());
        assert_eq!(site.record().await.policy, Policy::default());
    })
    .await;
}

#[tokio::test]
async fn a_new_plan_whose_director_is_a_post_tells_its_holder_and_one_without_says_that_nobody_is_told() {
    each_database(async |site| {
        let manager = site.actor(MANAGER).await;
        let lscb = site.record().await.posts.iter().find(|p| p.name == "LSCB Manager").unwrap().id;
        for (slug, director) in [("named", "lscb manager "), ("unknown", "Director of Education")] {
            let draft = PlanDraft {
                slug: slug.to_owned(),
                director: Some(director.to_owned()),
                ..draft_of(site.record().await.plan)
            };
            command::plan::create(&site.cx, &manager, &draft).await.unwrap();
        }
        let escalation = Escalation { director: Some(lscb), ..Escalation::default() };
        let expected = Policy { escalation: Some(escalation), ..Policy::default() };
        let named = site.record_of("named").await;
        assert_eq!(named.policy, expected);
        assert_eq!(site.record_of("unknown").await.policy, Policy::default());
        let events = store::audit::list(&site.cx.store, Of::Plan(named.plan.id), 0, 1).await.unwrap();
        assert_eq!(events[0].detail()["Accountable director’s post"]["to"], "LSCB Manager");

        let browser = site.sign_in_as(MANAGER).await;
        const NOBODY: &str = "Nobody is told of what you lead yourself and leave overdue";
        let page = browser.get("/plans/named/reminders").await;
        let words = page.main();
        assert!(words.contains("The figures are as in every new plan."), "{words}");
        assert!(words.contains("the weekly mail to LSCB Manager (the accountable director)"), "{words}");
        assert!(!words.contains(NOBODY), "{words}");
        let page = browser.get("/plans/unknown/reminders").await;
        assert!(page.main().contains(NOBODY), "{}", page.main());
        let form = page.click("Choose the director’s post").await.form("Save");
        let page = form.set("director", &lscb.to_string()).submit().await;
        assert!(!page.main().contains(NOBODY), "{}", page.main());
        // Where nobody hears of anything, there is nothing to choose for.
        assert!(!browser.get(WORDS).await.main().contains(NOBODY));
    })
    .await;
}

#[tokio::test]
async fn a_director_who_manages_the_plan_or_is_nobody_is_no_director_whatever_came_first() {
    each_database(async |site| {
        let posts = site.record().await.posts;
        let post = |name: &str| posts.iter().find(|p| p.name == name).unwrap().id;
        let (own, lscb) = (post("Risk and Resilience Manager"), post("LSCB Manager"));
        const NOBODY: &str = "Nobody is told of what you lead yourself and leave overdue: ";
        let own_words = "whoever holds Risk and Resilience Manager manages this plan as well.";
        let page = form(&site).await.tick("escalates").set("director", &own.to_string()).submit().await;
        assert!(page.main().contains(&format!("{NOBODY}{own_words}")), "{}", page.main());
        let page = form(&site).await.set("director", &lscb.to_string()).submit().await;
        assert!(!page.main().contains(NOBODY), "{}", page.main());
        // Whoever manages takes the director’s post over.
        let (program, today) = (Actor::program("test"), site.today());
        let manager = site.person(MANAGER).await;
        command::post::holding::hand_over(&site.cx, &program, lscb, Some(manager), today).await.unwrap();
        let own_words = "whoever holds LSCB Manager manages this plan as well.";
        let page = site.sign_in_as(MANAGER).await.get(WORDS).await;
        assert!(page.main().contains(&format!("{NOBODY}{own_words}")), "{}", page.main());
        site.go_to(day("2017-12-08"));
        command::post::holding::hand_over(&site.cx, &program, lscb, None, site.today()).await.unwrap();
        let page = site.sign_in_as(MANAGER).await.get(WORDS).await;
        let nobody = "nobody who can be mailed holds LSCB Manager.";
        assert!(page.main().contains(&format!("{NOBODY}{nobody}")), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn two_who_edit_at_once_are_shown_both() {
    each_database(async |site| {
        let late = form(&site).await;
        form(&site).await.set("first_days", "20").submit().await;
        let page = late.set("first_days", "30").submit().await;
        assert_eq!(page.status, 409);
        assert!(page.main().contains("Somebody else saved this while you were writing"));
        let again = page.form("Save");
        assert_eq!(again.value("first_days"), "30");
        again.submit().await;
        assert_eq!(site.record().await.policy.first_days, Some(30));
    })
    .await;
}

#[tokio::test]
async fn a_new_plan_has_the_default_and_the_reminders_page_says_which_have_not() {
    let site = Site::appendix_b().await;
    second_plan(&site).await;
    assert_eq!(site.record_of("second").await.policy, Policy::default());
    let page = site.sign_in_as(MANAGER).await.get("/reminders").await;
    assert!(page.attributes("main a", "href").contains(&WORDS.to_owned()));
    let words = page.main();
    for said in [
        "These plans have figures of their own",
        "14 days before, 3 working days before and on the day",
        "reminded 5 working days and 1 working day before updates are due",
        "Councillors are never mailed about it automatically",
        "At most one mail to a person on a working day, and three in a week",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert_eq!(
        site.sign_in_as(MAP_COORDINATOR).await.get(&format!("/plans/{APPENDIX_B}/reminders")).await.status,
        200
    );
}

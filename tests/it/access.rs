//! Roles plan by plan, and the public: what is out of somebody’s scope is not there for them, by any address.

use scrutiny_tracker::{
    command::{self, CommandError, person::PersonDraft},
    domain::{
        access::{Actor, Grant, Permission, Role, row},
        action::{Action, ActionDraft, RecommendationDraft},
        deadline::Span,
        id::{ActionId, PlanId},
        plan::PlanDraft,
        post::Lead,
        preference::Frequency,
        round::RoundDraft,
        update::UpdateDraft,
        words::Words,
    },
    link::path,
    store::{self, record::Depth},
    web::route::{Access, Route},
};
use strum::IntoEnumIterator;

use crate::{
    steps::{change_plan, draft_of as plan_draft_of, open_round, publish, second_plan, work},
    support::{
        ADMINISTRATOR, APPENDIX_B, Browser, EDUCATION_LEAD, MANAGER, MAP_COORDINATOR, PANEL_MEMBER,
        SCRUTINY_OFFICER, Site, day, each_database,
    },
};

/// Adds somebody who has a role for one plan, and signs them in.
async fn somebody(site: &Site, role: Role, plan: Option<PlanId>) -> Browser {
    let draft = PersonDraft {
        name: "Somebody".to_owned(),
        email: "somebody@example.org".to_owned(),
        grants: vec![Grant { role, plan }],
    };
    command::person::create(&site.cx, &Actor::program("test"), &draft).await.expect("a person");
    site.sign_in_as("somebody@example.org").await
}

/// An action as it would be sent by its form.
fn draft_of(action: &Action) -> ActionDraft {
    ActionDraft {
        recommendation: action.recommendation,
        short_title: action.short_title.clone(),
        text: action.text.clone(),
        lead_wording: action.lead_wording.clone(),
        leads: action.leads.clone(),
        contributors: action.contributors.clone(),
        resource: action.resource.clone(),
        resource_kind: action.resource_kind,
        resource_pence: action.resource_pence,
        themes: action.themes.clone(),
    }
}

/// An update on Aiii by the manager.
async fn write(site: &Site, words: &str) -> ActionId {
    let aiii = site.action("Aiii").await;
    let manager = site.actor(MANAGER).await;
    command::update::add(&site.cx, &manager, aiii, &UpdateDraft::of(words), None).await.expect("an update");
    aiii
}

#[tokio::test]
async fn a_manager_of_one_plan_manages_it_and_knows_of_no_other() {
    each_database(async |site| {
        let second = second_plan(&site).await;
        let browser = somebody(&site, Role::Manager, Some(second)).await;
        assert_eq!(browser.get("/plans/second").await.status, 200);
        assert_eq!(browser.get("/plans/second/edit").await.status, 200);
        let list = browser.get("/plans").await.main();
        assert!(list.contains("A second plan") && !list.contains("Digital"), "{list}");

        let record = site.record().await;
        let aiii = site.whole_action("Aiii").await;
        let revision = site.whole_action("K").await.revisions.last().unwrap().id;
        for address in [
            path::plan(APPENDIX_B),
            path::edit_plan(APPENDIX_B),
            path::dashboard(APPENDIX_B),
            path::key(APPENDIX_B),
            path::plan_history(APPENDIX_B),
            format!("{}/export.csv", path::plan(APPENDIX_B)),
            format!("{}/end-of-monitoring", path::plan(APPENDIX_B)),
            path::new_action(APPENDIX_B),
            path::action(aiii.id),
            path::edit_action(aiii.id),
            path::new_update(aiii.id),
            path::correct_update(aiii.updates.last().unwrap().id),
            path::new_deadline(aiii.id),
            path::merge(aiii.id),
            path::close_action(aiii.id),
            path::reopen_action(site.action("Ai").await),
            path::round(record.rounds[0].id),
        ] {
            let page = browser.get(&address).await;
            assert_eq!(page.status, 404, "{address}: {}", page.main());
            assert!(!page.text().contains("Aiii"), "{address}");
        }
        // Deciding and recommendations are not a manager’s here in any plan they know of: no, or nothing there.
        for address in
            [path::decide_deadline(revision), path::edit_recommendation(record.recommendations[0].id)]
        {
            assert_eq!(browser.get(&address).await.status, 404, "{address}");
        }
        for list in ["/rounds", "/search?q=sexting", "/history", "/reminders", "/my-actions"] {
            let page = browser.get(list).await;
            assert_eq!(page.status, 200, "{list}");
            assert!(
                !page.main().contains("Aiii") && !page.main().contains("Digital"),
                "{list}: {}",
                page.main()
            );
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_out_of_scope_is_not_found_by_a_command_either() {
    each_database(async |site| {
        let second = second_plan(&site).await;
        let draft = PersonDraft {
            name: "Somebody".to_owned(),
            email: "somebody@example.org".to_owned(),
            grants: vec![
                Grant { role: Role::Manager, plan: Some(second) },
                Grant { role: Role::ScrutinyOfficer, plan: Some(second) },
            ],
        };
        command::person::create(&site.cx, &Actor::program("test"), &draft).await.unwrap();
        let actor = site.actor("somebody@example.org").await;
        let aiii = site.action("Aiii").await;
        let plan = site.record().await.plan.id;
        let not_found = |error: CommandError| assert!(matches!(error, CommandError::NotFound), "{error:?}");
        not_found(
            command::action::close(
                &site.cx,
                &actor,
                aiii,
                "x",
                scrutiny_tracker::domain::action::Agreement {
                    by: "x".into(),
                    on: day("2017-12-01"),
                    minute: None,
                },
            )
            .await
            .unwrap_err(),
        );
        not_found(
            command::action::merge(&site.cx, &actor, aiii, site.action("D").await, "x").await.unwrap_err(),
        );
        not_found(
            command::plan::end_monitoring(&site.cx, &actor, plan, day("2017-12-01"), "x", "x")
                .await
                .unwrap_err(),
        );
        let round = RoundDraft {
            label: "Both".to_owned(),
            span: Span::day(day("2018-02-19")),
            updates_due_on: None,
            meeting_on: None,
            meeting_of: None,
        };
        not_found(command::round::create(&site.cx, &actor, &round, &[plan]).await.unwrap_err());
        // A round over one of theirs and one that is not: it is not theirs alone to run.
        let both = command::round::create(&site.cx, &actor, &round, &[plan, second]).await.unwrap_err();
        assert!(matches!(both, CommandError::Denied(_)), "{both:?}");
        assert!(command::round::create(&site.cx, &actor, &round, &[second]).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_lead_without_any_role_sees_the_plans_in_which_they_have_an_action() {
    let site = Site::appendix_b().await;
    second_plan(&site).await;
    let lead = site.actor(EDUCATION_LEAD).await;
    let bare = Actor { grants: Vec::new(), ..lead };
    let seen = store::record::all(&site.cx.store, &bare, Depth::Current).await.unwrap();
    assert_eq!(seen.iter().map(|r| r.plan.slug.as_str()).collect::<Vec<_>>(), [APPENDIX_B]);
}

#[tokio::test]
async fn a_panel_member_reads_what_is_not_published_only_where_the_plan_is_live_to_the_panel() {
    let site = Site::appendix_b().await;
    open_round(&site, "19 Feb 2018").await;
    let aiii = write(&site, "Half-finished words").await;
    let reads = async |who: &str| {
        site.sign_in_as(who).await.get(&path::action(aiii)).await.main().contains("Half-finished words")
    };
    assert!(reads(EDUCATION_LEAD).await && reads(SCRUTINY_OFFICER).await && !reads(PANEL_MEMBER).await);
    change_plan(&site, |plan| plan.live_to_panel = true).await;
    assert!(reads(PANEL_MEMBER).await);
}

#[tokio::test]
async fn the_public_reads_a_public_plan_as_published_with_posts_and_without_names() {
    each_database(async |site| {
        let round = open_round(&site, "19 Feb 2018").await;
        let aiii = write(&site, "Half-finished words").await;

        let public = site.browser();
        let sign_in = public.send(axum::http::Method::GET, &path::plan(APPENDIX_B), &[]).await;
        assert_eq!(sign_in.status, 303, "a plan that is not public is not told apart from none");
        assert_eq!(public.send(axum::http::Method::GET, "/plans/none", &[]).await.status, 303);

        change_plan(&site, |plan| plan.public = true).await;
        for address in ["/plans", "/plans/appendix-b", "/plans/appendix-b/dashboard", "/plans/appendix-b/key"]
        {
            let page = public.get(address).await;
            assert_eq!((page.status, page.path.as_str()), (200, address));
            assert!(!page.text().contains("Half-finished words"), "{address}");
        }
        let page = public.get(&path::action(aiii)).await;
        assert!(page.main().contains("Education Safeguarding Lead"), "posts are named");
        assert!(!page.main().contains("Half-finished words"));
        for words in ["Add update", "Edit", "Change the deadline"] {
            assert!(!page.select("main a").iter().any(|link| link == words), "{words}");
        }
        publish(&site, round).await;
        assert!(public.get(&path::action(aiii)).await.main().contains("Half-finished words"));
        // Everything else still asks who it is.
        for address in
            ["/history", "/search", "/rounds", "/plans/appendix-b/history", "/plans/appendix-b/edit"]
        {
            let page = public.send(axum::http::Method::GET, address, &[]).await;
            assert_eq!(page.status, 303, "{address}");
        }
    })
    .await;
}

#[tokio::test]
async fn no_name_of_a_person_reaches_the_public() {
    let site = Site::appendix_b().await;
    // Every account gets a name that stands nowhere in the plan’s text.
    let accounts = store::person::all(&site.cx.store).await.unwrap();
    for (n, account) in accounts.into_iter().enumerate() {
        let draft = PersonDraft {
            name: format!("Nobody-{n} O'Name"),
            email: account.person.email,
            grants: account.grants,
        };
        let program = Actor::program("test");
        command::person::edit(&site.cx, &program, account.person.id, account.version, &draft).await.unwrap();
    }
    let round = open_round(&site, "19 Feb 2018").await;
    let aiii = write(&site, "Done").await;
    // Somebody leads it in person, others contribute, and the history says who changed what.
    let lead = store::person::by_email(&site.cx.store, EDUCATION_LEAD).await.unwrap().unwrap().person;
    let action = site.whole_action("Aiii").await;
    let draft = ActionDraft {
        leads: vec![Lead::Person(lead.clone())],
        lead_wording: format!("Head of Service ({})", lead.name),
        contributors: vec![lead.id],
        ..draft_of(&action)
    };
    let by_when = action.revisions.last().unwrap().wording.clone();
    let manager = site.actor(MANAGER).await;
    command::action::edit(&site.cx, &manager, aiii, action.version, &draft, &by_when).await.unwrap();
    command::deadline::ask(&site.cx, &site.actor(MANAGER).await, aiii, "May 2018", "Late").await.unwrap();
    publish(&site, round).await;
    change_plan(&site, |plan| plan.public = true).await;
    let public = site.browser();
    for route in Route::iter().filter(|route| route.access() == Access::Reading) {
        let id = match route {
            Route::PanelDashboard => site.record().await.plan.panel_id.unwrap().to_string(),
            Route::RoundPack | Route::RoundAddendum => round.to_string(),
            _ => aiii.to_string(),
        };
        let address = route.path().replace("{slug}", APPENDIX_B).replace("{id}", &id);
        let address = address.replace("{file}", APPENDIX_B);
        let page = public.get(&address).await;
        assert_eq!(page.status, 200, "{address}");
        assert!(!page.text().contains("Nobody holds"), "{address}: nothing is said of who holds a post");
        assert!(
            !page.text().contains("O'Name") && !page.text().contains("O’Name"),
            "{address}: {}",
            page.text()
        );
    }
}

#[tokio::test]
async fn the_page_of_who_may_do_what_shows_the_table_itself() {
    let site = Site::appendix_b().await;
    let page = site.sign_in_as(PANEL_MEMBER).await.get("/who-may-do-what").await;
    assert_eq!(page.select("thead th").len(), 1 + Role::ALL.len());
    let rows = page.rows("table");
    assert_eq!(rows.len(), Permission::ALL.len());
    for (shown, permission) in rows.iter().zip(Permission::ALL) {
        let cells = row(*permission).map(|cell| cell.words(&Words::default()));
        assert_eq!(shown[0], Words::default().say(permission.words()));
        assert_eq!(shown[1..], cells, "{permission:?}");
    }
}

#[tokio::test]
async fn the_form_of_a_person_keeps_a_role_for_one_plan_and_gives_another() {
    each_database(async |site| {
        let second = second_plan(&site).await;
        somebody(&site, Role::Manager, Some(second)).await;
        let id = site.person("somebody@example.org").await;
        let grants = async || store::person::by_id(&site.cx.store, id).await.unwrap().unwrap().grants;
        let manager = Grant { role: Role::Manager, plan: Some(second) };
        let administrator = site.sign_in_as(ADMINISTRATOR).await;
        let form = administrator.get(&path::edit_person(id)).await.form("Save");
        assert_eq!((form.value("role_1"), form.value("plan_1")), ("manager".to_owned(), second.to_string()));
        form.set("name", "Somebody else").submit().await;
        assert_eq!(grants().await, [manager]);

        let form = administrator.get(&path::edit_person(id)).await.form("Save");
        let appendix_b = site.record().await.plan.id;
        let half = form.set("role_3", "lead").send().await;
        assert_eq!(half.errors(), ["Choose the plan for this role, or leave both lists empty"]);
        let page = half.form("Save").set("plan_3", &appendix_b.to_string()).submit().await;
        assert_eq!(grants().await, [manager, Grant { role: Role::Lead, plan: Some(appendix_b) }]);
        assert!(page.main().contains("Manager (only in A second plan), Lead (only in "), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn a_manager_of_one_plan_gives_roles_in_it_reads_of_no_other_and_manages_what_they_make() {
    each_database(async |site| {
        let second = second_plan(&site).await;
        let browser = somebody(&site, Role::Manager, Some(second)).await;
        let form = browser.get("/people/new").await.form("Add and invite");
        let form = form.set("name", "A lead").set("email", "a-lead@example.org");
        let page = form.set("role_1", "lead").set("plan_1", &second.to_string()).submit().await;
        assert!(page.main().contains("Lead (only in A second plan)"), "{}", page.main());
        let digital = site.record().await.plan;
        let lead = Grant { role: Role::Lead, plan: Some(digital.id) };
        let id = site.person("a-lead@example.org").await;
        let program = Actor::program("test");
        let draft =
            PersonDraft { name: "A lead".into(), email: "a-lead@example.org".into(), grants: vec![lead] };
        command::person::edit(&site.cx, &program, id, 1, &draft).await.unwrap();
        for page in [
            browser.get("/people").await,
            browser.get("/people/new").await,
            browser.get(&path::person(id)).await,
        ] {
            assert!(!page.main().contains(&digital.title), "{}", page.main());
        }
        assert!(browser.get(&path::person(id)).await.main().contains("Lead (only in another plan)"));
        let sent = [
            ("name", "B"),
            ("email", "b@example.org"),
            ("role_1", "lead"),
            ("plan_1", &digital.id.to_string()),
        ];
        assert_eq!(browser.post("/people/new", &sent).await.status, 422);

        let form = browser.get("/plans/new").await.form("Make plan");
        let form = form.set("title", "A third plan").set("slug", "third");
        let page = form.set("manager", &digital.manager.to_string()).submit().await;
        assert!(page.h1().ends_with("A third plan"), "{}", page.h1());
        assert_eq!(browser.get("/plans/third/edit").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn the_log_of_mails_is_that_of_ones_own_plans_and_mails_about_accounts_are_for_administrators() {
    each_database(async |site| {
        let second = second_plan(&site).await;
        let other = somebody(&site, Role::Manager, Some(second)).await;
        let (administrator, manager) = (site.sign_in_as(ADMINISTRATOR).await, site.sign_in_as(MANAGER).await);
        let link = administrator.get(&path::person(site.person(MAP_COORDINATOR).await)).await;
        link.form("Send an invitation").submit().await;
        work(&site).await;
        let log = async |browser: &Browser| {
            let page = browser.get("/reminders").await.main();
            (page.contains("Invitation to"), page.contains("Education Safeguarding Lead"))
        };
        assert_eq!(log(&administrator).await, (true, true));
        assert_eq!(log(&manager).await, (false, true));
        assert_eq!(log(&other).await, (false, false));
        assert!(
            !administrator.get("/reminders").await.main().contains("Nothing goes out"),
            "they see no plan"
        );
    })
    .await;
}

#[tokio::test]
async fn what_people_chose_about_their_mail_is_for_the_managers_of_the_plans_that_they_have_to_do_with() {
    each_database(async |site| {
        let second = second_plan(&site).await;
        let other = somebody(&site, Role::Manager, Some(second)).await;
        let (administrator, manager) = (site.sign_in_as(ADMINISTRATOR).await, site.sign_in_as(MANAGER).await);
        let lead = site.actor(MAP_COORDINATOR).await;
        let id = lead.person.unwrap();
        command::preference::choose(&site.cx, &lead, 0, Frequency::Weekly, false).await.unwrap();
        let tx = site.cx.store.begin().await.unwrap();
        let said = "550 no such user";
        let _ =
            store::person::refuse_address(&tx, id, MAP_COORDINATOR, day("2017-12-07"), said).await.unwrap();
        tx.commit().await.unwrap();
        for here in ["/reminders".to_owned(), path::person_mail(id), path::person(id)] {
            for (browser, knows) in [(&administrator, true), (&manager, true), (&other, false)] {
                let page = browser.get(&here).await;
                let said = (page.main().contains("Weekly only"), page.main().contains("550"));
                assert_eq!((page.status, said), (200, (knows, knows)), "{here}: {}", page.main());
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_manager_of_one_plan_hands_over_no_post_that_answers_for_something_in_another() {
    each_database(async |site| {
        let second = second_plan(&site).await;
        let browser = somebody(&site, Role::Manager, Some(second)).await;
        let me = site.person("somebody@example.org").await;
        let record = site.record().await;
        let post = record.posts.iter().find(|post| post.name == "Education Safeguarding Lead").unwrap();
        let fields = [("person", me.to_string()), ("from", "7 December 2017".to_owned())];
        let page = browser.post(&path::hand_over(post.id), &fields).await;
        assert_eq!(page.status, 403, "{}", page.main());
        assert!(
            page.main().contains("a manager of every plan in which this post answers"),
            "{}",
            page.main()
        );
        let actor = site.actor("somebody@example.org").await;
        let today = site.today();
        let covered = command::post::holding::add(&site.cx, &actor, post.id, me, (today, None), true).await;
        assert!(matches!(covered, Err(CommandError::Denied(_))), "{covered:?}");
        let held = post.holdings[0].id;
        let days = (post.holdings[0].from, post.holdings[0].to);
        let changed = command::post::holding::change_days(&site.cx, &actor, held, days, days).await;
        assert!(matches!(changed, Err(CommandError::Denied(_))), "{changed:?}");
        let renamed = command::post::edit(&site.cx, &actor, post.id, 1, "Mine", None).await;
        assert!(matches!(renamed, Err(CommandError::Denied(_))), "{renamed:?}");
        // A post of their own they may.
        let own = command::post::create(&site.cx, &actor, "A post of the second plan", None).await.unwrap();
        command::post::holding::hand_over(&site.cx, &actor, own, Some(me), today).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_manager_does_not_lift_what_binds_them_once_the_plan_is_agreed() {
    let site = Site::appendix_b().await;
    change_plan(&site, |plan| plan.agreed_on = Some(day("2017-12-01"))).await;
    let edit = async |email: &str, change: &dyn Fn(&mut PlanDraft)| {
        let plan = site.record().await.plan;
        let (id, version) = (plan.id, plan.version);
        let mut draft = plan_draft_of(plan);
        change(&mut draft);
        command::plan::edit(&site.cx, &site.actor(email).await, id, version, &draft).await
    };
    let refused = |answer: Result<(), CommandError>| match answer {
        Err(CommandError::Refused { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(edit(MANAGER, &|plan| plan.agreed_on = None).await), "agreed_on");
    assert_eq!(refused(edit(MANAGER, &|plan| plan.panel_grants_dates = false).await), "panel_grants_dates");
    edit(MANAGER, &|plan| plan.agreed_on = Some(day("2017-12-02"))).await.unwrap();
}

#[tokio::test]
async fn a_search_finds_what_is_in_ones_own_plans_however_much_there_is_in_others() {
    let site = Site::appendix_b().await;
    let second = second_plan(&site).await;
    let first = site.record().await.plan.id;
    for n in 0..120 {
        let draft = RecommendationDraft {
            printed: None,
            reference: None,
            text: format!("Lanterns {n}"),
            response: None,
            response_text: None,
            response_on: None,
            sent_on: None,
        };
        let plan = if n == 119 { second } else { first };
        command::plan::create_recommendation(&site.cx, &Actor::program("test"), plan, &draft).await.unwrap();
    }
    let browser = somebody(&site, Role::PanelMember, Some(second)).await;
    let page = browser.get("/search?q=lanterns").await.main();
    assert!(page.contains("Lanterns 119"), "{page}");
}

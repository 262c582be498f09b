//! Steps that several tests take on the way to what they test: through the commands, not through pages of others.

use std::time::Duration;

use scrutiny_tracker::{
    command,
    domain::{
        access::Actor,
        action::ActionDraft,
        deadline::Span,
        id::{PlanId, RoundId},
        plan::{Plan, PlanDraft},
        post::Lead,
        round::RoundDraft,
    },
    mail::transport::Transport,
    worker::Worker,
};
use tokio::sync::watch;

use crate::support::{Browser, MANAGER, Page, SCRUTINY_OFFICER, Site, day};

/// Adds an action to a plan that a post of Appendix B leads.
pub(crate) async fn add_led_action(site: &Site, plan: PlanId, post: &str, text: &str, by_when: &str) {
    let posts = site.record().await.posts;
    let id = posts.iter().find(|known| known.name == post).expect("a post").id;
    let draft = ActionDraft {
        recommendation: None,
        short_title: None,
        text: text.to_owned(),
        lead_wording: post.to_owned(),
        leads: vec![Lead::Post { post: id, named: None }],
        contributors: Vec::new(),
        resource: String::new(),
        resource_kind: None,
        resource_pence: None,
        themes: Vec::new(),
    };
    let manager = site.actor(MANAGER).await;
    command::action::create(&site.cx, &manager, plan, &draft, by_when).await.expect("an action");
}

/// Opens a round over Appendix B for the meeting of 19 February 2018.
pub(crate) async fn open_round(site: &Site, label: &str) -> RoundId {
    open_round_of(site, site.record().await.plan.id, label).await
}

/// The same over any plan.
pub(crate) async fn open_round_of(site: &Site, plan: PlanId, label: &str) -> RoundId {
    let draft = RoundDraft {
        label: label.to_owned(),
        span: Span::day(day("2018-02-19")),
        updates_due_on: Some(day("2018-02-09")),
        meeting_on: Some(day("2018-02-19")),
        meeting_of: None,
    };
    let round = command::round::create(&site.cx, &site.actor(SCRUTINY_OFFICER).await, &draft, &[plan])
        .await
        .expect("a round");
    command::round::open(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round, &[]).await.expect("it opens");
    round
}

/// Closes and publishes a round.
pub(crate) async fn publish(site: &Site, round: RoundId) {
    command::round::close(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round, true)
        .await
        .expect("it closes");
    command::round::publish(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round, true)
        .await
        .expect("it is published");
}

/// Changes what Appendix B lets people do.
pub(crate) async fn change_plan(site: &Site, change: impl FnOnce(&mut PlanDraft)) {
    let plan = site.record().await.plan;
    let (id, version) = (plan.id, plan.version);
    let mut draft = draft_of(plan);
    change(&mut draft);
    command::plan::edit(&site.cx, &Actor::program("test"), id, version, &draft).await.expect("it is saved");
}

/// Makes a second plan, like Appendix B but without anything in it.
pub(crate) async fn second_plan(site: &Site) -> PlanId {
    let draft = PlanDraft {
        slug: "second".to_owned(),
        title: "A second plan".to_owned(),
        ..draft_of(site.record().await.plan)
    };
    command::plan::create(&site.cx, &site.actor(MANAGER).await, &draft).await.expect("a plan")
}

/// A plan as it would be sent by its form.
pub(crate) fn draft_of(plan: Plan) -> PlanDraft {
    PlanDraft {
        slug: plan.slug,
        title: plan.title,
        kind: plan.kind,
        panel: plan.panel,
        origin_report: plan.origin_report,
        origin_on: plan.origin_on,
        agreed_by: plan.agreed_by,
        agreed_on: plan.agreed_on,
        sent_on: plan.sent_on,
        director: plan.director,
        executive_member: plan.executive_member,
        manager: plan.manager,
        panel_grants_dates: plan.panel_grants_dates,
        panel_confirms_completion: plan.panel_confirms_completion,
        live_to_panel: plan.live_to_panel,
        manager_looks_first: plan.manager_looks_first,
        public: plan.public,
        years: plan.years,
        key: plan.key,
        source: plan.source,
    }
}

/// The page of an action of Appendix B, by its label.
pub(crate) async fn action_page(site: &Site, browser: &Browser, label: &str) -> Page {
    browser.get(&format!("/actions/{}", site.action(label).await)).await
}

/// The value beside a fact's name on an action's page.
pub(crate) fn fact(page: &Page, name: &str) -> String {
    let (names, values) = (page.select(".summary-list dt"), page.select(".summary-list dd:not(.change)"));
    let found = names.iter().zip(values).find(|(n, _)| *n == name);
    found.unwrap_or_else(|| panic!("{} has no fact {name:?}, only {names:?}", page.path)).1
}

/// Lets the worker run on the office day, sending nothing anywhere: how many messages it has dealt with.
pub(crate) async fn work(site: &Site) -> usize {
    let stop = watch::channel(false).1;
    let mut worker = Worker::new(site.cx.clone(), Transport::Kept, Duration::ZERO, stop);
    worker.tick().await.expect("the worker works").dealt_with
}

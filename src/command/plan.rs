//! Plans and recommendations: making and changing them, varying a recommendation, ending the monitoring of a plan.

use chrono::NaiveDate;

use super::{CommandError, Cx, Event, Now, changes, meeting};
use crate::{
    domain::{
        access::{Actor, Grant, Permission, Role, may, may_in},
        action::{RecommendationDraft, Variation},
        deadline::YearBasis,
        id::{PlanId, RecommendationId},
        plan::{Plan, PlanDraft},
        policy::{Escalation, Policy},
        text,
    },
    store::{self, StoreError, Tx, action::Saved, record::Depth},
};

/// Makes a plan.
///
/// # Errors
/// [`CommandError::Refused`] where its name in addresses is taken, and where its panel is not there and the actor can't add it.
pub async fn create(cx: &Cx, actor: &Actor, draft: &PlanDraft) -> Result<PlanId, CommandError> {
    let tx = cx.store.begin().await?;
    let now = cx.now();
    may(actor, Permission::EditPlans)?;
    let draft = with_panel(cx, &tx, actor, draft, now).await?;
    let id = create_within(&tx, actor, &draft, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction.
pub(super) async fn create_within(
    tx: &Tx,
    actor: &Actor,
    draft: &PlanDraft,
    now: Now,
) -> Result<PlanId, CommandError> {
    may(actor, Permission::EditPlans)?;
    was_sent(draft, now.today)?;
    let id = store::plan::insert(tx, draft).await.map_err(slug_taken)?;
    // Who manages other plans only would not see their own.
    if let (Some(person), false) = (actor.person, actor.is_in(Role::Manager, id)) {
        store::person::grant(tx, person, &[Grant { role: Role::Manager, plan: Some(id) }]).await?;
    }
    let director = mailed_as_director(tx, id, draft).await?;
    super::record(
        tx,
        now,
        actor,
        Event {
            plan: Some(id),
            action: None,
            kind: "plan.created",
            summary: format!("Plan made: {}", draft.title),
            detail: changes([("Accountable director’s post", String::new(), director.unwrap_or_default())]),
        },
    )
    .await?;
    Ok(id)
}

/// Lets the accountable director hear of what the manager leaves overdue, where there is a post of that name: what it is called.
async fn mailed_as_director(
    tx: &Tx,
    plan: PlanId,
    draft: &PlanDraft,
) -> Result<Option<String>, CommandError> {
    let Some(director) = &draft.director else { return Ok(None) };
    let folded = |name: &str| text::fold(name).to_lowercase();
    let posts = store::record::posts(tx).await?;
    let Some(post) = posts.into_iter().find(|post| folded(&post.name) == folded(director)) else {
        return Ok(None);
    };
    let escalation = Escalation { director: Some(post.id), ..Escalation::default() };
    let policy = Policy { escalation: Some(escalation), ..Policy::default() };
    // The plan is new: nobody can have saved one in between.
    let _ = store::policy::save(tx, plan, 0, &policy).await?;
    Ok(Some(post.name))
}

/// A draft with its panel under the name that it has; one that is not there yet is added, by who may.
async fn with_panel(
    cx: &Cx,
    tx: &Tx,
    actor: &Actor,
    draft: &PlanDraft,
    now: Now,
) -> Result<PlanDraft, CommandError> {
    let Some(name) = &draft.panel else { return Ok(draft.clone()) };
    let (panels, _) = store::meeting::all(tx).await?;
    if let Some(panel) = panels.iter().find(|panel| panel.is_called(name)) {
        return Ok(PlanDraft { panel: Some(panel.name.clone()), ..draft.clone() });
    }
    match meeting::panel::create_within(cx, tx, actor, name, now).await {
        Ok(_) => Ok(draft.clone()),
        Err(CommandError::Denied(_)) => {
            let none =
                cx.words().say("There is no {panel} with this name, and only a scrutiny officer can add one");
            let names: Vec<&str> = panels.iter().map(|panel| panel.name.as_str()).collect();
            let there =
                if names.is_empty() { String::new() } else { format!(". There is {}", text::list(&names)) };
            Err(CommandError::refused("panel", format!("{none}{there}")))
        }
        Err(other) => Err(other),
    }
}

fn was_sent(draft: &PlanDraft, today: NaiveDate) -> Result<(), CommandError> {
    match (draft.sent_on, draft.agreed_on) {
        (Some(sent), _) if sent > today => {
            Err(CommandError::refused("sent_on", "The day on which it was sent can’t lie in the future"))
        }
        (Some(sent), Some(agreed)) if agreed < sent => {
            let words = format!("It can’t have been sent after it was agreed, on {}", text::day(agreed));
            Err(CommandError::refused("sent_on", words))
        }
        _ => Ok(()),
    }
}

/// Two fields of a plan say what its managers may not do by themselves: once it is agreed, they don't take that back, and as
/// long as the panel grants dates they don't make themselves those who do.
fn keeps_what_binds(actor: &Actor, before: &Plan, draft: &PlanDraft) -> Result<(), CommandError> {
    if before.agreed_on.is_none() || actor.is_in(Role::ScrutinyOfficer, before.id) {
        return Ok(());
    }
    if draft.agreed_on.is_none() {
        let words =
            "This plan has been agreed: only somebody who is a scrutiny officer as well can take that back";
        return Err(CommandError::refused("agreed_on", words));
    }
    if before.panel_grants_dates && !draft.panel_grants_dates {
        let words = "Since the plan was agreed, only somebody who is a scrutiny officer as well can change who grants dates";
        return Err(CommandError::refused("panel_grants_dates", words));
    }
    Ok(())
}

/// Changes a plan.
///
/// # Errors
/// [`CommandError::Stale`] where somebody else saved in between; [`CommandError::Refused`] as for [`create`].
pub async fn edit(
    cx: &Cx,
    actor: &Actor,
    id: PlanId,
    version: i32,
    draft: &PlanDraft,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record = store::record::by_id(&tx, actor, id, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let before = &record.plan;
    may_in(actor, Permission::EditPlans, before)?;
    let draft = &with_panel(cx, &tx, actor, draft, now).await?;
    keeps_what_binds(actor, before, draft)?;
    was_sent(draft, now.today)?;
    if store::plan::save(&tx, before, version, draft).await.map_err(slug_taken)? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let day = |d: Option<NaiveDate>| d.map(text::day).unwrap_or_default();
    let words = |t: &Option<String>| t.clone().unwrap_or_default();
    let post = |id| record.post(id).map(|p| p.name.clone()).unwrap_or_default();
    let years = |basis| match basis {
        YearBasis::Financial => "financial".to_owned(),
        YearBasis::Calendar => "calendar".to_owned(),
    };
    let yes_no = |b: bool| if b { "yes" } else { "no" }.to_owned();
    let key = |k: &crate::domain::rating::RagKey| {
        k.entries().map(|e| format!("{}: {}", e.word, e.meaning)).collect::<Vec<_>>().join("; ")
    };
    let here = cx.words();
    let say = |label| here.say(label);
    super::record(
        &tx,
        now,
        actor,
        Event {
            plan: Some(id),
            action: None,
            kind: "plan.edited",
            summary: format!("Plan edited: {}", draft.title),
            detail: changes([
                ("Title", before.title.clone(), draft.title.clone()),
                ("Name in addresses", before.slug.clone(), draft.slug.clone()),
                ("Kind", before.kind.words().to_owned(), draft.kind.words().to_owned()),
                (&say("{Panel}"), words(&before.panel), words(&draft.panel)),
                ("Report", words(&before.origin_report), words(&draft.origin_report)),
                ("Day of the report", day(before.origin_on), day(draft.origin_on)),
                (&say("Sent to the {executive} on"), day(before.sent_on), day(draft.sent_on)),
                ("Agreed by", words(&before.agreed_by), words(&draft.agreed_by)),
                ("Agreed on", day(before.agreed_on), day(draft.agreed_on)),
                ("Accountable director", words(&before.director), words(&draft.director)),
                (&say("{Executive} member"), words(&before.executive_member), words(&draft.executive_member)),
                (
                    &say("The {panel} grants dates"),
                    yes_no(before.panel_grants_dates),
                    yes_no(draft.panel_grants_dates),
                ),
                (
                    &say("The {panel} agrees completions"),
                    yes_no(before.panel_confirms_completion),
                    yes_no(draft.panel_confirms_completion),
                ),
                ("Manager", post(before.manager), post(draft.manager)),
                ("Years", years(before.years), years(draft.years)),
                ("Source", words(&before.source), words(&draft.source)),
                (&say("Live to the {panel}"), yes_no(before.live_to_panel), yes_no(draft.live_to_panel)),
                ("Public", yes_no(before.public), yes_no(draft.public)),
                ("RAG key", key(&before.key), key(&draft.key)),
            ]),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

fn slug_taken(error: StoreError) -> CommandError {
    if error.is_duplicate() {
        CommandError::refused("slug", "Another plan has this name in its address: choose another")
    } else {
        error.into()
    }
}

/// Ends the monitoring of a plan: all its mail stops, its pages stay.
///
/// # Errors
/// [`CommandError::Refused`] where the day lies ahead or before what has happened since, or monitoring has ended already.
pub async fn end_monitoring(
    cx: &Cx,
    actor: &Actor,
    id: PlanId,
    on: NaiveDate,
    by: &str,
    note: &str,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record =
        store::record::by_id(&tx, actor, id, Depth::Everything).await?.ok_or(CommandError::NotFound)?;
    let plan = &record.plan;
    may_in(actor, Permission::EditPlans, plan)?;
    if plan.monitoring_ended_on.is_some() {
        return Err(CommandError::refused("on", "Monitoring of this plan has ended already"));
    }
    if on > now.today {
        return Err(CommandError::refused("on", "The day on which monitoring ended can’t lie in the future"));
    }
    let updated = record.actions.iter().flat_map(|a| &a.updates).filter_map(|u| u.written_on).max();
    let opened = record.rounds.iter().filter_map(|round| round.opened_on).max();
    for (what, day) in [
        ("The plan was agreed", plan.agreed_on),
        ("A round was opened", opened),
        ("An update was written", updated),
    ] {
        if let Some(day) = day.filter(|day| on < *day) {
            let message = format!("{what} on {}: enter that day or a later one", text::day(day));
            return Err(CommandError::refused("on", message));
        }
    }
    store::plan::end_monitoring(&tx, id, Some((on, by, note))).await?;
    super::record(
        &tx,
        now,
        actor,
        Event {
            plan: Some(id),
            action: None,
            kind: "plan.monitoring-ended",
            summary: format!("Monitoring ended on {}, agreed by {by}", text::day(on)),
            detail: serde_json::json!({ "note": note }),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Takes the end of a plan's monitoring back: it is monitored as before.
///
/// # Errors
/// [`CommandError::Stale`] where it is monitored.
pub async fn take_end_back(cx: &Cx, actor: &Actor, id: PlanId, reason: &str) -> Result<(), CommandError> {
    let tx = cx.store.begin().await?;
    let record = store::record::by_id(&tx, actor, id, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    may_in(actor, Permission::EditPlans, &record.plan)?;
    let ended = record.plan.monitoring_ended_on.ok_or(CommandError::Stale)?;
    store::plan::end_monitoring(&tx, id, None).await?;
    let event = Event {
        plan: Some(id),
        action: None,
        kind: "plan.monitored-again",
        summary: format!("Taken back: monitoring did not end on {}", text::day(ended)),
        detail: serde_json::json!({ "reason": reason }),
    };
    super::record(&tx, cx.now(), actor, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds a recommendation to a plan.
///
/// # Errors
/// [`CommandError::Refused`] where its reference is taken.
pub async fn create_recommendation(
    cx: &Cx,
    actor: &Actor,
    plan: PlanId,
    draft: &RecommendationDraft,
) -> Result<RecommendationId, CommandError> {
    let tx = cx.store.begin().await?;
    let record = store::record::by_id(&tx, actor, plan, Depth::Current).await?;
    may_in(actor, Permission::EditRecommendations, &record.ok_or(CommandError::NotFound)?.plan)?;
    let id = create_recommendation_within(&tx, actor, plan, draft, cx.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction.
pub(super) async fn create_recommendation_within(
    tx: &Tx,
    actor: &Actor,
    plan: PlanId,
    draft: &RecommendationDraft,
    now: Now,
) -> Result<RecommendationId, CommandError> {
    let id = store::plan::insert_recommendation(tx, plan, draft).await.map_err(reference_taken)?;
    super::record(
        tx,
        now,
        actor,
        Event {
            plan: Some(plan),
            action: None,
            kind: "recommendation.created",
            summary: format!("Recommendation added: {}", named(draft)),
            detail: serde_json::json!({}),
        },
    )
    .await?;
    Ok(id)
}

/// Changes a recommendation: its words until it is agreed, its executive response.
///
/// # Errors
/// [`CommandError::Stale`] where somebody else saved in between; [`CommandError::Refused`] where its reference is taken.
pub async fn edit_recommendation(
    cx: &Cx,
    actor: &Actor,
    id: RecommendationId,
    version: i32,
    draft: &RecommendationDraft,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let plan = store::plan::of_recommendation(&tx, id).await?.ok_or(CommandError::NotFound)?;
    let record =
        store::record::by_id(&tx, actor, plan, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let before = record.recommendation(id).ok_or(CommandError::NotFound)?;
    may_in(actor, Permission::EditRecommendations, &record.plan)?;
    if store::plan::save_recommendation(&tx, id, version, draft).await.map_err(reference_taken)?
        == Saved::Stale
    {
        return Err(CommandError::Stale);
    }
    let response = |r: Option<crate::domain::action::Response>| r.map_or("", |r| r.words()).to_owned();
    let day = |d: Option<NaiveDate>| d.map(text::day).unwrap_or_default();
    let here = cx.words();
    let say = |label| here.say(label);
    super::record(
        &tx,
        now,
        actor,
        Event {
            plan: Some(plan),
            action: None,
            kind: "recommendation.edited",
            summary: format!("Recommendation edited: {}", named(draft)),
            detail: changes([
                (
                    "Reference",
                    before.printed.clone().unwrap_or_default(),
                    draft.printed.clone().unwrap_or_default(),
                ),
                (
                    "Full reference",
                    before.reference.clone().unwrap_or_default(),
                    draft.reference.clone().unwrap_or_default(),
                ),
                ("Recommendation", before.text.clone(), draft.text.clone()),
                ("Sent on", day(before.sent_on), day(draft.sent_on)),
                ("Day of the response", day(before.response_on), day(draft.response_on)),
                (&say("{Executive} response"), response(before.response), response(draft.response)),
                (
                    "Reasons",
                    before.response_text.clone().unwrap_or_default(),
                    draft.response_text.clone().unwrap_or_default(),
                ),
            ]),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Records that a recommendation was varied: the old words stay beside the new.
///
/// # Errors
/// [`CommandError::Refused`] where the day of the agreement lies ahead.
pub async fn vary(
    cx: &Cx,
    actor: &Actor,
    id: RecommendationId,
    was: &str,
    becomes: &str,
    agreed_by: &str,
    agreed_on: Option<NaiveDate>,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let plan = store::plan::of_recommendation(&tx, id).await?.ok_or(CommandError::NotFound)?;
    let record =
        store::record::by_id(&tx, actor, plan, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let recommendation = record.recommendation(id).ok_or(CommandError::NotFound)?;
    may_in(actor, Permission::EditRecommendations, &record.plan)?;
    if agreed_on.is_some_and(|on| on > now.today) {
        return Err(CommandError::refused("agreed_on", "The day of the agreement can’t lie in the future"));
    }
    let variation = Variation {
        id: None,
        was: was.to_owned(),
        now: becomes.to_owned(),
        agreed_by: agreed_by.to_owned(),
        agreed_on,
        known_from: agreed_on.unwrap_or(now.today),
    };
    let round = record.open_round_at(now.today).map(|r| r.id);
    store::plan::insert_variation(&tx, id, round, &variation, now.at).await?;
    let label = recommendation.reference.clone().unwrap_or_else(|| text::short_title(&recommendation.text));
    super::record(
        &tx,
        now,
        actor,
        Event {
            plan: Some(plan),
            action: None,
            kind: "recommendation.varied",
            summary: format!("Recommendation {label} varied, agreed by {agreed_by}"),
            detail: changes([("Wording", was.to_owned(), becomes.to_owned())]),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

fn named(draft: &RecommendationDraft) -> String {
    draft
        .reference
        .clone()
        .or_else(|| draft.printed.clone())
        .unwrap_or_else(|| text::short_title(&draft.text))
}

fn reference_taken(error: StoreError) -> CommandError {
    if error.is_duplicate() {
        CommandError::refused("reference", "Another recommendation of this plan has this reference")
    } else {
        error.into()
    }
}

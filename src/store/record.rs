//! Loads a plan's [`Record`]: everything the rules need, in a fixed number of statements whatever the plan's size.
//!
//! Fourteen statements: plan with rounds and policy, panels with meetings, recommendations with variations, posts with holders, actions
//! with those assigned, changes of state, deadlines, updates with authors; of the panel: resolutions, what was decided in
//! them, its ratings, its conclusions, its questions; what people chose about mail. The session is one more of a page.
//!
//! Nothing is loaded without saying for whom: what is out of a reader's scope is not there.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use entity::{
    action, action_update, assignment, deadline_revision, holding, mail_policy, person, plan, post,
    recommendation, round, state_change, variation,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement},
};

use super::{Source, StoreError, code};
use crate::domain::{
    access::{Actor, sees, without_others_drafts},
    action::{
        Action, Agreement, DateOutcome, Decider, Decision, Recommendation, ResourceKind, Response, Revision,
        State, StateChange, Variation,
    },
    deadline::{Span, YearBasis},
    decision::Decided,
    id::{
        ActionId, HoldingId, PanelId, PersonId, PlanId, PostId, RecommendationId, RevisionId, RoundId,
        StateChangeId, UpdateId, VariationId,
    },
    meeting::{Meeting, Panel},
    plan::{Plan, PlanKind, Record},
    policy::Policy,
    post::{Holding, Lead, Person, Post},
    rating::{Colour, KeyEntry, RagKey, Rating},
    round::{Round, RoundState},
    update::{self, Cleared, Promise, Review, ReviewState, Update},
};

mod label;
mod panel;

/// How much of a plan's past is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What the current state needs: each action's latest update, and those of the last rounds.
    Current,
    /// Every update: for the timeline, older rounds, and *as at* an earlier day.
    Everything,
}

/// The rounds whose updates belong to the current state: the open one and the last two closed.
const CURRENT_ROUNDS: usize = 3;

/// The two capacities of an assignment, as stored.
pub(super) const LEAD: &str = "lead";
pub(super) const CONTRIBUTOR: &str = "contributor";

/// One plan's record by slug; none: there is no such plan, or it is not this reader's to know of.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn by_slug(
    from: &impl Source,
    reader: &Actor,
    slug: &str,
    depth: Depth,
) -> Result<Option<Record>, StoreError> {
    one(from, reader, plan::Column::Slug.eq(slug), depth).await
}

/// One plan's record by identifier.
///
/// # Errors
/// As [`by_slug`].
pub async fn by_id(
    from: &impl Source,
    reader: &Actor,
    id: PlanId,
    depth: Depth,
) -> Result<Option<Record>, StoreError> {
    one(from, reader, plan::Column::Id.eq(id.0), depth).await
}

/// The record of the plan that an action belongs to.
///
/// # Errors
/// As [`by_slug`].
pub async fn of_action(
    from: &impl Source,
    reader: &Actor,
    id: ActionId,
    depth: Depth,
) -> Result<Option<Record>, StoreError> {
    let of = Query::select()
        .column(action::Column::PlanId)
        .from(action::Entity)
        .and_where(action::Column::Id.eq(id.0))
        .to_owned();
    one(from, reader, plan::Column::Id.in_subquery(of), depth).await
}

/// The records of all plans that somebody may know of, by title. The number of statements does not grow with the number of plans.
///
/// # Errors
/// As [`by_slug`].
pub async fn all(from: &impl Source, reader: &Actor, depth: Depth) -> Result<Vec<Record>, StoreError> {
    load_for(from, reader, Condition::all(), depth).await
}

/// A panel, and the records of the plans that it watches now, by title: those given to it, and those that passed over from
/// panels that it succeeds. None: there is no such panel. One statement more than [`all`].
///
/// # Errors
/// As [`by_slug`].
pub async fn of_panel(
    from: &impl Source,
    reader: &Actor,
    panel: PanelId,
    depth: Depth,
) -> Result<Option<(Panel, Vec<Meeting>, Vec<Record>)>, StoreError> {
    let (panels, mut meetings) = super::meeting::all(from).await?;
    let Some(found) = panels.iter().find(|p| p.id == panel).cloned() else { return Ok(None) };
    let before = |panel: &&Panel| leads_to(&panels, panel, found.id);
    let given: Vec<i64> = panels.iter().filter(before).map(|p| p.id.0).collect();
    let given = Condition::all().add(plan::Column::PanelId.is_in(given));
    let mut records = load_for(from, reader, given, depth).await?;
    records.retain(|record| record.plan.panel_id == Some(panel));
    meetings.retain(|m| m.panel == panel);
    Ok(Some((found, meetings, records)))
}

/// Whether a panel is another, or one of its successors is.
fn leads_to(panels: &[Panel], panel: &Panel, other: PanelId) -> bool {
    let successor = |p: &&Panel| p.successor.and_then(|id| panels.iter().find(|next| next.id == id));
    // No longer than there are panels: a circle, should there ever be one, ends as well.
    std::iter::successors(Some(panel), successor).take(panels.len()).any(|p| p.id == other)
}

async fn one(
    from: &impl Source,
    reader: &Actor,
    which: impl Into<Expr>,
    depth: Depth,
) -> Result<Option<Record>, StoreError> {
    Ok(load_for(from, reader, Condition::all().add(which.into()), depth).await?.pop())
}

/// The records that a reader may know of, without what is other people's alone.
async fn load_for(
    from: &impl Source,
    reader: &Actor,
    which: Condition,
    depth: Depth,
) -> Result<Vec<Record>, StoreError> {
    let mut records = load(from, which, None, true, depth).await?;
    records.retain(|record| sees(reader, record));
    Ok(records.into_iter().map(|record| without_others_drafts(reader, record)).collect())
}

/// So many identifiers are named in a statement, which may name them three times: SQLite takes 32,766 values.
const NAMED: usize = 10_000;

/// The records of the plans of some actions, with these actions alone and what belongs to them: enough to tell what they ask for
/// on a day, at a cost that does not grow with what else there is. Without what the panel decided; and without labels unless they
/// are asked for, as they are counted among all actions of the plan.
///
/// # Errors
/// As [`by_slug`].
pub(super) async fn of_some(
    from: &impl Source,
    which: Condition,
    labelled: bool,
) -> Result<Vec<Record>, StoreError> {
    let found: Vec<i64> = action::Entity::find()
        .select_only()
        .column(action::Column::Id)
        .filter(which.clone())
        .into_tuple()
        .all(from.on())
        .await?;
    // Looked for once, and not in each of the statements.
    let which = match found.len() {
        ..=NAMED => Condition::all().add(action::Column::Id.is_in(found)),
        _ => which,
    };
    let only = Query::select().column(action::Column::Id).from(action::Entity).cond_where(which).to_owned();
    let plans = Query::select()
        .column(action::Column::PlanId)
        .from(action::Entity)
        .and_where(action::Column::Id.in_subquery(only.clone()))
        .to_owned();
    let which = Condition::all().add(plan::Column::Id.in_subquery(plans));
    load(from, which, Some(&only), labelled, Depth::Current).await
}

/// The records of some plans, whole, as the program itself reads them.
pub(super) async fn whole(from: &impl Source, which: Condition) -> Result<Vec<Record>, StoreError> {
    load(from, which, None, true, Depth::Current).await
}

async fn load(
    from: &impl Source,
    which: Condition,
    only: Option<&SelectStatement>,
    labelled: bool,
    depth: Depth,
) -> Result<Vec<Record>, StoreError> {
    let rows = plan::Entity::find()
        .filter(which)
        .order_by_asc(plan::Column::Title)
        .order_by_asc(plan::Column::Id)
        .find_also(plan::Entity, round::Entity)
        .find_also(plan::Entity, mail_policy::Entity)
        .all(from.on())
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let (panels, meetings) = super::meeting::all(from).await?;
    let mut rounds: HashMap<i64, Vec<Round>> = HashMap::new();
    let mut policies: HashMap<i64, Policy> = HashMap::new();
    let mut bare: Vec<plan::Model> = Vec::new();
    for (plan, its_round, policy) in rows {
        let id = plan.id;
        if bare.last().is_none_or(|before| before.id != id) {
            bare.push(plan);
            policies.extend(policy.map(|row| super::policy::policy(&row)).transpose()?.map(|own| (id, own)));
        }
        if let Some(row) = its_round {
            rounds.entry(id).or_default().push(round(row, &meetings)?);
        }
    }
    for its_rounds in rounds.values_mut() {
        its_rounds.sort_by_key(|r| (r.span.latest, r.id));
    }
    let ids: Vec<i64> = bare.iter().map(|p| p.id).collect();
    let actions_in = match only {
        Some(only) => action::Column::Id.in_subquery(only.clone()),
        None => action::Column::PlanId.is_in(ids.iter().copied()),
    };
    let mut word = match only {
        Some(_) => panel::questions(from, actions_in.clone()).await?,
        None => panel::word(from, &ids, &meetings).await?,
    };
    let of = match only {
        Some(only) => recommendation::Column::Id.in_subquery(recommendations_of(only)),
        None => recommendation::Column::PlanId.is_in(ids.iter().copied()),
    };
    let mut recommendations = recommendations(from, of, &mut word).await?;
    let posts = Arc::new(posts(from).await?);
    let preferences = Arc::new(super::preference::all(from).await?);
    let mut actions = actions(from, actions_in, &rounds, depth, &mut word).await?;
    let labels = match only {
        Some(_) if labelled => label::of_some(from, &recommendations, &actions).await?,
        Some(_) => HashMap::new(),
        None => label::of_whole(&recommendations, &actions),
    };
    let of_action: HashMap<ActionId, i64> =
        actions.iter().flat_map(|(plan, all)| all.iter().map(|a| (a.id, *plan))).collect();
    let of_recommendation: HashMap<RecommendationId, i64> =
        recommendations.iter().flat_map(|(plan, all)| all.iter().map(|r| (r.id, *plan))).collect();
    let mut decided: HashMap<i64, Vec<Decided>> = HashMap::new();
    for one in word.decided {
        let of = one.action.and_then(|id| of_action.get(&id));
        let of = of.or_else(|| one.recommendation.and_then(|id| of_recommendation.get(&id)));
        if let Some(plan) = of {
            decided.entry(*plan).or_default().push(one);
        }
    }
    bare.into_iter()
        .map(|row| {
            let id = row.id;
            let rounds = rounds.remove(&id).unwrap_or_default();
            let recommendations = recommendations.remove(&id).unwrap_or_default();
            let mut actions = actions.remove(&id).unwrap_or_default();
            for action in &mut actions {
                action.label = labels.get(&action.id).cloned().unwrap_or_default();
            }
            Ok(Record {
                plan: plan_of(row, &panels)?,
                rounds,
                decided: decided.remove(&id).unwrap_or_default(),
                recommendations,
                actions,
                posts: Arc::clone(&posts),
                policy: policies.remove(&id).unwrap_or_default(),
                preferences: Arc::clone(&preferences),
                words: from.installation().words.clone(),
            })
        })
        .collect()
}

/// The recommendations of some actions.
fn recommendations_of(actions: &SelectStatement) -> SelectStatement {
    Query::select()
        .column(action::Column::RecommendationId)
        .from(action::Entity)
        .and_where(action::Column::Id.in_subquery(actions.clone()))
        .and_where(action::Column::RecommendationId.is_not_null())
        .to_owned()
}

/// A plan's row as the domain sees it.
pub(super) fn plan_of(row: plan::Model, panels: &[Panel]) -> Result<Plan, StoreError> {
    let id = row.id;
    let line = row.panel_id.map_or_else(Vec::new, |id| follow(panels, PanelId(id), row.monitoring_ended_on));
    let panel = line.last();
    Ok(Plan {
        id: PlanId(id),
        version: row.version,
        kind: code(PlanKind::from_code(&row.kind), "plan", id, &row.kind)?,
        slug: row.slug,
        title: row.title,
        panel: panel.map(|panel| panel.name.clone()),
        panel_id: panel.map(|panel| panel.id),
        panels: line.iter().map(|panel| (*panel).clone()).collect(),
        sent_on: row.sent_on,
        manager_looks_first: row.manager_looks_first,
        origin_report: row.origin_report,
        origin_on: row.origin_on,
        agreed_by: row.agreed_by,
        agreed_on: row.agreed_on,
        director: row.director,
        executive_member: row.executive_member,
        manager: PostId(row.manager_post_id),
        panel_grants_dates: row.panel_grants_dates,
        panel_confirms_completion: row.panel_confirms_completion,
        live_to_panel: row.live_to_panel,
        public: row.public,
        years: if row.years == "calendar" { YearBasis::Calendar } else { YearBasis::Financial },
        key: rag_key(&row.rag_key, id)?,
        source: row.source,
        monitoring_ended_on: row.monitoring_ended_on,
        monitoring_ended_by: row.monitoring_ended_by,
        monitoring_note: row.monitoring_note,
    })
}

/// The panels that have watched a plan: the one that it was given to, and whoever took over, one after the other, unless
/// monitoring ended before.
fn follow(panels: &[Panel], id: PanelId, until: Option<NaiveDate>) -> Vec<&Panel> {
    let find = |id| panels.iter().find(|p| p.id == id);
    let next = |panel: &&Panel| {
        panel.ended_on.filter(|on| until.is_none_or(|until| *on <= until))?;
        panel.successor.and_then(find)
    };
    // At most as many steps as there are panels: a circle, should there ever be one, ends as well.
    std::iter::successors(find(id), next).take(panels.len()).collect()
}

/// The stored form of a RAG key.
#[derive(serde::Serialize, serde::Deserialize)]
struct StoredKey {
    entries: Vec<StoredEntry>,
    note: Option<String>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct StoredEntry {
    rating: String,
    word: String,
    colour: String,
    meaning: String,
}

fn rag_key(json: &serde_json::Value, plan: i64) -> Result<RagKey, StoreError> {
    let not_understood = |what: String| StoreError::Row { table: "plan", id: plan, what };
    let stored: StoredKey =
        serde::Deserialize::deserialize(json).map_err(|e| not_understood(format!("rag_key ({e})")))?;
    let entries = stored
        .entries
        .into_iter()
        .map(|e| {
            Ok(KeyEntry {
                rating: code(Rating::from_code(&e.rating), "plan", plan, &e.rating)?,
                colour: code(Colour::from_code(&e.colour), "plan", plan, &e.colour)?,
                word: e.word,
                meaning: e.meaning,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(RagKey::new(entries, stored.note))
}

/// A RAG key as it is stored.
pub(super) fn stored_key(key: &RagKey) -> serde_json::Value {
    let entries: Vec<_> = key
        .entries()
        .map(|e| {
            serde_json::json!({
                "rating": e.rating.code(), "word": e.word, "colour": e.colour.code(), "meaning": e.meaning,
            })
        })
        .collect();
    serde_json::json!({ "entries": entries, "note": key.note })
}

/// A round's row as the domain sees it.
pub(super) fn round(row: round::Model, meetings: &[Meeting]) -> Result<Round, StoreError> {
    let meeting = row.meeting_id.and_then(|id| meetings.iter().find(|m| m.id.0 == id)).cloned();
    Ok(Round {
        id: RoundId(row.id),
        version: row.version,
        state: code(RoundState::from_code(&row.state), "round", row.id, &row.state)?,
        label: row.label,
        span: Span { earliest: row.earliest, latest: row.latest },
        opened_on: row.opened_on,
        closed_on: row.closed_on,
        published_on: row.published_on,
        updates_due_on: meeting.as_ref().map_or(row.updates_due_on, |m| m.dates.updates_due_on),
        meeting_on: meeting.as_ref().map(|m| m.held_on),
        meeting,
    })
}

async fn recommendations(
    from: &impl Source,
    which: Expr,
    word: &mut panel::Word,
) -> Result<HashMap<i64, Vec<Recommendation>>, StoreError> {
    let rows = recommendation::Entity::find()
        .filter(which)
        .order_by_asc(recommendation::Column::PlanId)
        .order_by_asc(recommendation::Column::Position)
        .order_by_asc(recommendation::Column::Id)
        .find_with_related(variation::Entity)
        .all(from.on())
        .await?;
    let mut by_plan: HashMap<i64, Vec<Recommendation>> = HashMap::new();
    for (row, variations) in rows {
        let response = match &row.response {
            Some(stored) => Some(code(Response::from_code(stored), "recommendation", row.id, stored)?),
            None => None,
        };
        by_plan.entry(row.plan_id).or_default().push(Recommendation {
            id: RecommendationId(row.id),
            version: row.version,
            position: row.position,
            printed: row.printed_reference,
            reference: row.full_reference,
            text: row.text,
            response,
            response_text: row.response_text,
            response_on: row.response_on,
            sent_on: row.sent_on,
            variations: variations
                .into_iter()
                .map(|v| Variation {
                    id: Some(VariationId(v.id)),
                    was: v.was,
                    now: v.becomes,
                    agreed_by: v.agreed_by,
                    agreed_on: v.agreed_on,
                    known_from: v.known_from,
                })
                .collect(),
            conclusions: word.conclusions.remove(&row.id).unwrap_or_default(),
        });
    }
    Ok(by_plan)
}

/// Every post with its holders, by name.
///
/// # Errors
/// As [`by_slug`].
pub async fn posts(from: &impl Source) -> Result<Vec<Post>, StoreError> {
    // One statement over three tables: sea-orm's own loaders would take one per table.
    let rows = post::Entity::find()
        .find_also_related(holding::Entity)
        .and_also_related(person::Entity)
        .order_by_asc(post::Column::Name)
        .order_by_asc(holding::Column::FromDay)
        .order_by_asc(holding::Column::Id)
        .all(from.on())
        .await?;
    let mut posts: Vec<Post> = Vec::new();
    for (row, held, by) in rows {
        if posts.last().is_none_or(|p| p.id.0 != row.id) {
            posts.push(Post { id: PostId(row.id), name: row.name, body: row.body, holdings: Vec::new() });
        }
        if let (Some(post), Some(held), Some(by)) = (posts.last_mut(), held, by) {
            post.holdings.push(Holding {
                id: HoldingId(held.id),
                person: person_of(by),
                from: held.from_day,
                to: held.to_day,
                acting: held.acting,
            });
        }
    }
    Ok(posts)
}

/// A person's row as the domain sees it.
pub(super) fn person_of(row: person::Model) -> Person {
    Person { id: PersonId(row.id), name: row.name, email: row.email, active: row.active }
}

/// Leads with their places, before they are put in order.
type Placed = Vec<(i32, Lead)>;

async fn actions(
    from: &impl Source,
    which: Expr,
    rounds: &HashMap<i64, Vec<Round>>,
    depth: Depth,
    word: &mut panel::Word,
) -> Result<HashMap<i64, Vec<Action>>, StoreError> {
    let in_plans = || which.clone();
    let rows = action::Entity::find()
        .filter(in_plans())
        .order_by_asc(action::Column::PlanId)
        .order_by_asc(action::Column::Position)
        .order_by_asc(action::Column::Id)
        .find_also_related(assignment::Entity)
        .and_also_related(person::Entity)
        .all(from.on())
        .await?;
    let mut states = states(from, in_plans()).await?;
    let mut revisions = revisions(from, in_plans()).await?;
    let mut updates = updates(from, in_plans(), rounds, depth).await?;
    let mut by_plan: HashMap<i64, Vec<(Action, Placed)>> = HashMap::new();
    for (row, led, by) in rows {
        let of_plan = by_plan.entry(row.plan_id).or_default();
        if of_plan.last().is_none_or(|(a, _)| a.id.0 != row.id) {
            let id = row.id;
            let mut action = action_of(row)?;
            action.states = states.remove(&id).unwrap_or_default();
            action.revisions = revisions.remove(&id).unwrap_or_default();
            action.updates = updates.remove(&id).unwrap_or_default();
            action.questions = word.questions.remove(&id).unwrap_or_default();
            action.panel_ratings = word.ratings.remove(&id).unwrap_or_default();
            of_plan.push((action, Vec::new()));
        }
        let (Some((action, leads)), Some(led)) = (of_plan.last_mut(), led) else { continue };
        match (led.capacity.as_str(), led.person_id) {
            (CONTRIBUTOR, Some(person)) => action.contributors.push(PersonId(person)),
            _ => leads.push((led.position, lead_of(led, by)?)),
        }
    }
    Ok(by_plan
        .into_iter()
        .map(|(plan, actions)| {
            let actions = actions
                .into_iter()
                .map(|(mut action, mut leads)| {
                    leads.sort_by_key(|(position, _)| *position);
                    action.leads = leads.into_iter().map(|(_, lead)| lead).collect();
                    action
                })
                .collect();
            (plan, actions)
        })
        .collect())
}

fn action_of(row: action::Model) -> Result<Action, StoreError> {
    let id = row.id;
    let themes = serde_json::from_value(row.themes).map_err(|e| StoreError::Row {
        table: "action",
        id,
        what: format!("themes ({e})"),
    })?;
    let resource_kind = match &row.resource_kind {
        Some(stored) => Some(code(ResourceKind::from_code(stored), "action", id, stored)?),
        None => None,
    };
    Ok(Action {
        id: ActionId(id),
        version: row.version,
        recommendation: row.recommendation_id.map(RecommendationId),
        position: row.position,
        label: String::new(),
        short_title: row.short_title,
        text: row.text,
        lead_wording: row.lead_wording,
        leads: Vec::new(),
        contributors: Vec::new(),
        resource: row.resource_wording,
        resource_kind,
        resource_pence: row.resource_pence,
        themes,
        added_on: row.added_on,
        states: Vec::new(),
        revisions: Vec::new(),
        updates: Vec::new(),
        questions: Vec::new(),
        panel_ratings: Vec::new(),
    })
}

fn lead_of(row: assignment::Model, by: Option<person::Model>) -> Result<Lead, StoreError> {
    match (row.post_id, by, row.outside_body) {
        (Some(post), _, _) => Ok(Lead::Post { post: PostId(post), named: row.named_person }),
        (None, Some(by), _) => Ok(Lead::Person(person_of(by))),
        (None, None, Some(body)) => Ok(Lead::OutsideBody(body)),
        (None, None, None) => {
            Err(StoreError::Row { table: "assignment", id: row.id, what: "a lead that is nobody".to_owned() })
        }
    }
}

/// The rows of a table that belongs to actions, by action, of the plans in question.
macro_rules! of_actions {
    ($from:expr, $entity:ident, $in_plans:expr) => {
        $entity::Entity::find()
            .join(JoinType::InnerJoin, $entity::Relation::Action.def())
            .filter($in_plans)
            .order_by_asc($entity::Column::Id)
    };
}

async fn states(from: &impl Source, in_plans: Expr) -> Result<HashMap<i64, Vec<StateChange>>, StoreError> {
    let mut by_action: HashMap<i64, Vec<StateChange>> = HashMap::new();
    for row in of_actions!(from, state_change, in_plans).all(from.on()).await? {
        let agreed = match (row.agreed_by, row.agreed_on) {
            (Some(by), Some(on)) => Some(Agreement { by, on, minute: row.minute }),
            _ => None,
        };
        by_action.entry(row.action_id).or_default().push(StateChange {
            id: Some(StateChangeId(row.id)),
            state: code(State::from_code(&row.state), "state_change", row.id, &row.state)?,
            into: row.merged_into_id.map(ActionId),
            from: row.from_day,
            reason: row.reason,
            agreed,
            update: row.update_id.map(UpdateId),
        });
    }
    by_action.values_mut().for_each(|changes| changes.sort_by_key(|c| c.from));
    Ok(by_action)
}

async fn revisions(from: &impl Source, in_plans: Expr) -> Result<HashMap<i64, Vec<Revision>>, StoreError> {
    let mut by_action: HashMap<i64, Vec<Revision>> = HashMap::new();
    for row in of_actions!(from, deadline_revision, in_plans).all(from.on()).await? {
        by_action.entry(row.action_id).or_default().push(revision_of(row)?);
    }
    by_action.values_mut().for_each(|revisions| revisions.sort_by_key(|r| r.number));
    Ok(by_action)
}

fn revision_of(row: deadline_revision::Model) -> Result<Revision, StoreError> {
    let id = row.id;
    let decision = match (row.decision.as_deref(), row.decided_on) {
        (Some(outcome), Some(on)) => {
            let stored = row.decider.unwrap_or_default();
            Some(Decision {
                outcome: code(DateOutcome::from_code(outcome), "deadline_revision", id, outcome)?,
                on,
                decider: code(Decider::from_code(&stored), "deadline_revision", id, &stored)?,
                by: row.decided_by.unwrap_or_default(),
                reason: row.decision_reason,
            })
        }
        _ => None,
    };
    let span = match (row.earliest, row.latest) {
        (Some(earliest), Some(latest)) => Some(Span { earliest, latest }),
        _ => None,
    };
    Ok(Revision {
        id: RevisionId(id),
        number: row.number,
        wording: row.wording,
        span,
        how: row.how_read,
        reason: row.reason,
        asked_by: row.asked_by,
        asked_on: row.asked_on,
        known_from: row.known_from,
        decision,
    })
}

async fn updates(
    from: &impl Source,
    in_plans: Expr,
    rounds: &HashMap<i64, Vec<Round>>,
    depth: Depth,
) -> Result<HashMap<i64, Vec<Update>>, StoreError> {
    let mut select = of_actions!(from, action_update, in_plans)
        .join(JoinType::LeftJoin, action_update::Relation::Person.def())
        .select_also(person::Entity);
    if depth == Depth::Current {
        select = select.filter(current_updates(rounds));
    }
    let by_id: HashMap<i64, &Round> = rounds.values().flatten().map(|r| (r.id.0, r)).collect();
    let mut by_action: HashMap<i64, Vec<Update>> = HashMap::new();
    for (row, author) in select.all(from.on()).await? {
        by_action.entry(row.action_id).or_default().push(update_of(row, author, &by_id)?);
    }
    by_action.values_mut().for_each(|updates| updates.sort_by_key(|u| (u.known_from, u.id)));
    Ok(by_action)
}

/// Each action's latest update, those of each plan's last rounds, those written since, all corrections with what they
/// correct (the place of a correction is that of the first), and those that changed a state (whoever may not read the one
/// is not shown the other).
fn current_updates(rounds: &HashMap<i64, Vec<Round>>) -> Condition {
    let last = |of_plan: &Vec<Round>| {
        let begun = of_plan.iter().filter(|r| r.state != RoundState::Planned).rev();
        begun.take(CURRENT_ROUNDS).cloned().collect::<Vec<_>>()
    };
    let begun: Vec<Vec<Round>> = rounds.values().map(last).collect();
    // Written since the first of them was closed, which can be before its own date. A plan without any has all.
    let since = |of_plan: &Vec<Round>| {
        let first = of_plan.last()?;
        [first.closed_on, Some(first.counts_from())].into_iter().flatten().min()
    };
    let between = match begun.iter().map(since).collect::<Option<Vec<_>>>() {
        Some(days) => action_update::Column::WrittenOn.gte(days.into_iter().min()),
        None => Expr::value(true),
    };
    // Asked of each update: a list of all there are would grow with what is not loaded.
    let this = || Expr::col((action_update::Entity, action_update::Column::Id));
    let newer = Alias::new("newer");
    let corrected = Query::select()
        .expr(Expr::value(1))
        .from_as(action_update::Entity, newer.clone())
        .and_where(Expr::col((newer, action_update::Column::SupersedesId)).eq(this()))
        .to_owned();
    let told = (state_change::Entity, state_change::Column::UpdateId);
    let telling = Query::select()
        .expr(Expr::value(1))
        .from(state_change::Entity)
        .and_where(Expr::col(told).eq(this()))
        .to_owned();
    Condition::any()
        .add(action_update::Column::IsLatest.eq(true))
        .add(Expr::exists(telling))
        .add(action_update::Column::SupersedesId.is_not_null())
        .add(Expr::exists(corrected))
        .add(action_update::Column::RoundId.is_in(begun.iter().flatten().map(|r| r.id.0)))
        .add(action_update::Column::RoundId.is_null().and(between))
}

fn update_of(
    row: action_update::Model,
    author: Option<person::Model>,
    rounds: &HashMap<i64, &Round>,
) -> Result<Update, StoreError> {
    let id = row.id;
    let promise = match &row.promise {
        Some(stored) => Some(code(Promise::from_code(stored), "action_update", id, stored)?),
        None => None,
    };
    let round = row.round_id.and_then(|id| rounds.get(&id).copied());
    let recorded: NaiveDate = row.recorded_at.date_naive();
    let review = match &row.review {
        Some(stored) => Some(Review {
            state: code(ReviewState::from_code(stored), "action_update", id, stored)?,
            comment: row.review_comment,
            on: row.reviewed_on,
        }),
        None => None,
    };
    Ok(Update {
        id: UpdateId(id),
        action: ActionId(row.action_id),
        round: row.round_id.map(RoundId),
        narrative: row.narrative,
        // A word that this version does not know must not hide the row, and must not become a rating: it is a gap.
        reported: Rating::from_code(&row.reported).unwrap_or(Rating::NotRecorded),
        next_steps: row.next_steps,
        promise,
        put_right: row.put_right,
        outcome: row.outcome,
        outcome_not_known: row.outcome_not_known,
        speaks_of: row.speaks_of,
        written_on: row.written_on,
        known_from: update::counts_from(row.written_on, round, recorded),
        author: row.author_id.map(PersonId),
        author_name: author.map(|a| a.name),
        entered_for: row.entered_for,
        by_email_link: row.by_email_link,
        supersedes: row.supersedes_id.map(UpdateId),
        continuing: row.continuing,
        review,
        exempt: row.exempt_paragraph,
        released_on: row.released_on,
        cleared: row.cleared_by.map(|by| Cleared { by, on: row.cleared_on }),
    })
}

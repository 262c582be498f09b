//! Loads a seed file into an empty database, through the same rules as the pages and in one transaction: all or nothing.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{
    CommandError, Cx, Now,
    action::{create_within as create_action, merge_within},
    deadline::{Asked, ask_within},
    meeting::{MeetingDraft, create_within as create_meeting},
    person::{PersonDraft, create_within as create_person},
    plan::{create_recommendation_within, create_within as create_plan},
    post::{create_within as create_post, holding::hand_over_within},
    round::create_within as create_round,
    update::{Came, Placed, add_within},
};
use crate::{
    domain::{
        access::{Actor, Grant, Role},
        action::{self, Action, ActionDraft, RecommendationDraft, Variation},
        deadline::{Span, YearBasis},
        id::{ActionId, PlanId, PostId, RoundId},
        meeting::Dates,
        plan::{PlanDraft, PlanKind, Record},
        policy::Policy,
        post::Lead,
        rating::{Colour, KeyEntry, RagKey, Rating},
        round::{RoundDraft, RoundState},
        update::{Evidence, UpdateDraft},
    },
    seed::{self, Seed},
    store::{self, Tx, record::Depth},
};

/// Loads a seed into a database that holds no plan yet.
///
/// # Errors
/// [`CommandError::Refused`] where there is a plan already.
pub async fn load(cx: &Cx, seed: &Seed) -> Result<PlanId, CommandError> {
    let actor = Actor::program("Seed");
    let tx = cx.store.begin().await?;
    if store::plan::count(&tx).await? > 0 {
        return Err(CommandError::refused(
            "database",
            "The database holds a plan already: a seed needs an empty one",
        ));
    }
    let loader = Loader { tx: &tx, actor: &actor, now: cx.now() };
    let posts = loader.posts(seed).await?;
    let plan = create_plan(&tx, &actor, &plan(&seed.plan, &posts)?, loader.now).await?;
    if !seed.plan.escalates {
        let policy = Policy { escalation: None, ..Policy::default() };
        let _ = store::policy::save(&tx, plan, 0, &policy).await?;
    }
    loader.next_meeting(cx, seed).await?;
    let rounds = loader.rounds(seed, plan).await?;
    let actions = loader.actions(seed, plan, &posts).await?;
    loader.updates(seed, plan, &rounds, &actions).await?;
    loader.merges_and_references(seed, plan, &actions).await?;
    loader.papers(seed, plan, &rounds).await?;
    tx.commit().await?;
    Ok(plan)
}

struct Loader<'a> {
    tx: &'a Tx,
    actor: &'a Actor,
    now: Now,
}

/// A round of the seed, once it is stored.
struct StoredRound {
    id: RoundId,
    counts_from: NaiveDate,
}

impl Loader<'_> {
    async fn posts(&self, seed: &Seed) -> Result<HashMap<String, PostId>, CommandError> {
        let mut posts = HashMap::new();
        for post in &seed.posts {
            let id = create_post(self.tx, self.actor, &post.name, None, self.now).await?;
            posts.insert(post.id.clone(), id);
        }
        for person in &seed.people {
            let draft = PersonDraft {
                name: person.name.clone(),
                email: person.email.clone(),
                grants: person.roles.iter().map(|of| Grant::everywhere(role(of))).collect(),
            };
            let id = create_person(self.tx, self.actor, &draft, self.now).await?;
            if let Some(holds) = &person.holds {
                let post = known(&posts, &holds.post)?;
                hand_over_within(self.tx, self.actor, post, Some(id), holds.from, self.now).await?;
            }
        }
        Ok(posts)
    }

    /// The panel's next meeting, with the dates that the calendar proposes.
    async fn next_meeting(&self, cx: &Cx, seed: &Seed) -> Result<(), CommandError> {
        let panel = store::meeting::panel_named(self.tx, &seed.plan.panel).await?;
        let (held_on, dates) = (seed.plan.next_meeting, Dates::default());
        let draft = MeetingDraft { panel, held_on, dates, held_already: true };
        create_meeting(cx, self.tx, self.actor, &draft, self.now).await?;
        Ok(())
    }

    async fn rounds(&self, seed: &Seed, plan: PlanId) -> Result<HashMap<String, StoredRound>, CommandError> {
        let mut rounds = HashMap::new();
        for round in &seed.rounds {
            let draft = RoundDraft {
                label: round.label.clone(),
                span: Span { earliest: round.earliest, latest: round.latest },
                updates_due_on: None,
                meeting_on: None,
                meeting_of: None,
            };
            let id = create_round(self.tx, self.actor, &draft, &[plan], self.now).await?;
            // On which days it was opened, closed and published is not known: the round's own date counts.
            let steps: &[RoundState] = if round.published {
                &[RoundState::Open, RoundState::Closed, RoundState::Published]
            } else {
                &[]
            };
            let mut state = RoundState::Planned;
            for next in steps {
                let _ = store::round::advance(self.tx, id, state, *next, None).await?;
                state = *next;
            }
            rounds.insert(round.label.clone(), StoredRound { id, counts_from: round.latest });
        }
        Ok(rounds)
    }

    async fn actions(
        &self,
        seed: &Seed,
        plan: PlanId,
        posts: &HashMap<String, PostId>,
    ) -> Result<Vec<ActionId>, CommandError> {
        let mut ids = Vec::with_capacity(seed.actions.len());
        for action in &seed.actions {
            let recommendation = match &action.recommendation {
                Some(words) => {
                    let draft = recommendation(words, action.reference());
                    Some(create_recommendation_within(self.tx, self.actor, plan, &draft, self.now).await?)
                }
                None => None,
            };
            let mut leads = Vec::new();
            for post in &action.lead.posts {
                leads.push(Lead::Post { post: known(posts, post)?, named: action.lead.named_person.clone() });
            }
            let draft = ActionDraft {
                recommendation,
                short_title: None,
                text: action.text.clone(),
                lead_wording: action.lead.wording.clone(),
                leads,
                contributors: Vec::new(),
                resource: action.resource.wording.clone(),
                resource_kind: Some(resource_kind(action.resource.kind)),
                resource_pence: None,
                themes: Vec::new(),
            };
            let record = self.record(plan).await?;
            ids.push(
                create_action(self.tx, self.actor, &record, &draft, &action.by_when, None, self.now).await?,
            );
        }
        Ok(ids)
    }

    /// Updates, round by round as they were reported, with the dates asked for and the variations that they report.
    async fn updates(
        &self,
        seed: &Seed,
        plan: PlanId,
        rounds: &HashMap<String, StoredRound>,
        ids: &[ActionId],
    ) -> Result<(), CommandError> {
        let posts: HashMap<&str, &str> =
            seed.posts.iter().map(|p| (p.id.as_str(), p.name.as_str())).collect();
        for round in &seed.rounds {
            let stored = rounds.get(&round.label).ok_or(CommandError::NotFound)?;
            let record = self.record(plan).await?;
            for (from, id) in seed.actions.iter().zip(ids) {
                let action = record.action(*id).ok_or(CommandError::NotFound)?;
                if let Some(update) = from.update(&round.label) {
                    self.update(&record, action, from, update, stored).await?;
                }
                if let Some(asked) = from.asked_for.as_ref().filter(|a| a.round == round.label) {
                    let asked = Asked {
                        wording: &asked.by_when,
                        reason: &asked.reason,
                        by: posts.get(asked.asked_by.as_str()).copied().unwrap_or(&asked.asked_by),
                        round: Some(stored.id),
                        on: None,
                        known_from: stored.counts_from,
                    };
                    ask_within(self.tx, self.actor, &record, action, &asked, self.now).await?;
                }
                self.variations(action, from, &round.label, stored).await?;
            }
        }
        Ok(())
    }

    async fn update(
        &self,
        record: &Record,
        action: &Action,
        from: &seed::Action,
        update: &seed::Update,
        round: &StoredRound,
    ) -> Result<(), CommandError> {
        let mut draft = UpdateDraft::of(&update.text);
        draft.reported = update.reported.map_or(Rating::NotRecorded, rating);
        draft.continuing = matches!(&from.state, Some(s) if s.to == seed::State::CompleteContinuing);
        draft.speaks_of = update.speaks_of;
        draft.evidence = from
            .evidence
            .iter()
            .filter(|e| e.round == update.round)
            .map(|e| Evidence {
                title: e.title.clone(),
                address: None,
                note: Some(e.words.clone()),
                dated: Some(e.dated),
                figures: e.figures.iter().map(|f| (f.name.clone(), f.value.to_string())).collect(),
            })
            .collect();
        let placed = Placed {
            round: Some(round.id),
            written_on: None,
            known_from: round.counts_from,
            review: None,
            came: Came::SignedIn,
        };
        add_within(self.tx, self.actor, record, action, &draft, &placed, self.now).await?;
        Ok(())
    }

    async fn variations(
        &self,
        action: &Action,
        from: &seed::Action,
        label: &str,
        round: &StoredRound,
    ) -> Result<(), CommandError> {
        let Some((words, id)) = from.recommendation.as_ref().zip(action.recommendation) else {
            return Ok(());
        };
        for variation in words.variations.iter().filter(|v| v.round == label) {
            let variation = Variation {
                id: None,
                was: variation.old.clone(),
                now: variation.new.clone(),
                agreed_by: variation.agreed_by.clone(),
                agreed_on: None,
                known_from: round.counts_from,
            };
            store::plan::insert_variation(self.tx, id, Some(round.id), &variation, self.now.at).await?;
        }
        Ok(())
    }

    async fn merges_and_references(
        &self,
        seed: &Seed,
        plan: PlanId,
        ids: &[ActionId],
    ) -> Result<(), CommandError> {
        let by_reference: HashMap<&str, ActionId> =
            seed.actions.iter().zip(ids).filter_map(|(a, id)| Some((a.reference()?, *id))).collect();
        let find = |reference: &str| by_reference.get(reference).copied().ok_or(CommandError::NotFound);
        for (from, id) in seed.actions.iter().zip(ids) {
            if let Some(change) = &from.state
                && let seed::State::MergedInto(target) = &change.to
            {
                let record = self.record(plan).await?;
                let action = record.action(*id).ok_or(CommandError::NotFound)?;
                let reason = change.reason.as_deref().unwrap_or_default();
                let into = find(target)?;
                merge_within(self.tx, self.actor, &record, action, into, reason, change.from, self.now)
                    .await?;
            }
            for reference in &from.cross_references {
                let reference = store::action::CrossReference {
                    from: *id,
                    to: find(&reference.to)?,
                    wording: Some(reference.words.clone()),
                };
                store::action::insert_cross_reference(self.tx, &reference).await?;
            }
        }
        Ok(())
    }

    /// The papers of the rounds that are closed, as the record has it now: nothing that comes later changes them.
    async fn papers(
        &self,
        seed: &Seed,
        plan: PlanId,
        rounds: &HashMap<String, StoredRound>,
    ) -> Result<(), CommandError> {
        for round in seed.rounds.iter().filter(|round| round.published) {
            let stored = rounds.get(&round.label).ok_or(CommandError::NotFound)?;
            let row = store::round::by_id(self.tx, stored.id).await?.ok_or(CommandError::NotFound)?;
            super::pack::keep_within(self.tx, self.actor, &row.round, &[plan], self.now).await?;
        }
        Ok(())
    }

    async fn record(&self, plan: PlanId) -> Result<Record, CommandError> {
        store::record::by_id(self.tx, self.actor, plan, Depth::Everything)
            .await?
            .ok_or(CommandError::NotFound)
    }
}

fn known(posts: &HashMap<String, PostId>, name: &str) -> Result<PostId, CommandError> {
    posts.get(name).copied().ok_or(CommandError::NotFound)
}

fn plan(plan: &seed::Plan, posts: &HashMap<String, PostId>) -> Result<PlanDraft, CommandError> {
    let entries = plan
        .key
        .entries
        .iter()
        .map(|e| KeyEntry {
            rating: rating(e.rating),
            word: e.word.clone(),
            colour: colour(rating(e.rating)),
            meaning: e.meaning.clone(),
        })
        .collect();
    Ok(PlanDraft {
        slug: plan.slug.clone(),
        title: plan.title.clone(),
        kind: match plan.kind {
            seed::PlanKind::ScrutinyReview => PlanKind::ScrutinyReview,
        },
        panel: Some(plan.panel.clone()),
        origin_report: Some(plan.origin_report.clone()),
        origin_on: None,
        agreed_by: Some(plan.agreed_by.clone()),
        agreed_on: Some(plan.agreed_on),
        sent_on: None,
        director: None,
        executive_member: None,
        manager: known(posts, &plan.manager)?,
        panel_grants_dates: plan.panel_grants_dates,
        panel_confirms_completion: plan.panel_confirms_completion,
        live_to_panel: false,
        manager_looks_first: false,
        public: false,
        years: YearBasis::Financial,
        key: RagKey::new(entries, Some(plan.key.note.clone())),
        source: Some(plan.heading.clone()),
    })
}

fn recommendation(words: &seed::Recommendation, reference: Option<&str>) -> RecommendationDraft {
    RecommendationDraft {
        printed: Some(words.reference.clone()),
        reference: reference.map(str::to_owned),
        text: words.text.clone(),
        response: None,
        response_text: None,
        response_on: None,
        sent_on: None,
    }
}

fn role(role: &seed::Role) -> Role {
    match role {
        seed::Role::Administrator => Role::Administrator,
        seed::Role::Manager => Role::Manager,
        seed::Role::ScrutinyOfficer => Role::ScrutinyOfficer,
        seed::Role::Lead => Role::Lead,
        seed::Role::PanelMember => Role::PanelMember,
    }
}

fn resource_kind(kind: seed::ResourceKind) -> action::ResourceKind {
    match kind {
        seed::ResourceKind::None => action::ResourceKind::None,
        seed::ResourceKind::ExistingBudget => action::ResourceKind::ExistingBudget,
        seed::ResourceKind::FundingSought => action::ResourceKind::FundingSought,
    }
}

fn rating(rating: seed::Rating) -> Rating {
    match rating {
        seed::Rating::NotRecorded => Rating::NotRecorded,
        seed::Rating::NotStarted => Rating::NotStarted,
        seed::Rating::OnTrack => Rating::OnTrack,
        seed::Rating::AtRisk => Rating::AtRisk,
        seed::Rating::OffTrack => Rating::OffTrack,
        seed::Rating::Complete => Rating::Complete,
        seed::Rating::Closed => Rating::Closed,
    }
}

/// How a kind is drawn where the source gives no colour.
fn colour(rating: Rating) -> Colour {
    match rating {
        Rating::OnTrack => Colour::Green,
        Rating::AtRisk => Colour::Amber,
        Rating::OffTrack => Colour::Red,
        Rating::Complete => Colour::Complete,
        Rating::NotRecorded | Rating::NotStarted | Rating::Closed => Colour::Plain,
    }
}

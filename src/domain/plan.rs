//! A plan with everything that the rules need to judge it: the record.
//!
//! The store fills a [`Record`] in a fixed number of queries; the rules read it as at a day. It is data: what follows
//! from it (ratings, counts, mails) is worked out in [`super::standing`], [`super::dashboard`] and [`super::reminder`].

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use chrono::NaiveDate;

use super::{
    action::{Action, Recommendation, State, StateChange},
    code::coded,
    deadline::YearBasis,
    decision::{Decided, Resolution},
    exempt,
    id::{ActionId, MeetingId, PanelId, PlanId, PostId, RecommendationId, RoundId, UpdateId},
    meeting::Panel,
    paper,
    policy::Policy,
    post::{Lead, Post},
    preference::Preferences,
    rating::{RagKey, Rating},
    round::{Round, RoundState},
    text,
    update::Update,
    words::Words,
};

coded! {
    /// What kind of plan it is.
    pub enum PlanKind {
        /// Recommendations of a scrutiny review.
        ScrutinyReview = "scrutiny_review",
        /// A strategy's actions.
        Strategy = "strategy",
        /// A project's.
        Project = "project",
        /// A case review's.
        CaseReview = "case_review",
        /// An audit's.
        Audit = "audit",
    }
}

impl PlanKind {
    /// The words on pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::ScrutinyReview => "Scrutiny review",
            Self::Strategy => "Strategy",
            Self::Project => "Project",
            Self::CaseReview => "Case review",
            Self::Audit => "Audit",
        }
    }
}

/// The plan itself: what its title page would say, and what it lets people do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Identifier.
    pub id: PlanId,
    /// Number of the saved state, for two people who edit at once.
    pub version: i32,
    /// Its name in addresses: "appendix-b".
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: PlanKind,
    /// The panel that watches it: by name, and whoever took over from it.
    pub panel: Option<String>,
    /// That panel.
    pub panel_id: Option<PanelId>,
    /// The panels that have watched it, from the one that it was given to, to the one that does now.
    pub panels: Vec<Panel>,
    /// The report that it answers.
    pub origin_report: Option<String>,
    /// That report's day.
    pub origin_on: Option<NaiveDate>,
    /// Who agreed the plan.
    pub agreed_by: Option<String>,
    /// When: years that people leave out are read from here.
    pub agreed_on: Option<NaiveDate>,
    /// When it was sent to the executive, whose response is due two months later.
    pub sent_on: Option<NaiveDate>,
    /// The accountable director.
    pub director: Option<String>,
    /// The executive member.
    pub executive_member: Option<String>,
    /// The post that owns the plan: asks for updates, and is asked where nobody else can be reached.
    pub manager: PostId,
    /// Later dates are the panel's to grant; else officers may.
    pub panel_grants_dates: bool,
    /// A completion counts as agreed only when the panel says so.
    pub panel_confirms_completion: bool,
    /// The panel sees updates before their round is published.
    pub live_to_panel: bool,
    /// A manager looks at every update before it counts as accepted.
    pub manager_looks_first: bool,
    /// Anyone may read its published rounds without signing in, with posts and without names.
    pub public: bool,
    /// What "Q3" and "2025-26" mean.
    pub years: YearBasis,
    /// What its ratings mean.
    pub key: RagKey,
    /// Where its text comes from.
    pub source: Option<String>,
    /// The day on which monitoring ended: from then on no mail.
    pub monitoring_ended_on: Option<NaiveDate>,
    /// The meeting and minute that ended it.
    pub monitoring_ended_by: Option<String>,
    /// What stays open, and who keeps it.
    pub monitoring_note: Option<String>,
}

/// A plan and everything that was recorded about it, as far as the rules need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The plan.
    pub plan: Plan,
    /// Its rounds, oldest first.
    pub rounds: Vec<Round>,
    /// Its recommendations, in the order of the table.
    pub recommendations: Vec<Recommendation>,
    /// Its actions, in the order of the table.
    pub actions: Vec<Action>,
    /// Every post, with its holders.
    pub posts: Arc<Vec<Post>>,
    /// When its leads are mailed.
    pub policy: Policy,
    /// What everybody has chosen about their mail.
    pub preferences: Arc<Preferences>,
    /// What the panel said to what was put to it, oldest first.
    pub decided: Vec<Decided>,
    /// The words in which its sentences are said here.
    pub words: Words,
}

impl Plan {
    /// Whether a panel watched it on a day: it was given to that panel, or had passed over to it by then, and not on yet.
    pub fn was_watched_by(&self, panel: PanelId, on: NaiveDate) -> bool {
        let from = |at: usize| at.checked_sub(1).and_then(|before| self.panels.get(before)?.ended_on);
        self.panels.iter().enumerate().any(|(at, one)| {
            one.id == panel
                && from(at).is_none_or(|from| from <= on)
                && one.ended_on.is_none_or(|ended| on < ended)
        })
    }
}

impl Record {
    /// One action.
    pub fn action(&self, id: ActionId) -> Option<&Action> {
        self.actions.iter().find(|a| a.id == id)
    }

    /// An action's label; a number where it is not of this plan.
    pub fn label(&self, id: ActionId) -> String {
        self.action(id).map_or_else(|| format!("action {id}"), |a| a.label.clone())
    }

    /// One recommendation.
    pub fn recommendation(&self, id: RecommendationId) -> Option<&Recommendation> {
        self.recommendations.iter().find(|r| r.id == id)
    }

    /// One round.
    pub fn round(&self, id: RoundId) -> Option<&Round> {
        self.rounds.iter().find(|r| r.id == id)
    }

    /// Whether the plan is still monitored on a day: mail goes out, and its actions are somebody's.
    pub fn is_monitored(&self, day: NaiveDate) -> bool {
        self.plan.monitoring_ended_on.is_none_or(|on| day < on)
    }

    /// The actions that a post leads and that are open on a day, in the order of the table.
    pub fn open_actions_of(&self, post: PostId, day: NaiveDate) -> impl Iterator<Item = &Action> {
        self.actions.iter().filter(move |a| a.is_led_by(post) && a.state_at(day) == State::Open)
    }

    /// Whether there is a round of it for a meeting.
    pub fn reports_to(&self, meeting: MeetingId) -> bool {
        self.rounds.iter().any(|round| round.meeting.as_ref().is_some_and(|m| m.id == meeting))
    }

    /// The resolutions in which something of it was decided, rated or concluded; one may come more than once.
    pub fn resolutions(&self) -> impl Iterator<Item = &Resolution> {
        let rated = self.actions.iter().flat_map(|a| &a.panel_ratings).filter_map(|r| r.resolution.as_ref());
        let concluded =
            self.recommendations.iter().flat_map(|r| &r.conclusions).filter_map(|c| c.resolution.as_ref());
        self.decided.iter().map(|d| &d.resolution).chain(rated).chain(concluded)
    }

    /// One post.
    pub fn post(&self, id: PostId) -> Option<&Post> {
        self.posts.iter().find(|p| p.id == id)
    }

    /// The plan's policy for mail in words, each sentence under its heading.
    pub fn policy_words(&self) -> Vec<(String, String)> {
        let director = self.policy.escalation.as_ref().and_then(|e| self.post(e.director?));
        self.policy.sentences(&self.words, director.map(|post| post.name.as_str()))
    }

    /// The round that is open at the end of a day.
    pub fn open_round_at(&self, day: NaiveDate) -> Option<&Round> {
        self.rounds.iter().rfind(|r| r.state_at(day) == RoundState::Open)
    }

    /// The rounds closed by the end of a day, oldest first.
    pub fn closed_rounds_at(&self, day: NaiveDate) -> impl DoubleEndedIterator<Item = &Round> {
        self.rounds.iter().filter(move |r| r.state_at(day).is_closed())
    }

    /// Whether whoever reads only what is published may read an update by a day: its round is published, or it stands in an
    /// addendum that is. What was accepted only after the papers closed is read with the addendum, or with the next round.
    pub fn is_published(&self, update: &Update, day: NaiveDate) -> bool {
        if !update.is_accepted() {
            return false;
        }
        if update.released_on.is_some_and(|on| on <= day) {
            return true;
        }
        let published = |round: &Round| round.state_at(day) == RoundState::Published;
        let mut rounds = self.rounds.iter().skip_while(|round| Some(round.id) != update.round);
        let Some(own) = rounds.next().filter(|own| published(own)) else { return false };
        paper::late_for(self, update).is_none_or(|late| late.id != own.id) || rounds.any(published)
    }

    /// The record as somebody may read it who sees only what has been published by a day: without the rounds that are not
    /// published but for those still planned, without updates that are not (see [`Self::is_published`]), and without the
    /// states that those updates alone report.
    ///
    /// A round that has begun goes with its updates: otherwise the rules would take what is held back for silence. What the
    /// manager has not accepted is held back too, even in a round that is published.
    pub fn published_at(mut self, day: NaiveDate) -> Self {
        let updates = self.actions.iter().flat_map(|action| &action.updates);
        let hidden: HashSet<UpdateId> =
            updates.filter(|update| !self.is_published(update, day)).map(|update| update.id).collect();
        self.rounds.retain(|r| matches!(r.state_at(day), RoundState::Published | RoundState::Planned));
        for action in &mut self.actions {
            action.updates.retain(|update| !hidden.contains(&update.id));
            let states = std::mem::take(&mut action.states);
            let shown = |(n, change): (usize, &StateChange)| {
                let is_hidden = change.update.is_some_and(|id| hidden.contains(&id));
                // A reopening is never held back: the panel is not shown a completion that has been taken back.
                if !is_hidden || change.agreed.is_some() || change.state == State::Open {
                    return Some(change.clone());
                }
                // What is held back may have been said again in something that is published: it holds from there.
                let until = states.get(n + 1).map(|next| next.from);
                let again = action.updates.iter().find(|u| {
                    change.state.is_complete()
                        && u.reported == Rating::Complete
                        && u.known_from >= change.from
                        && until.is_none_or(|until| u.known_from < until)
                })?;
                Some(StateChange { from: again.known_from, update: Some(again.id), ..change.clone() })
            };
            action.states = states.iter().enumerate().filter_map(shown).collect();
            // What an addendum has published stands between the rounds until the round that took it in is published too.
            for update in &mut action.updates {
                update.round = update.round.filter(|id| self.rounds.iter().any(|round| round.id == *id));
            }
        }
        self
    }
}

impl Record {
    /// The record without the updates that a manager still looks at or has returned, for those who never read them.
    pub fn without_unaccepted(mut self) -> Self {
        for action in &mut self.actions {
            action.updates.retain(Update::is_accepted);
        }
        self
    }

    /// The record without what its manager has returned, and what has been written again before anybody accepted it, but for
    /// actions on which somebody writes themselves.
    pub fn without_returned(mut self, day: NaiveDate, theirs: impl Fn(&Action, &Update) -> bool) -> Self {
        for action in &mut self.actions {
            let counts: HashSet<UpdateId> = action.updates_at(day).map(|update| update.id).collect();
            let updates = std::mem::take(&mut action.updates);
            let read = |u: &Update| u.is_accepted() || counts.contains(&u.id) || theirs(action, u);
            action.updates = updates.into_iter().filter(read).collect();
        }
        self
    }

    /// The record as those may read it who do not read what is not for publication: in its place stands why. The rating and
    /// what was answered at all stay, so that no count is another than in the papers.
    pub fn without_exempt(mut self) -> Self {
        for action in &mut self.actions {
            if action.updates.iter().all(|update| update.exempt.is_none()) {
                continue;
            }
            let marks: Vec<_> = action.updates.iter().map(|update| action.exempt(update)).collect();
            for (update, paragraph) in action.updates.iter_mut().zip(marks) {
                let Some(paragraph) = paragraph else { continue };
                update.exempt = Some(paragraph);
                update.narrative = exempt::instead(paragraph);
                for said in [&mut update.next_steps, &mut update.put_right, &mut update.outcome] {
                    *said = said.take().map(|_| exempt::NOT_FOR_PUBLICATION.to_owned());
                }
                update.speaks_of = None;
            }
        }
        self
    }

    /// The record with the panel's questions and their answers as they were when the last published round was closed.
    pub fn without_unpublished_questions(mut self, day: NaiveDate) -> Self {
        let published = self.rounds.iter().filter(|round| round.state_at(day) == RoundState::Published);
        let until = published.map(|round| round.closed_on.unwrap_or_else(|| round.counts_from())).max();
        for action in &mut self.actions {
            action.questions = std::mem::take(&mut action.questions)
                .into_iter()
                .filter_map(|question| question.as_at(until?))
                .collect();
        }
        self
    }

    /// The record as the public may read it: posts and bodies, and no names of people. What people wrote in updates stays as
    /// it is.
    pub fn without_names(mut self) -> Self {
        let people = self.people();
        self.preferences = Arc::default();
        for post in Arc::make_mut(&mut self.posts) {
            post.holdings.clear();
        }
        for action in &mut self.actions {
            action.contributors.clear();
            action.lead_wording = unnamed(&action.lead_wording, &people);
            for question in &mut action.questions {
                question.drafted_by = None;
                question.answered_by = None;
            }
            for lead in &mut action.leads {
                match lead {
                    Lead::Post { named, .. } => *named = None,
                    Lead::Person(person) => *lead = Lead::OutsideBody(unnamed(&person.name, &people)),
                    Lead::OutsideBody(_) => {}
                }
            }
            for revision in &mut action.revisions {
                revision.asked_by = None;
                if let Some(decision) = &mut revision.decision {
                    decision.by = unnamed(&decision.by, &people);
                }
            }
            for agreed in action.states.iter_mut().filter_map(|change| change.agreed.as_mut()) {
                agreed.by = unnamed(&agreed.by, &people);
            }
            for update in &mut action.updates {
                update.author = None;
                update.author_name = None;
                update.entered_for = None;
                update.by_email_link = false;
                if let Some(review) = &mut update.review {
                    review.comment = None;
                }
                if let Some(cleared) = &mut update.cleared {
                    cleared.by = unnamed(&cleared.by, &people);
                }
            }
        }
        self
    }

    /// The people whom the record names, the longest name first, each with the post that says who they are.
    fn people(&self) -> Vec<(String, String)> {
        let mut people = BTreeMap::new();
        for (post, holding) in self.posts.iter().flat_map(|post| post.holdings.iter().map(move |h| (post, h)))
        {
            people.insert(holding.person.name.clone(), post.name.clone());
        }
        for lead in self.actions.iter().flat_map(|action| &action.leads) {
            let (name, post) = match lead {
                Lead::Post { post, named: Some(name) } => {
                    (name, self.post(*post).map(|post| post.name.clone()))
                }
                Lead::Person(person) => (&person.name, None),
                Lead::Post { named: None, .. } | Lead::OutsideBody(_) => continue,
            };
            people.entry(name.clone()).or_insert_with(|| post.unwrap_or_else(|| "An officer".to_owned()));
        }
        for author in
            self.actions.iter().flat_map(|action| &action.updates).filter_map(|u| u.author_name.as_ref())
        {
            if !people.contains_key(author) {
                people.insert(author.clone(), "An officer".to_owned());
            }
        }
        // An account can be named like a post, and posts are not taken out.
        people.retain(|name, _| self.posts.iter().all(|post| post.name != *name));
        let mut people: Vec<_> = people.into_iter().collect();
        people.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        people
    }
}

/// A post's words without people's names: "Communications Manager (Jane Smith)" is "Communications Manager", and "Jane Smith"
/// is her post.
fn unnamed(words: &str, people: &[(String, String)]) -> String {
    people
        .iter()
        .filter(|(name, _)| text::says_name(words, name))
        .fold(words.to_owned(), |words, (name, post)| {
            text::replace_name(&words.replace(&format!(" ({name})"), ""), name, post)
        })
}

/// A plan as somebody wrote it, with all its fields checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanDraft {
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: PlanKind,
    /// The panel that watches it.
    pub panel: Option<String>,
    /// The report that it answers.
    pub origin_report: Option<String>,
    /// That report's day.
    pub origin_on: Option<NaiveDate>,
    /// Who agreed it.
    pub agreed_by: Option<String>,
    /// When.
    pub agreed_on: Option<NaiveDate>,
    /// When it was sent to the executive, whose response is due two months later.
    pub sent_on: Option<NaiveDate>,
    /// The accountable director.
    pub director: Option<String>,
    /// The executive member.
    pub executive_member: Option<String>,
    /// The post that owns it.
    pub manager: PostId,
    /// Later dates are the panel's to grant.
    pub panel_grants_dates: bool,
    /// Completions are the panel's to agree.
    pub panel_confirms_completion: bool,
    /// The panel sees updates before publication.
    pub live_to_panel: bool,
    /// A manager looks at every update before it counts as accepted.
    pub manager_looks_first: bool,
    /// Anyone may read what is published.
    pub public: bool,
    /// What "Q3" and "2025-26" mean.
    pub years: YearBasis,
    /// What its ratings mean.
    pub key: RagKey,
    /// Where its text comes from.
    pub source: Option<String>,
}

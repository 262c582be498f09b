//! The shape of a seed file: what each table and key of it holds.
//!
//! Data only: it checks nothing beyond its own shape and works nothing out. An unknown key is refused.
//!
//! # Why its own words for closed sets
//! The file is written for a person to check against the paper, so it says what the paper says and no more. What the
//! program makes of it is one exhaustive `match` in the loader.

use chrono::NaiveDate;
use serde::Deserialize;

/// A whole seed file: one plan and what belongs to it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The plan.
    pub plan: Plan,
    /// The posts that the actions name.
    #[serde(rename = "post")]
    pub posts: Vec<Post>,
    /// The accounts.
    #[serde(rename = "person")]
    pub people: Vec<Person>,
    /// The reporting rounds, oldest first.
    #[serde(rename = "round")]
    pub rounds: Vec<Round>,
    /// The actions, in the order of the table.
    #[serde(rename = "action")]
    pub actions: Vec<Action>,
}

/// The plan. Director and executive member are not stated in the source and have no field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Its name in addresses and commands.
    pub slug: String,
    /// The line printed above the table.
    pub heading: String,
    /// The plan's title.
    pub title: String,
    /// What kind of plan it is.
    pub kind: PlanKind,
    /// The report whose recommendations it answers.
    pub origin_report: String,
    /// The panel that made them.
    pub panel: String,
    /// Who agreed the plan.
    pub agreed_by: String,
    /// When.
    pub agreed_on: NaiveDate,
    /// The panel's next meeting.
    pub next_meeting: NaiveDate,
    /// The post that manages the plan (a [`Post::id`]).
    pub manager: String,
    /// Whether an action is complete only once the panel agrees.
    pub panel_confirms_completion: bool,
    /// Whether only the panel grants a later date.
    pub panel_grants_dates: bool,
    /// Whether somebody besides the lead hears by itself of what stays overdue.
    pub escalates: bool,
    /// The plan's RAG key.
    pub key: Key,
}

/// The kind of plan: the seed has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    /// A scrutiny review's recommendations.
    ScrutinyReview,
}

/// A RAG key. It gives no colours: none survive in the source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Where the key comes from.
    pub note: String,
    /// One line per kind of rating.
    pub entries: Vec<KeyEntry>,
}

/// One line of a RAG key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEntry {
    /// The kind of rating.
    pub rating: Rating,
    /// The plan's word for it.
    pub word: String,
    /// What it means in this plan.
    pub meaning: String,
}

/// The kinds of reported rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Nobody said.
    NotRecorded,
    /// Work has not begun.
    NotStarted,
    /// On track.
    OnTrack,
    /// At risk.
    AtRisk,
    /// Off track.
    OffTrack,
    /// Said to be complete.
    Complete,
    /// Closed without being done.
    Closed,
}

/// A post. Whether it belongs to a body outside the council is not stated in the source and has no field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Its name within the file.
    pub id: String,
    /// Its name as printed.
    pub name: String,
}

/// An account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The account's name.
    pub name: String,
    /// The address, at `example.org`.
    pub email: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// The post that the person holds, if any.
    pub holds: Option<Holding>,
}

/// A post held from a day on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holding {
    /// The post ([`Post::id`]).
    pub post: String,
    /// The first day.
    pub from: NaiveDate,
}

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks after the installation.
    Administrator,
    /// Keeps the plan.
    Manager,
    /// Runs its rounds.
    ScrutinyOfficer,
    /// Leads actions.
    Lead,
    /// Sits on the panel.
    PanelMember,
}

/// A reporting round: one UPDATE / RAG column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// The date as printed, by which the file names the round.
    pub label: String,
    /// The column's heading as printed.
    pub column: String,
    /// The earliest day that the label can mean.
    pub earliest: NaiveDate,
    /// The latest; the same as `earliest` where the label is a day.
    pub latest: NaiveDate,
    /// Whether it is closed and published.
    pub published: bool,
}

/// One row of the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// The panel's recommendation; Appendix B's first action has none.
    pub recommendation: Option<Recommendation>,
    /// The officers' words; a blank line between paragraphs, here and in every longer text.
    pub text: String,
    /// The deadline as written.
    pub by_when: String,
    /// Who leads.
    pub lead: Lead,
    /// The resource required.
    pub resource: Resource,
    /// The filled update cells, oldest first: at most one per round.
    #[serde(default, rename = "update")]
    pub updates: Vec<Update>,
    /// A change of state; without one the action is open.
    pub state: Option<StateChange>,
    /// A later date that is asked for and not decided.
    pub asked_for: Option<AskedFor>,
    /// What shows that it happened.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// Where its updates point to other actions.
    #[serde(default, rename = "cross_reference")]
    pub cross_references: Vec<CrossReference>,
}

impl Action {
    /// The full reference, by which the file names the action ("Aiii", "I-ii"), if it has one.
    pub fn reference(&self) -> Option<&str> {
        let recommendation = self.recommendation.as_ref()?;
        Some(recommendation.full_reference.as_ref().unwrap_or(&recommendation.reference))
    }

    /// The update of one round ([`Round::label`]), if its cell is filled.
    pub fn update(&self, round: &str) -> Option<&Update> {
        self.updates.iter().find(|update| update.round == round)
    }
}

/// A recommendation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recommendation {
    /// The reference as printed, e.g. "Ai" or "ii".
    pub reference: String,
    /// The reference in full, e.g. "I-ii", where the printed one is not it.
    pub full_reference: Option<String>,
    /// The words after the reference.
    pub text: String,
    /// What was varied since.
    #[serde(default, rename = "variation")]
    pub variations: Vec<Variation>,
}

/// A change to a recommendation's wording; the old wording stays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variation {
    /// The round in which it was reported.
    pub round: String,
    /// The words of the recommendation that it touches.
    pub old: String,
    /// What the update says instead.
    pub new: String,
    /// Who agreed it, as the update says.
    pub agreed_by: String,
}

/// Who leads an action.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lead {
    /// The cell as printed.
    pub wording: String,
    /// The posts ([`Post::id`]): two lead jointly; none where the cell is "N/A".
    pub posts: Vec<String>,
    /// A person whom the cell names; wording only, never an account.
    pub named_person: Option<String>,
}

/// The resource required.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The cell as printed.
    pub wording: String,
    /// What kind it is.
    pub kind: ResourceKind,
}

/// The kinds of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// None is needed.
    None,
    /// The budget there is.
    ExistingBudget,
    /// Money still to be found.
    FundingSought,
}

/// One filled update cell. The day on which it was written, and by whom, is not known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// The round.
    pub round: String,
    /// The rating that the words state; without one it is not recorded.
    pub reported: Option<Rating>,
    /// The one day that the text names as past, where it names one.
    pub speaks_of: Option<NaiveDate>,
    /// The text.
    pub text: String,
}

/// A change of an action's state.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateChange {
    /// The day from which it holds: the day of the column that says so.
    pub from: NaiveDate,
    /// The new state.
    pub to: State,
    /// Why, quoted from an update.
    pub reason: Option<String>,
}

/// The states other than open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Complete, as the officers say; the panel's agreement is not in the source.
    Complete,
    /// Complete, and continues as business as usual.
    CompleteContinuing,
    /// The work goes on in the action with this full reference.
    MergedInto(String),
}

/// A later date, asked for and not decided.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedFor {
    /// The round in whose update it is asked.
    pub round: String,
    /// The date as written.
    pub by_when: String,
    /// The post in whose update it stands ([`Post::id`]).
    pub asked_by: String,
    /// Why, quoted from the update.
    pub reason: String,
}

/// Evidence.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The round with which it was reported.
    pub round: String,
    /// Its title.
    pub title: String,
    /// Its date.
    pub dated: NaiveDate,
    /// The sentence that the figures come from.
    pub words: String,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What was counted.
    pub name: String,
    /// How many.
    pub value: u32,
}

/// A place in an update that points to another action.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossReference {
    /// The other action's full reference.
    pub to: String,
    /// The round of the update.
    pub round: String,
    /// The words that point, quoted from the update.
    pub words: String,
}

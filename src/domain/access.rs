//! Who may do what: one table, read by every command, every page, and the page that shows it.
//!
//! Rights come from what a person *is*: their roles, for all plans or for one, and what they answer for (the posts they hold
//! today, the actions they contribute to). What is not in the table is not allowed. Whether somebody may know of a plan at
//! all ([`sees`], else 404) is asked where it is loaded; the rest of this file decides between yes and "not allowed, and this
//! is who may" (403).

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{
    action::Action,
    code::coded,
    id::{PersonId, PlanId, PostId},
    plan::{Plan, Record},
    question::QuestionState,
    words::Words,
};

coded! {
    /// What a person can be here. A person can be several at once. The order is that of [`row`]'s columns.
    pub enum Role {
        /// Looks after people, settings and the mail log. Sees no plan.
        Administrator = "administrator",
        /// Owns plans.
        Manager = "manager",
        /// Runs rounds for the panel, and records what it decides.
        ScrutinyOfficer = "scrutiny-officer",
        /// Answers for actions, through the posts they hold.
        Lead = "lead",
        /// Writes updates for a lead.
        Contributor = "contributor",
        /// An elected member of a scrutiny panel.
        PanelMember = "panel-member",
        /// Somebody who is not signed in: nobody is given this role.
        Public = "public",
    }
}

impl Role {
    /// The roles that a person can be given.
    pub const GRANTED: &'static [Self] = &[
        Self::Administrator,
        Self::Manager,
        Self::ScrutinyOfficer,
        Self::Lead,
        Self::Contributor,
        Self::PanelMember,
    ];

    /// The word on pages.
    pub fn word(self, words: &Words) -> String {
        words.say(match self {
            Self::Administrator => "Administrator",
            Self::Manager => "Manager",
            Self::ScrutinyOfficer => "Scrutiny officer",
            Self::Lead => "Lead",
            Self::Contributor => "Contributor",
            Self::PanelMember => "{Panel} member",
            Self::Public => "Public",
        })
    }

    /// What it is for, for whoever gives it.
    pub fn meaning(self, words: &Words) -> String {
        words.say(match self {
            Self::Administrator => "looks after people, settings and the mail log; sees no plan",
            Self::Manager => "owns plans, keeps their actions true, enters updates for others",
            Self::ScrutinyOfficer => {
                "runs rounds for the {panel} and records what it decides, usually in {Democratic Services}"
            }
            Self::Lead => "answers for actions, and is reminded of them",
            Self::Contributor => "writes updates for a lead",
            Self::PanelMember => "reads plans and dashboards for the {panel}",
            Self::Public => "reads what is published, without signing in",
        })
    }

    /// Whether it can be given for one plan alone. An administrator has to do with no plan.
    pub fn is_by_plan(self) -> bool {
        !matches!(self, Self::Administrator | Self::Public)
    }
}

/// A role that somebody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// Which.
    pub role: Role,
    /// The one plan for which they have it; none: for all.
    pub plan: Option<PlanId>,
}

impl Grant {
    /// A role for all plans.
    pub fn everywhere(role: Role) -> Self {
        Self { role, plan: None }
    }

    /// "Lead", "Lead (only in Safe Homes)"; a title that is not among those given is not said.
    pub fn words(self, words: &Words, plans: &HashMap<PlanId, String>) -> String {
        let role = self.role.word(words);
        match self.plan.map(|plan| plans.get(&plan)) {
            None => role,
            Some(Some(title)) => format!("{role} (only in {title})"),
            Some(None) => format!("{role} (only in another plan)"),
        }
    }

    fn covers(self, plan: PlanId) -> bool {
        self.plan.is_none_or(|only| only == plan)
    }
}

/// Who is asking: taken by every command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person; none for the program itself (loading the seed, the worker) and for the public.
    pub person: Option<PersonId>,
    /// The name for the history.
    pub name: String,
    /// Their roles.
    pub grants: Vec<Grant>,
    /// The posts that they hold today.
    pub posts: Vec<PostId>,
}

impl Actor {
    /// The program itself, under a name for the history. It may do everything that can be given.
    pub fn program(name: &str) -> Self {
        let grants = Role::GRANTED.iter().map(|role| Grant::everywhere(*role)).collect();
        Self { person: None, name: name.to_owned(), grants, posts: Vec::new() }
    }

    /// Somebody who is not signed in.
    pub fn public() -> Self {
        let grants = vec![Grant::everywhere(Role::Public)];
        Self { person: None, name: "Public".to_owned(), grants, posts: Vec::new() }
    }

    /// Whether the actor has a role, for all plans or for any.
    pub fn is(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// Whether the actor has a role in a plan.
    pub fn is_in(&self, role: Role, plan: PlanId) -> bool {
        self.grants.iter().any(|grant| grant.role == role && grant.covers(plan))
    }

    /// Whether the actor answers for an action: holds a post that leads it, leads it in person, or contributes.
    pub fn answers_for(&self, action: &Action) -> bool {
        self.person.is_some_and(|me| action.is_answered_for_by(me, |post| self.posts.contains(&post)))
    }
}

coded! {
    /// Something that a person can do or read. The code is its name in addresses.
    pub enum Permission {
        /// Plans, actions, deadlines, what is overdue, decisions, published updates.
        ReadPlans = "read-plans",
        /// Updates and ratings that are not published yet.
        ReadUnpublished = "read-unpublished",
        /// Write an update, say that an action is complete, merge it.
        WriteUpdate = "write-update",
        /// Enter what somebody else reported by email or phone.
        EnterForOthers = "enter-for-others",
        /// Put off the reminders about an action for a week.
        PutOffReminders = "put-off-reminders",
        /// Ask for another date.
        AskForDate = "ask-for-date",
        /// Record what was decided on a date.
        DecideDate = "decide-date",
        /// Make and change plans and actions; reassign leads.
        EditPlans = "edit-plans",
        /// Close an action with no further action, or open it again.
        CloseAction = "close-action",
        /// Recommendations: their words, responses and variations.
        EditRecommendations = "edit-recommendations",
        /// Plan, open, close and publish rounds.
        RunRounds = "run-rounds",
        /// Note that a lead was asked by phone, and see who was asked when.
        NoteCalls = "note-calls",
        /// Draft a question from the panel.
        DraftQuestion = "draft-question",
        /// Pass a question from the panel on, or return it to the member.
        PassOnQuestion = "pass-on-question",
        /// Resolve a question from the panel that has been answered.
        ResolveQuestion = "resolve-question",
        /// Answer a question from the panel.
        AnswerQuestion = "answer-question",
        /// Record what the panel decided, its ratings and its conclusions.
        RecordDecisions = "record-decisions",
        /// Look at updates first, where the plan wants it: accept them, or return them.
        LookAtUpdates = "look-at-updates",
        /// Mark an update as not for publication.
        MarkExempt = "mark-exempt",
        /// Who changed what, as far as one may read it.
        ReadHistory = "read-history",
        /// Read the mail log, and what goes out next.
        ReadMail = "read-mail",
        /// Say that somebody is away, and who is asked instead.
        NoteAbsences = "note-absences",
        /// Add and change posts, and hand them over.
        ManagePosts = "manage-posts",
        /// Invite leads and contributors.
        InviteLeads = "invite-leads",
        /// Add and change people, their roles and their accounts.
        ManagePeople = "manage-people",
        /// Change the installation’s settings and statements.
        ManageSettings = "manage-settings",
        /// Take the whole history out as a file.
        ExportHistory = "export-history",
    }
}

impl Permission {
    /// What it lets people do, in words that begin with a verb: a sentence of ours, see [`Words::say`].
    pub fn words(self) -> &'static str {
        match self {
            Self::ReadPlans => "See plans, actions, deadlines, decisions and published updates",
            Self::ReadUnpublished => "See updates and ratings that are not published yet",
            Self::WriteUpdate => "Write an update, propose that an action is complete, or a merge",
            Self::EnterForOthers => "Enter an update for somebody else, received by email or phone",
            Self::PutOffReminders => "Put off the reminders that they get about an action for a week",
            Self::AskForDate => "Ask for a later date",
            Self::DecideDate => "Record what was decided on a later date",
            Self::EditPlans => "Make and change plans, actions, leads and resources",
            Self::CloseAction => "Close an action with no further action, or open it again",
            Self::EditRecommendations => "Change recommendations, their responses and variations",
            Self::RunRounds => "Plan, open, close and publish rounds",
            Self::NoteCalls => "Note who was asked by phone, and see who was asked when",
            Self::DraftQuestion => "Draft a question from the {panel}",
            Self::PassOnQuestion => "Pass on a question from the {panel}, or return it to the member",
            Self::ResolveQuestion => "Resolve a question from the {panel} that has been answered",
            Self::AnswerQuestion => "Answer a question from the {panel}",
            Self::RecordDecisions => "Record what the {panel} decided, its own ratings and its conclusions",
            Self::LookAtUpdates => {
                "Look at updates first, where the plan wants it, and accept or return them"
            }
            Self::MarkExempt => "Mark an update as not for publication",
            Self::ReadHistory => "See who changed what, as far as they may read it",
            Self::ReadMail => "See the mail log and what goes out next",
            Self::NoteAbsences => "Say that somebody else is away, and who is asked instead",
            Self::ManagePosts => "Add posts, hand them over, and arrange cover",
            Self::InviteLeads => "Invite leads and contributors",
            Self::ManagePeople => "Add people, change their roles, and end their access",
            Self::ManageSettings => "Change the settings and statements of the installation",
            Self::ExportHistory => "Take the whole history out as a file",
        }
    }
}

/// What a role may do of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    No,
    /// All of it, in the plans for which they have the role.
    Yes,
    /// On the actions that they answer for.
    Own,
    /// In plans in which they answer for an action.
    OwnPlans,
    /// Where the plan says that officers may grant later dates.
    IfOfficersGrant,
    /// Those that they asked.
    OwnQuestions,
    /// Until the plan is agreed.
    UntilAgreed,
    /// Where the plan is live to the panel.
    IfLive,
    /// Where the plan is public.
    IfPublic,
}

impl Cell {
    /// The words on the page that shows the table.
    pub fn words(self, words: &Words) -> String {
        words.say(match self {
            Self::No => "no",
            Self::Yes => "yes",
            Self::Own => "own actions",
            Self::OwnPlans => "plans with an action of theirs",
            Self::IfOfficersGrant => "where the plan says officers may; else the {panel} decides",
            Self::OwnQuestions => "questions of their own",
            Self::UntilAgreed => "until the plan is agreed",
            Self::IfLive => "only where the plan is live to the {panel}",
            Self::IfPublic => "where the plan is public",
        })
    }
}

/// The table: one row for each permission, one cell for each role in the order of [`Role::ALL`].
#[rustfmt::skip]
pub const fn row(permission: Permission) -> [Cell; Role::ALL.len()] {
    use Cell::{IfLive, IfOfficersGrant, IfPublic, No, Own, OwnPlans, OwnQuestions, UntilAgreed, Yes};
    match permission {
        //                              Administr. Manager          Scr. officer Lead      Contrib.  Panel   Public
        Permission::ReadPlans           => [No,  Yes,             Yes,         Yes,      Yes,      Yes,    IfPublic],
        Permission::ReadUnpublished     => [No,  Yes,             Yes,         OwnPlans, OwnPlans, IfLive, No],
        Permission::WriteUpdate         => [No,  Yes,             No,          Own,      Own,      No,     No],
        Permission::EnterForOthers      => [No,  Yes,             No,          No,       No,       No,     No],
        Permission::PutOffReminders     => [No,  Own,             No,          Own,      Own,      No,     No],
        Permission::AskForDate          => [No,  Yes,             No,          Own,      Own,      No,     No],
        Permission::DecideDate          => [No,  IfOfficersGrant, Yes,         No,       No,       No,     No],
        Permission::EditPlans           => [No,  Yes,             No,          No,       No,       No,     No],
        Permission::CloseAction         => [No,  Yes,             Yes,         No,       No,       No,     No],
        Permission::EditRecommendations => [No,  UntilAgreed,     Yes,         No,       No,       No,     No],
        Permission::RunRounds           => [No,  No,              Yes,         No,       No,       No,     No],
        Permission::NoteCalls           => [No,  Yes,             Yes,         No,       No,       No,     No],
        Permission::DraftQuestion       => [No,  No,              No,          No,       No,       Yes,    No],
        Permission::PassOnQuestion      => [No,  No,              Yes,         No,       No,       No,     No],
        Permission::ResolveQuestion     => [No,  No,              Yes,         No,       No,       OwnQuestions, No],
        Permission::AnswerQuestion      => [No,  Yes,             No,          Own,      Own,      No,     No],
        Permission::RecordDecisions     => [No,  No,              Yes,         No,       No,       No,     No],
        Permission::LookAtUpdates       => [No,  Yes,             No,          No,       No,       No,     No],
        Permission::MarkExempt          => [No,  Yes,             Yes,         No,       No,       No,     No],
        Permission::ReadHistory         => [Yes, Yes,             Yes,         Yes,      Yes,      Yes,    No],
        Permission::ReadMail            => [Yes, Yes,             No,          No,       No,       No,     No],
        Permission::NoteAbsences        => [Yes, Yes,             No,          No,       No,       No,     No],
        Permission::ManagePosts         => [Yes, Yes,             No,          No,       No,       No,     No],
        Permission::InviteLeads         => [Yes, Yes,             No,          No,       No,       No,     No],
        Permission::ManagePeople        => [Yes, No,              No,          No,       No,       No,     No],
        Permission::ManageSettings      => [Yes, No,              No,          No,       No,       No,     No],
        Permission::ExportHistory       => [Yes, No,              No,          No,       No,       No,     No],
    }
}

/// Not allowed, and who may.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} can do this", self.who(&Words::default()))]
pub struct Denied {
    /// As a sentence of ours: see [`Words::say`].
    who: String,
}

impl Denied {
    /// Not allowed to anybody but those: "Only a scrutiny officer of every plan in this round".
    pub fn but(who: &'static str) -> Self {
        Self { who: who.to_owned() }
    }

    /// "Only a manager", "Only a manager or a lead of this action".
    pub fn who(&self, words: &Words) -> String {
        words.fill(&self.who)
    }
}

/// What somebody wants to do it to.
#[derive(Clone, Copy, Debug)]
enum To<'a> {
    /// Anything at all: what depends on the plan is asked when it is known.
    Anything,
    Plan(&'a Plan),
    Record(&'a Record),
    Action(&'a Plan, &'a Action),
}

/// Whether somebody may do something at all, to something: asked before a page is opened.
///
/// # Errors
/// [`Denied`] with who may.
pub fn may(actor: &Actor, permission: Permission) -> Result<(), Denied> {
    check(actor, permission, To::Anything)
}

/// Whether somebody may do something to a plan.
///
/// # Errors
/// [`Denied`] with who may.
pub fn may_in(actor: &Actor, permission: Permission, plan: &Plan) -> Result<(), Denied> {
    check(actor, permission, To::Plan(plan))
}

/// Whether somebody may do something to an action of a plan.
///
/// # Errors
/// [`Denied`] with who may.
pub fn may_on(actor: &Actor, permission: Permission, plan: &Plan, action: &Action) -> Result<(), Denied> {
    check(actor, permission, To::Action(plan, action))
}

/// Whether somebody may know of a plan at all. To anybody else it is not there.
pub fn sees(actor: &Actor, record: &Record) -> bool {
    check(actor, Permission::ReadPlans, To::Record(record)).is_ok()
        || record.actions.iter().any(|action| actor.answers_for(action))
}

/// Whether somebody may read what is not published yet in a plan.
pub fn reads_unpublished(actor: &Actor, record: &Record) -> bool {
    check(actor, Permission::ReadUnpublished, To::Record(record)).is_ok()
}

/// Whether somebody may read what a manager still looks at or has returned in a plan: whoever works on it, and never the
/// panel, not even where the plan is live to it.
pub fn reads_unaccepted(actor: &Actor, record: &Record) -> bool {
    let row = row(Permission::ReadUnpublished);
    std::iter::zip(Role::ALL, row)
        .any(|(role, cell)| cell != Cell::IfLive && holds(actor, *role, cell, To::Record(record)))
}

/// Whether somebody may read what is not for publication in a plan: its panel's members, and whoever reads there what is not
/// published yet.
pub fn reads_exempt(actor: &Actor, record: &Record) -> bool {
    actor.is_in(Role::PanelMember, record.plan.id) || reads_unpublished(actor, record)
}

/// Whether somebody may read what a manager has returned to anybody in a plan: its managers and scrutiny officers. Else it is
/// for those who write on the action.
fn reads_returned(actor: &Actor, record: &Record) -> bool {
    let row = row(Permission::ReadUnpublished);
    std::iter::zip(Role::ALL, row)
        .any(|(role, cell)| cell == Cell::Yes && holds(actor, *role, cell, To::Record(record)))
}

/// A record as somebody may read it, and whether that is all that counts in it: else only what has been published by a day.
/// What is not for publication is for those of [`reads_exempt`], and the public reads no people's names.
pub fn readable(actor: &Actor, record: Record, day: NaiveDate) -> (Record, bool) {
    let all = reads_unpublished(actor, &record);
    let unaccepted = reads_unaccepted(actor, &record);
    let returned = reads_returned(actor, &record);
    let exempt = reads_exempt(actor, &record);
    let record = if all { record } else { record.published_at(day) };
    let record = match (unaccepted, returned) {
        (true, true) => record,
        (true, false) => record.without_returned(day, |action, update| {
            actor.answers_for(action) || (actor.person.is_some() && update.author == actor.person)
        }),
        (false, _) => record.without_unaccepted(),
    };
    let record = if exempt { record } else { record.without_exempt() };
    (if sees_names(actor) { record } else { record.without_names().without_unpublished_questions(day) }, all)
}

/// A record without the questions that are not somebody's to know of: a draft is its member's and the scrutiny officers' alone,
/// and one that was withdrawn nobody's.
pub fn without_others_drafts(actor: &Actor, mut record: Record) -> Record {
    let officer = check(actor, Permission::PassOnQuestion, To::Record(&record)).is_ok();
    for action in &mut record.actions {
        action.questions.retain(|question| match question.state {
            QuestionState::Withdrawn => false,
            QuestionState::Draft | QuestionState::Returned => officer || question.is_by(actor),
            QuestionState::PassedOn | QuestionState::Answered | QuestionState::Resolved => true,
        });
    }
    record
}

/// Whether somebody may read who holds a post: the public reads posts alone.
pub fn sees_names(actor: &Actor) -> bool {
    actor.grants.iter().any(|grant| grant.role != Role::Public) || actor.person.is_some()
}

fn check(actor: &Actor, permission: Permission, to: To<'_>) -> Result<(), Denied> {
    let row = row(permission);
    let ok = std::iter::zip(Role::ALL, row).any(|(role, cell)| holds(actor, *role, cell, to));
    if ok { Ok(()) } else { Err(Denied { who: who(row) }) }
}

fn holds(actor: &Actor, role: Role, cell: Cell, to: To<'_>) -> bool {
    let plan = match to {
        To::Anything => {
            // Whoever holds a post may have to do with an action, whatever roles they were given.
            let may_own = matches!(cell, Cell::Own | Cell::OwnPlans) || role == Role::Lead;
            return cell != Cell::No && (actor.is(role) || (may_own && !actor.posts.is_empty()));
        }
        To::Plan(plan) | To::Action(plan, _) => plan,
        To::Record(record) => &record.plan,
    };
    let has_role = actor.is_in(role, plan.id);
    match cell {
        Cell::No => false,
        // Whose question it is, is asked where it is known: see [`super::question::Question::may_be_resolved_by`].
        Cell::Yes | Cell::OwnQuestions => has_role,
        // These come from what somebody answers for, not from a role.
        Cell::Own => matches!(to, To::Action(_, action) if actor.answers_for(action)),
        Cell::OwnPlans => match to {
            To::Record(record) => record.actions.iter().any(|action| actor.answers_for(action)),
            To::Action(_, action) => actor.answers_for(action),
            To::Plan(_) | To::Anything => false,
        },
        Cell::IfOfficersGrant => has_role && !plan.panel_grants_dates,
        Cell::UntilAgreed => has_role && plan.agreed_on.is_none(),
        Cell::IfLive => has_role && plan.live_to_panel,
        Cell::IfPublic => has_role && plan.public,
    }
}

/// "Only a manager or a lead of this action".
fn who(row: [Cell; Role::ALL.len()]) -> String {
    let mut names: Vec<&str> = std::iter::zip(Role::ALL, row)
        .filter_map(|(role, cell)| match (role, cell) {
            (_, Cell::No) => None,
            (Role::Administrator, _) => Some("an administrator"),
            (Role::Manager, Cell::IfOfficersGrant) => {
                Some("a manager, in a plan where officers may grant dates,")
            }
            (Role::Manager, Cell::UntilAgreed) => Some("a manager, until the plan is agreed,"),
            (Role::Manager, _) => Some("a manager"),
            (Role::ScrutinyOfficer, _) => Some("a scrutiny officer"),
            (Role::Lead, Cell::Own) => Some("a lead of this action"),
            (Role::Lead, _) => Some("a lead"),
            (Role::Contributor, Cell::Own) => Some("a contributor to it"),
            (Role::Contributor, _) => Some("a contributor"),
            (Role::PanelMember, Cell::OwnQuestions) => Some("the {panel} member who asked"),
            (Role::PanelMember, _) => Some("{a panel} member"),
            (Role::Public, _) => None,
        })
        .collect();
    let last = names.pop().unwrap_or("the program itself");
    if names.is_empty() { format!("Only {last}") } else { format!("Only {} or {last}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::post::Lead;

    #[test]
    fn everything_can_be_done_by_somebody() {
        for permission in Permission::ALL {
            assert!(row(*permission).iter().any(|cell| *cell != Cell::No), "{permission:?}");
        }
    }

    #[test]
    fn who_may_is_said_in_words() {
        let denied = |p| {
            may(&Actor { grants: Vec::new(), ..Actor::program("x") }, p).unwrap_err().who(&Words::default())
        };
        assert_eq!(denied(Permission::EditPlans), "Only a manager");
        assert_eq!(
            denied(Permission::WriteUpdate),
            "Only a manager, a lead of this action or a contributor to it"
        );
        assert_eq!(
            denied(Permission::EditRecommendations),
            "Only a manager, until the plan is agreed, or a scrutiny officer"
        );
    }

    #[test]
    fn what_is_returned_is_for_who_writes_on_the_action_and_who_runs_the_plan() {
        use crate::domain::{
            id::UpdateId,
            rating::Rating,
            sample::{action, day, record, update},
            update::{Review, ReviewState, Update},
        };
        let reviewed = |id, state| Update {
            review: Some(Review { state, comment: None, on: None }),
            ..update(id, None, "2018-01-20", Rating::OnTrack)
        };
        let updates = vec![
            reviewed(1, ReviewState::Returned),
            reviewed(2, ReviewState::Submitted),
            Update { supersedes: Some(UpdateId(2)), ..reviewed(3, ReviewState::Submitted) },
        ];
        let (mine, theirs) = (PersonId(1), PersonId(2));
        let record = record([
            Action { updates, contributors: vec![mine], ..action(1, None) },
            Action { contributors: vec![theirs], ..action(2, None) },
        ]);
        let read = |actor: &Actor| -> Vec<i64> {
            let (record, _) = readable(actor, record.clone(), day("2018-02-01"));
            record.actions[0].updates.iter().map(|u| u.id.0).collect()
        };
        let lead = |person| Actor {
            person: Some(person),
            grants: vec![Grant::everywhere(Role::Lead)],
            ..Actor::program("x")
        };
        assert_eq!(read(&lead(mine)), [1, 2, 3]);
        assert_eq!(read(&lead(theirs)), [3], "what waits has been received");
        let officer = Actor { grants: vec![Grant::everywhere(Role::ScrutinyOfficer)], ..lead(PersonId(3)) };
        assert_eq!(read(&officer), [1, 2, 3]);
        let member = Actor { grants: vec![Grant::everywhere(Role::PanelMember)], ..lead(PersonId(3)) };
        assert_eq!(read(&member), [] as [i64; 0]);
    }

    #[test]
    fn what_is_not_for_publication_is_for_the_panel_and_those_who_work_on_the_plan_alone() {
        use crate::domain::{
            rating::Rating,
            round::RoundState,
            sample::{action, day, record, round, update},
            update::Update,
        };
        let updates = vec![Update { exempt: Some(3), ..update(1, Some(1), "2018-01-20", Rating::OnTrack) }];
        let mut record = record([Action { updates, contributors: vec![PersonId(1)], ..action(1, None) }]);
        record.plan.public = true;
        record.rounds = vec![round(1, "Jan 2018", "2018-01-25", RoundState::Published)];
        let reads = |role, person| {
            let grants = vec![Grant::everywhere(role)];
            let actor = Actor { person, grants, ..Actor::program("x") };
            let (record, _) = readable(&actor, record.clone(), day("2018-02-01"));
            !record.actions[0].updates[0].narrative.starts_with("Not for publication")
        };
        assert!(reads(Role::Manager, Some(PersonId(2))) && reads(Role::PanelMember, Some(PersonId(2))));
        assert!(reads(Role::Lead, Some(PersonId(1))));
        assert!(!reads(Role::Lead, Some(PersonId(2))), "a lead in other plans");
        assert!(!reads(Role::Public, None));
    }

    #[test]
    fn the_public_reads_posts_and_what_was_answered_before_the_last_published_round_was_closed() {
        use crate::domain::{
            id::{ActionId, QuestionId},
            post::Person,
            question::{Question, QuestionState},
            round::RoundState,
            sample::{action, day, record, round},
        };
        let question = |id, passed: &str, answered: &str| Question {
            id: QuestionId(id),
            version: 1,
            action: ActionId(1),
            text: "Why?".to_owned(),
            state: QuestionState::Answered,
            drafted_by: None,
            drafted_on: day(passed),
            comment: None,
            passed_on_on: Some(day(passed)),
            answer: Some("Because.".to_owned()),
            answered_by: None,
            answered_on: Some(day(answered)),
            answer_changed_on: None,
            resolved_on: None,
        };
        let questions = vec![
            question(1, "2018-01-10", "2018-01-25"),
            question(2, "2018-01-10", "2018-01-26"),
            question(3, "2018-01-26", "2018-01-27"),
        ];
        let leads = vec![Lead::Post { post: PostId(1), named: Some("Given Family".to_owned()) }];
        let lead_wording = "Communications Manager (Given Family)".to_owned();
        let person =
            Person { id: PersonId(9), name: "Another Name".to_owned(), email: String::new(), active: true };
        let alone = Action {
            leads: vec![Lead::Person(person)],
            lead_wording: "Another Name / a body outside".to_owned(),
            ..action(2, None)
        };
        let mut record = record([Action { questions, leads, lead_wording, ..action(1, None) }, alone]);
        record.rounds = vec![round(1, "Jan 2018", "2018-01-25", RoundState::Published)];
        record.plan.public = true;
        let (read, _) = readable(&Actor::public(), record.clone(), day("2018-02-01"));
        let action = &read.actions[0];
        assert_eq!(action.lead_wording, "Communications Manager");
        assert_eq!(read.actions[1].lead_wording, "An officer / a body outside");
        let said: Vec<_> = action.questions.iter().map(|q| (q.id.0, q.state, q.answer.is_some())).collect();
        assert_eq!(said, [(1, QuestionState::Answered, true), (2, QuestionState::PassedOn, false)]);
        let member = Actor {
            person: Some(PersonId(1)),
            grants: vec![Grant::everywhere(Role::PanelMember)],
            ..Actor::public()
        };
        assert_eq!(readable(&member, record, day("2018-02-01")).0.actions[0].questions.len(), 3);
    }
}

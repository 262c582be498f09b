//! Who may do what: one table, read by every command and every page.
//!
//! Rights come from what a person *is*: their roles, and the posts they hold today. What is not in the table is not
//! allowed. Whether somebody may know of a thing at all (404) is decided where it is loaded; this file decides between
//! yes and "not allowed, and this is who may" (403).

use super::{
    action::Action,
    code::coded,
    id::{PersonId, PostId},
    post::Lead,
};

coded! {
    /// What a person can be here. A person can be several at once.
    pub enum Role {
        /// Owns plans; stands in for the scrutiny officer and the administrator where nobody else has those tasks.
        Manager = "manager",
        /// Answers for actions, through the posts they hold or as a contributor.
        Lead = "lead",
        /// An elected member of a scrutiny panel.
        PanelMember = "panel-member",
    }
}

impl Role {
    /// The word on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Manager => "Manager",
            Self::Lead => "Lead",
            Self::PanelMember => "Panel member",
        }
    }
}

/// Who is asking: taken by every command from the first day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person; none for the program itself (loading the seed, the worker).
    pub person: Option<PersonId>,
    /// The name for the history.
    pub name: String,
    /// Their roles.
    pub roles: Vec<Role>,
    /// The posts that they hold today.
    pub posts: Vec<PostId>,
}

impl Actor {
    /// The program itself, under a name for the history. It may do everything that a manager may.
    pub fn program(name: &str) -> Self {
        Self { person: None, name: name.to_owned(), roles: vec![Role::Manager], posts: Vec::new() }
    }

    /// Whether the actor has a role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the actor answers for an action: holds a post that leads it, leads it in person, or contributes.
    pub fn answers_for(&self, action: &Action) -> bool {
        let Some(me) = self.person else { return false };
        action.contributors.contains(&me)
            || action.leads.iter().any(|lead| match lead {
                Lead::Post { post, .. } => self.posts.contains(post),
                Lead::Person(person) => person.id == me,
                Lead::OutsideBody(_) => false,
            })
    }
}

/// Something that a person can do or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Plans, actions, deadlines, what is overdue, published updates, the history of these.
    ReadPlans,
    /// Updates and ratings that are not published yet, of plans in which one answers for an action.
    ReadUnpublished,
    /// Write an update, say that an action is complete, merge it.
    WriteUpdate,
    /// Ask for another date.
    AskForDate,
    /// Record what was decided on a date.
    DecideDate,
    /// Close an action with no further action, or open it again.
    CloseAction,
    /// Make and change plans, recommendations and actions; reassign leads.
    EditPlans,
    /// Plan, open, close and publish rounds.
    RunRounds,
    /// Invite leads and contributors.
    InviteLeads,
    /// Add and change people, their roles and their accounts.
    ManagePeople,
    /// Add and change posts, and hand them over.
    ManagePosts,
    /// Change the installation’s settings and statements.
    ManageSettings,
    /// Take the whole history out as a file.
    ExportHistory,
    /// Read the mail log, and what goes out next.
    ReadMail,
}

/// Those to whom the table gives something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Manager,
    /// A lead or contributor: of the action in question, or of any action of the plan.
    Lead,
    /// A lead or contributor of the action in question.
    OwnLead,
    PanelMember,
}

/// The table.
fn who_may(permission: Permission) -> &'static [Who] {
    use Who::{Lead, Manager, OwnLead, PanelMember};
    match permission {
        Permission::ReadPlans => &[Manager, Lead, PanelMember],
        Permission::ReadUnpublished => &[Manager, OwnLead],
        Permission::WriteUpdate | Permission::AskForDate => &[Manager, OwnLead],
        Permission::DecideDate
        | Permission::CloseAction
        | Permission::EditPlans
        | Permission::RunRounds
        | Permission::InviteLeads
        | Permission::ManagePeople
        | Permission::ManagePosts
        | Permission::ManageSettings
        | Permission::ExportHistory
        | Permission::ReadMail => &[Manager],
    }
}

/// Not allowed, and who may.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{who} can do this")]
pub struct Denied {
    /// "Only a manager", "Only a manager or a lead of this action".
    pub who: String,
}

/// Whether somebody may do something that is not about one action.
///
/// # Errors
/// [`Denied`] with who may.
pub fn may(actor: &Actor, permission: Permission) -> Result<(), Denied> {
    check(actor, permission, None)
}

/// Whether somebody may do something to an action.
///
/// # Errors
/// [`Denied`] with who may.
pub fn may_on(actor: &Actor, permission: Permission, action: &Action) -> Result<(), Denied> {
    check(actor, permission, Some(action))
}

/// Whether somebody may read what is not published yet in a plan: managers, and those who answer for one of its actions.
pub fn reads_unpublished<'a>(actor: &Actor, mut actions: impl Iterator<Item = &'a Action>) -> bool {
    may(actor, Permission::ReadUnpublished).is_ok() || actions.any(|a| actor.answers_for(a))
}

fn check(actor: &Actor, permission: Permission, action: Option<&Action>) -> Result<(), Denied> {
    let allowed = who_may(permission);
    let ok = allowed.iter().any(|who| match who {
        Who::Manager => actor.is(Role::Manager),
        Who::Lead => actor.is(Role::Lead),
        Who::PanelMember => actor.is(Role::PanelMember),
        Who::OwnLead => action.is_some_and(|a| actor.answers_for(a)),
    });
    if ok {
        return Ok(());
    }
    let names: Vec<&str> = allowed
        .iter()
        .map(|who| match who {
            Who::Manager => "a manager",
            Who::Lead => "a lead",
            Who::OwnLead => "a lead of this action",
            Who::PanelMember => "a panel member",
        })
        .collect();
    Err(Denied { who: format!("Only {}", names.join(" or ")) })
}

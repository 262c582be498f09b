//! The words of accounts: how somebody came in, what a link is for, and where an account stands.

use chrono::{DateTime, TimeDelta, Utc};

use super::{access::Role, code::coded};

coded! {
    /// How somebody signed in.
    pub enum Way {
        /// Address and password.
        Password = "password",
        /// A link by mail to sign in.
        EmailLink = "email-link",
        /// The council's directory.
        SingleSignOn = "single-sign-on",
        /// A one-time link to set a password: an invitation, or a forgotten password.
        SetPassword = "set-password",
        /// One press, in the demonstration.
        Demonstration = "demonstration",
    }
}

impl Way {
    /// The words in the list of sessions.
    pub fn words(self) -> &'static str {
        match self {
            Self::Password => "with a password",
            Self::EmailLink => "by email link",
            Self::SingleSignOn => "by single sign-on",
            Self::SetPassword => "when the password was set",
            Self::Demonstration => "in the demonstration",
        }
    }

    /// Whether a second factor is asked for after it: the directory has asked for its own.
    pub fn asks_second_factor(self) -> bool {
        !matches!(self, Self::SingleSignOn | Self::Demonstration)
    }
}

coded! {
    /// What a link by mail is for. Each works once.
    pub enum Purpose {
        /// To come in for the first time.
        Invitation = "invitation",
        /// To set a new password.
        Password = "password",
        /// To sign in.
        SignIn = "sign-in",
        /// To say at the address that is left that it may be left.
        OldEmail = "old-email",
        /// To show that the new address is one's own.
        NewEmail = "new-email",
    }
}

impl Purpose {
    /// How long it holds.
    pub const fn holds_for(self) -> TimeDelta {
        TimeDelta::minutes(match self {
            Self::Invitation => 7 * 24 * 60,
            Self::Password => 60,
            Self::SignIn => 10,
            Self::OldEmail | Self::NewEmail => 24 * 60,
        })
    }

    /// The same in words: "7 days".
    pub const fn holds_for_words(self) -> &'static str {
        match self {
            Self::Invitation => "7 days",
            Self::Password => "60 minutes",
            Self::SignIn => "10 minutes",
            Self::OldEmail | Self::NewEmail => "24 hours",
        }
    }
}

/// The most links for one purpose that one person can hold at once. Asking again makes none before it void: whoever keeps
/// asking for somebody else fills that person's mailbox with this many links that work, and locks nobody out.
pub const LIVE_LINKS: u64 = 10;

/// Whether somebody with these roles can sign in with a link by mail alone: the mailbox is then their key.
///
/// # Why not everyone
/// Whoever changes plans or people would open all of it to whoever reads their mail. They have a password, and a second
/// factor that comes after it; a scrutiny officer has one too, so that a link would spare them nothing. One role that needs
/// a password is enough to need one.
pub fn signs_in_by_link(roles: &[Role]) -> bool {
    !roles.is_empty()
        && roles.iter().all(|role| match role {
            Role::Administrator | Role::Manager | Role::ScrutinyOfficer | Role::Public => false,
            Role::Lead | Role::Contributor | Role::PanelMember => true,
        })
}

/// Whether a manager may invite somebody to be this, without an administrator.
pub fn managers_invite(role: Role) -> bool {
    match role {
        Role::Lead | Role::Contributor => true,
        Role::Administrator | Role::Manager | Role::ScrutinyOfficer | Role::PanelMember | Role::Public => {
            false
        }
    }
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// They have come in, and can again.
    Active,
    /// An invitation is out.
    Invited,
    /// The last invitation was not used in time.
    InvitationExpired,
    /// The last invitation was taken back.
    InvitationRevoked,
    /// Nobody has invited them yet.
    NotInvited,
    /// Can't sign in, gets no mail.
    Deactivated,
}

impl Standing {
    /// Every one, in the order in which people are shown them.
    pub const ALL: &'static [Self] = &[
        Self::Active,
        Self::Invited,
        Self::InvitationExpired,
        Self::InvitationRevoked,
        Self::NotInvited,
        Self::Deactivated,
    ];

    /// Where an account stands that has or has not come in, by its newest invitation.
    pub fn of(active: bool, has_come_in: bool, newest: Option<Invitation>, now: DateTime<Utc>) -> Self {
        match newest {
            _ if !active => Self::Deactivated,
            _ if has_come_in => Self::Active,
            None => Self::NotInvited,
            Some(invitation) if invitation.revoked => Self::InvitationRevoked,
            Some(invitation) if invitation.expires_at <= now => Self::InvitationExpired,
            Some(_) => Self::Invited,
        }
    }

    /// The word in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::InvitationExpired => "expired",
            Self::InvitationRevoked => "revoked",
            Self::NotInvited => "not-invited",
            Self::Deactivated => "deactivated",
        }
    }

    /// The words on pages.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Invited => "Invited",
            Self::InvitationExpired => "Invitation expired",
            Self::InvitationRevoked => "Invitation revoked",
            Self::NotInvited => "Not invited yet",
            Self::Deactivated => "Deactivated",
        }
    }
}

/// An invitation, as far as it says where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// When it stops holding.
    pub expires_at: DateTime<Utc>,
    /// Whether it was taken back.
    pub revoked: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_alone_opens_no_account_that_changes_plans_or_people() {
        assert!(signs_in_by_link(&[Role::Lead]));
        assert!(signs_in_by_link(&[Role::PanelMember, Role::Lead]));
        assert!(signs_in_by_link(&[Role::Contributor]));
        for role in [Role::Administrator, Role::Manager, Role::ScrutinyOfficer] {
            assert!(!signs_in_by_link(&[role]), "{role:?}");
        }
        assert!(!signs_in_by_link(&[Role::Manager, Role::Lead]));
        // Somebody without any role has nothing here to come in for.
        assert!(!signs_in_by_link(&[]));
    }

    #[test]
    fn an_account_stands_where_its_newest_invitation_says_until_they_come_in() {
        let now = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000);
        let invitation = |expires_at, revoked| Some(Invitation { expires_at, revoked });
        let out = invitation(now + TimeDelta::seconds(1), false);
        for (active, has_come_in, newest, stands) in [
            (true, false, None, Standing::NotInvited),
            (true, false, out, Standing::Invited),
            (true, false, invitation(now, false), Standing::InvitationExpired),
            (true, false, invitation(now, true), Standing::InvitationRevoked),
            (true, true, None, Standing::Active),
            (true, true, invitation(now, true), Standing::Active),
            (false, true, out, Standing::Deactivated),
        ] {
            assert_eq!(Standing::of(active, has_come_in, newest, now), stands);
        }
    }
}

//! The words and rules of accounts: how somebody came in, who needs a second factor, what a link is
//! for, and where an account stands.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    access::{Grant, Role},
    code::coded,
};

/// How long it holds that somebody has shown that it is they, in minutes: after that it is asked again before the address,
/// the password or the second factor is changed.
pub const CONFIRMED_FOR: i64 = 10;
/// How long somebody who has entered their password may take for the second factor, in minutes.
pub const CODE_WITHIN: i64 = 10;
/// How many codes or passwords can be tried in one session before it ends.
pub const MOST_ATTEMPTS: i32 = 5;

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

/// Whether somebody with these roles, for all plans or for one, has to have a second factor: those who can change what is
/// not their own.
pub fn second_factor_required(grants: &[Grant]) -> bool {
    grants.iter().any(|grant| match grant.role {
        Role::Administrator | Role::Manager | Role::ScrutinyOfficer => true,
        Role::Lead | Role::Contributor | Role::PanelMember | Role::Public => false,
    })
}

/// What a browser calls itself, as people know it: "Firefox on Windows". Where that can't be told, the beginning of its own
/// words, which say whatever they like.
pub fn browser_words(user_agent: Option<&str>) -> String {
    let Some(agent) = user_agent.filter(|a| !a.trim().is_empty()) else {
        return "A browser that does not say what it is".to_owned();
    };
    // Each pretends to be those below it.
    let browsers = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "Android"),
        ("CrOS", "a Chromebook"),
        ("Windows", "Windows"),
        // iPads say so too, unless they are asked for pages as on a phone.
        ("Macintosh", "a Mac or iPad"),
        ("Linux", "Linux"),
    ];
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    match (known(&browsers), known(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => agent.trim().chars().take(40).collect(),
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
    use crate::domain::id::PlanId;

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

    #[test]
    fn those_who_change_what_is_not_their_own_need_a_second_factor() {
        use Role::{Administrator, Contributor, Lead, Manager, PanelMember, ScrutinyOfficer};
        let required = |roles: &[Role]| {
            second_factor_required(&roles.iter().copied().map(Grant::everywhere).collect::<Vec<_>>())
        };
        for role in [Administrator, Manager, ScrutinyOfficer] {
            assert!(required(&[role]) && required(&[Lead, role]), "{role:?}");
            assert!(
                second_factor_required(&[Grant { role, plan: Some(PlanId(1)) }]),
                "{role:?} for one plan"
            );
        }
        assert!(!required(&[]) && !required(&[Lead, Contributor, PanelMember]));
    }

    #[test]
    fn a_browser_is_called_what_people_call_it() {
        for (agent, words) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                "Safari on an iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
                "Safari on a Mac or iPad",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "Chrome on a Chromebook",
            ),
            ("curl/8.5.0", "curl/8.5.0"),
            (
                "<script>alert(1)</script> and a great deal more than fits",
                "<script>alert(1)</script> and a great de",
            ),
        ] {
            assert_eq!(browser_words(Some(agent)), words);
        }
        for nothing in [None, Some(""), Some("  ")] {
            assert_eq!(browser_words(nothing), "A browser that does not say what it is");
        }
    }
}

//! The words and rules of accounts: how somebody came in, who needs a second factor, and what a link is for.

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
    /// How long it holds, in minutes.
    pub const fn minutes(self) -> i64 {
        match self {
            Self::Invitation => 7 * 24 * 60,
            Self::Password => 60,
            Self::SignIn => 10,
            Self::OldEmail | Self::NewEmail => 24 * 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::PlanId;

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

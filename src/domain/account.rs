//! The words of accounts: how somebody came in, and what a link is for.

use super::code::coded;

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

//! Account mails: an invitation, links to sign in and to set a password, and word of what was changed. Each as a subject,
//! plain text and HTML that say the same.
//!
//! Pure functions: links and names come in. Never a word about a plan, and never a reason to write back.

use maud::html;

use super::document::{BUTTON, SMALL, document};

pub(super) mod sample;

/// Everything that one account mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter<'a> {
    /// The council's name; may be empty.
    pub council: &'a str,
    /// What those are called here that make recommendations: "panels".
    pub panels: &'a str,
    /// Whom it greets; empty where it is not known yet whose the address is.
    pub name: &'a str,
    /// The address that it goes to.
    pub address: &'a str,
    /// What it is about.
    pub about: About<'a>,
}

/// What an account mail is about. A link that works once is called `link`; the others are ordinary pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About<'a> {
    /// Come in for the first time.
    Invitation {
        /// Who invites.
        by: &'a str,
        /// The welcome page.
        link: &'a str,
        /// "7 days".
        holds_for: &'a str,
        /// They need not set a password.
        password_optional: bool,
    },
    /// Sign in without a password.
    SignIn {
        /// The page with the button.
        link: &'a str,
        /// "10 minutes".
        holds_for: &'a str,
    },
    /// A link to sign in was asked for, and there is none for this account.
    SignInWithPassword {
        /// Signing in.
        sign_in: &'a str,
        /// Asking for a new password.
        forgotten: &'a str,
    },
    /// Set a new password.
    NewPassword {
        /// The page with the form.
        link: &'a str,
        /// "60 minutes".
        holds_for: &'a str,
    },
    /// The password was changed.
    PasswordChanged {
        /// Asking for a new password.
        forgotten: &'a str,
    },
    /// Something about the second factor was changed.
    SecondFactor {
        /// What.
        what: SecondFactorNews<'a>,
        /// Asking for a new password.
        forgotten: &'a str,
    },
    /// To the address that is left: may it be?
    LeaveAddress {
        /// The page with both buttons.
        link: &'a str,
        /// "24 hours".
        holds_for: &'a str,
        /// The new address.
        new: &'a str,
    },
    /// To the new address: is it theirs?
    TakeAddress {
        /// The page with the button.
        link: &'a str,
        /// "24 hours".
        holds_for: &'a str,
    },
    /// To the owner of an address that somebody else wanted to take.
    AddressWanted,
    /// To the address that was left.
    AddressChanged {
        /// The new address.
        new: &'a str,
        /// Who changed it, where it was not the person.
        by: Option<&'a str>,
    },
}

/// What happened to somebody's second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactorNews<'a> {
    /// There was none before.
    SetUp,
    /// Codes come from another app now.
    Changed,
    /// The password alone signs in.
    SwitchedOff,
    /// The recovery codes before are void.
    CodesMade,
    /// Somebody signed in with a recovery code.
    CodeUsed {
        /// How many are left.
        left: u64,
    },
    /// Taken away by somebody who looks after accounts.
    Reset {
        /// Who.
        by: &'a str,
    },
}

/// A mail's words, once: both forms are made from them.
struct Words {
    subject: String,
    /// Before the button.
    opening: Vec<String>,
    /// What is pressed, and where it leads.
    button: Option<(&'static str, String)>,
    /// After the button.
    then: Vec<String>,
    /// Why it was sent, and what to do if it was not asked for.
    why: String,
}

const PRODUCT: &str = "Scrutiny Tracker";

fn words(letter: &Letter<'_>) -> Words {
    let Letter { council, panels, address, about, .. } = letter;
    let ours = if council.is_empty() { PRODUCT.to_owned() } else { format!("{council}’s {PRODUCT}") };
    let once = |holds_for: &str| {
        format!(
            "The link works once, for {holds_for}, in any browser. It is for you alone: do not pass this email on."
        )
    };
    let asked = |what: &str| {
        format!(
            "You get this email because {what} on the sign-in page of {ours}, for the account with the address {address}. \
             If it was not you, you need not do anything: without this email the link is of no use to anybody."
        )
    };
    let tell = format!("tell whoever looks after {ours}");
    match about {
        About::Invitation { by, link, holds_for, password_optional } => Words {
            subject: format!("Invitation to {ours}"),
            opening: vec![
                format!(
                    "{by} invites you to {ours}: the recommendations of the scrutiny {panels}, and what is being done about them."
                ),
                "To come in for the first time, open this link:".to_owned(),
            ],
            button: Some(("Accept the invitation", (*link).to_owned())),
            then: vec![
                if *password_optional {
                    "You can set a password there, or go on without one: you can always sign in with a link by email."
                } else {
                    "You set a password there, and set up an app on your phone that shows codes: have it at hand. It takes about five \
                     minutes."
                }
                .to_owned(),
                once(holds_for),
            ],
            why: format!(
                "You get this email because {by} added {address} to {ours}. If you do not know what this is about, you need not \
                 do anything."
            ),
        },
        About::SignIn { link, holds_for } => Words {
            subject: format!("Your link to sign in to {PRODUCT}"),
            opening: vec![format!("Here is the link to sign in to {ours} that you asked for:")],
            button: Some(("Sign in", (*link).to_owned())),
            then: vec![
                "It opens a page with one button. Press it, and you are signed in.".to_owned(),
                once(holds_for),
            ],
            why: asked("somebody asked for a link"),
        },
        About::SignInWithPassword { sign_in, forgotten } => Words {
            subject: format!("How to sign in to {PRODUCT}"),
            opening: vec![
                format!("Somebody asked for a link to sign in to {ours} with your address."),
                "What you can do there needs more than a link in an email: you sign in with your password, here:"
                    .to_owned(),
            ],
            button: Some(("Sign in with your password", (*sign_in).to_owned())),
            then: vec![format!("If you have forgotten your password, or never set one, ask for a new one: {forgotten}")],
            why: format!(
                "You get this email because somebody asked for a link on the sign-in page of {ours}, for the account with the \
                 address {address}. If it was not you, you need not do anything: nobody has got in."
            ),
        },
        About::NewPassword { link, holds_for } => Words {
            subject: format!("Set a new password for {PRODUCT}"),
            opening: vec![format!("Here is the link to set a new password for {ours} that you asked for:")],
            button: Some(("Set a new password", (*link).to_owned())),
            then: vec![
                "The password that you have now, if you have one, works until you have set the new one.".to_owned(),
                once(holds_for),
            ],
            why: asked("somebody asked for a new password"),
        },
        About::PasswordChanged { forgotten } => Words {
            subject: format!("Your password for {PRODUCT} was changed"),
            opening: vec![
                format!("The password of your account in {ours} has just been changed. Wherever else you were signed in, you are now signed out."),
                "If it was you, there is nothing to do.".to_owned(),
                format!("If it was not you, somebody can read your email or knew your password. Set a new one at once, and {tell}:"),
            ],
            button: Some(("Ask for a new password", (*forgotten).to_owned())),
            then: Vec::new(),
            why: format!("You get this email because the account with the address {address} has a new password."),
        },
        About::SecondFactor { what, forgotten } => Words {
            subject: match what {
                SecondFactorNews::SetUp => format!("A second factor was set up for {PRODUCT}"),
                SecondFactorNews::Changed => format!("Your second factor for {PRODUCT} was changed"),
                SecondFactorNews::SwitchedOff => format!("Your second factor for {PRODUCT} was switched off"),
                SecondFactorNews::CodesMade => format!("New recovery codes were made for {PRODUCT}"),
                SecondFactorNews::CodeUsed { .. } => format!("A recovery code was used for {PRODUCT}"),
                SecondFactorNews::Reset { .. } => format!("Your second factor for {PRODUCT} was reset"),
            },
            opening: vec![
                match what {
                    SecondFactorNews::SetUp => format!(
                        "From now on, signing in to your account in {ours} takes a code from an app as well as the password."
                    ),
                    SecondFactorNews::Changed => format!(
                        "From now on, the codes for signing in to your account in {ours} come from another app or phone. The \
                         earlier app and the earlier recovery codes do not work any more."
                    ),
                    SecondFactorNews::SwitchedOff => {
                        format!("From now on, signing in to your account in {ours} takes your password alone.")
                    }
                    SecondFactorNews::CodesMade => format!(
                        "New recovery codes have just been made for your account in {ours}. The earlier ones do not work any more."
                    ),
                    SecondFactorNews::CodeUsed { left } => format!(
                        "Somebody has just signed in to your account in {ours} with your password and a recovery code. {} left.",
                        match left {
                            0 => "No recovery code is".to_owned(),
                            1 => "1 recovery code is".to_owned(),
                            left => format!("{left} recovery codes are"),
                        }
                    ),
                    SecondFactorNews::Reset { by } => format!(
                        "{by} has taken away the second factor of your account in {ours}, which is done for somebody who has lost \
                         their phone and their recovery codes. You are signed out everywhere. Sign in with your password, and you \
                         can set up a new one."
                    ),
                },
                match what {
                    SecondFactorNews::Reset { .. } => "If you asked for this, there is nothing else to do.",
                    _ => "If it was you, there is nothing to do.",
                }
                .to_owned(),
                format!("If it was not you, somebody may know your password. Set a new one at once, and {tell}:"),
            ],
            button: Some(("Ask for a new password", (*forgotten).to_owned())),
            then: Vec::new(),
            why: format!("You get this email because it is about signing in to the account {address}."),
        },
        About::LeaveAddress { link, holds_for, new } => Words {
            subject: format!("May your address in {PRODUCT} be changed?"),
            opening: vec![
                format!("Somebody who is signed in as you asked that your account in {ours} gets another email address:"),
                format!("from {address} to {new}"),
                "Nothing changes until both addresses have said yes. Say yes or no for this one here:".to_owned(),
            ],
            button: Some(("Say yes or no", (*link).to_owned())),
            then: vec![once(holds_for)],
            why: format!(
                "You get this email because it was asked for on the account page of {ours}. If it was not you, open the link, \
                 press “No, leave it as it is”, and then set a new password: somebody may know yours."
            ),
        },
        About::TakeAddress { link, holds_for } => Words {
            subject: format!("Is this your new address for {PRODUCT}?"),
            opening: vec![
                format!("Somebody with an account in {ours} asked that {address} becomes its email address."),
                "If it was you, say so here. Your old address has to say yes as well:".to_owned(),
            ],
            button: Some(("Confirm this address", (*link).to_owned())),
            then: vec![once(holds_for)],
            why: "You get this email because this address was typed there. If it was not you, you need not do anything: the \
                  address then stays as it is."
                .to_owned(),
        },
        About::AddressWanted => Words {
            subject: format!("About your address in {PRODUCT}"),
            opening: vec![
                format!("Somebody with another account in {ours} asked that {address} becomes its email address."),
                "It is the address of your account, and stays so: nothing was changed.".to_owned(),
                format!("If it was you, because you have two accounts, {tell}."),
            ],
            button: None,
            then: Vec::new(),
            why: "You get this email because your address was typed there. If it was not you, you need not do anything.".to_owned(),
        },
        About::AddressChanged { new, by } => Words {
            subject: format!("Your address in {PRODUCT} was changed"),
            opening: vec![
                match by {
                    Some(by) => format!("{by} has changed the email address of your account in {ours}:"),
                    None => format!("The email address of your account in {ours} has been changed:"),
                },
                format!("from {address} to {new}"),
                "From now on mail goes to the new address, and you sign in with it.".to_owned(),
                format!("If this is not right, {tell} at once."),
            ],
            button: None,
            then: Vec::new(),
            why: "You get this email because this was the account’s address until now. It is the last one that goes there.".to_owned(),
        },
    }
}

fn greeting(letter: &Letter<'_>) -> String {
    match letter.name {
        "" => "Hello,".to_owned(),
        name => format!("Hello {name},"),
    }
}

/// The subject.
pub fn subject(letter: &Letter<'_>) -> String {
    words(letter).subject
}

/// The plain text.
pub fn plain(letter: &Letter<'_>) -> String {
    let Words { opening, button, then, why, .. } = words(letter);
    let mut paragraphs = vec![greeting(letter)];
    paragraphs.extend(opening);
    paragraphs.extend(button.map(|(label, link)| format!("{label}: {link}")));
    paragraphs.extend(then);
    format!("{}\n\n-- \n{why}", paragraphs.join("\n\n"))
}

const COLUMN: &str = "max-width:36em;margin:0 auto;overflow-wrap:break-word";
const PARAGRAPH: &str = "margin:0 0 16px";

/// The same as a whole HTML document.
pub fn html(letter: &Letter<'_>) -> String {
    let Words { subject, opening, button, then, why } = words(letter);
    let content = html! {
        p style=(PARAGRAPH) { (greeting(letter)) }
        @for words in opening { p style=(PARAGRAPH) { (words) } }
        @if let Some((label, link)) = button {
            p style=(PARAGRAPH) { a href=(link) style=(BUTTON) { (label) } }
            // Some programs show no buttons, and a careful reader wants to see where it leads.
            p style=(PARAGRAPH) { "Or copy this address into your browser: " (link) }
        }
        @for words in then { p style=(PARAGRAPH) { (words) } }
        p style=(SMALL) { (why) }
    };
    document(&subject, COLUMN, content)
}

#[cfg(test)]
#[path = "account_tests.rs"]
mod tests;

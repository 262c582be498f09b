//! Samples of account mails.

use super::{About, Letter, SecondFactorNews};

/// Whose account it is.
pub(crate) const ADDRESS: &str = "map-coordinator@council.example";

/// One of each, by name.
pub(crate) fn samples() -> Vec<(&'static str, About<'static>)> {
    let holds_for = "7 days";
    let invitation = |password_optional| About::Invitation {
        by: "Risk and Resilience Manager",
        link: "https://tracker.council.example/welcome/0f1e",
        holds_for,
        password_optional,
    };
    let second_factor =
        |what| About::SecondFactor { what, forgotten: "https://tracker.council.example/forgotten-password" };
    vec![
        ("second_factor_set_up", second_factor(SecondFactorNews::SetUp)),
        ("second_factor_changed", second_factor(SecondFactorNews::Changed)),
        ("second_factor_switched_off", second_factor(SecondFactorNews::SwitchedOff)),
        ("second_factor_codes_made", second_factor(SecondFactorNews::CodesMade)),
        ("second_factor_code_used", second_factor(SecondFactorNews::CodeUsed { left: 1 })),
        ("second_factor_reset", second_factor(SecondFactorNews::Reset { by: "Administrator" })),
        ("invitation", invitation(true)),
        ("invitation_password", invitation(false)),
        (
            "sign_in",
            About::SignIn {
                link: "https://tracker.council.example/sign-in/link/0f1e",
                holds_for: "10 minutes",
            },
        ),
        (
            "sign_in_with_password",
            About::SignInWithPassword {
                sign_in: "https://tracker.council.example/sign-in",
                forgotten: "https://tracker.council.example/forgotten-password",
            },
        ),
        (
            "new_password",
            About::NewPassword {
                link: "https://tracker.council.example/forgotten-password/0f1e",
                holds_for: "60 minutes",
            },
        ),
        (
            "password_changed",
            About::PasswordChanged { forgotten: "https://tracker.council.example/forgotten-password" },
        ),
        (
            "leave_address",
            About::LeaveAddress {
                link: "https://tracker.council.example/account/email/old/0f1e",
                holds_for: "24 hours",
                new: "new@council.example",
            },
        ),
        (
            "take_address",
            About::TakeAddress {
                link: "https://tracker.council.example/account/email/new/0f1e",
                holds_for: "24 hours",
            },
        ),
        ("address_wanted", About::AddressWanted),
        ("address_changed", About::AddressChanged { new: "new@council.example", by: None }),
        (
            "address_changed_by",
            About::AddressChanged { new: "new@council.example", by: Some("Administrator") },
        ),
    ]
}

/// A mail about that.
pub(crate) fn letter(about: About<'static>) -> Letter<'static> {
    let name = if matches!(about, About::TakeAddress { .. }) { "" } else { "MAP Coordinator" };
    Letter { council: "Middlesbrough Council", panels: "panels", name, address: ADDRESS, about }
}

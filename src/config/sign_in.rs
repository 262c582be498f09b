//! How people come in, as it is set: through the council's directory, with what is kept here, or both.

use super::Source;
use crate::single_sign_on;

/// What names the council's directory, and so turns single sign-on on.
const ISSUER: &str = "SCRUTINY_OIDC_ISSUER";

/// How people come in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The council's directory, where people come in through it.
    pub directory: Option<single_sign_on::Settings>,
    /// Whether passwords and email links let people in.
    pub local: bool,
}

impl SignIn {
    /// Reads its settings, and adds a line to `wrong` for each that is missing or wrong.
    pub(super) fn from(source: &Source, wrong: &mut Vec<String>) -> Self {
        let directory = directory(source, wrong);
        let local = is(source, "SCRUTINY_LOCAL_SIGN_IN", ["on", "off"], true, wrong);
        if source.get("SCRUTINY_LOCAL_SIGN_IN") == Some("off") && source.get(ISSUER).is_none() {
            wrong.push(format!(
                "SCRUTINY_LOCAL_SIGN_IN=off lets nobody in without single sign-on: set {ISSUER}"
            ));
        }
        Self { directory, local }
    }

    /// What is not safe about it.
    pub(super) fn doubt(&self) -> Option<String> {
        self.directory.as_ref().filter(|directory| directory.trusts_email()).map(|_| {
            "SCRUTINY_OIDC_TRUST_EMAIL is yes. Whoever can set the address of an account in the directory comes in as the \
             person who has that address here. Let the directory say which addresses it has verified (xms_edov for Entra \
             ID), and leave the setting out"
                .to_owned()
        })
    }
}

/// Single sign-on, if it is set.
fn directory(source: &Source, wrong: &mut Vec<String>) -> Option<single_sign_on::Settings> {
    let id = source.get("SCRUTINY_OIDC_CLIENT_ID");
    let secret = source.secret("SCRUTINY_OIDC_CLIENT_SECRET", wrong);
    let Some(issuer) = source.get(ISSUER) else {
        if id.is_some() || secret.is_some() {
            wrong.push(format!("{ISSUER} is missing: single sign-on needs it"));
        }
        return None;
    };
    for (name, there) in
        [("SCRUTINY_OIDC_CLIENT_ID", id.is_some()), ("SCRUTINY_OIDC_CLIENT_SECRET", secret.is_some())]
    {
        if !there {
            wrong.push(format!("{name} is missing: single sign-on needs it"));
        }
    }
    let name = source.get("SCRUTINY_OIDC_NAME").unwrap_or("Sign in with your council account");
    let trust = is(source, "SCRUTINY_OIDC_TRUST_EMAIL", ["yes", "no"], false, wrong);
    single_sign_on::Settings::new(issuer, id?, &secret?, name, trust)
        .map_err(|why| wrong.push(format!("{ISSUER} {why}")))
        .ok()
}

/// A setting that takes one of two words: whether it is the first.
fn is(source: &Source, name: &str, [yes, no]: [&str; 2], otherwise: bool, wrong: &mut Vec<String>) -> bool {
    match source.get(name) {
        None => otherwise,
        Some(value) => {
            if ![yes, no].contains(&value) {
                wrong.push(format!("{name} is not understood: it takes {yes} or {no}"));
            }
            value == yes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: [(&str, &str); 3] = [
        (ISSUER, "https://login.microsoftonline.com/8e7b4c5d-0000-4000-8000-000000000000/v2.0"),
        ("SCRUTINY_OIDC_CLIENT_ID", "tracker"),
        ("SCRUTINY_OIDC_CLIENT_SECRET", "a secret"),
    ];

    fn read<'a>(settings: impl IntoIterator<Item = (&'a str, &'a str)>) -> (SignIn, Vec<String>) {
        let mut wrong = Vec::new();
        (SignIn::from(&Source::of(settings), &mut wrong), wrong)
    }

    #[test]
    fn single_sign_on_is_off_until_it_is_set_and_then_needs_all_three() {
        let (nothing, wrong) = read([]);
        assert!(nothing.directory.is_none() && nothing.local && wrong.is_empty());
        let (set, wrong) = read(SET.into_iter().chain([("SCRUTINY_LOCAL_SIGN_IN", "off")]));
        assert!(set.directory.is_some_and(|s| !s.trusts_email()) && !set.local && wrong.is_empty());
        for (without, _) in SET {
            let (_, wrong) = read(SET.into_iter().filter(|(name, _)| *name != without));
            assert!(wrong.len() == 1 && wrong[0].starts_with(without), "{wrong:?}");
        }
    }

    #[test]
    fn what_would_let_nobody_in_or_is_not_understood_is_named() {
        for (name, value) in [("SCRUTINY_LOCAL_SIGN_IN", "off"), ("SCRUTINY_LOCAL_SIGN_IN", "maybe")] {
            let (_, wrong) = read([(name, value)]);
            assert!(wrong.len() == 1 && wrong[0].starts_with(name), "{wrong:?}");
        }
        let (_, wrong) = read(SET.into_iter().chain([("SCRUTINY_OIDC_TRUST_EMAIL", "true")]));
        assert!(wrong.len() == 1 && wrong[0].starts_with("SCRUTINY_OIDC_TRUST_EMAIL"), "{wrong:?}");
    }

    #[test]
    fn addresses_that_nobody_has_verified_leave_a_doubt() {
        assert_eq!(read(SET).0.doubt(), None);
        let doubt = read(SET.into_iter().chain([("SCRUTINY_OIDC_TRUST_EMAIL", "yes")])).0.doubt();
        assert!(doubt.is_some_and(|d| d.contains("xms_edov")));
    }

    #[test]
    fn a_secret_is_read_from_a_file_that_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "a secret\n").unwrap();
        let source = Source::of([("SCRUTINY_X_FILE", file.path().to_str().unwrap())]);
        let mut wrong = Vec::new();
        assert_eq!(source.secret("SCRUTINY_X", &mut wrong).as_deref(), Some("a secret"));
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(Source::of([("SCRUTINY_X_FILE", "/nowhere")]).secret("SCRUTINY_X", &mut wrong), None);
        assert!(wrong.len() == 1 && wrong[0].starts_with("SCRUTINY_X_FILE"), "{wrong:?}");
    }
}

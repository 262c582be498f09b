//! The settings of a real installation: from the environment, and from a file under it.
//!
//! Every setting is a `SCRUTINY_...` variable; a file (`--settings FILE`) holds the same as `NAME=value` lines, and the
//! environment wins. What is missing or wrong is said all at once, by name. The demonstration reads none of this.

use std::{collections::HashMap, net::SocketAddr, path::PathBuf, time::Duration};

use chrono_tz::Tz;

use crate::{
    mail::{
        message::Mailbox,
        settings::{Password, SmtpSettings, Timeouts, TlsMode},
    },
    single_sign_on,
};

/// Where the database lies unless a setting or `--database` says otherwise.
pub const DATABASE: &str = "sqlite://data/scrutiny-tracker.sqlite";

/// Raw settings by name.
#[derive(Clone, Debug, Default)]
pub struct Source(HashMap<String, String>);

impl Source {
    /// The environment's `SCRUTINY_...` variables over those of a file, if one is named.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn read(file: Option<&PathBuf>) -> Result<Self, dotenvy::Error> {
        let mut all = HashMap::new();
        if let Some(file) = file {
            for pair in dotenvy::from_path_iter(file)? {
                let (name, value) = pair?;
                all.insert(name, value);
            }
        }
        all.extend(std::env::vars().filter(|(name, _)| name.starts_with("SCRUTINY_")));
        Ok(Self(all))
    }

    /// Settings made by the program: for tests.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(pairs.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect())
    }

    /// A value that is there and not blank.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|v| v.trim()).filter(|v| !v.is_empty())
    }

    /// A secret: as it is set, or the first line of the file that NAME_FILE names, as secrets are handed to services.
    fn secret(&self, name: &str, wrong: &mut Vec<String>) -> Option<String> {
        let named = format!("{name}_FILE");
        let Some(file) = self.get(&named) else { return self.get(name).map(str::to_owned) };
        if self.get(name).is_some() {
            wrong.push(format!("{name} and {named} are both set: one of them is enough"));
        }
        match std::fs::read_to_string(file) {
            Ok(text) => {
                text.lines().next().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty())
            }
            Err(error) => {
                wrong.push(format!("{named} can’t be read: {error}"));
                None
            }
        }
    }

    /// The database's address: as on the command line, else as set, else the default.
    pub fn database(&self, given: Option<&str>) -> String {
        given.or_else(|| self.get("SCRUTINY_DATABASE")).unwrap_or(DATABASE).to_owned()
    }
}

/// The settings of `serve` and `worker`.
#[derive(Debug)]
pub struct Settings {
    /// Where people reach the installation: `https://tracker.council.gov.uk`.
    pub base_url: String,
    /// The council's name.
    pub council: String,
    /// Where `serve` listens.
    pub listen: SocketAddr,
    /// The office's time zone.
    pub zone: Tz,
    /// Whom mail comes from.
    pub sender: Mailbox,
    /// The mail server.
    pub smtp: SmtpSettings,
    /// The rest after every message.
    pub pace: Duration,
    /// The council's directory, where people come in through it.
    pub single_sign_on: Option<single_sign_on::Settings>,
    /// Whether passwords and email links let people in.
    pub local_sign_in: bool,
}

impl Settings {
    /// Reads all settings.
    ///
    /// # Errors
    /// One line for each that is missing or wrong.
    pub fn from(source: &Source) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let mut need = |name: &str, what: &str| match source.get(name) {
            Some(value) => value.to_owned(),
            None => {
                wrong.push(format!("{name} is missing: {what}"));
                String::new()
            }
        };
        let base_url =
            need("SCRUTINY_BASE_URL", "where people reach it, for example https://tracker.council.gov.uk");
        let council = need("SCRUTINY_COUNCIL", "the council’s name, for pages and mail");
        let from = need(
            "SCRUTINY_MAIL_FROM",
            "whom mail comes from, for example Scrutiny Tracker <tracker@council.gov.uk>",
        );
        let host = need("SCRUTINY_SMTP_HOST", "the mail server’s name");
        let addressed = base_url.starts_with("https://") || base_url.starts_with("http://");
        if !base_url.is_empty() && !addressed {
            wrong.push(
                "SCRUTINY_BASE_URL has to begin with https:// (or http:// on a test machine)".to_owned(),
            );
        }
        let sender = mailbox(&from);
        if sender.is_none() && !from.is_empty() {
            wrong.push("SCRUTINY_MAIL_FROM is no mail address".to_owned());
        }
        let listen = parsed(source, "SCRUTINY_LISTEN", "127.0.0.1:8080", "an address and a port", &mut wrong);
        let zone = parsed(
            source,
            "SCRUTINY_TIME_ZONE",
            "Europe/London",
            "a time zone such as Europe/London",
            &mut wrong,
        );
        let tls = parsed(source, "SCRUTINY_SMTP_TLS", "starttls", "none, starttls or tls", &mut wrong);
        let port = match tls {
            Some(TlsMode::Tls) => "465",
            Some(TlsMode::Starttls) => "587",
            _ => "25",
        };
        let port = parsed(source, "SCRUTINY_SMTP_PORT", port, "a port", &mut wrong);
        let per_minute: Option<u32> = parsed(
            source,
            "SCRUTINY_MESSAGES_PER_MINUTE",
            "30",
            "a number; 0: as fast as it goes",
            &mut wrong,
        );
        let password = source.secret("SCRUTINY_SMTP_PASSWORD", &mut wrong).map(Password::from);
        let single_sign_on = single_sign_on(source, &mut wrong);
        let local_sign_in = is(source, "SCRUTINY_LOCAL_SIGN_IN", ["on", "off"], true, &mut wrong);
        if source.get("SCRUTINY_LOCAL_SIGN_IN") == Some("off") && source.get(ISSUER).is_none() {
            wrong.push(format!(
                "SCRUTINY_LOCAL_SIGN_IN=off lets nobody in without single sign-on: set {ISSUER}"
            ));
        }
        match (listen, zone, tls, port, per_minute, sender) {
            (Some(listen), Some(zone), Some(tls), Some(port), Some(per_minute), Some(sender))
                if wrong.is_empty() =>
            {
                Ok(Self {
                    base_url,
                    council,
                    listen,
                    zone,
                    sender,
                    single_sign_on,
                    local_sign_in,
                    pace: Duration::from_secs(60).checked_div(per_minute).unwrap_or_default(),
                    smtp: SmtpSettings {
                        host,
                        port,
                        tls,
                        allow_clear_text: source.get("SCRUTINY_SMTP_ALLOW_CLEAR_TEXT") == Some("yes"),
                        user: source.get("SCRUTINY_SMTP_USER").map(str::to_owned),
                        password,
                        hello_name: source.get("SCRUTINY_SMTP_HELLO").map(str::to_owned),
                        extra_ca: source.get("SCRUTINY_SMTP_CA").map(PathBuf::from),
                        timeouts: Timeouts::default(),
                    },
                })
            }
            _ => Err(wrong),
        }
    }

    /// Whether people reach the installation over TLS.
    pub fn is_secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// What names the council's directory, and so turns single sign-on on.
const ISSUER: &str = "SCRUTINY_OIDC_ISSUER";

/// Single sign-on, if it is set.
fn single_sign_on(source: &Source, wrong: &mut Vec<String>) -> Option<single_sign_on::Settings> {
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

fn parsed<T: std::str::FromStr>(
    source: &Source,
    name: &str,
    otherwise: &str,
    what: &str,
    wrong: &mut Vec<String>,
) -> Option<T> {
    let value = source.get(name).unwrap_or(otherwise).parse().ok();
    if value.is_none() {
        wrong.push(format!("{name} is not understood: it takes {what}"));
    }
    value
}

/// "Name <address>" or an address alone.
fn mailbox(text: &str) -> Option<Mailbox> {
    let (name, address) = match text.split_once('<') {
        Some((name, rest)) => (name.trim().trim_matches('"'), rest.trim().strip_suffix('>')?),
        None => ("Scrutiny Tracker", text),
    };
    let address = address.trim();
    let (local, domain) = address.split_once('@')?;
    let plain = !local.is_empty() && !domain.is_empty() && !address.contains(char::is_whitespace);
    plain.then(|| Mailbox { name: name.to_owned(), address: address.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: [(&str, &str); 4] = [
        ("SCRUTINY_BASE_URL", "https://tracker.council.gov.uk"),
        ("SCRUTINY_COUNCIL", "A council"),
        ("SCRUTINY_MAIL_FROM", "Scrutiny Tracker <tracker@council.gov.uk>"),
        ("SCRUTINY_SMTP_HOST", "relay"),
    ];

    #[test]
    fn every_missing_setting_is_named_at_once() {
        let wrong = Settings::from(&Source::default()).unwrap_err();
        for (name, _) in WHOLE {
            assert!(wrong.iter().any(|line| line.starts_with(name)), "{name}: {wrong:?}");
        }
        assert_eq!(wrong.len(), WHOLE.len(), "{wrong:?}");
    }

    #[test]
    fn the_rest_has_safe_defaults() {
        let settings = Settings::from(&Source::of(WHOLE)).unwrap();
        assert_eq!(settings.smtp.tls, TlsMode::Starttls);
        assert_eq!(settings.smtp.port, 587);
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.pace, Duration::from_secs(2));
        assert_eq!(settings.sender.address, "tracker@council.gov.uk");
        assert!(settings.is_secure());
    }

    const SIGN_ON: [(&str, &str); 3] = [
        (
            "SCRUTINY_OIDC_ISSUER",
            "https://login.microsoftonline.com/8e7b4c5d-0000-4000-8000-000000000000/v2.0",
        ),
        ("SCRUTINY_OIDC_CLIENT_ID", "tracker"),
        ("SCRUTINY_OIDC_CLIENT_SECRET", "a secret"),
    ];

    #[test]
    fn single_sign_on_is_off_until_it_is_set_and_then_needs_all_three() {
        let settings = Settings::from(&Source::of(WHOLE)).unwrap();
        assert!(settings.single_sign_on.is_none() && settings.local_sign_in);
        let set = WHOLE.into_iter().chain(SIGN_ON).chain([("SCRUTINY_LOCAL_SIGN_IN", "off")]);
        let settings = Settings::from(&Source::of(set)).unwrap();
        assert!(settings.single_sign_on.is_some_and(|s| !s.trusts_email()) && !settings.local_sign_in);
        for (without, _) in SIGN_ON {
            let set = WHOLE.into_iter().chain(SIGN_ON.into_iter().filter(|(name, _)| *name != without));
            let wrong = Settings::from(&Source::of(set)).unwrap_err();
            assert!(wrong.len() == 1 && wrong[0].starts_with(without), "{wrong:?}");
        }
    }

    #[test]
    fn a_secret_is_read_from_a_file_that_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "a secret\n").unwrap();
        let source = Source::of([("SCRUTINY_X_FILE", file.path().to_str().unwrap())]);
        let mut wrong = Vec::new();
        assert_eq!(source.secret("SCRUTINY_X", &mut wrong).as_deref(), Some("a secret"));
        assert_eq!(Source::of([("SCRUTINY_X_FILE", "/nowhere")]).secret("SCRUTINY_X", &mut wrong), None);
        assert!(wrong.len() == 1 && wrong[0].starts_with("SCRUTINY_X_FILE"), "{wrong:?}");
    }

    #[test]
    fn a_setting_that_is_wrong_is_named() {
        for (name, value) in [
            ("SCRUTINY_LISTEN", "everywhere"),
            ("SCRUTINY_TIME_ZONE", "Europe/Middlesbrough"),
            ("SCRUTINY_SMTP_TLS", "maybe"),
            ("SCRUTINY_SMTP_PORT", "99999"),
            ("SCRUTINY_MAIL_FROM", "nobody"),
            ("SCRUTINY_BASE_URL", "tracker.council.gov.uk"),
            ("SCRUTINY_LOCAL_SIGN_IN", "off"),
            ("SCRUTINY_LOCAL_SIGN_IN", "maybe"),
        ] {
            let wrong = Settings::from(&Source::of(WHOLE.into_iter().chain([(name, value)]))).unwrap_err();
            assert_eq!(wrong.len(), 1, "{wrong:?}");
            assert!(wrong[0].starts_with(name), "{wrong:?}");
        }
    }
}

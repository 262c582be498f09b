//! The settings of a real installation: from the environment, and from a file under it.
//!
//! Every setting is a `SCRUTINY_...` variable; a file (`--settings FILE`) holds the same as `NAME=value` lines, and the
//! environment wins. What is missing or wrong is said all at once, by name. The demonstration reads none of this.
//!
//! What an administrator decides and not whoever runs the machine (words, time, limits, statements) is in the database:
//! [`crate::domain::installation`]. Two of these settings only fill a new one: the council's name and the time zone.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
    path::PathBuf,
    time::Duration,
};

use axum::http::{HeaderValue, Uri};
use chrono_tz::Tz;
use ipnet::IpNet;

use crate::{
    connection::Limits,
    mail::{
        message::Mailbox,
        settings::{Password, SmtpSettings, Timeouts, TlsMode},
    },
    worker::ping::Address,
};

mod doubt;
mod sign_in;

pub use sign_in::SignIn;

/// Where the database lies unless a setting or `--database` says otherwise.
pub const DATABASE: &str = "sqlite://data/scrutiny-tracker.sqlite";

/// What browsers are told: for two years, nothing but TLS to this host. Not `includeSubDomains`: a council may run other
/// things under this host's name, and what browsers have been told they can't be asked to forget. The session's `__Host-`
/// cookie does not need it.
const HSTS: &str = "max-age=63072000";
/// How many lines to the mail server are opened where no pace is kept, unless a setting says otherwise.
const LINES: &str = "20";

/// Raw settings by name.
#[derive(Clone, Debug, Default)]
pub struct Source(HashMap<String, String>);

impl Source {
    /// The environment's `SCRUTINY_...` variables over those of a file, if one is named.
    ///
    /// # Errors
    /// If the file can't be read: in words that name it, and never what stands in it.
    pub fn read(file: Option<&PathBuf>) -> Result<Self, String> {
        let mut all = HashMap::new();
        if let Some(file) = file {
            let path = file.display();
            let pairs = dotenvy::from_path_iter(file).map_err(|why| match why {
                dotenvy::Error::Io(why) => format!("the settings file {path} can’t be read: {why}"),
                _ => format!("the settings file {path} can’t be read"),
            })?;
            for pair in pairs {
                let (name, value) = pair.map_err(|why| match why {
                    dotenvy::Error::LineParse(line, _) => {
                        let text = std::fs::read_to_string(file).unwrap_or_default();
                        let number = text.lines().position(|l| l.contains(line.trim())).map_or(0, |n| n + 1);
                        format!(
                            "{path}, line {number}: this is no NAME=value. A value with spaces stands in quotation marks"
                        )
                    }
                    _ => format!("the settings file {path} can’t be read"),
                })?;
                all.insert(name, value);
            }
        }
        all.extend(std::env::vars().filter(|(name, _)| name.starts_with("SCRUTINY_")));
        Ok(Self(all))
    }

    /// Settings that nobody here has heard of: a slip of the pen would otherwise be passed over. Known is what the example
    /// file names.
    pub fn unknown(&self) -> Vec<&str> {
        let known = |name: &str| {
            include_str!("../.env.example")
                .split(|c: char| !(c.is_ascii_uppercase() || c == '_'))
                .any(|word| word == name)
        };
        let mut unknown: Vec<&str> = self.0.keys().map(String::as_str).filter(|name| !known(name)).collect();
        unknown.sort_unstable();
        unknown
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
    /// The council's name with which a new installation begins.
    pub council: String,
    /// Where `serve` listens.
    pub listen: SocketAddr,
    /// The proxies in front of it: their word on whom they speak for counts.
    pub proxies: Vec<IpNet>,
    /// The most connections at once.
    pub connections: usize,
    /// What browsers are told about TLS for this host, where people reach it over TLS.
    pub hsts: HeaderValue,
    /// The office's time zone with which a new installation begins.
    pub zone: Tz,
    /// Whom mail comes from.
    pub sender: Mailbox,
    /// The mail server.
    pub smtp: SmtpSettings,
    /// The rest after every message.
    pub pace: Duration,
    /// The most lines to the mail server at once, where there is no rest.
    pub lines: NonZeroUsize,
    /// How people come in.
    pub sign_in: SignIn,
    /// What is asked once the day's reminders were looked for.
    pub ping: Option<Address>,
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
        if !base_url.is_empty() && !is_base(&base_url) {
            wrong.push(
                "SCRUTINY_BASE_URL has to be https:// (or, on a test machine, http://) and a host, without a path"
                    .to_owned(),
            );
        }
        let sender = mailbox(&from);
        if sender.is_none() && !from.is_empty() {
            wrong.push("SCRUTINY_MAIL_FROM is no mail address".to_owned());
        }
        let listen = parsed(source, "SCRUTINY_LISTEN", "127.0.0.1:8080", "an address and a port", &mut wrong);
        let proxies = networks(source.get("SCRUTINY_TRUSTED_PROXIES").unwrap_or_default());
        if proxies.is_none() {
            wrong.push(
                "SCRUTINY_TRUSTED_PROXIES is not understood: it takes addresses or networks such as 10.0.0.0/8, with commas"
                    .to_owned(),
            );
        }
        let most = Limits::default().connections.to_string();
        let connections: Option<NonZeroUsize> =
            parsed(source, "SCRUTINY_CONNECTIONS", &most, "a number from 1", &mut wrong);
        let hsts = parsed(source, "SCRUTINY_HSTS", HSTS, "what the header is to say", &mut wrong);
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
        let lines: Option<NonZeroUsize> =
            parsed(source, "SCRUTINY_SMTP_CONNECTIONS", LINES, "a number from 1", &mut wrong);
        let password = source.secret("SCRUTINY_SMTP_PASSWORD", &mut wrong).map(Password::from);
        let ping = source.secret("SCRUTINY_PING_URL", &mut wrong).and_then(|set| {
            let address = Address::read(&set);
            if address.is_none() {
                wrong.push("SCRUTINY_PING_URL is not understood: it takes an https:// address".to_owned());
            }
            address
        });
        let sign_in = SignIn::from(source, &mut wrong);
        let network = listen.zip(proxies).zip(connections.zip(hsts));
        let server = tls.zip(port).zip(per_minute.zip(lines));
        match (network, zone, server, sender) {
            (
                Some(((listen, proxies), (connections, hsts))),
                Some(zone),
                Some(((tls, port), (per_minute, lines))),
                Some(sender),
            ) if wrong.is_empty() => Ok(Self {
                base_url,
                council,
                listen,
                proxies,
                connections: connections.get(),
                hsts,
                zone,
                sender,
                sign_in,
                ping,
                pace: Duration::from_secs(60).checked_div(per_minute).unwrap_or_default(),
                lines,
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
            }),
            _ => Err(wrong),
        }
    }

    /// Whether people reach the installation over TLS.
    pub fn is_secure(&self) -> bool {
        self.base_url.starts_with("https://")
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

/// Whether an address is a scheme and a host: pages stand at its root.
fn is_base(address: &str) -> bool {
    address.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
            && uri.path() == "/"
            && uri.query().is_none()
    })
}

/// Addresses and networks with commas between them; an address alone is a network of one.
fn networks(text: &str) -> Option<Vec<IpNet>> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| word.parse().ok().or_else(|| word.parse::<IpAddr>().ok().map(IpNet::from))).collect()
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
        assert_eq!((settings.pace, settings.lines.get()), (Duration::from_secs(2), 20));
        assert_eq!(settings.sender.address, "tracker@council.gov.uk");
        assert!(settings.is_secure());
        assert_eq!(settings.hsts, "max-age=63072000");
        assert!(settings.proxies.is_empty());
        assert!(settings.connections < 1000, "a program may commonly have 1,024 files open");
    }

    #[test]
    fn proxies_are_addresses_and_networks() {
        let with = |proxies| Source::of(WHOLE.into_iter().chain([("SCRUTINY_TRUSTED_PROXIES", proxies)]));
        let settings = Settings::from(&with("127.0.0.1, 10.0.0.0/8,2001:db8::1 ,")).unwrap();
        let proxies: Vec<String> = settings.proxies.iter().map(IpNet::to_string).collect();
        assert_eq!(proxies, ["127.0.0.1/32", "10.0.0.0/8", "2001:db8::1/128"]);
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
            ("SCRUTINY_BASE_URL", "https://council.gov.uk/tracker"),
            ("SCRUTINY_BASE_URL", "https://somebody@tracker.council.gov.uk"),
            ("SCRUTINY_BASE_URL", "ftp://tracker.council.gov.uk"),
            ("SCRUTINY_TRUSTED_PROXIES", "proxy.council.gov.uk"),
            ("SCRUTINY_TRUSTED_PROXIES", "10.0.0.0/33"),
            ("SCRUTINY_CONNECTIONS", "0"),
            ("SCRUTINY_SMTP_CONNECTIONS", "0"),
            ("SCRUTINY_HSTS", "max-age=\u{7}"),
            ("SCRUTINY_PING_URL", "ftp://ping.council.gov.uk/secret"),
            ("SCRUTINY_PING_URL", "/secret"),
        ] {
            let wrong = Settings::from(&Source::of(WHOLE.into_iter().chain([(name, value)]))).unwrap_err();
            assert_eq!(wrong.len(), 1, "{wrong:?}");
            assert!(wrong[0].starts_with(name), "{wrong:?}");
        }
    }
}

//! What is not wrong in the settings, and not safe either: said by `check` and in the log of `serve`, in words.
//!
//! A sentence for each: what is so, what can come of it, and what to do. It stops nobody.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use super::{Settings, Source};
use crate::{
    mail::settings::TlsMode,
    store::{
        Store,
        wire::{Wire, wire},
    },
};

impl Settings {
    /// What is not safe in these settings, with that database, from that source and file.
    pub fn doubts(&self, source: &Source, database: &str, file: Option<&PathBuf>) -> Vec<String> {
        let unknown = source.unknown().into_iter();
        let mut doubts: Vec<String> = unknown
            .map(|name| {
                format!("{name} is no setting, and does nothing. Is it misspelt? .env.example names them all")
            })
            .collect();
        doubts.extend(self.of_the_network());
        doubts.extend(self.of_mail());
        doubts.extend(self.sign_in.doubt());
        doubts.extend(of_the_database(database));
        doubts.extend(file.into_iter().filter(|file| anyone_reads(file)).map(|file| {
            format!(
                "Everyone on this machine can read {}, and it can hold passwords. Take that right away: chmod 600",
                file.display()
            )
        }));
        doubts
    }

    fn of_the_network(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        if !self.is_secure() {
            doubts.push(
                "SCRUTINY_BASE_URL begins with http://. Passwords and sessions cross the network in clear text. Put a web \
                 server that speaks TLS in front, and make it https://"
                    .to_owned(),
            );
        }
        if !self.listen.ip().is_loopback() && self.proxies.is_empty() {
            doubts.push(format!(
                "SCRUTINY_LISTEN is {}. The program speaks no TLS, and whoever reaches that port comes past the web server \
                 in front. Listen on 127.0.0.1, or name that web server in SCRUTINY_TRUSTED_PROXIES and let nobody else \
                 reach the port",
                self.listen
            ));
        }
        if self.is_secure() && self.proxies.is_empty() {
            doubts.push(
                "SCRUTINY_TRUSTED_PROXIES is not set. Everyone seems to come from the address of the web server in front, \
                 and guessing passwords is slowed down for all of them together. Name its address, such as 127.0.0.1"
                    .to_owned(),
            );
        }
        if self.proxies.iter().any(|network| network.prefix_len() == 0) {
            doubts.push(
                "SCRUTINY_TRUSTED_PROXIES holds every address there is. Anyone can say that they come from anywhere. Name \
                 the web server in front and nothing else"
                    .to_owned(),
            );
        }
        if self.is_secure() && !self.hsts.to_str().is_ok_and(|policy| max_age(policy) >= YEAR) {
            doubts.push(
                "SCRUTINY_HSTS asks browsers for less than a year of TLS. Before that is said again, they can be led to a \
                 page without it. Leave the setting out, or say max-age=63072000"
                    .to_owned(),
            );
        }
        doubts
    }

    fn of_mail(&self) -> Option<String> {
        let (smtp, host) = (&self.smtp, &self.smtp.host);
        if smtp.tls != TlsMode::None || is_this_machine(host) {
            return None;
        }
        let what = if smtp.allow_clear_text && smtp.user.is_none() {
            format!("Mail, and the links in it with which people sign in, goes to {host} in clear text")
        } else {
            format!("Mail to {host} is not sent, unless that is this machine")
        };
        Some(format!("SCRUTINY_SMTP_TLS is none. {what}. Make it starttls or tls"))
    }
}

fn of_the_database(url: &str) -> Option<String> {
    match wire(url) {
        Wire::Local => Store::file(url).filter(|file| anyone_reads(file)).map(|file| {
            format!(
                "Everyone on this machine can read the database {}. Take that right away: chmod 600",
                file.display()
            )
        }),
        Wire::Clear => Some(
            "The database is on another machine, and nothing makes the way there TLS. Add ?sslmode=verify-full to \
             SCRUTINY_DATABASE"
                .to_owned(),
        ),
        Wire::Unchecked => Some(
            "The database is on another machine, and nothing checks that it is that one. Make sslmode verify-full in \
             SCRUTINY_DATABASE"
                .to_owned(),
        ),
        Wire::Checked => None,
    }
}

/// A year, in seconds.
const YEAR: u64 = 365 * 24 * 60 * 60;

/// The seconds of `max-age` in `Strict-Transport-Security`.
fn max_age(policy: &str) -> u64 {
    let parts = policy.split(';').filter_map(|part| part.trim().split_once('='));
    let seconds = parts.filter(|(name, _)| name.eq_ignore_ascii_case("max-age")).map(|(_, value)| value);
    seconds.filter_map(|value| value.trim().trim_matches('"').parse().ok()).next().unwrap_or_default()
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether every account of this machine can open a file: by its own rights and its folder's.
#[cfg(unix)]
fn anyone_reads(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let may = |path: &Path, right: u32| {
        std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & right != 0)
    };
    // The folder of a bare name is this one, whose path is empty.
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    may(file, 0o004) && may(folder, 0o001)
}

/// Rights of other systems are not read.
#[cfg(not(unix))]
fn anyone_reads(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Source;

    /// What is not safe, with these settings beside safe ones.
    fn doubts(settings: &[(&str, &str)], database: &str) -> Vec<String> {
        let safe = [
            ("SCRUTINY_BASE_URL", "https://tracker.council.gov.uk"),
            ("SCRUTINY_COUNCIL", "A council"),
            ("SCRUTINY_MAIL_FROM", "Scrutiny Tracker <tracker@council.gov.uk>"),
            ("SCRUTINY_SMTP_HOST", "relay"),
            ("SCRUTINY_TRUSTED_PROXIES", "127.0.0.1"),
        ];
        let source = Source::of(safe.into_iter().chain(settings.iter().copied()));
        Settings::from(&source).unwrap().doubts(&source, database, None)
    }

    const NOWHERE: &str = "sqlite://not/there.sqlite";

    #[test]
    fn safe_settings_leave_no_doubt() {
        assert_eq!(doubts(&[], NOWHERE), [""; 0]);
        assert_eq!(
            doubts(&[("SCRUTINY_SMTP_TLS", "none"), ("SCRUTINY_SMTP_HOST", "127.0.0.1")], NOWHERE),
            [""; 0]
        );
        assert_eq!(doubts(&[("SCRUTINY_HSTS", "max-age=31536000; includeSubDomains")], NOWHERE), [""; 0]);
        assert_eq!(doubts(&[], "postgres://u:p@db.council.gov.uk/x?sslmode=verify-full"), [""; 0]);
        // A container, whose proxy is another one.
        let container = [("SCRUTINY_LISTEN", "0.0.0.0:8080"), ("SCRUTINY_TRUSTED_PROXIES", "10.0.0.0/8")];
        assert_eq!(doubts(&container, NOWHERE), [""; 0]);
    }

    #[test]
    fn every_unsafe_setting_is_named_with_what_to_do() {
        for (settings, database, begins, to_do) in [
            (
                &[("SCRUTINY_BASE_URL", "http://tracker.council.gov.uk")][..],
                NOWHERE,
                "SCRUTINY_BASE_URL",
                "https://",
            ),
            (
                &[("SCRUTINY_TRUSTED_PROXIES", "")],
                NOWHERE,
                "SCRUTINY_TRUSTED_PROXIES is not set",
                "127.0.0.1",
            ),
            (
                &[("SCRUTINY_TRUSTED_PROXIES", "0.0.0.0/0")],
                NOWHERE,
                "SCRUTINY_TRUSTED_PROXIES holds",
                "nothing else",
            ),
            (
                &[("SCRUTINY_TRUSTED_PROXIES", "10.0.0.1, ::/0")],
                NOWHERE,
                "SCRUTINY_TRUSTED_PROXIES holds",
                "nothing else",
            ),
            (&[("SCRUTINY_HSTS", "max-age=0")], NOWHERE, "SCRUTINY_HSTS", "63072000"),
            (&[("SCRUTINY_HSTS", "includeSubDomains")], NOWHERE, "SCRUTINY_HSTS", "63072000"),
            (
                &[("SCRUTINY_SMTP_TLS", "none"), ("SCRUTINY_SMTP_ALLOW_CLEAR_TEXT", "yes")],
                NOWHERE,
                "SCRUTINY_SMTP_TLS is none. Mail, and the links",
                "starttls",
            ),
            (
                &[("SCRUTINY_SMTP_TLS", "none")],
                NOWHERE,
                "SCRUTINY_SMTP_TLS is none. Mail to relay is not sent",
                "starttls",
            ),
            (&[], "postgres://u:p@db.council.gov.uk/x", "The database is on another machine", "verify-full"),
            (
                &[],
                "postgres://u:p@db.council.gov.uk/x?sslmode=require",
                "The database is on another",
                "verify-full",
            ),
        ] {
            let doubts = doubts(settings, database);
            assert_eq!(doubts.len(), 1, "{settings:?}: {doubts:?}");
            assert!(doubts[0].starts_with(begins) && doubts[0].contains(to_do), "{doubts:?}");
        }
        let open = [("SCRUTINY_LISTEN", "0.0.0.0:8080"), ("SCRUTINY_TRUSTED_PROXIES", "")];
        let doubts = doubts(&open, NOWHERE);
        assert!(doubts.iter().any(|d| d.starts_with("SCRUTINY_LISTEN is 0.0.0.0:8080")), "{doubts:?}");
    }

    #[test]
    fn no_doubt_says_a_password() {
        let all = doubts(&[("SCRUTINY_SMTP_TLS", "none")], "postgres://u:hush@db.council.gov.uk/x");
        assert!(all.len() == 2 && !all.concat().contains("hush"), "{all:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_everyone_can_read_is_named() {
        use std::{fs, os::unix::fs::PermissionsExt as _};
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.sqlite");
        fs::write(&file, "").unwrap();
        let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        let url = format!("sqlite://{}", file.display());
        for (of_folder, of_file, doubtful) in
            [(0o755, 0o644, true), (0o755, 0o600, false), (0o755, 0o640, false), (0o700, 0o644, false)]
        {
            mode(folder.path(), of_folder);
            mode(&file, of_file);
            assert_eq!(!doubts(&[], &url).is_empty(), doubtful, "{of_folder:o} {of_file:o}");
        }
        mode(folder.path(), 0o755);
        mode(&file, 0o644);
        assert!(doubts(&[], &url)[0].contains("chmod 600"));
    }
}

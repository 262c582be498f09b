//! The address that is asked once each day's reminders were looked for, as it is set.

use std::{fmt, net::IpAddr};

use axum::http::Uri;

use super::Source;

/// An address that whoever watches over reminders gave us: knowing it is all that it takes, so it never shows itself when
/// printed.
#[derive(Clone, PartialEq, Eq)]
pub struct PingAddress(Uri);

impl PingAddress {
    /// Reads its setting, and adds a line to `wrong` where it is none over http or https.
    pub(super) fn from(source: &Source, wrong: &mut Vec<String>) -> Option<Self> {
        let set = source.secret("SCRUTINY_PING_URL", wrong)?;
        let address = Self::read(&set);
        if address.is_none() {
            wrong.push("SCRUTINY_PING_URL is not understood: it takes an https:// address".to_owned());
        }
        address
    }

    /// An address in full; none: it is none over http or https.
    pub fn read(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let usable = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
        usable.then_some(Self(uri))
    }

    /// The whole of it, for whoever asks it.
    pub fn reveal(&self) -> String {
        self.0.to_string()
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.0.host().unwrap_or_default();
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

impl fmt::Debug for PingAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PingAddress({}, the rest is not shown)", self.0.host().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_shows_itself_to_nobody_who_prints_it() {
        let secret = "https://hc.example.org/ping/s3cret?a=s3cret";
        let address = PingAddress::read(secret).unwrap();
        assert_eq!(format!("{address:?}"), "PingAddress(hc.example.org, the rest is not shown)");
        assert_eq!(address.reveal(), secret);
        let mut wrong = Vec::new();
        assert!(
            PingAddress::from(&Source::of([("SCRUTINY_PING_URL", "ftp://x/s3cret")]), &mut wrong).is_none()
        );
        assert!(!wrong.concat().contains("s3cret"), "{wrong:?}");
    }
}

//! The dead man's handle: after each day's reminders an address outside is asked, and whoever watches it is told when that
//! stops.
//!
//! Never stands in the way of mail: it comes last, it is cut off after some seconds, and what goes wrong is logged, without the
//! address, which is a secret, and tried again at the next tick.

use std::{fmt, net::IpAddr, time::Duration};

use reqwest::{Client, Response, Url};

use crate::command::{CommandError, Cx, reminder};

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The address. Knowing it is all that it takes, so it never shows itself when printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// An address in full; none: it is none over http or https.
    pub fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(Self(url))
    }

    fn is_loopback(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        host == "localhost"
            || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}, the rest is not shown)", self.0.host_str().unwrap_or_default())
    }
}

/// Asks an address.
#[derive(Clone, Debug)]
pub struct Ping {
    address: Address,
    http: Client,
}

impl Ping {
    /// One that asks an address.
    ///
    /// # Errors
    /// In words, if the system's certificates can't be read.
    pub fn new(address: Address) -> Result<Self, String> {
        // reqwest takes what the process has. Somebody may have been first, with the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = Client::builder().connect_timeout(PATIENCE).timeout(PATIENCE);
        if address.is_loopback() {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| format!("no way to speak to the ping’s address: {error}"))?;
        Ok(Self { address, http })
    }

    /// Asks, if today's reminders were looked for and nobody has asked yet. True: it did, and was answered.
    pub(super) async fn ask_once_a_day(&self, cx: &Cx) -> Result<bool, CommandError> {
        let Some(day) = reminder::ping_due(cx).await? else { return Ok(false) };
        let answer = self.http.get(self.address.0.clone()).send().await;
        match answer.and_then(Response::error_for_status) {
            Ok(_) => {
                reminder::pinged(cx, day).await?;
                tracing::info!(%day, "the ping was answered");
                Ok(true)
            }
            Err(error) => {
                let error = error.without_url();
                let status = error.status().map(|status| status.as_u16());
                tracing::warn!(%day, status, error = %error, "the ping was not answered; it is tried again");
                Ok(false)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_shows_itself_to_nobody_who_prints_it() {
        let address = Address::read("https://hc.example.org/ping/s3cret?a=s3cret").unwrap();
        assert_eq!(format!("{address:?}"), "Address(hc.example.org, the rest is not shown)");
        for wrong in ["ftp://hc.example.org/", "/ping", "https://", "mailto:a@example.org"] {
            assert_eq!(Address::read(wrong), None, "{wrong}");
        }
        for (address, here) in
            [("http://127.0.0.1:1/", true), ("http://[::1]/", true), ("https://hc.example.org/", false)]
        {
            assert_eq!(Address::read(address).unwrap().is_loopback(), here);
        }
    }
}

//! The dead man's handle: after each day's reminders an address outside is asked, and whoever watches it is told when that
//! stops.
//!
//! Never stands in the way of mail: it comes last, it is cut off after some seconds, and what goes wrong is logged, without the
//! address, which is a secret, and tried again at the next tick.

use std::{fmt, time::Duration};

use crate::{
    command::{CommandError, Cx, reminder},
    config::PingAddress,
};

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks an address.
#[derive(Clone)]
pub struct Ping {
    address: PingAddress,
    http: reqwest::Client,
}

impl fmt::Debug for Ping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)
    }
}

impl Ping {
    /// One that asks an address.
    ///
    /// # Errors
    /// In words, if the system's certificates can't be read.
    pub fn new(address: PingAddress) -> Result<Self, String> {
        // reqwest takes what the process has. Somebody may have been first, with the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = reqwest::Client::builder().connect_timeout(PATIENCE).timeout(PATIENCE);
        if address.is_loopback() {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| format!("no way to speak to the ping’s address: {error}"))?;
        Ok(Self { address, http })
    }

    /// Asks, if today's reminders were looked for and nobody has asked yet. True: it did, and was answered.
    pub(super) async fn ask_once_a_day(&self, cx: &Cx) -> Result<bool, CommandError> {
        let Some(day) = reminder::ping_due(cx).await? else { return Ok(false) };
        let answer = self.http.get(self.address.reveal()).send().await;
        match answer.and_then(reqwest::Response::error_for_status) {
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

//! A bell between those who queue mail that must not wait and the worker of the same process.
//!
//! It carries nothing and promises nothing: a worker in another process never hears it, and looks by itself every few seconds.

use std::sync::Arc;

use tokio::sync::Notify;

/// The bell. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Rings. Where nobody listens just now, the next one who does hears it at once.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits until it rings.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}

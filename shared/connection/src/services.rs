//! The surroundings that are passed to every use case.

use billing::FirmId;
use jiff::Timestamp;
use ports::records::Records;
use quickbooks::oauth::App;
use store::Store;
use store::activity::ActivityEntry;
use store::schedule::ScheduledJob;

/// What keeps grants alive: the network, the records, and our app at Intuit.
pub struct AuthServices<'a, H, R> {
    /// The network.
    pub http: &'a H,
    /// The records.
    pub store: &'a Store<R>,
    /// Our app.
    pub app: &'a App,
}

/// What the use cases that talk to QuickBooks work with.
pub struct Services<H, R> {
    /// The network.
    pub http: H,
    /// The records.
    pub store: Store<R>,
    /// Our app at Intuit.
    pub app: App,
    /// Origin of the accounting API, no trailing slash.
    pub api_origin: String,
    /// Whether RIVET is told of documents.
    pub tells: bool,
}

impl<H, R> Services<H, R> {
    /// The part that keeps grants alive.
    pub fn grants(&self) -> AuthServices<'_, H, R> {
        AuthServices {
            http: &self.http,
            store: &self.store,
            app: &self.app,
        }
    }
}

/// Has the next run tell what is new on a desk that was just left. Whatever becomes of this hint, the next refresh of the firm's token
/// is another.
pub async fn hint<H, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    mut lines: impl Iterator<Item = &ActivityEntry>,
    now: Timestamp,
) {
    if bridge.tells && lines.any(|line| line.notification.is_some()) {
        let _ = bridge
            .store
            .schedule_by(firm, ScheduledJob::Connection, now)
            .await;
    }
}

//! The services that a use case works with: the network, the store and RIVET's app at Intuit.

use billing::FirmId;
use jiff::Timestamp;
use ports::records::Records;
use quickbooks::oauth::App;
use store::Store;
use store::activity::ActivityEntry;
use store::schedule::ScheduledJob;

/// The services that sign-in, refresh and disconnect need. The accounting API is not among them.
pub struct AuthServices<'a, H, R> {
    /// The network.
    pub http: &'a H,
    /// The store.
    pub store: &'a Store<R>,
    /// RIVET's app at Intuit.
    pub app: &'a App,
}

/// The services of use cases that call a company.
pub struct Services<H, R> {
    /// The network.
    pub http: H,
    /// The store.
    pub store: Store<R>,
    /// RIVET's app at Intuit.
    pub app: App,
    /// Origin of the accounting API, without a trailing slash.
    pub api_origin: String,
    /// RIVET receives notifications of documents as well as of connections.
    pub notifies_documents: bool,
}

impl<H, R> Services<H, R> {
    /// Returns the services that sign-in, refresh and disconnect need.
    pub fn auth(&self) -> AuthServices<'_, H, R> {
        AuthServices {
            http: &self.http,
            store: &self.store,
            app: &self.app,
        }
    }
}

impl<H, R: Records> Services<H, R> {
    /// Schedules the firm's notifications if a new activity entry has one.
    ///
    /// A store failure is ignored: the next refresh of the firm's token also sends the notifications.
    pub async fn schedule_notifications(
        &self,
        firm: &FirmId,
        mut entries: impl Iterator<Item = &ActivityEntry>,
        now: Timestamp,
    ) {
        if self.notifies_documents && entries.any(|entry| entry.notification.is_some()) {
            let scheduled = self.store.schedule_by(firm, ScheduledJob::Connection, now);
            let _ = scheduled.await;
        }
    }
}

//! The last notification of a document.

use crate::activity::ActivityLog;
use crate::document::DocumentRecord;

impl DocumentRecord {
    /// Returns whether the last notification had this cause.
    pub fn was_notified_of(&self, cause: &str, log: &ActivityLog) -> bool {
        let is_observed = self
            .observed
            .as_ref()
            .is_some_and(|observed| observed.notified_cause == cause);
        is_observed || (self.notified_cause() == Some(cause) && self.is_notified(log))
    }

    /// Returns whether the activity log has the entry of the last notification. A worker may have crashed before it wrote the entry.
    pub fn is_notified(&self, log: &ActivityLog) -> bool {
        let at = self
            .last_notified
            .as_ref()
            .and_then(|last| last.split(' ').next());
        at.and_then(json::parse_instant)
            .is_some_and(|at| log.has_notified(&self.reference, at))
    }

    fn notified_cause(&self) -> Option<&str> {
        self.last_notified.as_ref()?.split(' ').nth(1)
    }
}

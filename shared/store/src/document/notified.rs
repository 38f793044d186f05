//! What RIVET was told of a document last.

use super::DocumentRecord;
use crate::activity::ActivityLog;

impl DocumentRecord {
    /// Whether a cause was told last.
    pub fn was_notified_of(&self, cause: &str, log: &ActivityLog) -> bool {
        let noticed = self
            .observed
            .as_ref()
            .is_some_and(|seen| seen.told == cause);
        noticed || (self.notified_cause() == Some(cause) && self.is_notified(log))
    }

    pub fn is_notified(&self, log: &ActivityLog) -> bool {
        let at = self
            .last_notified
            .as_ref()
            .and_then(|told| told.split(' ').next());
        at.and_then(json::parse_instant)
            .is_some_and(|at| log.has_notified(&self.reference, at))
    }

    pub fn notified_cause(&self) -> Option<&str> {
        self.last_notified.as_ref()?.split(' ').nth(1)
    }
}

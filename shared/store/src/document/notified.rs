//! What RIVET was told of a document last.

use super::DocumentRecord;
use crate::activity::ActivityLog;

impl DocumentRecord {
    /// Whether a cause was told last.
    pub fn was_told(&self, cause: &str, log: &ActivityLog) -> bool {
        let noticed = self.seen.as_ref().is_some_and(|seen| seen.told == cause);
        noticed || (self.told_cause() == Some(cause) && self.is_told(log))
    }

    pub fn is_told(&self, log: &ActivityLog) -> bool {
        let at = self.told.as_ref().and_then(|told| told.split(' ').next());
        at.and_then(json::parse_instant)
            .is_some_and(|at| log.tells(&self.reference, at))
    }

    pub fn told_cause(&self) -> Option<&str> {
        self.told.as_ref()?.split(' ').nth(1)
    }
}

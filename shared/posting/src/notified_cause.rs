//! The cause of a conflict: what RIVET is told of once.

use crate::conflict::decision_reason;
use mapping::PostedObject;
use ports::entropy::digest;
use std::collections::BTreeSet;
use store::activity::ActivityLog;
use store::document::DocumentRecord;
use store::document::conflict::{Conflict, ConflictObject};
use store::reason::{Reason, ReasonCode};

/// Returns whether a scan told of the differences that this attempt takes for QuickBooks' doing.
pub fn was_told_as_edit(record: &DocumentRecord, log: &ActivityLog) -> bool {
    let is_ours = record.status.is_conflict_of(ReasonCode::PostedDifferently);
    let Some(conflict) = record.conflict.as_ref().filter(|_| is_ours) else {
        return false;
    };
    let edit = decision_reason(ReasonCode::ChangedInQuickbooks, "");
    // Without a version of a person's, the cause would be that of any other such difference.
    !versions(&edit, conflict, &record.posted).is_empty()
        && record.was_notified_of(&conflict_cause(&edit, conflict, &record.posted), log)
}

/// Returns the cause of a conflict: the versions that a person made, or what QuickBooks altered. A planned object has no id and no version.
pub fn conflict_cause(reason: &Reason, conflict: &Conflict, posted: &[PostedObject]) -> String {
    let mut words = reason.code.clone();
    if reason.has_code(ReasonCode::PostedDifferently) {
        words.extend(conflict.differences());
        return short_digest(&words);
    }
    words.extend(versions(reason, conflict, posted));
    short_digest(&words)
}

/// Returns the versions that are the cause of a conflict: of an edit, those that RIVET does not know.
fn versions(reason: &Reason, conflict: &Conflict, posted: &[PostedObject]) -> BTreeSet<String> {
    let mut versions = BTreeSet::new();
    for ConflictObject { key, version, .. } in &conflict.objects {
        let is_ours = |posted: &PostedObject| {
            key.id == posted.id && version.as_ref() == Some(&posted.sync_token)
        };
        let is_changed = reason.has_code(ReasonCode::ChangedInQuickbooks);
        if !key.id.is_empty() && (!is_changed || !posted.iter().any(is_ours)) {
            versions.insert(format!("\n{key} {}", version.as_deref().unwrap_or("-")));
        }
    }
    versions
}

/// Returns the digest of a cause, short enough for a record.
pub fn short_digest(words: &str) -> String {
    digest(words).get(..12).unwrap_or_default().to_owned()
}

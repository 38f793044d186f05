//! Collects people's edits of a document's objects, and decides how the document continues.

use crate::detection::edit::Edit;
use crate::wording::{self, EntryText, activity_entry};
use jiff::Timestamp;
use mapping::{Difference, PostedObject};
use ports::entropy::digest;
use posting::comparison::object_name;
use posting::conflict::decision_reason;
use posting::notified_cause::conflict_cause;
use store::activity::notification::DocumentNotification;
use store::activity::{ActivityEntry, ActivityLog};
use store::document::conflict::Conflict;
use store::document::status::DocumentStatus;
use store::document::{AttemptOutcome, AttemptRemark, DocumentRecord};
use store::queue::detection::Detection;
use store::queue::effective_status::effective_status;
use store::queue::entry::QueueEntry;
use store::reason::ReasonCode;

/// The changes that people made in the objects of a document.
#[derive(Default)]
pub(crate) struct Drift {
    conflicting: Changes,
    cosmetic: Changes,
}

/// Changes of one sort: a person decides about conflicting ones, cosmetic ones are only noted.
#[derive(Default)]
struct Changes {
    /// Each change as part of a sentence.
    phrases: Vec<String>,
    /// The changes with all values, of which the record keeps the digest.
    values: String,
}

/// Flags that say which changes differ from those of the last scan.
struct NewChanges {
    are_conflicting: bool,
    are_cosmetic: bool,
}

/// The document whose objects changed.
pub(crate) struct DriftedDocument<'a> {
    pub(crate) record: &'a mut DocumentRecord,
    /// The document's queue entry, if it is unfinished.
    pub(crate) entry: Option<&'a QueueEntry>,
    pub(crate) log: &'a ActivityLog,
    pub(crate) now: Timestamp,
}

impl Drift {
    /// Adds the edit of one object.
    pub(crate) fn add(&mut self, posted: &PostedObject, edit: &Edit) {
        let object = object_name(posted);
        let differences = match edit {
            Edit::Nothing => return,
            Edit::Voided => return self.conflicting.add(format!("voided {object}")),
            Edit::Deleted => return self.conflicting.add(format!("deleted {object}")),
            Edit::Edited(differences) => differences,
        };
        for is_cosmetic in [false, true] {
            let of_this_sort = |difference: &&Difference| difference.is_cosmetic == is_cosmetic;
            let differences: Vec<_> = differences.iter().filter(of_this_sort).collect();
            let changes = match is_cosmetic {
                false => &mut self.conflicting,
                true => &mut self.cosmetic,
            };
            changes.add_differences(&object, &differences);
        }
    }

    /// Adds the move of an object to a job or project of its customer. The books of the customer say the same.
    pub(crate) fn add_move(&mut self, phrase: String) {
        self.cosmetic.add(phrase);
    }

    /// Resolves the drift of the document. Returns the activity entry about it, if an edit is new.
    pub(crate) fn resolve(
        &self,
        document: &mut DriftedDocument<'_>,
        conflict: Conflict,
    ) -> Option<ActivityEntry> {
        let new = self.save_digests(document.record);
        if !self.conflicting.phrases.is_empty() {
            return self.open_conflict(document, conflict, &new);
        }
        let DriftedDocument {
            record, entry, now, ..
        } = document;
        let may_conflict = Detection::may_conflict(record, *entry);
        let is_conflict = matches!(record.status, DocumentStatus::Conflict(_));
        if may_conflict && is_conflict && !record.is_half_posted {
            return Some(end_conflict(record, *now));
        }
        if self.cosmetic.phrases.is_empty() || !new.are_cosmetic {
            return None;
        }
        let changes = wording::list(&self.cosmetic.phrases);
        let detail = format!("Somebody {changes} in QuickBooks. The books say the same.");
        record.add_attempt(AttemptOutcome::Noted, &detail, *now);
        let state = record.status.name();
        let text = EntryText { state, detail };
        Some(activity_entry(record, *now, text, None))
    }

    /// Saves the digests of both sorts of changes in the record.
    fn save_digests(&self, record: &mut DocumentRecord) -> NewChanges {
        let observed = record.observed.get_or_insert_default();
        NewChanges {
            are_conflicting: self.conflicting.save_digest(&mut observed.conflict_digest),
            are_cosmetic: self.cosmetic.save_digest(&mut observed.cosmetic_digest),
        }
    }

    /// Records a conflict if the objects were written for the document's newest revision. Otherwise the newer revision is tried first.
    fn open_conflict(
        &self,
        document: &mut DriftedDocument<'_>,
        conflict: Conflict,
        new: &NewChanges,
    ) -> Option<ActivityEntry> {
        let DriftedDocument {
            record,
            entry,
            log,
            now,
        } = document;
        let changes = wording::list(&self.conflicting.phrases);
        let sentence = format!("Somebody {changes} in QuickBooks.");
        let reason = decision_reason(ReasonCode::ChangedInQuickbooks, &sentence);
        let cause = conflict_cause(&reason, &conflict, &record.posted);
        let is_as_posted = is_as_posted(record, &conflict);
        let is_notified =
            is_as_posted || !new.are_conflicting || record.was_notified_of(&cause, log);
        let detail = if Detection::may_conflict(record, *entry) {
            let detail = reason.message.clone();
            record.conflict = Some(conflict);
            let is_known = is_notified && matches!(record.status, DocumentStatus::Conflict(_));
            let status = DocumentStatus::Conflict(reason);
            if !is_known {
                record.set_status(status, *now, AttemptRemark::default());
            } else if !record.status.is_conflict_of(ReasonCode::PostedDifferently) {
                // Otherwise the reason still says how the difference came about.
                record.status = status;
            }
            detail
        } else {
            if let Some(known) = &mut record.conflict {
                known.merge_objects(conflict);
            }
            let detail = format!("{sentence} {DECIDED_LATER}");
            if !is_notified {
                record.add_attempt(AttemptOutcome::Noted, &detail, *now);
            }
            detail
        };
        if is_notified {
            return None;
        }
        record.observed.get_or_insert_default().notified_cause = cause;
        let state = effective_status(record, *entry).name();
        let text = EntryText { state, detail };
        let notification = Some(DocumentNotification::Changed);
        Some(activity_entry(record, *now, text, notification))
    }
}

impl Changes {
    fn add(&mut self, phrase: String) {
        self.values.push_str(&phrase);
        self.phrases.push(phrase);
    }

    fn add_differences(&mut self, object: &str, differences: &[&Difference]) {
        if differences.is_empty() {
            return;
        }
        self.phrases.push(wording::edit_phrase(differences, object));
        for Difference { field, theirs, .. } in differences {
            let value = format!("{object} {field} {theirs:?}\n");
            self.values.push_str(&value);
        }
    }

    /// Saves the digest of these changes. Returns whether it differs from the one before.
    fn save_digest(&self, saved: &mut String) -> bool {
        let new = match self.values.as_str() {
            "" => String::new(),
            values => digest(values),
        };
        let is_new = *saved != new;
        *saved = new;
        is_new
    }
}

/// Returns whether the differences are those that QuickBooks' answers to RIVET's writes had.
fn is_as_posted(record: &DocumentRecord, conflict: &Conflict) -> bool {
    let known = record.conflict.as_ref();
    let is_same = |known: &Conflict| known.differences() == conflict.differences();
    record.is_posted_differently() && known.is_some_and(is_same)
}

/// Ends a conflict whose objects are again as RIVET posted them.
fn end_conflict(record: &mut DocumentRecord, now: Timestamp) -> ActivityEntry {
    record.conflict = None;
    let is_first = record.status.is_conflict_of(ReasonCode::PostedDifferently);
    let restored = if is_first { PUT_RIGHT } else { RESTORED };
    let status = if record.is_void() {
        DocumentStatus::Voided
    } else {
        DocumentStatus::Posted
    };
    let (by, text) = (None, restored);
    record.set_status(status, now, AttemptRemark { by, text });
    let text = EntryText {
        state: record.status.name(),
        detail: restored.trim_end().into(),
    };
    activity_entry(record, now, text, Some(DocumentNotification::Posted))
}

const DECIDED_LATER: &str = "Which version to keep is asked once RIVET's newer one is tried.";

const RESTORED: &str = "It stands in QuickBooks again as RIVET posted it. ";

const PUT_RIGHT: &str = "It stands in QuickBooks now as RIVET sent it. ";

//! What was done to all that stands for a document, and what becomes of the document.

use crate::detection::edit::Edit;
use crate::detection::wording;
use crate::detection::wording::line;
use jiff::Timestamp;
use mapping::{Difference, PostedObject};
use ports::entropy::digest;
use posting::document::notification::of_conflict;
use posting::document::outcome::to_decide;
use store::activity::notification::DocumentNotification;
use store::activity::{ActivityEntry, ActivityLog};
use store::document::DocumentRecord;
use store::document::conflict::Conflict;
use store::document::conflict_rows::CHANGED;
use store::document::status::DocumentStatus;
use store::queue::detection::Detection;
use store::queue::effective_status::effective_status;
use store::queue::entry::QueueEntry;

/// What was done to all that stands for a document.
#[derive(Default)]
pub struct Drift {
    /// What a person is to decide about, in words.
    contested: Vec<String>,
    /// What is only noted, in words.
    harmless: Vec<String>,
    /// Both, with all values.
    facts: [String; 2],
}

impl Drift {
    /// Notes what was done to one of them.
    pub fn note(&mut self, posted: &PostedObject, touch: &Edit) {
        let what = wording::called(posted);
        let differences = match touch {
            Edit::Nothing => return,
            Edit::Voided => return self.contest(format!("voided {what}")),
            Edit::Gone => return self.contest(format!("deleted {what}")),
            Edit::Edited(differences) => differences,
        };
        for is_cosmetic in [false, true] {
            let of_these = |difference: &&Difference| difference.is_cosmetic == is_cosmetic;
            let these: Vec<_> = differences.iter().filter(of_these).collect();
            if these.is_empty() {
                continue;
            }
            let sentence = wording::done(&these, &what);
            let facts = &mut self.facts[usize::from(is_cosmetic)];
            for Difference { field, theirs, .. } in these {
                facts.push_str(&format!("{what} {field} {theirs:?}\n"));
            }
            if is_cosmetic {
                self.harmless.push(sentence);
            } else {
                self.contested.push(sentence);
            }
        }
    }

    fn contest(&mut self, what: String) {
        self.facts[0].push_str(&what);
        self.contested.push(what);
    }

    /// What becomes of the document, and the line about it if there is news.
    pub fn settle(
        self,
        record: &mut DocumentRecord,
        waiting: Option<&QueueEntry>,
        (conflict, now): (Conflict, Timestamp),
        log: &ActivityLog,
    ) -> Option<ActivityEntry> {
        let [is_new, is_newly_harmless] = self.remember(record);
        if !self.contested.is_empty() {
            return self.contest_record(record, waiting, ((conflict, is_new), now), log);
        }
        let is_ours = Detection::may_conflict(record, waiting);
        if is_ours && matches!(record.status, DocumentStatus::Conflict(_)) && !record.is_half_posted
        {
            return Some(restored(record, now));
        }
        if self.harmless.is_empty() || !is_newly_harmless {
            return None;
        }
        let what = wording::and(&self.harmless);
        let detail = format!("Somebody {what} in QuickBooks. The books say the same.");
        record.add_attempt_note(("noted", &detail), now);
        let name = record.status.name();
        Some(line(record, now, (name, detail), None))
    }

    /// Puts both down in the record. Whether they are others than before.
    fn remember(&self, record: &mut DocumentRecord) -> [bool; 2] {
        let seen = record.observed.get_or_insert_default();
        let [contested, harmless] = &self.facts;
        [
            (contested, &mut seen.contested),
            (harmless, &mut seen.harmless),
        ]
        .map(|(facts, known)| {
            let facts = if facts.is_empty() {
                String::new()
            } else {
                digest(facts)
            };
            let is_new = *known != facts;
            *known = facts;
            is_new
        })
    }

    /// It differs from what RIVET said last, and is to be decided about; or from what RIVET said before, and what it said since is
    /// tried first.
    fn contest_record(
        &self,
        record: &mut DocumentRecord,
        waiting: Option<&QueueEntry>,
        ((conflict, is_new), now): ((Conflict, bool), Timestamp),
        log: &ActivityLog,
    ) -> Option<ActivityEntry> {
        let sentence = format!("Somebody {} in QuickBooks.", wording::and(&self.contested));
        let reason = to_decide(CHANGED, &sentence);
        let cause = of_conflict(&reason, &conflict, &record.posted);
        let is_told = !is_new || record.was_notified_of(&cause, log);
        let detail = if Detection::may_conflict(record, waiting) {
            let detail = reason.message.clone();
            record.conflict = Some(conflict);
            let is_known = is_told && matches!(record.status, DocumentStatus::Conflict(_));
            let state = DocumentStatus::Conflict(reason);
            if is_known {
                record.status = state;
            } else {
                record.set_status(state, now, (None, ""));
            }
            detail
        } else {
            if let Some(known) = &mut record.conflict {
                known.merge_objects(conflict);
            }
            let detail = format!("{sentence} {LATER}");
            if !is_told {
                record.add_attempt_note(("noted", &detail), now);
            }
            detail
        };
        if is_told {
            return None;
        }
        record.observed.get_or_insert_default().told = cause;
        let state = effective_status(record, waiting).name();
        Some(line(
            record,
            now,
            (state, detail),
            Some(DocumentNotification::Changed),
        ))
    }
}

/// Nothing differs any more.
fn restored(record: &mut DocumentRecord, now: Timestamp) -> ActivityEntry {
    record.conflict = None;
    let state = if record.is_void() {
        DocumentStatus::Voided
    } else {
        DocumentStatus::Posted
    };
    record.set_status(state, now, (None, AGAIN));
    let told = (record.status.name(), AGAIN.trim_end().into());
    line(record, now, told, Some(DocumentNotification::Posted))
}

const LATER: &str = "Which version to keep is asked once RIVET's newer one is tried.";

const AGAIN: &str = "It stands in QuickBooks again as RIVET posted it. ";

//! What was tried with a document, and what came of it.

use crate::document::DocumentRecord;
use crate::document::observed::ObservedState;
use crate::document::status::DocumentStatus;
use crate::reason::called;
use billing::Id;
use jiff::{SignedDuration, Timestamp};
use mapping::PostedObject;
use serde::{Deserialize, Serialize};

/// Attempts that are kept; older ones roll off.
const ATTEMPTS_KEPT: usize = 20;

/// What gets no answer is tried ever more rarely, every quarter of an hour at last: twice as long is waited so often.
const DOUBLED: usize = 5;

/// One attempt at posting, for the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// When.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// The state that it ended in.
    pub outcome: String,
    /// The reason's sentence, or what was posted.
    pub detail: String,
    /// Whose request or decision it was; none if it came by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Id>,
}

impl DocumentRecord {
    /// Moves to `state` and notes the attempt: whose it was, and what came of a decision.
    pub fn set_status(
        &mut self,
        state: DocumentStatus,
        now: Timestamp,
        (by, note): (Option<Id>, &str),
    ) {
        let (outcome, detail) = (state.name().to_owned(), self.summary(&state));
        self.attempt(Attempt {
            at: now,
            outcome,
            detail: format!("{note}{detail}"),
            by,
        });
        if matches!(state, DocumentStatus::Voided) {
            self.payment = None;
            self.observed
                .iter_mut()
                .for_each(ObservedState::forget_payments);
        }
        self.status = state;
        self.updated_at = now;
    }

    /// Notes in the history what changed nothing about where it stands.
    pub fn add_attempt_note(&mut self, (outcome, detail): (&str, &str), now: Timestamp) {
        self.attempt(Attempt {
            at: now,
            outcome: outcome.to_owned(),
            detail: detail.to_owned(),
            by: None,
        });
    }

    fn attempt(&mut self, attempt: Attempt) {
        self.attempts.push(attempt);
        let excess = self.attempts.len().saturating_sub(ATTEMPTS_KEPT);
        self.attempts.drain(..excess);
    }

    /// How long it lets others go first: the longer, the more often in a row QuickBooks gave no answer about it, so that what it never
    /// takes holds up nothing else.
    pub fn retry_delay(&self) -> SignedDuration {
        let is_open = |attempt: &&Attempt| ["pending", "uncertain"].contains(&&*attempt.outcome);
        match self.attempts.iter().rev().take_while(is_open).count() {
            0 => SignedDuration::ZERO,
            in_a_row => LOOKUP_DELAY * (1 << in_a_row.min(DOUBLED)),
        }
    }

    fn summary(&self, state: &DocumentStatus) -> String {
        if let Some(reason) = state.reason() {
            return reason.message;
        }
        let objects = objects(self.posted.iter());
        if objects.is_empty() {
            state.name().into()
        } else {
            objects
        }
    }

    /// Notes whether some of it stands and some does not: nothing of it did before it was tried, and it is not finished. A person who
    /// has to see to the rest is told.
    pub fn set_half_posted(&mut self, before: &Self, state: &mut DocumentStatus) {
        let stands = objects(self.active_objects());
        let began = before.is_half_posted || before.active_objects().next().is_none();
        self.is_half_posted = began && !stands.is_empty() && !state.is_final();
        if let DocumentStatus::Failed(reason) = state
            && self.is_half_posted
        {
            let rest =
                format!(" Of it, {stands} stands in QuickBooks; a retry posts only the rest.");
            reason.message.push_str(&rest);
        }
    }
}

fn objects<'a>(posted: impl Iterator<Item = &'a PostedObject>) -> String {
    let objects: Vec<_> = posted.map(describe).collect();
    objects.join(", ")
}

fn describe(posted: &PostedObject) -> String {
    let number = posted.number.as_deref().unwrap_or(&posted.id);
    format!("{} {number}", called(posted.kind))
}

/// How long to wait before an unknown outcome is looked up: a request that is still being carried out
/// on the other side has ended by then.
pub const LOOKUP_DELAY: SignedDuration = SignedDuration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;
    use billing::DocumentRef;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn record() -> DocumentRecord {
        let reference = DocumentRef {
            kind: billing::DocumentKind::PayApp,
            id: "pa_1".parse().unwrap(),
        };
        DocumentRecord::new(reference, at(0))
    }

    #[test]
    fn attempt_history_drops_oldest_entries() {
        let mut record = record();
        for second in 0..25 {
            record.set_status(DocumentStatus::Pending, at(second), (None, ""));
        }
        assert_eq!(record.attempts.len(), ATTEMPTS_KEPT);
        assert_eq!(record.attempts[0].at, at(5));
    }

    #[test]
    fn unanswered_attempts_back_off_to_sixteen_minutes() {
        let mut record = record();
        let mut waits = Vec::new();
        for _ in 0..8 {
            waits.push(record.retry_delay().as_secs());
            record.set_status(DocumentStatus::Pending, at(0), (None, ""));
        }
        assert_eq!(waits, [0, 60, 120, 240, 480, 960, 960, 960]);
        record.set_status(DocumentStatus::Posted, at(0), (None, ""));
        assert_eq!(record.retry_delay(), SignedDuration::ZERO);
    }
}

//! The attempts at a document, and the pause before the next one.

use crate::document::DocumentRecord;
use crate::document::attempt::{Attempt, AttemptOutcome};
use crate::document::observed::ObservedState;
use crate::document::status::DocumentStatus;
use crate::index_margin;
use crate::reason::ReasonCode;
use crate::reason::called;
use billing::Id;
use jiff::{SignedDuration, Timestamp};
use mapping::PostedObject;
use serde::{Deserialize, Serialize};

/// The most attempts that a record keeps. The oldest are dropped first.
const ATTEMPTS_KEPT: usize = 20;

/// The number of times that the pause between unanswered attempts doubles: up to sixteen minutes.
const DOUBLINGS: usize = 5;

/// The pause before an unknown outcome is looked up. QuickBooks has finished any open request by then.
pub const LOOKUP_DELAY: SignedDuration = SignedDuration::from_secs(30);

/// The most half minutes that a document waits because of the company.
const LONGEST_COMPANY_WAIT: i32 = 32;

/// The number of unanswered attempts in a row after which a document fails alone, if others were posted meanwhile. Fewer may be chance: in
/// an outage some calls are answered.
const ATTEMPTS_ALONE: usize = 6;

/// The cause of a wait after an attempt without an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitCause {
    /// The document alone got no answer, again and again, while others were posted.
    #[default]
    Document,
    /// QuickBooks may answer for no document. One posting ends all waits of this cause.
    Company,
}

impl WaitCause {
    /// Returns whether the document is the cause.
    pub fn is_document(&self) -> bool {
        *self == Self::Document
    }
}

/// A remark about an attempt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttemptRemark<'a> {
    /// The person who requested or decided the attempt. `None` if RIVET made it by itself.
    pub by: Option<Id>,
    /// The text before the detail, such as the result of a decision. May be empty.
    pub text: &'a str,
}

impl DocumentRecord {
    /// Sets the status and adds the attempt that led to the status.
    pub fn set_status(
        &mut self,
        status: DocumentStatus,
        now: Timestamp,
        remark: AttemptRemark<'_>,
    ) {
        let detail = [remark.text, &self.summary(&status)].concat();
        self.push_attempt(Attempt {
            at: now,
            outcome: status.outcome(),
            detail,
            by: remark.by,
        });
        if matches!(status, DocumentStatus::Voided) {
            self.payment = None;
            self.observed
                .iter_mut()
                .for_each(ObservedState::forget_payments);
        }
        self.status = status;
        self.updated_at = now;
    }

    /// Adds an attempt that did not change the status.
    pub fn add_attempt(&mut self, outcome: AttemptOutcome, detail: &str, now: Timestamp) {
        self.push_attempt(Attempt {
            at: now,
            outcome,
            detail: detail.to_owned(),
            by: None,
        });
    }

    fn push_attempt(&mut self, attempt: Attempt) {
        self.attempts.push(attempt);
        let excess = self.attempts.len().saturating_sub(ATTEMPTS_KEPT);
        self.attempts.drain(..excess);
    }

    /// Returns the cause of the wait after another attempt without an answer. `last_posted_at` is the time of the firm's last posting.
    pub fn wait_cause(&self, last_posted_at: Option<Timestamp>) -> WaitCause {
        let begun_at = self.unanswered().last().map(|attempt| attempt.at);
        let were_others_posted = last_posted_at > begun_at;
        match were_others_posted && self.unanswered().count() >= ATTEMPTS_ALONE {
            true => WaitCause::Document,
            false => WaitCause::Company,
        }
    }

    /// Returns the time since which QuickBooks has given no answer about the document, if a person is to know: another attempt got none,
    /// after many over a long time.
    pub fn unanswered_for_long_since(&self, now: Timestamp) -> Option<Timestamp> {
        let attempts = u32::try_from(self.unanswered().count()).unwrap_or(u32::MAX);
        let begun_at = self.unanswered().last().map(|attempt| attempt.at);
        begun_at.filter(|since| index_margin::is_given_up(attempts, *since, now))
    }

    /// Returns the unanswered attempts in a row, newest first.
    fn unanswered(&self) -> impl Iterator<Item = &Attempt> {
        let latest = self.attempts.iter().rev();
        latest.take_while(|attempt| attempt.outcome.is_unanswered())
    }

    /// Returns the pause before the next attempt. The pause grows with the unanswered attempts in a row: it doubles for a document that
    /// alone gets no answer, so that the document does not delay others. It grows by half a minute if the company is the cause.
    pub fn retry_delay(&self, cause: WaitCause) -> SignedDuration {
        match (self.unanswered().count(), cause) {
            (0, _) => SignedDuration::ZERO,
            (in_a_row, WaitCause::Document) => LOOKUP_DELAY * (1 << in_a_row.min(DOUBLINGS)),
            (in_a_row, WaitCause::Company) => {
                let half_minutes = i32::try_from(in_a_row + 1).unwrap_or(LONGEST_COMPANY_WAIT);
                LOOKUP_DELAY * half_minutes.min(LONGEST_COMPANY_WAIT)
            }
        }
    }

    fn summary(&self, status: &DocumentStatus) -> String {
        if let Some(reason) = status.reason() {
            return reason.message;
        }
        let objects = objects(self.posted.iter());
        if objects.is_empty() {
            status.name().into()
        } else {
            objects
        }
    }

    /// Sets whether QuickBooks has only a part of the document: it had nothing before the first attempt, and the document is not
    /// finished. If a person must act, adds the part to the message.
    pub fn set_half_posted(&mut self, before: &Self, status: &mut DocumentStatus) {
        let posted = objects(self.active_objects());
        let had_nothing = before.is_half_posted || before.active_objects().next().is_none();
        // A document that QuickBooks has otherwise than it was sent is complete.
        let is_complete = status.is_final() || status.is_conflict_of(ReasonCode::PostedDifferently);
        self.is_half_posted = had_nothing && !posted.is_empty() && !is_complete;
        if let DocumentStatus::Failed(reason) = status
            && self.is_half_posted
        {
            let rest =
                format!(" Of it, {posted} stands in QuickBooks; a retry posts only the rest.");
            reason.message.push_str(&rest);
            if self.is_posted_differently() {
                reason.message.push_str(" It differs from what RIVET sent.");
            }
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
    fn document_fails_alone_only_after_several_attempts() {
        let mut record = record();
        for attempt in 1..=6 {
            assert_eq!(record.wait_cause(Some(at(9))), WaitCause::Company);
            record.set_status(
                DocumentStatus::Pending,
                at(attempt),
                AttemptRemark::default(),
            );
        }
        assert_eq!(record.wait_cause(Some(at(9))), WaitCause::Document);
        for last_posted_at in [None, Some(at(1))] {
            assert_eq!(record.wait_cause(last_posted_at), WaitCause::Company);
        }
        record.set_status(DocumentStatus::Posted, at(8), AttemptRemark::default());
        assert_eq!(record.wait_cause(Some(at(9))), WaitCause::Company);
    }

    #[test]
    fn attempt_history_drops_oldest_entries() {
        let mut record = record();
        for second in 0..25 {
            record.set_status(
                DocumentStatus::Pending,
                at(second),
                AttemptRemark::default(),
            );
        }
        assert_eq!(record.attempts.len(), ATTEMPTS_KEPT);
        assert_eq!(record.attempts[0].at, at(5));
    }

    #[test]
    fn unanswered_attempts_back_off_by_cause() {
        let mut record = record();
        let (mut alone, mut with_others) = (Vec::new(), Vec::new());
        for _ in 0..8 {
            alone.push(record.retry_delay(WaitCause::Document).as_secs());
            with_others.push(record.retry_delay(WaitCause::Company).as_secs());
            record.set_status(DocumentStatus::Pending, at(0), AttemptRemark::default());
        }
        assert_eq!(alone, [0, 60, 120, 240, 480, 960, 960, 960]);
        assert_eq!(with_others, [0, 60, 90, 120, 150, 180, 210, 240]);
        record.set_status(DocumentStatus::Posted, at(0), AttemptRemark::default());
        let none = SignedDuration::ZERO;
        assert_eq!(record.retry_delay(WaitCause::Document), none);
    }
}

//! A queue entry: an unfinished document and its state.

mod state;

pub use crate::queue::entry::state::EntryState;

use crate::document::attempts::WaitCause;
use crate::document::decision::{Decision, DecisionKind};
use crate::document::void::Void;
use crate::document_summary::DocumentSummary;
use crate::reason::Reason;
use billing::{DocumentRef, Id};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An unfinished document. Events add an entry; workers remove it when the document is finished.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueEntry {
    /// The document.
    pub document: DocumentRef,
    /// The latest revision that arrived, 0 if only a void arrived.
    pub revision: u32,
    /// The latest void that arrived, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<Void>,
    /// The time at which RIVET told of the document, the first time while the entry waits. `None` if an earlier version added the entry.
    #[serde(
        rename = "at",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json::optional_instant"
    )]
    pub arrived_at: Option<Timestamp>,
    /// The parts that a list shows of the document, if they are known.
    #[serde(rename = "of", default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<DocumentSummary>,
    /// The business date. Entries with earlier dates are processed first.
    #[serde(deserialize_with = "json::day")]
    pub date: Date,
    /// The state, which names what the entry waits for.
    pub state: EntryState,
    /// The reason of a failure, a conflict or a doubt, as the last worker reported it.
    #[serde(rename = "why", default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The cause of the wait, if the state names a time.
    #[serde(default, skip_serializing_if = "WaitCause::is_document")]
    pub wait_cause: WaitCause,
    /// The decision of a person, until a worker applies it or a newer revision cancels it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The person whose request is not carried out yet. A doubt or a wait leaves it.
    #[serde(rename = "by", default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<Id>,
}

impl QueueEntry {
    /// Creates the entry of a document that has just arrived.
    pub fn new(document: DocumentRef, date: Date) -> Self {
        Self {
            document,
            revision: 0,
            void: None,
            arrived_at: None,
            summary: None,
            date,
            state: EntryState::PENDING,
            reason: None,
            wait_cause: WaitCause::Document,
            decision: None,
            requested_by: None,
        }
    }

    /// Takes over a later revision or a void of the document. Returns whether the entry changed.
    pub(super) fn join(&mut self, arrived: Self) -> bool {
        let is_newer = arrived.revision > self.revision;
        let is_void =
            arrived.void.is_some() && self.void.is_none_or(|void| arrived.void > Some(void));
        if is_newer {
            (self.revision, self.date) = (arrived.revision, arrived.date);
            self.summary = arrived.summary.or(self.summary.take());
        }
        if is_void {
            self.void = arrived.void;
        }
        if is_newer || is_void {
            (self.decision, self.requested_by) = (None, None);
        }
        if (is_newer || is_void) && !matches!(self.state, EntryState::Uncertain(_)) {
            self.state = arrived.state;
        }
        is_newer || is_void
    }

    /// Returns whether a person requested the document. Manual mode does not hold such an entry.
    pub fn is_requested(&self) -> bool {
        self.decision.is_some()
            || self.requested_by.is_some()
            || matches!(
                self.state,
                EntryState::Pending {
                    is_requested: true,
                    ..
                }
            )
    }

    /// Returns whether a person decided that RIVET's version is posted, whatever else is in QuickBooks.
    pub fn posts_anyway(&self) -> bool {
        let decision = self.decision.as_ref().map(|decision| decision.kind);
        matches!(
            decision,
            Some(DecisionKind::PostAnyway | DecisionKind::KeepRivet)
        )
    }

    /// Returns whether a person decided that the document is posted, whatever retainage the project holds.
    pub fn exceeds_retainage(&self) -> bool {
        let decision = self.decision.as_ref().map(|decision| decision.kind);
        self.posts_anyway() || decision == Some(DecisionKind::ExceedRetainage)
    }

    /// Returns whether a person decided that the document is posted on the first open day.
    pub fn is_to_be_posted_later(&self) -> bool {
        let decision = self.decision.as_ref();
        decision.is_some_and(|decision| decision.kind == DecisionKind::FirstOpenDay)
    }

    /// Returns the person whose decision or request causes the next attempt, if any.
    pub fn requested_by(&self) -> Option<Id> {
        let decided = self.decision.as_ref().map(|decision| &decision.decided_by);
        decided.or(self.requested_by.as_ref()).cloned()
    }

    /// Returns the void that takes back every revision that arrived.
    pub fn pending_void(&self) -> Option<Void> {
        self.void.filter(|void| void.revision >= self.revision)
    }

    /// Returns the end of a wait whose cause is the company, if the entry waits so.
    pub fn company_wait(&self) -> Option<Timestamp> {
        let until = self.state.deferred_until();
        until.filter(|_| self.wait_cause == WaitCause::Company)
    }

    /// Ends a wait whose cause is the company.
    pub fn end_company_wait(&mut self, now: Timestamp) {
        if self.company_wait().is_some() {
            self.state.end_wait(now);
            self.wait_cause = WaitCause::Document;
        }
    }

    /// Returns the pending state in which a request of a person stays a request.
    pub fn pending(&self, not_before: Option<Timestamp>) -> EntryState {
        EntryState::Pending {
            not_before,
            is_requested: self.is_requested(),
        }
    }
}

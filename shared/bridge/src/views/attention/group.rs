//! A group of unfinished documents that one cause stops.

use billing::{DocumentRef, Id};
use jiff::civil::Date;
use mapping::money_text;
use rust_decimal::Decimal;
use serde::Serialize;
use store::document::status::DocumentStatus;
use store::queue::entry::{EntryState, QueueEntry};
use store::reason::hold::HoldReason;

use crate::views::decisions::{PossibleDecision, may_be_retried};
use crate::views::reason::ReasonView;
use crate::views::summary::SummaryView;

/// A group of unfinished documents, as shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttentionGroup {
    /// The name of the group, which stays the same while its cause does.
    group: String,
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["pending", "held", "uncertain", "failed", "conflict"])))]
    state: &'static str,
    needs_you: bool,
    reason: Option<ReasonView>,
    #[serde(flatten)]
    sum: SumView,
    /// The documents that wait for one of the group.
    holds_up: Option<SumView>,
    documents: Vec<AttentionDocument>,
}

/// A number of documents and the sum of their amounts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SumView {
    count: usize,
    /// The sum of the amounts that are known, as text with two decimals.
    amount: String,
}

/// An unfinished document, as shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttentionDocument {
    document: DocumentRef,
    #[serde(flatten)]
    summary: SummaryView,
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    date: Date,
    /// The person who requested the next attempt.
    by: Option<Id>,
    /// The decision that a scheduled run will carry out.
    decision: Option<&'static str>,
    /// The decisions that are possible now.
    decisions: Vec<PossibleDecision>,
    retry: bool,
}

/// The documents that one cause stops.
pub(super) struct Group<'a> {
    pub(super) key: String,
    /// The entries, by date.
    pub(super) entries: Vec<&'a QueueEntry>,
    /// The entries that wait for one of the group.
    pub(super) held_up: Vec<&'a QueueEntry>,
}

impl SumView {
    /// Returns the number and the sum of these entries.
    pub fn of<'a>(entries: impl Iterator<Item = &'a QueueEntry>) -> Self {
        let (mut count, mut sum) = (0, Decimal::ZERO);
        for entry in entries {
            count += 1;
            let summary = entry.summary.as_ref();
            sum += summary
                .and_then(|summary| summary.amount)
                .unwrap_or_default();
        }
        Self {
            count,
            amount: money_text(sum),
        }
    }
}

impl Group<'_> {
    /// Returns the place among the groups: what needs a person first, then what waits for Sync Now, and what goes on by itself last.
    pub(super) fn rank(&self) -> u8 {
        match self.state() {
            Some(EntryState::Conflict) => 0,
            Some(EntryState::Failed) => 1,
            Some(EntryState::Held(HoldReason::Manual)) => 3,
            Some(EntryState::Held(_)) if self.needs_you() => 2,
            Some(EntryState::Held(_)) => 4,
            Some(EntryState::Uncertain(_)) => 5,
            Some(EntryState::Pending { .. }) | None => 6,
        }
    }

    /// Returns whether a person must act before the documents go on.
    pub(super) fn needs_you(&self) -> bool {
        match self.state() {
            Some(EntryState::Conflict | EntryState::Failed) => true,
            Some(EntryState::Held(hold)) => !matches!(
                hold,
                HoldReason::Manual
                    | HoldReason::Paused
                    | HoldReason::BeforeStartDate(_)
                    | HoldReason::WaitingFor(_)
            ),
            Some(EntryState::Uncertain(_) | EntryState::Pending { .. }) | None => false,
        }
    }

    /// Returns the group with the documents from `start` on.
    pub(super) fn view(&self, start: usize, limit: usize) -> AttentionGroup {
        let shown = self.entries.iter().skip(start).take(limit);
        let first = self.entries.first().copied();
        let status = first.map(status);
        let held_up = &self.held_up;
        AttentionGroup {
            group: self.key.clone(),
            state: first.map_or("", |entry| state_name(&entry.state)),
            needs_you: self.needs_you(),
            reason: status.as_ref().and_then(ReasonView::of),
            sum: SumView::of(self.entries.iter().copied()),
            holds_up: (!held_up.is_empty()).then(|| SumView::of(held_up.iter().copied())),
            documents: shown.copied().map(document).collect(),
        }
    }

    fn state(&self) -> Option<&EntryState> {
        self.entries.first().map(|entry| &entry.state)
    }
}

/// Returns the status that a queue entry tells. The reason of a failure is as the last worker reported it.
pub(super) fn status(entry: &QueueEntry) -> DocumentStatus {
    let told = entry.reason.clone();
    match (&entry.state, told) {
        (EntryState::Held(hold), _) => DocumentStatus::Held(hold.clone()),
        (EntryState::Failed, Some(reason)) => DocumentStatus::Failed(reason),
        (EntryState::Conflict, Some(reason)) => DocumentStatus::Conflict(reason),
        (EntryState::Uncertain(_), Some(reason)) => DocumentStatus::Uncertain(reason),
        (EntryState::Failed | EntryState::Conflict | EntryState::Uncertain(_), None)
        | (EntryState::Pending { .. }, _) => DocumentStatus::Pending,
    }
}

/// Returns the name of an entry's state.
pub(super) fn state_name(state: &EntryState) -> &'static str {
    match state {
        EntryState::Pending { .. } => "pending",
        EntryState::Held(_) => "held",
        EntryState::Uncertain(_) => "uncertain",
        EntryState::Failed => "failed",
        EntryState::Conflict => "conflict",
    }
}

fn document(entry: &QueueEntry) -> AttentionDocument {
    let decision = entry.decision.as_ref();
    AttentionDocument {
        document: entry.document.clone(),
        summary: SummaryView::of(entry.summary.as_ref()),
        date: entry.date,
        by: entry.requested_by(),
        decision: decision.map(|decision| decision.kind.name()),
        decisions: PossibleDecision::all(entry, None),
        retry: may_be_retried(&entry.state),
    }
}

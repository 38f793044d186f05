//! The decisions about a document that are possible now, each with the body that makes it.

use serde::Serialize;
use serde_json::{Value, json};
use store::document::DocumentRecord;
use store::document::decision::DecisionKind;
use store::queue::entry::{EntryState, QueueEntry};
use store::reason::FoundTransaction;
use store::reason::hold::HoldReason;

use crate::record_decision::possible_decisions;

/// A decision that is possible now.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PossibleDecision {
    act: &'static str,
    /// The body for `resolve`. Null if the person must name the transaction.
    body: Option<Value>,
}

impl PossibleDecision {
    /// Returns the decisions about an unfinished document. Without the record, a posting in doubt is not known.
    pub fn all(entry: &QueueEntry, record: Option<&DocumentRecord>) -> Vec<Self> {
        let possible = possible_decisions(entry, record).into_iter();
        let decision = |kind: DecisionKind| Self {
            act: kind.name(),
            body: body(kind, &entry.state),
        };
        possible.map(decision).collect()
    }
}

/// Returns whether Sync Now with the document may help.
pub fn may_be_retried(state: &EntryState) -> bool {
    match state {
        EntryState::Failed | EntryState::Uncertain(_) => true,
        EntryState::Held(hold) => !matches!(hold, HoldReason::WaitingFor(_) | HoldReason::Paused),
        EntryState::Pending { .. } | EntryState::Conflict => false,
    }
}

fn body(kind: DecisionKind, state: &EntryState) -> Option<Value> {
    Some(match kind {
        DecisionKind::KeepRivet => json!({ "keep": "rivet" }),
        DecisionKind::KeepQuickbooks => json!({ "keep": "quickbooks" }),
        DecisionKind::PostAnyway | DecisionKind::ExceedRetainage => json!({ "post": "anyway" }),
        DecisionKind::FirstOpenDay => json!({ "date": "first_open_day" }),
        DecisionKind::Ignore => json!({ "ignore": true }),
        DecisionKind::Posted => json!({ "posted": the_one(state)? }),
    })
}

/// Returns the transaction that a hold names, if it names exactly one that may be the document's.
fn the_one(state: &EntryState) -> Option<Value> {
    let EntryState::Held(HoldReason::AlreadyInQuickbooks(found)) = state else {
        return None;
    };
    match &found[..] {
        [found @ FoundTransaction { id, .. }] => {
            Some(json!({ "type": found.kind_name(), "id": id }))
        }
        _ => None,
    }
}

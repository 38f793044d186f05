//! The documents in doubt of all firms, oldest first.

use billing::{DocumentRef, FirmId};
use jiff::Timestamp;
use ports::records::Records;
use serde::Serialize;
use store::Store;
use store::queue::entry::EntryState;

use crate::error::Error;
use crate::operations::doubt::uncertain_since;
use crate::operations::firms::all_firms;

/// The most documents in an answer.
const LISTED: usize = 200;

/// The documents in doubt, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UncertainList {
    documents: Vec<UncertainDocument>,
    /// The number of all documents in doubt, of which the list has at most 200.
    total: usize,
    /// True if each firm was looked at in time.
    complete: bool,
}

/// A document of which nobody knows whether QuickBooks has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct UncertainDocument {
    firm: FirmId,
    document: DocumentRef,
    /// The time since which the outcome is unknown.
    since: Option<Timestamp>,
    /// The time of the next look-up.
    next_lookup_at: Timestamp,
    /// The reason, in words.
    why: Option<String>,
}

/// Returns the documents in doubt of all firms. `has_time` says whether another firm may be looked at.
///
/// # Errors
/// The store fails.
pub async fn list<R: Records>(
    store: &Store<R>,
    has_time: impl Fn() -> bool,
) -> Result<UncertainList, Error> {
    let mut documents = Vec::new();
    let mut is_complete = true;
    for firm in all_firms(store).await? {
        is_complete = has_time();
        if !is_complete {
            break;
        }
        for entry in store.queue(&firm).await?.entries {
            if let EntryState::Uncertain(next_lookup_at) = entry.state {
                documents.push(UncertainDocument {
                    since: uncertain_since(store, &firm, &entry).await?,
                    why: entry.reason.map(|reason| reason.message),
                    firm: firm.clone(),
                    document: entry.document,
                    next_lookup_at,
                });
            }
        }
    }
    let total = documents.len();
    documents.sort_by_key(|document| (document.since, document.next_lookup_at));
    documents.truncate(LISTED);
    Ok(UncertainList {
        documents,
        total,
        complete: is_complete,
    })
}

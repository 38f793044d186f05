//! The overview of what is kept of one firm.

use billing::FirmId;
use jiff::Timestamp;
use ports::records::Records;
use serde::Serialize;
use std::collections::BTreeMap;
use store::Store;
use store::erasure::Erasure;
use store::queue::Counts;

use crate::error::Error;
use crate::views::connection_status::current_status;

/// The overview of what is kept of a firm.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirmOverview {
    firm: FirmId,
    /// The status of the connection.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["connected", "needs_reauthorization", "error", "disconnected"])))]
    status: &'static str,
    /// The name of the company, if the firm has one.
    company: Option<String>,
    /// The unfinished documents.
    unfinished: Counts,
    /// The time of the last posting.
    last_sync_at: Option<Timestamp>,
    /// The number of records by kind.
    records: BTreeMap<&'static str, u64>,
    /// The erasure, if somebody ordered one.
    erasure: Option<ErasureView>,
}

/// The erasure of a firm.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErasureView {
    /// The time of the command.
    began_at: Option<Timestamp>,
    /// The time at which nothing was left. Null while it goes on.
    finished_at: Option<Timestamp>,
    /// The removed records by kind.
    removed: BTreeMap<String, u64>,
}

impl From<Erasure> for ErasureView {
    fn from(erasure: Erasure) -> Self {
        Self {
            began_at: erasure.began_at,
            finished_at: erasure.finished_at,
            removed: erasure.removed,
        }
    }
}

/// Returns what is kept of a firm. An unknown firm has no record.
///
/// # Errors
/// The store fails.
pub async fn overview<R: Records>(store: &Store<R>, firm: &FirmId) -> Result<FirmOverview, Error> {
    let mut records = BTreeMap::new();
    for record in store.firm_record_names(firm).await? {
        if store.has_record(&record).await? {
            *records.entry(record.kind).or_default() += 1;
        }
    }
    let connection = store.connection_summary(firm).await?;
    let queue = store.queue(firm).await?;
    Ok(FirmOverview {
        firm: firm.clone(),
        status: current_status(connection.status).status,
        company: connection.company().map(|company| company.name),
        unfinished: queue.counts(),
        last_sync_at: queue.last_sync_at,
        records,
        erasure: store.erasure(firm).await?.map(ErasureView::from),
    })
}

//! The export of all records of one firm.

use billing::FirmId;
use jiff::Timestamp;
use ports::records::Records;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use store::Store;

use crate::error::Error;

/// All that is kept of a firm, opened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirmExport {
    firm: FirmId,
    exported_at: Timestamp,
    /// The records by kind and name. Tokens are in clear text.
    records: BTreeMap<&'static str, Map<String, Value>>,
}

/// Returns all records of a firm, with sealed fields opened.
///
/// # Errors
/// The store fails, or a record cannot be read.
pub async fn export<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    now: Timestamp,
) -> Result<FirmExport, Error> {
    let mut records: BTreeMap<_, Map<String, Value>> = BTreeMap::new();
    for record in store.firm_record_names(firm).await? {
        if let Some(content) = store.record_content(&record).await? {
            let kind = records.entry(record.kind).or_default();
            kind.insert(record.name, content);
        }
    }
    Ok(FirmExport {
        firm: firm.clone(),
        exported_at: now,
        records,
    })
}

//! The batch log: the sagas of a batch in one record, instead of one record for each document.
//!
//! A worker writes the batch log before it sends the batch. The worker writes the record of each document afterwards. If the worker crashes in
//! between, its lease expires without a release, and the next worker recovers the batch log first.

use crate::Store;
use crate::document::DocumentRecord;
use billing::FirmId;
use ports::records::{Record, Records, StoreError};
use serde::{Deserialize, Serialize};

/// The batch log of a firm: its last batch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BatchLog(
    /// The records of the documents with their sagas, as they were before the outcomes were known.
    pub Vec<DocumentRecord>,
);

impl BatchLog {
    /// Returns whether a logged record is newer than the saved record of its document. The outcome of a newer one is unknown.
    pub fn is_newer_than_record(logged: &DocumentRecord, saved: Option<&DocumentRecord>) -> bool {
        saved.is_none_or(|saved| saved.posting_number < logged.posting_number)
    }
}

impl Record for BatchLog {
    const KIND: &'static str = "batch-log";
}

impl<R: Records> Store<R> {
    /// Saves the records of a batch before the batch is sent.
    pub async fn save_batch_log(
        &self,
        firm: &FirmId,
        records: Vec<DocumentRecord>,
    ) -> Result<(), StoreError> {
        self.records.save(firm.as_ref(), &BatchLog(records)).await
    }

    /// Copies the logged records that are newer into the records of their documents. A second call changes nothing.
    pub async fn recover_batch_log(&self, firm: &FirmId) -> Result<(), StoreError> {
        let log: BatchLog = self.load_or_default(firm.as_ref()).await?;
        for logged in &log.0 {
            let saved = self.document(firm, &logged.reference).await?;
            if BatchLog::is_newer_than_record(logged, saved.as_ref()) {
                self.save_document(firm, logged).await?;
            }
        }
        Ok(())
    }
}

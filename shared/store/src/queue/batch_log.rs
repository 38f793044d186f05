//! What a worker is about to send for several documents at once: one record instead of one for each.
//!
//! It is written before anything is sent, and each document's own record after that. A worker that dies in between leaves its desk
//! without a word, so whoever takes the desk over looks here first.

use crate::Store;
use crate::document::DocumentRecord;
use billing::FirmId;
use ports::records::{Record, Records, StoreError};
use serde::{Deserialize, Serialize};

/// The postings of one batch, as their documents are to be kept until it is known what became of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BatchLog(
    /// The documents, each with its saga.
    pub Vec<DocumentRecord>,
);

impl BatchLog {
    /// Whether `entry` was written after the document's own record `kept`: then what became of it is not known.
    pub fn is_newer_than_record(entry: &DocumentRecord, kept: Option<&DocumentRecord>) -> bool {
        kept.is_none_or(|kept| kept.posting_number < entry.posting_number)
    }
}

impl Record for BatchLog {
    const KIND: &'static str = "journal";
}

impl<R: Records> Store<R> {
    /// Notes what the worker at the firm's desk is about to send.
    pub async fn save_batch_log(
        &self,
        firm: &FirmId,
        records: Vec<DocumentRecord>,
    ) -> Result<(), StoreError> {
        self.records.save(firm.as_ref(), &BatchLog(records)).await
    }

    /// Puts what a worker was about to send, and may have sent, into the documents' own records. Doing so twice changes nothing.
    pub async fn recover_batch_log(&self, firm: &FirmId) -> Result<(), StoreError> {
        let journal: BatchLog = self.load_or_default(firm.as_ref()).await?;
        for entry in &journal.0 {
            let kept = self.document(firm, &entry.reference).await?;
            if BatchLog::is_newer_than_record(entry, kept.as_ref()) {
                self.save_document(firm, entry).await?;
            }
        }
        Ok(())
    }
}

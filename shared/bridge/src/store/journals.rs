//! Verbs over the journals of workers.

use super::Store;
use crate::document::DocumentRecord;
use crate::journal::Journal;
use crate::ports::{Records, StoreError};
use billing::FirmId;

impl<R: Records> Store<R> {
    /// Notes what the worker at the firm's desk is about to send.
    pub(crate) async fn keep_journal(
        &self,
        firm: &FirmId,
        records: Vec<DocumentRecord>,
    ) -> Result<(), StoreError> {
        self.records.save(firm.as_ref(), &Journal(records)).await
    }

    /// Puts what a worker was about to send, and may have sent, into the documents' own records. Doing so twice changes nothing.
    pub(crate) async fn recover_journal(&self, firm: &FirmId) -> Result<(), StoreError> {
        let journal: Journal = self.load_or_default(firm.as_ref()).await?;
        for entry in &journal.0 {
            let kept = self.document(firm, &entry.reference).await?;
            if Journal::is_ahead(entry, kept.as_ref()) {
                self.keep_document(firm, entry).await?;
            }
        }
        Ok(())
    }
}

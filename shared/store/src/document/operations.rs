//! Verbs over documents: what RIVET said of each, and what became of it.

use crate::Store;
use crate::document::{DocumentRecord, Received};
use billing::{Document, DocumentRef, FirmId};
use ports::records::{Records, StoreError};

impl<R: Records> Store<R> {
    /// A revision as RIVET sent it.
    pub async fn received_revision(
        &self,
        firm: &FirmId,
        reference: &DocumentRef,
        revision: u32,
    ) -> Result<Option<Document>, StoreError> {
        let received = self
            .records
            .load(&format!("{firm}/{reference}/{revision}"))
            .await?;
        Ok(received.map(|Received(document)| document))
    }

    /// Keeps a revision as RIVET sent it. The same revision always has the same content. Whether it had not been received before.
    pub async fn save_received(
        &self,
        firm: &FirmId,
        document: &Document,
    ) -> Result<bool, StoreError> {
        let (reference, revision) = (document.reference(), document.revision());
        let before = self.received_revision(firm, &reference, revision).await?;
        if before.as_ref() != Some(document) {
            let name = format!("{firm}/{reference}/{revision}");
            let received = Received(document.clone());
            self.records.save(&name, &received).await?;
        }
        Ok(before.is_none())
    }

    /// A document's record.
    pub async fn document(
        &self,
        firm: &FirmId,
        reference: &DocumentRef,
    ) -> Result<Option<DocumentRecord>, StoreError> {
        self.records.load(&format!("{firm}/{reference}")).await
    }

    /// Keeps a document's record.
    pub async fn save_document(
        &self,
        firm: &FirmId,
        record: &DocumentRecord,
    ) -> Result<(), StoreError> {
        self.records
            .save(&format!("{firm}/{}", record.reference), record)
            .await
    }
}

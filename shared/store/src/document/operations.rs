//! Operations on documents: the revisions that RIVET sent, and the records of their postings.

use crate::Store;
use crate::document::{DocumentRecord, Received};
use billing::{Document, DocumentRef, FirmId};
use ports::records::{Records, StoreError};

impl<R: Records> Store<R> {
    /// Loads a revision as RIVET sent it.
    pub async fn received_revision(
        &self,
        firm: &FirmId,
        reference: &DocumentRef,
        revision: u32,
    ) -> Result<Option<Document>, StoreError> {
        let received = self
            .records
            .load(&revision_name(firm, reference, revision))
            .await?;
        Ok(received.map(|Received(document)| document))
    }

    /// Saves a revision as RIVET sent it, unless `known` is the same. `known` is the revision as it is stored.
    pub async fn save_received(
        &self,
        firm: &FirmId,
        document: &Document,
        known: Option<&Document>,
    ) -> Result<(), StoreError> {
        if known == Some(document) {
            return Ok(());
        }
        let name = revision_name(firm, &document.reference(), document.revision());
        let received = Received(document.clone());
        self.records.save(&name, &received).await
    }

    /// Loads the record of a document.
    pub async fn document(
        &self,
        firm: &FirmId,
        reference: &DocumentRef,
    ) -> Result<Option<DocumentRecord>, StoreError> {
        self.records.load(&name(firm, reference)).await
    }

    /// Saves the record of a document. Only the worker that holds the queue lease calls it.
    pub async fn save_document(
        &self,
        firm: &FirmId,
        record: &DocumentRecord,
    ) -> Result<(), StoreError> {
        let name = name(firm, &record.reference);
        self.records.save(&name, record).await
    }
}

fn name(firm: &FirmId, reference: &DocumentRef) -> String {
    format!("{firm}:{}:{}", reference.kind, reference.id)
}

fn revision_name(firm: &FirmId, reference: &DocumentRef, revision: u32) -> String {
    format!("{}:{revision}", name(firm, reference))
}

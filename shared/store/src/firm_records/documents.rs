//! The documents of a firm, with the customers and projects that their revisions name.

use crate::Store;
use crate::activity::reader::ActivityReader;
use crate::batch_log::BatchLog;
use crate::document::Received;
use billing::{Document, DocumentRef, FirmId, Id};
use ports::records::{Records, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// The highest revision of a document whose earlier revisions are looked for one by one.
const REVISIONS: u32 = 1000;

/// The documents and parties of a firm.
#[derive(Default)]
pub(super) struct FirmDocuments {
    /// The names of the revisions as received.
    pub(super) received: Vec<String>,
    /// The documents.
    pub(super) documents: BTreeMap<DocumentRef, u32>,
    pub(super) customers: BTreeSet<Id>,
    pub(super) projects: BTreeSet<Id>,
}

impl FirmDocuments {
    fn add(&mut self, document: &DocumentRef, revision: u32) {
        let known = self.documents.entry(document.clone()).or_default();
        *known = revision.max(*known);
    }

    fn add_parties(&mut self, document: &Document) {
        self.customers.insert(document.customer().id.clone());
        let project = document.project();
        self.projects
            .extend(project.map(|project| project.id.clone()));
    }
}

impl<R: Records> Store<R> {
    /// Finds the documents of a firm: the queue has the unfinished ones, and the activity has one entry or more for each other one.
    pub(super) async fn firm_documents(&self, firm: &FirmId) -> Result<FirmDocuments, StoreError> {
        let mut found = FirmDocuments::default();
        for entry in self.queue(firm).await?.entries {
            found.add(&entry.document, entry.revision);
        }
        let batch: BatchLog = self.load_or_default(firm.as_ref()).await?;
        for record in &batch.0 {
            found.add(&record.reference, record.revision);
        }
        let mut activity = ActivityReader::of(self, firm).await?;
        for position in 0..activity.count() {
            if let Some(entry) = activity.entry_at(position).await? {
                found.add(&entry.document, 0);
            }
        }
        for (document, revision) in found.documents.clone() {
            self.add_revisions(firm, &document, revision, &mut found)
                .await?;
        }
        Ok(found)
    }

    /// Removes a revision as RIVET sent it, of a firm that is erased.
    pub async fn remove_received(
        &self,
        firm: &FirmId,
        document: &Document,
    ) -> Result<(), StoreError> {
        let name = received_name(firm, &document.reference(), document.revision());
        self.records.remove::<Received>(&name).await
    }

    async fn add_revisions(
        &self,
        firm: &FirmId,
        document: &DocumentRef,
        revision: u32,
        found: &mut FirmDocuments,
    ) -> Result<(), StoreError> {
        let record = self.document(firm, document).await?;
        let processed = record.as_ref().map_or(0, |record| record.revision);
        // A void that arrives early covers revisions that are then never processed.
        let void = record.and_then(|record| record.void);
        let voided = void.map_or(0, |void| void.revision);
        let last = revision.max(processed).max(voided).clamp(1, REVISIONS);
        for revision in 1..=last {
            let received = self.received_revision(firm, document, revision).await?;
            if let Some(received) = received {
                found.add_parties(&received);
                found.received.push(received_name(firm, document, revision));
            }
        }
        Ok(())
    }
}

fn received_name(firm: &FirmId, document: &DocumentRef, revision: u32) -> String {
    format!("{firm}:{}:{}:{revision}", document.kind, document.id)
}

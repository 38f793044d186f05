//! Loads the records that RIVET's side is made of. Many loads wait side by side.

use billing::{Document, FirmId, Id};
use ports::records::{Records, StoreError};
use store::Store;
use store::document::DocumentRecord;
use store::matches::ProjectRecord;
use store::queue::entry::QueueEntry;
use store::subledger::{CustomerFacts, DocumentFigures, Party};

/// A project or customer, with the figures of its documents.
pub(super) enum LoadedParty {
    Project(Box<LoadedProject>),
    Customer(Box<LoadedCustomer>),
}

/// A project, with the figures of its pay apps and releases.
pub(super) struct LoadedProject {
    pub(super) id: Id,
    pub(super) record: ProjectRecord,
    pub(super) figures: Vec<DocumentFigures>,
}

/// A customer, with the figures of its payments.
pub(super) struct LoadedCustomer {
    pub(super) id: Id,
    pub(super) facts: Option<CustomerFacts>,
    pub(super) figures: Vec<DocumentFigures>,
}

/// An unfinished document, with its record and its newest revision.
pub(super) struct LoadedEntry<'a> {
    pub(super) entry: &'a QueueEntry,
    pub(super) record: DocumentRecord,
    pub(super) received: Option<Document>,
}

/// Loads a project or customer, and the pages with the figures of its documents.
pub(super) async fn load_party<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    party: &Party,
) -> Result<LoadedParty, StoreError> {
    Ok(match party {
        Party::Project(id) => {
            let mut record = store.project(firm, id).await?;
            let log = std::mem::take(&mut record.figures);
            LoadedParty::Project(Box::new(LoadedProject {
                id: id.clone(),
                record,
                figures: store.all_figures(firm, party, log).await?,
            }))
        }
        Party::Customer(id) => {
            let record = store.customer_payments(firm, id).await?;
            LoadedParty::Customer(Box::new(LoadedCustomer {
                id: id.clone(),
                facts: record.facts,
                figures: store.all_figures(firm, party, record.figures).await?,
            }))
        }
    })
}

/// Loads the record of an unfinished document, and its newest revision.
pub(super) async fn load_unfinished<'a, R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    entry: &'a QueueEntry,
) -> Result<LoadedEntry<'a>, StoreError> {
    let document = &entry.document;
    let record = store.document(firm, document).await?;
    let record =
        record.unwrap_or_else(|| DocumentRecord::new(document.clone(), Default::default()));
    let revision = entry.revision.max(record.revision);
    let received = store.received_revision(firm, document, revision).await?;
    Ok(LoadedEntry {
        entry,
        record,
        received,
    })
}

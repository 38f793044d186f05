//! Loads projects and customers with the figures of their documents.

use billing::{FirmId, Id};
use ports::records::{Records, StoreError};
use store::Store;
use store::matches::ProjectRecord;
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

/// Loads a project or customer, and the pages with the figures of its documents.
pub(super) async fn load_party<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    party: &Party,
) -> Result<LoadedParty, StoreError> {
    match party {
        Party::Project(id) => load_project(store, firm, id).await,
        Party::Customer(id) => load_customer(store, firm, id).await,
    }
}

async fn load_project<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    id: &Id,
) -> Result<LoadedParty, StoreError> {
    let mut record = store.project(firm, id).await?;
    let (party, log) = (
        Party::Project(id.clone()),
        std::mem::take(&mut record.figures),
    );
    Ok(LoadedParty::Project(Box::new(LoadedProject {
        id: id.clone(),
        record,
        figures: store.all_figures(firm, &party, log).await?,
    })))
}

async fn load_customer<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    id: &Id,
) -> Result<LoadedParty, StoreError> {
    let party = Party::Customer(id.clone());
    let record = store.customer_payments(firm, id).await?;
    Ok(LoadedParty::Customer(Box::new(LoadedCustomer {
        id: id.clone(),
        facts: record.facts,
        figures: store.all_figures(firm, &party, record.figures).await?,
    })))
}

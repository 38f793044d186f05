//! The records that decide what becomes of an event, read at the same time.

use super::firm_facts::FirmFacts;
use super::incoming::IncomingWork;
use billing::{Document, FirmId};
use futures::future::try_join4;
use ports::records::{Records, StoreError};
use store::Store;
use store::document::DocumentRecord;
use store::erasure::Erasure;

/// The records of the document of an event, and of its firm.
pub(super) struct Known {
    /// The erasure of the firm, if somebody ordered one.
    pub erasure: Option<Erasure>,
    pub record: Option<DocumentRecord>,
    /// The revision, if it was received before.
    pub received: Option<Document>,
    pub facts: FirmFacts,
}

impl Known {
    /// Reads the records. None of them decides which of the others is needed, so all waits are one.
    pub async fn load<R: Records>(
        store: &Store<R>,
        firm: &FirmId,
        work: &IncomingWork,
    ) -> Result<Self, StoreError> {
        let entry = &work.entry;
        let received = async {
            match work.document {
                Some(_) => {
                    store
                        .received_revision(firm, &entry.document, entry.revision)
                        .await
                }
                None => Ok(None),
            }
        };
        let (erasure, record, received, facts) = try_join4(
            store.erasure(firm),
            store.document(firm, &entry.document),
            received,
            FirmFacts::load(store, firm),
        )
        .await?;
        Ok(Self {
            erasure,
            record,
            received,
            facts,
        })
    }
}

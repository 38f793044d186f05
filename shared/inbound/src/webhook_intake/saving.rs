//! Saves the changes of a delivery in the inboxes of the firms that they are about.

use crate::webhook_intake::company_changes::{CompanyChanges, by_company};
use jiff::Timestamp;
use ports::records::{Records, StoreError};
use quickbooks::webhook::DeliveryEvents;
use store::{CompanyKey, Store};

/// Saves the changes of each company. A store failure for one company does not keep the others from being saved.
pub(super) async fn save_changes<R: Records>(
    store: &Store<R>,
    events: &DeliveryEvents,
    body: &[u8],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut result = Ok(());
    for changes in by_company(events, body) {
        let saved = save_company_changes(store, &changes, now).await;
        result = result.and(saved);
    }
    result
}

async fn save_company_changes<R: Records>(
    store: &Store<R>,
    changes: &CompanyChanges,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(firm) = store.company_owner(&changes.realm_id).await? else {
        return Ok(());
    };
    let company = CompanyKey {
        firm: &firm,
        realm_id: &changes.realm_id,
    };
    store.receive_changes(company, &changes.part, now).await
}

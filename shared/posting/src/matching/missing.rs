//! Which of the things that a refused write pointed to is gone: QuickBooks does not say (610, 2500), and a person has to know.

use crate::context::WorkerContext;
use crate::error::Halt;
use billing::{Customer, Project};
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;
use store::matches::ItemCatalogue;
use store::queue::entry::QueueEntry;
use store::reason::Reason;
use store::reason::hold::HoldReason;

/// What becomes of a document whose write was refused so: it waits and names what is missing, or fails with `reason`.
pub async fn missing<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    (record, waiting): (&DocumentRecord, &QueueEntry),
    reason: Reason,
    now: Timestamp,
) -> Result<DocumentStatus, StoreError> {
    let revision = waiting.revision.max(record.revision);
    let store = &office.bridge.store;
    let received = store
        .received_revision(office.firm, &waiting.document, revision)
        .await?;
    let Some(document) = received else {
        return Ok(DocumentStatus::Failed(reason));
    };
    let parties = (document.customer(), document.project());
    match who_is_missing(office, parties, now).await {
        Ok(Some(hold)) => Ok(DocumentStatus::Held(hold)),
        Err(Halt::Broken(error)) => Err(error),
        Ok(None) | Err(Halt::Setback(_)) => Ok(DocumentStatus::Failed(reason)),
    }
}

async fn who_is_missing<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    (customer, project): (&Customer, Option<&Project>),
    now: Timestamp,
) -> Result<Option<HoldReason>, Halt> {
    let store = &office.bridge.store;
    let matches = &office.settings.customers.matches;
    let chosen = matches.get(customer.id.as_ref()).cloned();
    let known = store.customer_match(office.firm, &customer.id).await?;
    let id = chosen.or(known.quickbooks_id);
    if is_gone(office, Kind::Customer, id, now).await? {
        return Ok(Some(HoldReason::CustomerInactive(customer.name.clone())));
    }
    if let Some(project) = project {
        let chosen = &office.settings.class_tracking.projects;
        let chosen = chosen.get(project.id.as_ref()).cloned();
        let known = office.project(&project.id).await?.class_id.clone();
        if is_gone(office, Kind::Class, chosen.or(known), now).await? {
            return Ok(Some(HoldReason::ClassInactive(mapping::class_name(
                project,
            ))));
        }
    }
    missing_item(office, now).await
}

/// If an item is gone all are forgotten, as nobody chooses items: the next attempt finds those that are there and makes another.
async fn missing_item<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    now: Timestamp,
) -> Result<Option<HoldReason>, Halt> {
    let ids: Vec<&str> = office
        .items
        .by_account
        .values()
        .map(String::as_str)
        .collect();
    if ids.is_empty() {
        return Ok(None);
    }
    let query = Query::from(Kind::Item).filter(Field::Id.is_in(ids));
    if office.listed(&query, now).await?.len() >= office.items.by_account.len() {
        return Ok(None);
    }
    office.items = ItemCatalogue {
        creations: office.items.creations + 1,
        ..ItemCatalogue::default()
    };
    office.found.retain(|(key, _)| !key.starts_with("item "));
    office
        .bridge
        .store
        .save_items(office.firm, &office.items)
        .await?;
    Ok(Some(HoldReason::ItemInactive))
}

async fn is_gone<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    kind: Kind,
    id: Option<String>,
    now: Timestamp,
) -> Result<bool, Halt> {
    let Some(id) = id else {
        return Ok(false);
    };
    let query = Query::from(kind).filter(Field::Id.equals(&id));
    Ok(office.listed(&query, now).await?.is_empty())
}

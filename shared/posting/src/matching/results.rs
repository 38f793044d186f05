//! Saves the results of searches.

use crate::context::WorkerContext;
use crate::party_search::{Party, Search, SoughtJob};
use billing::{Customer, Id};
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::matches::{CustomerMatch, ProjectRecord, SentCreation};
use store::object_index::entry::Subject;

/// The result of a search, for later runs.
struct Found {
    id: Option<String>,
    /// The creation that QuickBooks perhaps carried out.
    sent: Option<SentCreation>,
    /// The creations that led to nothing.
    creations: u32,
}

/// Saves the result of a search for this run, and an id for later runs. Request ids that led to no object are counted too, because the next
/// attempt needs another. A creation in doubt is saved, because the next search looks for it first.
pub async fn save_match<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    search: Search,
) -> Result<(), StoreError> {
    let Some(result) = search.result else {
        return Ok(());
    };
    let used_up = search.refused_creations;
    let id = result.as_ref().ok().cloned();
    ctx.parties.add(search.key, result);
    if used_up == 0 && id.is_none() && search.lost.is_none() {
        return Ok(());
    }
    let sent = search.lost.or(search.creation_key.sent);
    let found = Found {
        // An id settles what was sent.
        sent: sent.filter(|_| id.is_none()),
        id,
        creations: search.creation_key.earlier_creations + used_up,
    };
    match search.party {
        Party::Customer(customer) => {
            let (customer, body) = *customer;
            if let Some(suggestion) = search.suggestion {
                ctx.parties.add_suggestion(&customer.id, suggestion);
            }
            let of_several = body.currency_ref.is_some();
            let currency = search.currency.filter(|_| of_several);
            ctx.parties.add_currency_of(&customer.id, currency.clone());
            save_customer(ctx, &customer, found, currency).await
        }
        Party::Job(job) => save_job(ctx, &job, found).await,
        Party::Class(project) => save_class(ctx, &project.id, found).await,
        Party::Item(account) => save_item(ctx, &account.id, found).await,
    }
}

async fn save_customer<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    customer: &Customer,
    found: Found,
    currency: Option<String>,
) -> Result<(), StoreError> {
    let store = ctx.store;
    let known = CustomerMatch {
        quickbooks_id: found.id,
        creations: found.creations,
        currency,
        sent: found.sent,
    };
    store
        .save_customer_match(ctx.firm, &customer.id, &known)
        .await?;
    if let Some(id) = known.quickbooks_id {
        let subject = Subject::Customer(customer.id.clone());
        ctx.parties.add_match(subject, &id, ctx.client.now());
    }
    Ok(())
}

async fn save_job<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    job: &SoughtJob,
    found: Found,
) -> Result<(), StoreError> {
    let change = &mut |record: &mut ProjectRecord| {
        let known = record.job.get_or_insert_default();
        if job.chosen.is_some() {
            known.checked.clone_from(&found.id);
            return;
        }
        known.quickbooks_id.clone_from(&found.id);
        (known.creations, known.sent) = (found.creations, found.sent.clone());
    };
    ctx.update_project(&job.project.id, change).await?;
    if let Some(id) = &found.id {
        let subject = Subject::Project(job.project.id.clone());
        ctx.parties.add_match(subject, id, ctx.client.now());
    }
    Ok(())
}

async fn save_class<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    project: &Id,
    found: Found,
) -> Result<(), StoreError> {
    let change = &mut |record: &mut ProjectRecord| {
        record.class_id.clone_from(&found.id);
        (record.creations, record.sent) = (found.creations, found.sent.clone());
    };
    ctx.update_project(project, change).await
}

async fn save_item<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    account: &str,
    found: Found,
) -> Result<(), StoreError> {
    let second = ctx.now().as_second();
    let items = &mut ctx.items;
    match found.sent {
        Some(sent) => items.sent.insert(account.to_owned(), sent),
        None => items.sent.remove(account),
    };
    if let Some(id) = found.id {
        items.set_known_at(&id, second);
        items.by_account.insert(account.to_owned(), id);
    }
    items.creations = items.creations.max(found.creations);
    ctx.store.save_items(ctx.firm, &ctx.items).await
}

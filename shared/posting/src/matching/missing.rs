//! Finds the party, account or item that a refused write referred to and that is gone. QuickBooks does not name it (faults 610 and 2500), but a
//! person has to know it.

use crate::context::WorkerContext;
use crate::eligibility::is_needed;
use crate::error::PostingError;
use crate::items;
use billing::{Customer, DocumentKind, DocumentRef, Project};
use connection::client::find_entries;
use jiff::Timestamp;
use mapping::AccountPurpose;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Kind;
use store::reason::hold::HoldReason;

/// Returns the reason to hold a document whose write referred to something that is gone. `None` if everything exists or could not be read.
pub async fn find_missing<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    document: &DocumentRef,
    revision: u32,
    now: Timestamp,
) -> Result<Option<HoldReason>, StoreError> {
    let store = ctx.store;
    let received = store
        .received_revision(ctx.firm, document, revision)
        .await?;
    let Some(received) = received else {
        return Ok(None);
    };
    let (customer, project) = (received.customer(), received.project());
    let missing = match missing_party(ctx, customer, project, now).await {
        Ok(None) => missing_account_or_item(ctx, document.kind).await,
        missing => missing,
    };
    match missing {
        Ok(hold) => Ok(hold),
        Err(PostingError::Store(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

async fn missing_party<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    customer: &Customer,
    project: Option<&Project>,
    now: Timestamp,
) -> Result<Option<HoldReason>, PostingError> {
    let matches = &ctx.settings.customers.matches;
    let chosen = matches.get(customer.id.as_ref()).cloned();
    let known = ctx.store.customer_match(ctx.firm, &customer.id).await?;
    let id = chosen.or(known.quickbooks_id);
    if is_gone(ctx, Kind::Customer, id, now).await? {
        return Ok(Some(HoldReason::CustomerInactive(customer.name.clone())));
    }
    if let Some(project) = project
        && let Some(id) = known_job(ctx, project).await?
        && is_gone(ctx, Kind::Customer, Some(id), now).await?
    {
        let (customer, job) = (mapping::customer_name(customer), mapping::job_name(project));
        return Ok(Some(HoldReason::CustomerInactive(format!(
            "{customer}:{job}"
        ))));
    }
    if let Some(project) = project
        && is_class_gone(ctx, project, now).await?
    {
        let name = mapping::class_name(project);
        return Ok(Some(HoldReason::ClassInactive(name)));
    }
    Ok(None)
}

/// Returns the id of the job that a project's documents name, if RIVET knows one.
async fn known_job<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    project: &Project,
) -> Result<Option<String>, PostingError> {
    let chosen = &ctx.settings.customers.projects;
    if let Some(chosen) = chosen.get(project.id.as_ref()) {
        return Ok(Some(chosen.clone()));
    }
    let known = ctx.project(&project.id).await?.job.as_ref();
    Ok(known.and_then(|job| job.quickbooks_id.clone()))
}

async fn is_class_gone<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    project: &Project,
    now: Timestamp,
) -> Result<bool, PostingError> {
    let chosen = &ctx.settings.class_tracking.projects;
    let chosen = chosen.get(project.id.as_ref()).cloned();
    let known = ctx.project(&project.id).await?.class_id.clone();
    is_gone(ctx, Kind::Class, chosen.or(known), now).await
}

/// An account of the settings.
struct ChosenAccount {
    purpose: AccountPurpose,
    id: String,
}

/// Returns a hold if an account of the settings is inactive or gone. Otherwise an item may be.
async fn missing_account_or_item<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    kind: DocumentKind,
) -> Result<Option<HoldReason>, PostingError> {
    let (now, settings) = (ctx.now(), &ctx.settings);
    let needed = AccountPurpose::ALL.into_iter();
    let needed = needed.filter(|purpose| is_needed(*purpose, kind, settings));
    let chosen: Vec<ChosenAccount> = needed
        .filter_map(|purpose| {
            let id = purpose.chosen_account(&settings.accounts)?.clone();
            Some(ChosenAccount { purpose, id })
        })
        .collect();
    let ids: Vec<&str> = chosen.iter().map(|chosen| chosen.id.as_str()).collect();
    let found = find_entries(&mut ctx.client, Kind::Account, &ids, now).await?;
    let is_usable = |id: &str| found.iter().any(|entry| entry.id == id && entry.is_active);
    let gone = chosen.iter().filter(|chosen| !is_usable(&chosen.id));
    let gone: Vec<String> = gone
        .map(|chosen| chosen.purpose.settings_path().to_owned())
        .collect();
    match gone.is_empty() {
        true => missing_item(ctx).await,
        false => Ok(Some(HoldReason::SettingsIncomplete(gone))),
    }
}

/// Returns a hold if an item is gone or was changed. No person chooses items, so RIVET forgets an item that is gone. The next attempt finds or
/// creates another.
async fn missing_item<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
) -> Result<Option<HoldReason>, PostingError> {
    let known = ctx.items.by_account.clone();
    items::check_all(ctx).await?;
    if ctx.items.by_account.len() < known.len() {
        return Ok(Some(HoldReason::ItemInactive));
    }
    let mut accounts = known.keys();
    Ok(accounts.find_map(|account| items::hold(ctx, account)))
}

/// Returns whether an entry of a list is inactive, or gone because it was merged into another.
async fn is_gone<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    kind: Kind,
    id: Option<String>,
    now: Timestamp,
) -> Result<bool, PostingError> {
    let Some(id) = id else {
        return Ok(false);
    };
    let found = find_entries(&mut ctx.client, kind, &[&id], now).await?;
    Ok(found.iter().all(|entry| !entry.is_active))
}

//! Maps RIVET's names to QuickBooks ids: first by saved matches, then by search, then by creation.
//!
//! All searches of a batch of documents share a few calls. A creation is safe to repeat: every attempt looks the name up first, and
//! QuickBooks refuses a name that is taken.

// Top first: a module uses only modules below it.
pub mod missing;
mod requirements;
mod results;
mod batched_search;
mod targets;

pub use crate::matching::targets::{Targets, targets};
pub use crate::party_search::Creation;

use crate::context::{PartyKey, WorkerContext};
use crate::entered_before;
use crate::error::PostingError;
use crate::items;
use crate::planned::{Billed, PlannedDocument};
use billing::Project;
use jiff::Timestamp;
use mapping::{ClassMode, Ids};
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::reason::hold::HoldReason;
use store::reason::{Action, Reason};

/// Searches all customers, jobs, classes and items that plans need and that are not known yet. Saves the matches; [`resolve`] returns the
/// failures. `customers` permits or forbids the creation of customers and jobs.
pub async fn find_parties<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    documents: &[&PlannedDocument],
    customers: Creation,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut searches = Vec::new();
    let accounts = documents.iter().flat_map(|planned| planned.plan.items());
    let accounts: Vec<String> = accounts.map(|account| account.id).collect();
    items::check_before_posting(ctx, &accounts).await?;
    for planned in documents {
        let PlannedDocument { document, plan, .. } = planned;
        requirements::require_customer(ctx, &mut searches, planned, customers).await?;
        requirements::require_job(ctx, &mut searches, planned, customers).await?;
        if let Some(project) = document.project().filter(|_| plan.class().is_some()) {
            requirements::require_class(ctx, &mut searches, project).await?;
        }
        for account in plan.items() {
            requirements::require_item(ctx, &mut searches, account);
        }
    }
    let looks = match (searches.is_empty(), customers) {
        (false, Creation::Allowed) => entered_before::number_queries(ctx, documents).await?,
        _ => Vec::new(),
    };
    let searched = batched_search::run_all(ctx, &mut searches, looks, now).await;
    for search in searches {
        results::save_match(ctx, search).await?;
    }
    searched
}

/// Returns the ids that a plan needs, from the results of [`find_parties`].
pub fn resolve<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    planned: &PlannedDocument,
    targets: Targets,
) -> Result<Ids, PostingError> {
    let PlannedDocument { document, plan, .. } = planned;
    let customer = found_id(ctx, &PartyKey::Customer(document.customer().id.clone()))?;
    ensure_currency(ctx, planned)?;
    let billed = billed(ctx, planned, customer)?;
    let project = document.project().filter(|_| plan.class().is_some());
    let class = match project {
        Some(project) => class_id(ctx, project)?,
        None => None,
    };
    let items = plan.items().into_iter().map(|account| {
        let id = item_id(ctx, &account.id)?;
        Ok((account.id, id))
    });
    let Targets {
        owed,
        credits,
        entries,
        jobs,
    } = targets;
    let mut jobs = jobs;
    jobs.retain(|_, job| *job != billed.customer);
    Ok(Ids {
        class,
        items: items.collect::<Result<_, PostingError>>()?,
        targets: owed,
        credits,
        entries,
        jobs,
        ..billed
    })
}

/// Returns an error if the document is in another currency than its customer. QuickBooks would refuse its transactions.
fn ensure_currency<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    planned: &PlannedDocument,
) -> Result<(), PostingError> {
    let customer = planned.document.customer();
    let known = ctx.parties.currency(&customer.id);
    match (known, &planned.plan.currency) {
        (Some(known), Some(wanted)) if known != wanted && !planned.plan.postings.is_empty() => {
            Err(HoldReason::CustomerCurrency {
                customer: customer.name.clone(),
                has: known.to_owned(),
                needs: wanted.clone(),
            }
            .into())
        }
        _ => Ok(()),
    }
}

/// Returns the customer that a document's transactions name, and its parent.
fn billed<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    planned: &PlannedDocument,
    customer: String,
) -> Result<Ids, PostingError> {
    let job = match (&planned.billed, planned.project_of_job()) {
        (Billed::AsBefore(job), _) => Some(job.clone()),
        (_, None) => None,
        (Billed::AsPlanned, Some(project)) => {
            Some(found_id(ctx, &PartyKey::Job(project.id.clone()))?)
        }
        (Billed::AsFound, Some(project)) => found_id(ctx, &PartyKey::Job(project.id.clone())).ok(),
    };
    let Some(job) = job else {
        return Ok(Ids {
            customer,
            ..Ids::default()
        });
    };
    Ok(Ids {
        customer: job,
        parent: Some(customer),
        ..Ids::default()
    })
}

fn found_id<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    key: &PartyKey,
) -> Result<String, PostingError> {
    let found = ctx.parties.get(key).cloned();
    found.unwrap_or_else(|| Err(not_searched(key)))
}

/// Returns the item of an account, unless a person changed the item or its check failed.
fn item_id<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    account: &str,
) -> Result<String, PostingError> {
    let key = PartyKey::Item(account.to_owned());
    if let Some(Err(error)) = ctx.parties.get(&key) {
        return Err(error.clone());
    }
    let id = match ctx.items.by_account.get(account) {
        Some(id) => id.clone(),
        None => found_id(ctx, &key)?,
    };
    match items::hold(ctx, account) {
        Some(hold) => Err(hold.into()),
        None => Ok(id),
    }
}

fn class_id<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    project: &Project,
) -> Result<Option<String>, PostingError> {
    let tracking = &ctx.settings.class_tracking;
    if tracking.mode == ClassMode::Off {
        return Ok(None);
    }
    if let Some(chosen) = tracking.projects.get(project.id.as_ref()) {
        return Ok(Some(chosen.clone()));
    }
    if tracking.mode == ClassMode::Manual {
        let field = format!("class_tracking.projects.{}", project.id);
        return Err(HoldReason::SettingsIncomplete(vec![field]).into());
    }
    found_id(ctx, &PartyKey::Class(project.id.clone())).map(Some)
}

/// Returns the error of a party that was not searched before the calls ended.
fn not_searched(key: &PartyKey) -> PostingError {
    let message = format!("The {key} could not be looked for.");
    PostingError::Failed(Reason::new("unresolved", Action::ContactSupport, message))
}

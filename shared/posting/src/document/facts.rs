//! Collects the facts that the plan of a document depends on, beside the settings.

use crate::context::WorkerContext;
use crate::document::payment_facts::payment_facts;
use crate::error::PostingError;
use crate::planned::Billed;
use crate::work_item::WorkItem;
use billing::{Document, DocumentRef, Id, Payment};
use mapping::{Held, Parties, PaymentFacts, PostedObject, Slot};
use ports::http::Http;
use ports::records::{Records, StoreError};
use std::collections::BTreeMap;
use store::document::DocumentRecord;

/// The facts that the plan of a document depends on, beside the settings.
#[derive(Default)]
pub struct DocumentFacts {
    /// The retainage of the document's project.
    pub held: Held,
    /// The knowledge about the customers and jobs.
    pub parties: Parties,
    /// The customer that the transactions name.
    pub billed: Billed,
    /// The facts about the targets of a payment.
    pub payment: PaymentFacts,
}

/// Collects the facts for a document. Only records are read.
///
/// # Errors
/// [`PostingError`] if a record could not be read, or a payment has to wait for one of its targets.
pub async fn facts<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &WorkItem,
    document: &Document,
) -> Result<DocumentFacts, PostingError> {
    let record = &item.record;
    let project = document.project().map(|project| &project.id);
    let mut facts = DocumentFacts {
        held: ctx.held(project, record).await?,
        payment: payment_facts(ctx, document).await?,
        ..DocumentFacts::default()
    };
    let before = match document {
        Document::RetainageRelease(release) => oldest_holder(ctx, &release.project.id).await?,
        Document::Payment(payment) => {
            if !item.is_marked_posted() && is_by_job(ctx, record, payment).await? {
                facts.parties.paid_jobs = paid_jobs(ctx, payment).await?;
            }
            first_paid(ctx, payment).await?
        }
        Document::PayApp(_) | Document::Project(_) => None,
    };
    let before = before.as_ref().and_then(DocumentRecord::billed_object);
    facts.parties.currency = before.and_then(|posted| posted.posting.currency().map(str::to_owned));
    if facts.parties.currency.is_none() && ctx.client.preferences().is_multicurrency {
        let payments = ctx.customer_payments(&document.customer().id).await?;
        facts.parties.currency.clone_from(&payments.currency);
    }
    if document.project().is_some() {
        set_side(&mut facts, record.billed_object().or(before));
        if item.is_marked_posted() && facts.billed == Billed::AsPlanned {
            facts.billed = Billed::AsFound;
        }
    }
    Ok(facts)
}

/// Sets the customer or job that a transaction of before was posted for.
fn set_side(facts: &mut DocumentFacts, before: Option<&PostedObject>) {
    facts.parties.posted_for = before.map(PostedObject::billed_side);
    if let Some(job) = before.and_then(PostedObject::job) {
        facts.billed = Billed::AsBefore(job.to_owned());
    }
}

/// Returns the record of the pay app that withheld the oldest retainage of a project. A release is posted for the same customer or job.
async fn oldest_holder<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    project: &Id,
) -> Result<Option<DocumentRecord>, StoreError> {
    match ctx.project(project).await?.oldest_holder() {
        Some(holder) => ctx.store.document(ctx.firm, &holder).await,
        None => Ok(None),
    }
}

/// Returns the record of the first document that a payment pays, if the company uses several currencies.
async fn first_paid<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    payment: &Payment,
) -> Result<Option<DocumentRecord>, StoreError> {
    match payment.applied.first() {
        Some(part) if ctx.client.preferences().is_multicurrency => {
            ctx.store.document(ctx.firm, &part.target()).await
        }
        _ => Ok(None),
    }
}

/// Returns whether a payment is divided by jobs. What was posted stays as it was posted.
async fn is_by_job<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    payment: &Payment,
) -> Result<bool, StoreError> {
    if !record.posted.is_empty() {
        let mut posted = record.posted.iter();
        return Ok(posted.any(|posted| matches!(posted.slot, Slot::PaymentOfJob(_))));
    }
    let customer = ctx.customer_payments(&payment.customer.id).await?;
    Ok(record.is_by_job || customer.is_by_job)
}

/// Returns the project of each paid document that was posted for a job.
async fn paid_jobs<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    payment: &Payment,
) -> Result<BTreeMap<DocumentRef, Id>, StoreError> {
    let mut jobs = BTreeMap::new();
    for part in &payment.applied {
        let record = ctx.store.document(ctx.firm, &part.target()).await?;
        let posted = record.as_ref().and_then(DocumentRecord::billed_object);
        let posted = posted.filter(|posted| posted.present_job().is_some());
        let project = posted.and_then(|posted| posted.posting.project());
        jobs.extend(project.map(|project| (part.target(), project.clone())));
    }
    Ok(jobs)
}

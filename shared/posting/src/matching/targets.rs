//! The transactions that payments pay or use.

mod returned_parts;

use self::returned_parts::{ReturnedPart, is_divided, returned_parts};
use crate::context::WorkerContext;
use crate::error::PostingError;
use billing::{DocumentKind, DocumentRef, Id};
use mapping::{PostedObject, PostingPlan, ReturnedEntry};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::TxnType;
use std::collections::BTreeMap;
use store::document::DocumentRecord;
use store::reason::hold::HoldReason;
use store::reason::{Action, Reason};

/// The transactions of documents.
type Transactions = BTreeMap<DocumentRef, (TxnType, String)>;

/// The transactions that the payments of a plan are applied to.
#[derive(Default)]
pub struct Targets {
    /// The transaction by which the customer owes each document.
    pub owed: Transactions,
    /// The credit memos that are used.
    pub credits: Transactions,
    /// The entries of divided payments that came back.
    pub entries: Vec<ReturnedEntry>,
    /// The jobs that these transactions name, by project.
    pub jobs: BTreeMap<Id, String>,
}

impl Targets {
    /// Adds the entry of a part of a payment that came back, for each document that the part had paid.
    fn add(&mut self, payment: &DocumentRecord, part: &ReturnedPart<'_>) {
        let ReturnedPart { receipt, entry } = part;
        if let Some(job) = &receipt.job {
            self.jobs.insert(job.clone(), entry.ids.customer.clone());
        }
        let shares = receipt.applied.iter();
        self.entries.extend(shares.map(|share| ReturnedEntry {
            payment: payment.reference.id.clone(),
            document: share.document.clone(),
            entry: (entry.kind, entry.id.clone()),
        }));
    }
}

/// Returns the transactions to which the payments of a plan are applied.
pub async fn targets<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    plan: &PostingPlan,
) -> Result<Targets, PostingError> {
    let mut targets = Targets::default();
    for document in plan.targets() {
        let record = ctx.store.document(ctx.firm, &document).await?;
        let finished = record.filter(|record| record.status.is_final());
        let record = finished.ok_or_else(|| HoldReason::WaitingFor(document.clone()))?;
        let is_credit = plan.credits().contains(&document);
        if is_divided(&record) {
            let parts = returned_parts(&record).into_iter();
            parts.for_each(|part| targets.add(&record, &part));
            continue;
        }
        let target = target_of(&record, is_credit).ok_or_else(|| nothing_owed(&document))?;
        if let Some((project, job)) = target.posting.project().zip(target.present_job()) {
            targets.jobs.insert(project.clone(), job.to_owned());
        }
        let transactions = match is_credit {
            true => &mut targets.credits,
            false => &mut targets.owed,
        };
        transactions.insert(document, (target.kind, target.id.clone()));
    }
    Ok(targets)
}

/// Returns the transaction of a document that a payment uses as a credit, or pays. Of a payment that came back, its entry is paid.
fn target_of(record: &DocumentRecord, is_credit: bool) -> Option<&PostedObject> {
    let mut posted = record.posted.iter();
    posted.find(|posted| match (record.reference.kind, is_credit) {
        (DocumentKind::Payment, _) => posted.is_returned_payment(),
        (_, true) => posted.is_active && posted.kind == TxnType::CreditMemo,
        (_, false) => posted.is_active && posted.is_receivable(),
    })
}

fn nothing_owed(document: &DocumentRef) -> PostingError {
    let message = format!("{document} has nothing in QuickBooks that a payment can be applied to.");
    PostingError::Failed(Reason::new("nothing_owed", Action::FixDocument, message))
}

//! Compares payments with what is open of the documents that they pay.

use crate::company_query::ask;
use crate::context::WorkerContext;
use crate::entered_before::Candidate;
use crate::entered_before::owners::FoundObject;
use crate::error::PostingError;
use billing::DocumentRef;
use jiff::Timestamp;
use mapping::{PostedObject, Receipt, Share};
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::entity::{ObjectSnapshot, TxnType};
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use rust_decimal::Decimal;
use store::document::DocumentRecord;
use store::index_margin;
use store::reason::{FoundTransaction, PaidAlready};

/// The ids in one query.
const MAX_IDS: usize = 60;

/// A payment that is more than what is open, as the hold says it.
pub(super) struct Overpayment {
    /// The payment in RIVET.
    pub(super) payment: DocumentRef,
    pub(super) facts: PaidAlready,
}

/// Returns whether all shares of a payment are open by what RIVET noticed and posted itself. No call is made.
///
/// # Errors
/// [`StoreError`] if a record could not be read.
pub(super) async fn is_open_by_own_knowledge<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    candidate: &Candidate<'_>,
    receipt: &Receipt,
) -> Result<bool, StoreError> {
    for share in receipt.applied.iter().chain(&receipt.credits) {
        // The plan made sure that enough is open of what came back.
        if share.returned.is_some() {
            continue;
        }
        let Some(record) = ctx.store.document(ctx.firm, &share.document).await? else {
            continue;
        };
        let Some(owed) = owed(&record) else { continue };
        let payment = &candidate.plan.document.id;
        let since = Timestamp::UNIX_EPOCH;
        let payments = ctx.customer_payments(&receipt.customer).await?;
        let rest = owed.posting.total() - payments.paid(&share.document, payment, since);
        let noticed = record.payment.as_ref().map(|payment| payment.balance);
        if share.amount > noticed.map_or(rest, |noticed| noticed.min(rest)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the queries for the invoices that payments pay, and for the credit memos that they use.
pub(super) fn queries(candidates: &[Candidate<'_>]) -> Vec<Query> {
    let mut queries = Vec::new();
    for (kind, txn_type) in [
        (Kind::Invoice, TxnType::Invoice),
        (Kind::CreditMemo, TxnType::CreditMemo),
    ] {
        let targets = candidates.iter().flat_map(|candidate| {
            let ids = candidate.ids;
            ids.targets.values().chain(ids.credits.values())
        });
        let of_kind = targets.filter(|(kind, _)| *kind == txn_type);
        let mut ids: Vec<&str> = of_kind.map(|(_, id)| id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let chunks = ids.chunks(MAX_IDS);
        queries.extend(chunks.map(|ids| Query::from(kind).filter(Field::Id.is_in(ids.to_vec()))));
    }
    queries
}

/// Returns the payments that are more than what is open. The payments and credits that paid before are read in one more call.
///
/// # Errors
/// [`PostingError`] if a record could not be read, or QuickBooks did not answer.
pub(super) async fn overpayments<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    candidates: &[Candidate<'_>],
    found: &[FoundObject],
    now: Timestamp,
) -> Result<Vec<Overpayment>, PostingError> {
    let mut all = Vec::new();
    let mut links: Vec<String> = Vec::new();
    for candidate in candidates {
        for share in shares(candidate).filter(|share| share.returned.is_none()) {
            if let Some(facts) = overpaid(ctx, candidate, share, found).await? {
                links.extend(payment_links(&facts.owed, found));
                let payment = candidate.plan.document.clone();
                all.push(Overpayment { payment, facts });
            }
        }
    }
    let known = found.iter().map(|found| &found.object);
    let mut payments: Vec<ObjectSnapshot> = known
        .filter(|object| object.kind == Kind::Payment)
        .cloned()
        .collect();
    links.retain(|id| !payments.iter().any(|payment| payment.id == *id));
    if !links.is_empty() {
        let query = Query::from(Kind::Payment).filter(Field::Id.is_in(&links));
        // A refused query leaves out what paid before, which only the words of the hold name.
        let answers = ask(ctx, vec![query], now).await?;
        links.retain(|id| !answers.rows.iter().any(|found| found.id == *id));
        payments.extend(answers.rows);
        // Nor does the query show what was entered just before.
        for id in links.iter().filter(|_| answers.refused.is_empty()) {
            let read = ctx.client.get(Kind::Payment, id, now).await;
            payments.extend(read.ok().flatten());
        }
    }
    for Overpayment { facts, .. } in &mut all {
        facts.paid_by = paid_by(&facts.owed, &payments);
    }
    Ok(all)
}

/// Returns the facts about a share that is more than what is open. `None` if enough is open, or nobody knows.
async fn overpaid<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    candidate: &Candidate<'_>,
    share: &Share,
    found: &[FoundObject],
) -> Result<Option<PaidAlready>, StoreError> {
    let Some(record) = ctx.store.document(ctx.firm, &share.document).await? else {
        return Ok(None);
    };
    let Some(posted) = owed(&record) else {
        return Ok(None);
    };
    let recently = index_margin::unlisted_since(ctx.now());
    let payment = &candidate.plan.document.id;
    let payments = ctx.customer_payments(&candidate.plan.customer).await?;
    let own = payments.paid(&share.document, payment, recently);
    let rest = posted.posting.total() - own;
    let read = found
        .iter()
        .find(|found| posted.is_object(found.object.kind, &found.object.id));
    // A journal entry has no balance, so the payments that were read count.
    let total = posted.posting.total();
    let balance = read.and_then(|read| read.object.balance);
    let balance = balance.unwrap_or_else(|| total - applied_to(posted, found));
    let open = balance.min(rest).max(Decimal::ZERO);
    Ok((share.amount > open).then(|| PaidAlready {
        document: share.document.clone(),
        needed: share.amount,
        open,
        owed: read.map_or_else(
            || transaction(posted),
            |read| FoundTransaction::of(&read.object),
        ),
        paid_by: Vec::new(),
    }))
}

/// Returns the transaction by which the customer owes a document, or has a credit by it.
fn owed(record: &DocumentRecord) -> Option<&PostedObject> {
    let mut active = record.active_objects();
    active.find(|posted| posted.is_receivable() || posted.kind == TxnType::CreditMemo)
}

/// Returns the shares of a payment that is to be posted, and the credits that it uses.
pub(super) fn shares<'a>(candidate: &Candidate<'a>) -> impl Iterator<Item = &'a Share> {
    let postings = candidate.plan.postings.iter();
    let receipts = postings.filter_map(|planned| match &planned.posting {
        mapping::Posting::Payment(receipt) => Some(receipt),
        _ => None,
    });
    receipts.flat_map(|receipt| receipt.applied.iter().chain(&receipt.credits))
}

/// Returns the ids of the payments that an invoice names.
fn payment_links(owed: &FoundTransaction, found: &[FoundObject]) -> Vec<String> {
    let is_owed = |found: &&FoundObject| owed.is_object(found.object.kind, &found.object.id);
    let links = found
        .iter()
        .filter(is_owed)
        .flat_map(|found| &found.object.links);
    let payments = links.filter(|link| link.kind == Kind::Payment);
    payments.map(|link| link.id.clone()).collect()
}

/// Returns the amount that the payments found apply to a transaction.
fn applied_to(posted: &PostedObject, found: &[FoundObject]) -> Decimal {
    let payments = found.iter().map(|found| &found.object);
    let links = payments
        .filter(|object| object.kind == Kind::Payment)
        .flat_map(|payment| &payment.links)
        .filter(|link| posted.is_object(link.kind, &link.id));
    links.filter_map(|link| link.amount).sum()
}

/// Returns the payments of a transaction. A payment of nothing applies a credit, which is named in its place.
fn paid_by(owed: &FoundTransaction, payments: &[ObjectSnapshot]) -> Vec<FoundTransaction> {
    let pays = |payment: &&ObjectSnapshot| {
        let mut links = payment.links.iter();
        links.any(|link| owed.is_object(link.kind, &link.id))
    };
    let mut all = Vec::new();
    for payment in payments.iter().filter(pays) {
        let credits = payment
            .links
            .iter()
            .filter(|link| link.kind == Kind::CreditMemo);
        let credits: Vec<FoundTransaction> = credits
            .map(|link| FoundTransaction {
                kind: TxnType::CreditMemo,
                id: link.id.clone(),
                number: String::new(),
                date: payment.date,
                amount: link.amount.unwrap_or_default(),
            })
            .collect();
        let is_money = payment.total.is_none_or(|total| !total.is_zero());
        if is_money || credits.is_empty() {
            all.push(FoundTransaction::of(payment));
        }
        all.extend(credits);
    }
    all
}

/// Returns a transaction of RIVET's as RIVET knows it.
fn transaction(posted: &PostedObject) -> FoundTransaction {
    FoundTransaction {
        kind: posted.kind,
        id: posted.id.clone(),
        number: posted.number.clone().unwrap_or_default(),
        date: Some(posted.posting.date()),
        amount: posted.posting.total(),
    }
}

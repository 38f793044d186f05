//! Executes the open steps of one document in order.

use crate::conflict::ensure_unchanged;
use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::planned::ResolvedSteps;
use crate::saga::look_up::look_up;
use crate::saga::open_saga::{Execution, OpenSaga};
use crate::saga::record::{settle, start};
use crate::saga::renumber::execute_renumbered;
use crate::saga::step::execute_step;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::Kind;
use rust_decimal::Decimal;
use store::document::DocumentRecord;

/// Executes the open steps of a document, and takes back reversals that came too late. In a recovery, looks up all steps before it sends one
/// again.
pub async fn execute<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    execution: Execution,
    now: Timestamp,
) -> Result<(), PostingError> {
    execute_started(ctx, record, execution, now).await?;
    take_late_reversals_back(ctx, record, now).await?;
    apply_reversals(ctx, record, now).await
}

/// Applies the credit memos that reverse invoices of closed days, or are reversed by invoices, by payments of 0.00. QuickBooks may have
/// applied one by itself, and a person may have paid the invoice meanwhile: only what is open of both is applied.
pub async fn apply_reversals<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    now: Timestamp,
) -> Result<(), PostingError> {
    let mut steps = Vec::new();
    for reversal in mapping::unapplied_reversals(&record.posted) {
        let invoice = open_amount(ctx, Kind::Invoice, &reversal.invoice, now).await?;
        let credit = open_amount(ctx, Kind::CreditMemo, &reversal.credit_memo, now).await?;
        let amount = invoice.min(credit);
        if amount > Decimal::ZERO {
            let closing = ctx.client.preferences().closing_date();
            steps.push(reversal.step(&record.reference, amount, closing));
        }
    }
    if steps.is_empty() {
        return Ok(());
    }
    start(ctx, record, ResolvedSteps::taking_back(steps), now);
    ctx.save_document(record).await?;
    execute_started(ctx, record, Execution::First, now).await
}

/// Reads what is open of an invoice, or left of a credit memo.
async fn open_amount<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    kind: Kind,
    id: &str,
    now: Timestamp,
) -> Result<Decimal, PostingError> {
    let found = ctx.client.get(kind, id, now).await?;
    Ok(found.and_then(|found| found.balance).unwrap_or_default())
}

async fn execute_started<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    execution: Execution,
    now: Timestamp,
) -> Result<(), PostingError> {
    if execution == Execution::Recovery {
        let looked_up = look_up(ctx, &mut [&mut *record], now).await?;
        looked_up.into_iter().collect::<Result<(), _>>()?;
    }
    let Some(mut open) = OpenSaga::take(record, execution) else {
        return Ok(());
    };
    let outcome = execute_steps(ctx, &mut open, now).await;
    let (steps, ids) = (open.saga.steps.clone(), open.saga.ids.clone());
    open.end(&outcome);
    if let Err(PostingError::Conflict(_)) = &outcome {
        // A person changed the object between RIVET's read and its write. Record both versions.
        let mut planned = ResolvedSteps {
            ids,
            ..ResolvedSteps::taking_back(steps.into_iter().map(|step| step.step).collect())
        };
        ensure_unchanged(ctx, record, &mut planned, now).await?;
        // Only the version changed. Plan the document again from the current version.
        return Err(PostingError::PlanAgain);
    }
    outcome
}

async fn execute_steps<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    open: &mut OpenSaga<'_>,
    now: Timestamp,
) -> Result<(), PostingError> {
    if open.execution == Execution::Recovery && open.saga.open_steps().next().is_some() {
        open.save(ctx).await?;
    }
    for at in 0..open.saga.steps.len() {
        open.at = at;
        if open.step().is_done {
            continue;
        }
        let found = match execute_step(ctx, open, now).await {
            Err(PostingError::DuplicateNumber { reason, taken_by }) => {
                let taken = open.taken_number(reason, taken_by, ctx.now());
                execute_renumbered(ctx, open, taken, now).await
            }
            answer => answer,
        }?;
        settle(ctx, open.place(), &found, now).await?;
    }
    Ok(())
}

/// Takes back the reversals that came too late. The entries to be reversed are not as planned, so the document is planned again.
async fn take_late_reversals_back<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    now: Timestamp,
) -> Result<(), PostingError> {
    let steps = mapping::late_reversals(&record.posted);
    if steps.is_empty() {
        return Ok(());
    }
    start(ctx, record, ResolvedSteps::taking_back(steps), now);
    ctx.save_document(record).await?;
    execute_started(ctx, record, Execution::First, now).await?;
    Err(PostingError::PlanAgain)
}

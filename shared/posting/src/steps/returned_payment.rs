//! Posts the entry of a payment that came back and cannot be voided: its day is closed, or its money was deposited.

use crate::conflict::find_posted;
use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::steps::closed_books::closing_date;
use crate::work_item::WorkItem;
use billing::DocumentKind;
use jiff::Timestamp;
use jiff::civil::Date;
use mapping::{PostedObject, Posting, ReturnedPayment, Step};
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::entity::{Account, TxnType};
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use store::document::DocumentRecord;
use store::reason::hold::HoldReason;
use store::reason::{Action, Reason};

/// The codes of the reasons for which QuickBooks voids no payment whose money went on.
const GONE_ON: [&str; 2] = ["deposited", "bank_matched"];

/// Returns whether an active payment of the document lies in closed books.
pub fn is_closed<H: Http, R: Records>(ctx: &WorkerContext<'_, H, R>, item: &WorkItem) -> bool {
    let closing = closing_date(ctx);
    let mut active = item.record.active_objects();
    active.any(|posted| posted.kind == TxnType::Payment && closing.covers(posted.posting.date()))
        && is_payment(item)
}

/// Returns whether QuickBooks refused to void a payment, because its money was deposited or matched with the bank.
pub fn has_gone_on<T>(item: &WorkItem, outcome: &Result<T, PostingError>) -> bool {
    let is_void = item.entry.pending_void().is_some() && is_payment(item);
    is_void
        && matches!(outcome, Err(PostingError::Failed(reason)) if GONE_ON.contains(&reason.code.as_str()))
}

fn is_payment(item: &WorkItem) -> bool {
    item.record.reference.kind == DocumentKind::Payment
}

/// Returns the steps that post the entry of a payment that came back `on` that day, or on the first open day after it.
///
/// # Errors
/// [`PostingError`] if the account of the payment is not found, or QuickBooks did not answer. A payment of 0.00 in closed books is held.
pub async fn returned_steps<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &WorkItem,
    on: Date,
    now: Timestamp,
) -> Result<Vec<Step>, PostingError> {
    let closing = closing_date(ctx);
    let Some(receivable) = ctx.settings.accounts.accounts_receivable.clone() else {
        let missing = vec!["accounts.accounts_receivable".to_owned()];
        return Err(HoldReason::SettingsIncomplete(missing).into());
    };
    let returned = ReturnedPayment {
        payment: item.record.reference.id.clone(),
        on: closing.first_open_day(on),
        receivable,
        deposit: deposit_account(ctx, item, now).await?,
    };
    let steps = mapping::returned_payment_steps(&item.record.posted, &returned);
    match closing.0 {
        Some(through) if steps.is_empty() => Err(HoldReason::BooksClosed(through).into()),
        _ => Ok(steps),
    }
}

/// Returns the account that received the payment: as QuickBooks has it, as RIVET sent it, or Undeposited Funds.
async fn deposit_account<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &WorkItem,
    now: Timestamp,
) -> Result<String, PostingError> {
    let mut active = item.record.active_objects();
    if let Some(posted) = active.find(|posted| posted.kind == TxnType::Payment) {
        let found = find_posted(ctx, posted.kind, &posted.id, now).await?;
        let sent = match &posted.posting {
            Posting::Payment(receipt) => receipt.deposit.clone(),
            _ => None,
        };
        if let Some(account) = found.and_then(|found| found.deposit_account_id).or(sent) {
            return Ok(account);
        }
    }
    undeposited_funds(ctx, now).await
}

/// Returns the account Undeposited Funds.
async fn undeposited_funds<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    now: Timestamp,
) -> Result<String, PostingError> {
    let query = Query::from(Kind::Account).filter(Field::AccountSubType.equals("UndepositedFunds"));
    let accounts: Vec<Account> = ctx.client.query_resources(&query, now).await?;
    let found = accounts.into_iter().find_map(|account| account.id);
    found.ok_or_else(|| {
        let message = "The account to which the Payment was deposited is not in the Chart of accounts any more.";
        PostingError::Failed(Reason::new("not_found", Action::FixInQuickbooks, message))
    })
}

/// Opens what a payment that came back had paid again, in the records of the paid documents. A second call changes nothing more.
///
/// # Errors
/// [`StoreError`] if a record could not be read or written.
pub async fn reopen_targets<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> Result<(), StoreError> {
    if !record.posted.iter().any(PostedObject::is_returned_payment) {
        return Ok(());
    }
    for posted in record.posted.iter().filter(|posted| posted.is_reversed) {
        for (document, _) in posted.ids.all_targets() {
            let paid = ctx.store.document(ctx.firm, document).await?;
            if let Some(mut paid) = paid
                && let Some(payment) = &mut paid.payment
                && payment.take_back(&posted.id)
            {
                ctx.save_document(&paid).await?;
            }
        }
    }
    Ok(())
}

//! Detects how much of a document is paid.
//!
//! The balance of an invoice shows its paid amount. A journal entry has no balance, so its payments are added up.

// Top first: a module uses only modules below it.
mod amounts;
mod applied;

use crate::observation::read_objects::load_index_entries;
use crate::observation::{ObjectKey, Scan};
use crate::payments::amounts::{PaidAmounts, Receivable, is_news, paid_amounts, receivable};
use crate::payments::applied::{is_own, payments_named};
use crate::wording::{self, EntryText, activity_entry};
use jiff::Timestamp;
use jiff::civil::Date;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use rust_decimal::Decimal;
use store::activity::ActivityEntry;
use store::activity::notification::DocumentNotification;
use store::document::payment::{AppliedPayment, PaymentState};
use store::document::{AttemptOutcome, DocumentRecord};

/// The payments that a document's record names at most.
const MAX_NAMED: usize = 8;

/// Returns the payments that must be read before the payment of a document can be detected.
///
/// # Errors
/// [`PostingError`] if a record could not be read.
pub(crate) async fn payments_to_read<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    record: &DocumentRecord,
) -> Result<Vec<ObjectKey>, PostingError> {
    let Some(Receivable { posted, found }) = receivable(scan, record) else {
        return Ok(Vec::new());
    };
    let ids = payments_named(scan, record, found).into_iter();
    let mut payments: Vec<ObjectKey> = ids.map(|id| (Kind::Payment, id)).collect();
    let (posted, found) = (posted.clone(), found.clone());
    load_index_entries(ctx, scan, &payments).await?;
    let owed = Receivable {
        posted: &posted,
        found: &found,
    };
    let amounts = paid_amounts(ctx, scan, record, owed).await?;
    if found.balance.is_some() {
        // RIVET knows its own payments, unless a person took one of them off.
        let is_complete = amounts.paid >= amounts.recorded;
        let is_news = is_news(record, &amounts);
        payments.retain(|(_, id)| is_news && !(is_complete && is_own(scan, id)));
    }
    Ok(payments)
}

/// Saves the paid amount of a document. Returns an activity entry if RIVET was not notified of the amount.
///
/// # Errors
/// [`PostingError`] if a record could not be read.
pub(crate) async fn detect_payment<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    record: &mut DocumentRecord,
) -> Result<Option<ActivityEntry>, PostingError> {
    let Some(owed) = receivable(scan, record) else {
        return Ok(clear_payment(scan, record, ctx.now()));
    };
    let amounts = paid_amounts(ctx, scan, record, owed).await?;
    let is_news = is_news(record, &amounts);
    let observed = record.observed.get_or_insert_default();
    observed.paid_by_others = amounts.paid_by_others();
    let should_save = is_news || record.payment.is_some() || !amounts.paid.is_zero();
    let unapplied = amounts.unapplied;
    let payment = payment_state(amounts);
    if should_save {
        record.payment = Some(payment.clone());
    }
    Ok(is_news.then(|| payment_entry(record, &payment, unapplied, ctx.now())))
}

/// Returns the payments for the record, which keeps only the newest ones.
fn payment_state(amounts: PaidAmounts) -> PaymentState {
    let mut payments = amounts.payments;
    payments.sort_by(|one, other| sort_key(one).cmp(&sort_key(other)));
    let excess = payments.len().saturating_sub(MAX_NAMED);
    payments.drain(..excess);
    PaymentState {
        total: amounts.total,
        paid: amounts.paid,
        balance: amounts.total - amounts.paid,
        payments,
    }
}

/// Adds a payment to the history of the document. Returns the activity entry about the payment.
fn payment_entry(
    record: &mut DocumentRecord,
    payment: &PaymentState,
    unapplied: Decimal,
    now: Timestamp,
) -> ActivityEntry {
    let detail = wording::payment_sentence(payment, unapplied);
    record.add_attempt(AttemptOutcome::Paid, &detail, now);
    let text = EntryText {
        state: "paid",
        detail,
    };
    activity_entry(record, now, text, Some(DocumentNotification::from(payment)))
}

/// Sets the paid amount to zero if the document's receivable is void or deleted. Returns an activity entry if other people's
/// money had been applied to it.
fn clear_payment(
    scan: &Scan<'_>,
    record: &mut DocumentRecord,
    now: Timestamp,
) -> Option<ActivityEntry> {
    let owed = record
        .active_objects()
        .find(|posted| posted.is_receivable());
    let is_over = owed.is_none_or(|posted| {
        let observation = scan.observation_of(posted);
        let found = observation.map(|observation| observation.found.as_ref());
        found.is_some_and(|found| found.is_none_or(ObjectSnapshot::is_voided))
    });
    let known = record.payment.as_mut();
    let known = known.filter(|known| is_over && !known.paid.is_zero())?;
    (known.paid, known.balance) = (Decimal::ZERO, Decimal::ZERO);
    known.payments.clear();
    let payment = known.clone();
    let paid_by_others = &mut record.observed.get_or_insert_default().paid_by_others;
    let had_paid = !std::mem::take(paid_by_others).is_zero();
    had_paid.then(|| payment_entry(record, &payment, Decimal::ZERO, now))
}

/// Returns the key that sorts payments by date, then by the order in which they were entered.
fn sort_key(payment: &AppliedPayment) -> (Option<Date>, usize, &str) {
    (payment.date, payment.id.len(), &payment.id)
}

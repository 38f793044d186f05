//! Detects how much of a document is paid.
//!
//! The balance of an invoice says what is paid of it. A journal entry has no balance, so the payments that are applied to it count.

// Top first: a module uses only modules below it.
mod applied;

use crate::observation::ObjectKey;
use crate::observation::Scan;
use crate::observation::read_objects::load_index_entries;
use crate::payments::applied::{
    AppliedShare, applied_share, is_linked, is_own, known_payment, payments_named, posted_share,
};
use crate::wording::{self, EntryText, activity_entry};
use billing::DocumentKind;
use jiff::Timestamp;
use jiff::civil::Date;
use mapping::PostedObject;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use rust_decimal::Decimal;
use store::activity::ActivityEntry;
use store::activity::notification::DocumentNotification;
use store::document::AttemptOutcome;
use store::document::DocumentRecord;
use store::document::payment::{AppliedPayment, PaymentState};

/// The payments that a document's record names at most.
const MAX_NAMED: usize = 8;

/// The object by which the customer owes a document: as RIVET posted it, and as it was read.
struct Receivable<'a> {
    posted: &'a PostedObject,
    found: &'a ObjectSnapshot,
}

/// How much of a document is paid, and by which payments.
struct PaidAmounts {
    total: Decimal,
    /// The amount paid, by payments and by credits. Credits are not among the payments.
    paid: Decimal,
    /// The known payments, RIVET's own among them.
    payments: Vec<AppliedPayment>,
    /// The amount that RIVET recorded itself, even if a person took that payment off again.
    recorded: Decimal,
    /// The money of these payments that is not applied to anything.
    unapplied: Decimal,
}

impl PaidAmounts {
    /// Returns the amount that RIVET did not record. It is negative if a person took RIVET's payments off.
    fn paid_by_others(&self) -> Decimal {
        self.paid - self.recorded
    }
}

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
        // RIVET knows its own payments, unless one of them was taken off.
        let is_complete = amounts.paid >= amounts.recorded;
        let is_news = is_news(record, &amounts);
        payments.retain(|(_, id)| is_news && !(is_complete && is_own(scan, id)));
    }
    Ok(payments)
}

/// Saves how much of a document is paid. Returns an activity entry if RIVET was not notified of the amount.
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
    if !is_news {
        return Ok(None);
    }
    Ok(Some(payment_entry(record, &payment, unapplied, ctx.now())))
}

/// Returns the payment as it is saved: with the newest payments only.
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

async fn paid_amounts<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    record: &DocumentRecord,
    Receivable { posted, found }: Receivable<'_>,
) -> Result<PaidAmounts, PostingError> {
    let has_balance = found.balance.is_some();
    let invoice_total = found.total.filter(|_| has_balance);
    let mut amounts = PaidAmounts {
        total: invoice_total.unwrap_or(posted.posting.total()),
        paid: Decimal::ZERO,
        payments: Vec::new(),
        recorded: Decimal::ZERO,
        unapplied: Decimal::ZERO,
    };
    for id in payments_named(scan, record, found) {
        let recorded = recorded_share(ctx, scan, &id, found).await?;
        let recorded_amount = recorded.as_ref().map(|payment| payment.amount);
        amounts.recorded += recorded_amount.unwrap_or_default();
        let is_linked = is_linked(found, &id);
        let share = match scan.observation(Kind::Payment, &id) {
            // If invoice and payment differ, the invoice is right: it was read together with its balance.
            Some(_) if !is_linked && has_balance => None,
            Some(observation) => {
                let payment = observation.found.as_ref();
                payment.and_then(|payment| applied_share(payment, found))
            }
            None if is_linked => recorded
                .or_else(|| known_payment(record, &id))
                .map(AppliedShare::fully_applied),
            None => None,
        };
        if let Some(AppliedShare { payment, unapplied }) = share {
            amounts.unapplied += unapplied;
            amounts.payments.push(payment);
        }
    }
    amounts.paid = match found.balance {
        Some(balance) => amounts.total - balance,
        None => amounts.payments.iter().map(|payment| payment.amount).sum(),
    };
    Ok(amounts)
}

/// Returns the share of one of RIVET's own payments, according to the payment's record.
async fn recorded_share<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    id: &str,
    found: &ObjectSnapshot,
) -> Result<Option<AppliedPayment>, PostingError> {
    for document in scan.documents_of(Kind::Payment, id) {
        if document.kind != DocumentKind::Payment {
            continue;
        }
        let record = ctx.store.document(ctx.firm, document).await?;
        let mut active = record.iter().flat_map(|record| record.active_objects());
        if let Some(posted) = active.find(|posted| posted.id == id) {
            return Ok(posted_share(posted, found));
        }
    }
    Ok(None)
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
    if std::mem::take(paid_by_others).is_zero() {
        return None;
    }
    Some(payment_entry(record, &payment, Decimal::ZERO, now))
}

/// Returns whether RIVET was not notified of the paid amount.
///
/// If RIVET's own records have caught up with an amount of which it was notified, that is no news.
fn is_news(record: &DocumentRecord, amounts: &PaidAmounts) -> bool {
    let observed = record.observed.as_ref();
    let before = observed.map_or(Decimal::ZERO, |observed| observed.paid_by_others);
    let payment = record.payment.as_ref();
    let notified = payment.map_or(Decimal::ZERO, |payment| payment.paid);
    let has_caught_up = notified == amounts.paid && amounts.recorded < notified - before;
    before != amounts.paid_by_others() && !has_caught_up
}

/// Returns the key that sorts payments by date, then by the order in which they were entered.
fn sort_key(payment: &AppliedPayment) -> (Option<Date>, usize, &str) {
    (payment.date, payment.id.len(), &payment.id)
}

/// Returns the object by which the customer owes a document, if it was read and is not void.
fn receivable<'a>(scan: &'a Scan<'_>, record: &'a DocumentRecord) -> Option<Receivable<'a>> {
    let posted = record
        .active_objects()
        .find(|posted| posted.is_receivable())?;
    let observation = scan.observation_of(posted)?;
    let found = observation.found.as_ref();
    let found = found.filter(|found| !found.is_voided())?;
    Some(Receivable { posted, found })
}

//! What is paid of a document. Of an invoice its balance is the truth; of an entry, which has none, the payments that name it are.

pub mod applied;

use crate::detection::wording;
use crate::detection::wording::line;
use crate::payments::applied::{applied, is_linked, is_own, known, part, payments_named};
use crate::scan::observation::ObjectKey;
use crate::scan::snapshot::Scan;
use jiff::Timestamp;
use jiff::civil::Date;
use mapping::PostedObject;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::Halt;
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use rust_decimal::Decimal;
use store::activity::ActivityEntry;
use store::activity::notification::DocumentNotification;
use store::document::DocumentRecord;
use store::document::payment::{AppliedPayment, PaymentState};

/// The most payments that are named.
const NAMED: usize = 8;

/// What a customer owes by a document, and what was paid of it.
struct Account {
    total: Decimal,
    /// By payments, and by credits and the like, which are no part.
    paid: Decimal,
    /// The payments that are known of it, RIVET's among them.
    parts: Vec<AppliedPayment>,
    /// What RIVET recorded of it itself, whatever became of that.
    recorded: Decimal,
    /// What was paid beyond anything owed.
    unapplied: Decimal,
}

impl Account {
    /// What RIVET does not know of; less than nothing if somebody took its own payments off.
    fn of_others(&self) -> Decimal {
        self.paid - self.recorded
    }
}

/// The payments that have to be looked at to tell what was paid of a document.
pub async fn payments_of<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    round: &mut Scan<'_>,
    record: &DocumentRecord,
) -> Result<Vec<ObjectKey>, Halt> {
    let Some((posted, found)) = receivable(round, record) else {
        return Ok(Vec::new());
    };
    let mut payments: Vec<ObjectKey> = Vec::new();
    for id in payments_named(round, record, found) {
        payments.push((Kind::Payment, id));
    }
    let (posted, found) = (posted.clone(), found.clone());
    crate::scan::read_objects::look_up_register(office, round, &payments).await?;
    let account = account(office, round, record, (&posted, &found)).await?;
    if found.balance.is_some() {
        // Its own payments RIVET knows, unless some of them is missing.
        let is_whole = account.paid >= account.recorded;
        let is_news = is_news(record, &account);
        payments.retain(|(_, id)| is_news && !(is_whole && is_own(round, id)));
    }
    Ok(payments)
}

/// Notes what is paid. Gives a line if money came or went that RIVET does not know of.
pub async fn note_payment<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    round: &Scan<'_>,
    record: &mut DocumentRecord,
) -> Result<Option<ActivityEntry>, Halt> {
    let Some((posted, found)) = receivable(round, record) else {
        return Ok(nothing_owed(round, record, office.now()));
    };
    let account = account(office, round, record, (posted, found)).await?;
    let is_news = is_news(record, &account);
    let seen = record.observed.get_or_insert_default();
    seen.paid_by_others = account.of_others();
    let (total, paid, unapplied) = (account.total, account.paid, account.unapplied);
    let is_paid = is_news || record.payment.is_some() || !paid.is_zero();
    let mut payments = account.parts;
    payments.sort_by(|one, other| order(one).cmp(&order(other)));
    let excess = payments.len().saturating_sub(NAMED);
    payments.drain(..excess);
    let payment = PaymentState {
        total,
        paid,
        balance: total - paid,
        payments,
    };
    if is_paid {
        record.payment = Some(payment.clone());
    }
    if !is_news {
        return Ok(None);
    }
    let detail = wording::paid(&payment, unapplied);
    let now = office.now();
    record.add_attempt_note(("paid", &detail), now);
    Ok(Some(line(
        record,
        now,
        ("paid", detail),
        Some(DocumentNotification::from(&payment)),
    )))
}

async fn account<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    round: &Scan<'_>,
    record: &DocumentRecord,
    (posted, found): (&PostedObject, &ObjectSnapshot),
) -> Result<Account, Halt> {
    let mut account = Account {
        total: found
            .total
            .filter(|_| found.balance.is_some())
            .unwrap_or(posted.posting.total()),
        paid: Decimal::ZERO,
        parts: Vec::new(),
        recorded: Decimal::ZERO,
        unapplied: Decimal::ZERO,
    };
    for id in payments_named(round, record, found) {
        let recorded = recorded(office, round, &id, found).await?;
        account.recorded += recorded.as_ref().map_or(Decimal::ZERO, |part| part.amount);
        let is_linked = is_linked(found, &id);
        let part = match round.sighting(Kind::Payment, &id) {
            // Of what an invoice says and what a payment says the invoice is right: it was read with its balance.
            Some(_) if !is_linked && found.balance.is_some() => None,
            Some(seen) => seen.found.as_ref().and_then(|seen| applied(seen, found)),
            None if is_linked => recorded
                .or_else(|| known(record, &id))
                .map(|part| (part, Decimal::ZERO)),
            None => None,
        };
        if let Some((part, unapplied)) = part {
            account.unapplied += unapplied;
            account.parts.push(part);
        }
    }
    account.paid = match found.balance {
        Some(balance) => account.total - balance,
        None => account.parts.iter().map(|part| part.amount).sum(),
    };
    Ok(account)
}

/// What a payment of RIVET's own pays of it by its record.
async fn recorded<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    round: &Scan<'_>,
    id: &str,
    found: &ObjectSnapshot,
) -> Result<Option<AppliedPayment>, Halt> {
    for document in round.documents(Kind::Payment, id) {
        if document.kind != billing::DocumentKind::Payment {
            continue;
        }
        let record = office.bridge.store.document(office.firm, document).await?;
        let live = record.iter().flat_map(|record| record.active_objects());
        if let Some(posted) = live.into_iter().find(|posted| posted.id == id) {
            return Ok(part(posted, found));
        }
    }
    Ok(None)
}

/// What is void or gone is paid with nothing. That is told if somebody else's money was.
fn nothing_owed(
    round: &Scan<'_>,
    record: &mut DocumentRecord,
    now: Timestamp,
) -> Option<ActivityEntry> {
    let owed = record
        .active_objects()
        .find(|posted| posted.is_receivable());
    let is_over = owed.is_none_or(|posted| {
        let seen = posted
            .kind
            .kind()
            .and_then(|kind| round.sighting(kind, &posted.id));
        let found = seen.map(|seen| seen.found.as_ref());
        found.is_some_and(|found| found.is_none_or(ObjectSnapshot::is_voided))
    });
    let known = record
        .payment
        .as_mut()
        .filter(|known| is_over && !known.paid.is_zero())?;
    (known.paid, known.balance) = (Decimal::ZERO, Decimal::ZERO);
    known.payments.clear();
    let payment = known.clone();
    let others = &mut record.observed.get_or_insert_default().paid_by_others;
    if std::mem::take(others).is_zero() {
        return None;
    }
    let detail = wording::paid(&payment, Decimal::ZERO);
    record.add_attempt_note(("paid", &detail), now);
    Some(line(
        record,
        now,
        ("paid", detail),
        Some(DocumentNotification::from(&payment)),
    ))
}

/// Whether money came or went of which RIVET was not told. That its records say by now what it was told is no news.
fn is_news(record: &DocumentRecord, account: &Account) -> bool {
    let before = record.observed.as_ref().map(|seen| seen.paid_by_others);
    let before = before.unwrap_or_default();
    let told = record.payment.as_ref().map(|payment| payment.paid);
    let told = told.unwrap_or_default();
    let caught_up = told == account.paid && account.recorded < told - before;
    before != account.of_others() && !caught_up
}

/// By date, then as they were entered.
fn order(part: &AppliedPayment) -> (Option<Date>, usize, &str) {
    (part.date, part.id.len(), &part.id)
}

/// What the customer owes by a document, as it was seen.
fn receivable<'a>(
    round: &'a Scan<'_>,
    record: &'a DocumentRecord,
) -> Option<(&'a PostedObject, &'a ObjectSnapshot)> {
    let posted = record
        .active_objects()
        .find(|posted| posted.is_receivable())?;
    let sighting = round.sighting(posted.kind.kind()?, &posted.id)?;
    let found = sighting.found.as_ref().filter(|found| !found.is_voided())?;
    Some((posted, found))
}

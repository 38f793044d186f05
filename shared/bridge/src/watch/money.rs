//! What is paid of a document. Of an invoice its balance is the truth; of an entry, which has none, the payments that name it are.

use super::judge::line;
use super::round::{Object, Round};
use crate::desk::{Activity, Part, Payment, Tell};
use crate::document::DocumentRecord;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use mapping::{Posted, Posting};
use quickbooks::Kind;
use quickbooks::entity::Standing;
use rust_decimal::Decimal;

/// The most payments that are named.
const NAMED: usize = 8;

/// What a customer owes by a document, and what was paid of it.
struct Account {
    total: Decimal,
    /// What RIVET recorded itself.
    own: Vec<Part>,
    /// What somebody entered in QuickBooks.
    others: Vec<Part>,
    /// Of what is paid, what none of the payments explains: credits, and payments that were not looked at.
    rest: Decimal,
    /// What was paid beyond anything owed.
    unapplied: Decimal,
}

impl Account {
    fn paid(&self) -> Decimal {
        self.of_others() + sum(&self.own)
    }

    /// What RIVET does not know of.
    fn of_others(&self) -> Decimal {
        sum(&self.others) + self.rest
    }
}

impl<H: Http, R: Records> Office<'_, H, R> {
    /// The payments that have to be looked at to tell what was paid of a document.
    pub(super) async fn payments_of(
        &mut self,
        round: &mut Round<'_>,
        record: &DocumentRecord,
    ) -> Result<Vec<Object>, Halt> {
        let Some((posted, found)) = receivable(round, record) else {
            return Ok(Vec::new());
        };
        let known = record.payment.iter().flat_map(|payment| &payment.payments);
        let linked = found.links.iter().filter(|link| link.kind == Kind::Payment);
        let mut payments: Vec<Object> = linked
            .map(|link| (Kind::Payment, link.id.clone()))
            .collect();
        payments.extend(known.map(|part| (Kind::Payment, part.id.clone())));
        let (posted, found) = (posted.clone(), found.clone());
        self.look_up_register(round, &payments).await?;
        let account = self.account(round, (&posted, &found)).await?;
        let before = record.seen.as_ref().map(|seen| seen.paid_by_others);
        let is_news = before.unwrap_or_default() != account.of_others();
        payments.retain(|(kind, id)| !is_own(round, *kind, id));
        if found.balance.is_some() && !is_news {
            payments.clear();
        }
        Ok(payments)
    }

    /// Notes what is paid. Gives a line if money came or went that RIVET does not know of.
    pub(super) async fn note_payment(
        &mut self,
        round: &Round<'_>,
        record: &mut DocumentRecord,
    ) -> Result<Option<Activity>, Halt> {
        let Some((posted, found)) = receivable(round, record) else {
            return Ok(None);
        };
        let account = self.account(round, (posted, found)).await?;
        let (paid, total) = (account.paid(), account.total);
        let is_paid = record.payment.is_some() || !paid.is_zero();
        let seen = record.seen.get_or_insert_default();
        let before = std::mem::replace(&mut seen.paid_by_others, account.of_others());
        let is_news = before != account.of_others();
        let (unapplied, mut payments) = (account.unapplied, account.own);
        payments.extend(account.others);
        payments.sort_by_key(|part| part.date);
        let excess = payments.len().saturating_sub(NAMED);
        payments.drain(..excess);
        let payment = Payment {
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
        let detail = in_words(&payment, unapplied);
        let now = self.now();
        record.note(("paid", &detail), now);
        Ok(Some(line(
            record,
            now,
            ("paid", detail),
            Some(Tell::from(&payment)),
        )))
    }

    async fn account(
        &self,
        round: &Round<'_>,
        (posted, found): (&Posted, &Standing),
    ) -> Result<Account, Halt> {
        let mut account = Account {
            total: found
                .total
                .filter(|_| found.balance.is_some())
                .unwrap_or(posted.posting.total()),
            own: Vec::new(),
            others: Vec::new(),
            rest: Decimal::ZERO,
            unapplied: Decimal::ZERO,
        };
        let is_linked = |id: &str| {
            let mut links = found.links.iter();
            found.balance.is_none() || links.any(|link| link.kind == Kind::Payment && link.id == id)
        };
        for seen in round.seen.iter().filter(|seen| seen.kind == Kind::Payment) {
            let Some(payment) = seen.found.as_ref().filter(|payment| !payment.is_voided()) else {
                continue;
            };
            let pays = payment
                .links
                .iter()
                .filter(|link| (link.kind, &link.id) == (found.kind, &found.id));
            let amount: Decimal = pays.filter_map(|link| link.amount).sum();
            if amount.is_zero() || is_own(round, seen.kind, &seen.id) || !is_linked(&seen.id) {
                continue;
            }
            account.unapplied += payment.unapplied.unwrap_or_default();
            account.others.push(Part {
                id: seen.id.clone(),
                date: payment.date,
                amount,
            });
        }
        account.own = self.own_parts(round, found).await?;
        if let Some(balance) = found.balance {
            account.rest = account.total - balance - sum(&account.own) - sum(&account.others);
        }
        Ok(account)
    }

    /// What RIVET's own payments pay of it, of those that QuickBooks still links with it.
    async fn own_parts(&self, round: &Round<'_>, found: &Standing) -> Result<Vec<Part>, Halt> {
        let mut parts = Vec::new();
        let linked = found.links.iter().filter(|link| link.kind == Kind::Payment);
        for id in linked.map(|link| &link.id) {
            for document in round.documents(Kind::Payment, id) {
                if document.kind != billing::Kind::Payment {
                    continue;
                }
                let record = self.bridge.store.document(self.firm, document).await?;
                let record = record.iter().flat_map(|record| record.live());
                let posted = record.filter(|posted| posted.id == *id);
                parts.extend(posted.filter_map(|posted| part(posted, found)));
            }
        }
        Ok(parts)
    }
}

/// What one of RIVET's payments pays of it.
fn part(posted: &Posted, found: &Standing) -> Option<Part> {
    let Posting::Payment(receipt) = &posted.posting else {
        return None;
    };
    let pays = receipt.applied.iter().filter(|share| {
        let target = posted.ids.targets.get(&share.document);
        target.is_some_and(|(kind, id)| kind.kind() == Some(found.kind) && *id == found.id)
    });
    Some(Part {
        id: posted.id.clone(),
        date: Some(receipt.date),
        amount: pays.map(|share| share.amount).sum(),
    })
}

/// What the customer owes by a document, as it was seen.
fn receivable<'a>(
    round: &'a Round<'_>,
    record: &'a DocumentRecord,
) -> Option<(&'a Posted, &'a Standing)> {
    let posted = record.live().find(|posted| posted.is_receivable())?;
    let sighting = round.sighting(posted.kind.kind()?, &posted.id)?;
    let found = sighting.found.as_ref().filter(|found| !found.is_voided())?;
    Some((posted, found))
}

fn is_own(round: &Round<'_>, kind: Kind, id: &str) -> bool {
    let mut documents = round.documents(kind, id);
    documents.any(|document| document.kind == billing::Kind::Payment)
}

fn sum(parts: &[Part]) -> Decimal {
    parts.iter().map(|part| part.amount).sum()
}

fn in_words(payment: &Payment, unapplied: Decimal) -> String {
    let Payment {
        total,
        paid,
        balance,
        ..
    } = payment;
    let how = if paid.is_zero() {
        "Not paid any more"
    } else if unapplied.is_sign_positive() && !unapplied.is_zero() {
        "Overpaid"
    } else if balance.is_zero() {
        "Paid"
    } else {
        "Partly paid"
    };
    let beyond = if how == "Overpaid" {
        format!("; {unapplied:.2} is not applied to anything")
    } else {
        String::new()
    };
    format!("{how} in QuickBooks: {paid:.2} of {total:.2}{beyond}.")
}

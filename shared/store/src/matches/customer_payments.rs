//! The payments of a customer: those that RIVET posted, and what a look at the company found.

// Top first: a module uses only modules below it.
mod paid_share;

pub use self::paid_share::{PaidShare, ReturnedShare};

use crate::line::{Line, stored_as_line};
use crate::subledger::{CustomerFacts, FigureLog};
use billing::{DocumentRef, Id};
use jiff::Timestamp;
use jiff::civil::Date;
use ports::records::Record;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The shares of RIVET's payments that a record keeps. Older ones show in the balances that a look reads.
const SHARES_KEPT: usize = 240;

/// The payments of others that a look keeps at most.
const PAYMENTS_KEPT: usize = 120;

/// The payments of a customer. Workers write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerPayments {
    /// The last look at the company, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<PaymentLook>,
    /// QuickBooks takes no payment of the customer for its jobs, so each job gets a payment of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_by_job: bool,
    /// ISO 4217 code of the customer's currency. Only in companies that use several currencies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The newest shares of RIVET's own payments, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<PaidShare>,
    /// The customer's name. `None` until the list of the firm has the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<CustomerFacts>,
    /// The figures of RIVET's payments.
    #[serde(default, skip_serializing_if = "FigureLog::is_empty")]
    pub figures: FigureLog,
}

/// A look at the payments of a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentLook {
    /// The customers in QuickBooks whose payments were read: the customer and its jobs, separated by spaces.
    pub customer: String,
    /// The first day of the payments that were read.
    #[serde(deserialize_with = "json::day")]
    pub from: Date,
    /// The time of the look.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// The payments found that RIVET did not post. `None` if there were too many to keep.
    pub others: Option<Vec<OtherPayment>>,
}

/// A payment that RIVET did not post. Stored as one line, `2026-04-20 43650.00`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OtherPayment {
    /// The day of the payment.
    pub date: Date,
    /// The amount of the payment.
    pub amount: Decimal,
}

impl PaymentLook {
    /// Returns the text of these customers.
    #[must_use]
    pub fn payers(payers: &BTreeSet<String>) -> String {
        let all: Vec<&str> = payers.iter().map(String::as_str).collect();
        all.join(" ")
    }

    /// Returns whether the payments of all these customers were read.
    #[must_use]
    pub fn covers(&self, payers: &BTreeSet<String>) -> bool {
        let read: BTreeSet<&str> = self.customer.split(' ').collect();
        payers.iter().all(|payer| read.contains(payer.as_str()))
    }

    /// Returns a look that found these payments of others.
    #[must_use]
    pub fn with_others(self, others: Vec<OtherPayment>) -> Self {
        let is_short = others.len() <= PAYMENTS_KEPT;
        Self {
            others: is_short.then_some(others),
            ..self
        }
    }
}

/// The amounts of a document that came back, and those that were paid again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReturnedAmounts {
    /// The amount that came back.
    pub returned: Decimal,
    /// The amount that later payments paid through the entries of payments that came back.
    pub replaced: Decimal,
}

impl CustomerPayments {
    /// Returns the amounts of a document that came back, and those that were paid again. A payment of which `is_applied` is false was taken
    /// off the document, so that nothing of it is left to come back.
    pub fn returned_amounts(
        &self,
        document: &DocumentRef,
        is_applied: impl Fn(&Id) -> bool,
    ) -> ReturnedAmounts {
        let mut amounts = ReturnedAmounts::default();
        for share in self
            .shares
            .iter()
            .filter(|share| share.document == *document)
        {
            let returned = share.returned.filter(|_| is_applied(&share.payment));
            amounts.returned += returned.unwrap_or_default();
            if share.replaces.is_some() {
                amounts.replaced += share.amount;
            }
        }
        amounts
    }

    /// Sets the shares of one payment. Returns whether they changed.
    pub fn set_shares(&mut self, payment: &Id, shares: Vec<PaidShare>) -> bool {
        let before = self.shares.iter().filter(|share| share.payment == *payment);
        let is_same = |(known, new): (&PaidShare, &PaidShare)| {
            PaidShare {
                at: known.at,
                ..new.clone()
            } == *known
        };
        if before.clone().count() == shares.len() && before.zip(&shares).all(is_same) {
            return false;
        }
        self.shares.retain(|share| share.payment != *payment);
        self.shares.extend(shares);
        let excess = self.shares.len().saturating_sub(SHARES_KEPT);
        self.shares.drain(..excess);
        true
    }

    /// Returns what came back of payments of a document and is still open, oldest first. The payment `except` does not count.
    pub fn returned(&self, document: &DocumentRef, except: &Id) -> Vec<ReturnedShare> {
        let of_document = || {
            let shares = self.shares.iter();
            shares.filter(|share| share.document == *document && share.payment != *except)
        };
        let returned = of_document().filter_map(|share| {
            let replaced =
                of_document().filter(|other| other.replaces.as_ref() == Some(&share.payment));
            let replaced: Decimal = replaced.map(|other| other.amount).sum();
            let open = share.returned? - replaced;
            (open > Decimal::ZERO).then(|| ReturnedShare {
                payment: share.payment.clone(),
                document: document.clone(),
                open,
            })
        });
        returned.collect()
    }

    /// Returns the amount that RIVET's other payments since `since` apply to a document's own transaction.
    pub fn paid(&self, document: &DocumentRef, except: &Id, since: Timestamp) -> Decimal {
        let shares = self.shares.iter().filter(|share| {
            let is_other = share.payment != *except && share.replaces.is_none();
            share.document == *document && is_other && share.at >= since.as_second()
        });
        shares.map(|share| share.amount).sum()
    }
}

impl Line for OtherPayment {
    const EXPECTED: &'static str = "must be a day and an amount";

    fn read(line: &str) -> Option<Self> {
        let (date, amount) = line.split_once(' ')?;
        Some(Self {
            date: json::parse_day(date)?,
            amount: amount.parse().ok()?,
        })
    }

    fn write(&self) -> String {
        format!("{} {:.2}", self.date, self.amount)
    }
}

stored_as_line!(OtherPayment);

impl Record for CustomerPayments {
    const KIND: &'static str = "customer-payments";
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing::DocumentKind;

    fn share(payment: &str, at: i64, amount: i64) -> PaidShare {
        PaidShare {
            payment: payment.parse().unwrap(),
            document: DocumentRef {
                kind: DocumentKind::PayApp,
                id: "pa_1".parse().unwrap(),
            },
            at,
            amount: amount.into(),
            returned: None,
            replaces: None,
        }
    }

    #[test]
    fn returned_share_is_open_until_replaced() {
        let ids: [Id; 3] = ["pay_1", "pay_2", "pay_3"].map(|id| id.parse().unwrap());
        let mut payments = CustomerPayments::default();
        let returned = PaidShare {
            returned: Some(100.into()),
            ..share("pay_1", 10, 100)
        };
        let document = returned.document.clone();
        let replaces = PaidShare {
            replaces: Some(ids[0].clone()),
            ..share("pay_2", 20, 60)
        };
        payments.set_shares(&ids[0], vec![share("pay_1", 10, 100)]);
        assert_eq!(payments.returned(&document, &ids[2]), []);
        assert!(payments.set_shares(&ids[0], vec![returned]));
        assert!(payments.set_shares(&ids[1], vec![replaces]));
        let open = |except| {
            let open = payments.returned(&document, except);
            open.iter().map(|share| share.open).sum::<Decimal>()
        };
        assert_eq!((open(&ids[2]), open(&ids[1])), (40.into(), 100.into()));
        let stored = serde_json::to_value(&payments).unwrap();
        assert_eq!(
            stored["shares"],
            serde_json::json!([
                "pay_1 pay_app/pa_1 10 100.00 returned 100.00",
                "pay_2 pay_app/pa_1 20 60.00 replaces pay_1"
            ])
        );
        assert_eq!(json::read::<CustomerPayments>(&stored).unwrap(), payments);
        // The payment that came back still settles the invoice in QuickBooks.
        let since = Timestamp::UNIX_EPOCH;
        assert_eq!(payments.paid(&document, &ids[2], since), 100.into());
    }

    #[test]
    fn payment_recorded_twice_counts_once() {
        let mut payments = CustomerPayments::default();
        let (first, second): (Id, Id) = ("pay_1".parse().unwrap(), "pay_2".parse().unwrap());
        assert!(payments.set_shares(&first, vec![share("pay_1", 10, 100)]));
        assert!(!payments.set_shares(&first, vec![share("pay_1", 90, 100)]));
        assert!(payments.set_shares(&second, vec![share("pay_2", 20, 30)]));
        let document = share("pay_1", 0, 0).document;
        let paid = |except, since| {
            let since = Timestamp::from_second(since).unwrap();
            payments.paid(&document, except, since)
        };
        assert_eq!(paid(&second, 0), 100.into());
        assert_eq!(paid(&first, 0), 30.into());
        assert_eq!(paid(&second, 11), 0.into());
        assert!(payments.set_shares(&first, Vec::new()));
    }

    #[test]
    fn look_covers_customers_that_it_read() {
        let payers = |ids: &[&str]| ids.iter().map(ToString::to_string).collect();
        let look = PaymentLook {
            customer: PaymentLook::payers(&payers(&["61", "58"])),
            from: json::parse_day("2026-04-13").unwrap(),
            at: Timestamp::UNIX_EPOCH,
            others: None,
        };
        assert_eq!(look.customer, "58 61");
        assert!(look.covers(&payers(&["58"])) && look.covers(&payers(&["61", "58"])));
        assert!(!look.covers(&payers(&["58", "6"])));
    }

    #[test]
    fn stored_payments_load_unchanged() {
        let look = PaymentLook {
            customer: "58".into(),
            from: json::parse_day("2026-04-13").unwrap(),
            at: Timestamp::from_second(30).unwrap(),
            others: None,
        };
        let other = OtherPayment {
            date: json::parse_day("2026-04-20").unwrap(),
            amount: Decimal::new(4_365_000, 2),
        };
        let payments = CustomerPayments {
            look: Some(look.with_others(vec![other])),
            shares: vec![share("pay_1", 10, 100)],
            ..CustomerPayments::default()
        };
        let stored = serde_json::to_value(&payments).unwrap();
        assert_eq!(stored["shares"][0], "pay_1 pay_app/pa_1 10 100.00");
        assert_eq!(json::read::<CustomerPayments>(&stored).unwrap(), payments);
    }
}

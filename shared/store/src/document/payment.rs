//! The payments of a document.

use crate::activity::notification::{DocumentNotification, PaymentPart, PaymentSummary};
use jiff::civil::Date;
use mapping::money_text;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize, Serializer};

/// The number of payments that a notification names; of more, the newest.
const PAYMENTS_NAMED: usize = 8;

/// The payments of a document, as QuickBooks last reported them. Amounts are text with two decimals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentState {
    /// The total of the document.
    #[serde(serialize_with = "cents")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub total: Decimal,
    /// The part that is paid.
    #[serde(serialize_with = "cents")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub paid: Decimal,
    /// The part that is open.
    #[serde(serialize_with = "cents")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub balance: Decimal,
    /// The payments, newest last.
    pub payments: Vec<AppliedPayment>,
}

/// The part of one payment that pays a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppliedPayment {
    /// The id of the payment in QuickBooks.
    pub id: String,
    /// The date of the payment.
    #[serde(deserialize_with = "json::optional_day")]
    pub date: Option<Date>,
    /// The part of it that is for the document.
    #[serde(serialize_with = "cents")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub amount: Decimal,
    /// The payment is one of 0.00 that applies a credit, so no money was received.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_credit: bool,
}

impl PaymentState {
    /// Takes a payment that came back out. Returns whether it was among the payments.
    pub fn take_back(&mut self, id: &str) -> bool {
        let Some(at) = self.payments.iter().position(|payment| payment.id == id) else {
            return false;
        };
        let returned = self.payments.remove(at).amount;
        self.paid -= returned;
        self.balance += returned;
        true
    }

    /// Returns the part that credits settle, without money.
    pub fn credited(&self) -> Decimal {
        let credits = self.payments.iter().filter(|payment| payment.is_credit);
        credits.map(|payment| payment.amount).sum()
    }
}

fn cents<S: Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&money_text(*amount))
}

impl From<&PaymentState> for DocumentNotification {
    fn from(payment: &PaymentState) -> Self {
        let money = || payment.payments.iter().filter(|part| !part.is_credit);
        let excess = money().count().saturating_sub(PAYMENTS_NAMED);
        let newest = money().skip(excess);
        let part = |part: &AppliedPayment| PaymentPart {
            id: part.id.clone(),
            date: part.date.map(|date| date.to_string()),
            amount: money_text(part.amount),
        };
        Self::Paid(PaymentSummary {
            total: money_text(payment.total),
            paid: money_text(payment.paid),
            balance: money_text(payment.balance),
            payments: newest.map(part).collect(),
        })
    }
}

//! What was paid of a document.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize, Serializer};

/// What was paid of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentState {
    /// What the document comes to.
    #[serde(serialize_with = "cents")]
    pub total: Decimal,
    /// What of it is paid.
    #[serde(serialize_with = "cents")]
    pub paid: Decimal,
    /// What is not.
    #[serde(serialize_with = "cents")]
    pub balance: Decimal,
    /// The payments, newest last.
    pub payments: Vec<AppliedPayment>,
}

/// What one payment pays of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppliedPayment {
    /// The payment's id in QuickBooks.
    pub id: String,
    /// Its day.
    #[serde(deserialize_with = "json::optional_day")]
    pub date: Option<Date>,
    /// How much of it is for the document.
    #[serde(serialize_with = "cents")]
    pub amount: Decimal,
}

/// Amounts are told as text with two decimals.
pub fn cents<S: Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&written(*amount))
}

pub fn written(amount: Decimal) -> String {
    format!("{amount:.2}")
}

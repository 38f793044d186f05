//! Amounts in what is stored and hashed: text with two decimals, whatever scale the value has in memory.
//!
//! Not `billing`'s form, whose limit is for what comes in: a line may add up to more.

use rust_decimal::Decimal;
use serde::{Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{amount:.2}"))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    rust_decimal::serde::str::deserialize(deserializer)
}

/// With exactly two decimals, so that it is written as people write money: `43650.00`.
pub(crate) fn cents(mut amount: Decimal) -> Decimal {
    amount.rescale(2);
    amount
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct Stored(#[serde(with = "super")] Decimal);

    #[test]
    fn an_amount_is_stored_with_two_decimals_whatever_its_scale() {
        for (amount, stored) in [
            (Decimal::from(5), "\"5.00\""),
            (Decimal::new(-510, 2), "\"-5.10\""),
            (Decimal::ZERO, "\"0.00\""),
        ] {
            assert_eq!(serde_json::to_string(&Stored(amount)).unwrap(), stored);
            assert_eq!(serde_json::from_str::<Stored>(stored).unwrap().0, amount);
        }
    }

    #[test]
    fn cents_are_written_as_people_write_money() {
        assert_eq!(cents(Decimal::from(43_650)).to_string(), "43650.00");
    }
}

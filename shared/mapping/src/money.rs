//! Amounts of money as text with two decimals, whatever scale the value has in memory.
//!
//! Stored and hashed amounts have this form. `billing` has its own reader with an upper limit for incoming amounts. Sums of lines
//! may be larger than that limit.

use rust_decimal::Decimal;
use serde::{Deserializer, Serializer};

/// Returns an amount as people write money: with exactly two decimals and without a currency, such as `43650.00`.
#[must_use]
pub fn money_text(amount: Decimal) -> String {
    format!("{amount:.2}")
}

/// Writes an amount as text with two decimals.
pub(crate) fn serialize<S: Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{amount:.2}"))
}

/// Reads an amount from text.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    rust_decimal::serde::str::deserialize(deserializer)
}

/// Rescales an amount to exactly two decimals, so that equal amounts have equal texts.
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
    fn stored_amount_has_two_decimals() {
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
    fn amount_as_text_has_two_decimals() {
        assert_eq!(money_text(Decimal::from(43_650)), "43650.00");
        assert_eq!(money_text(Decimal::new(-510, 2)), "-5.10");
    }

    #[test]
    fn rescaled_amount_has_two_decimals() {
        assert_eq!(cents(Decimal::from(43_650)).to_string(), "43650.00");
    }
}

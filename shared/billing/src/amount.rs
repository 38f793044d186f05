//! Amounts of money in JSON: decimal strings with at most two decimals and at most eleven digits before them.
//!
//! The two functions serve `#[serde(with = "amount")]`. A JSON number is refused, because its sender may have used a float.
//! Each amount has exactly two decimals after reading, and is written with two.

use rust_decimal::Decimal;
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

const MAX_WHOLE_DIGITS: usize = 11;
const DECIMALS: u32 = 2;

/// Writes an amount as text with two decimals.
pub fn serialize<S: Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{amount:.2}"))
}

/// Reads an amount from text.
///
/// # Errors
/// If the value is no text, or the text is no plain decimal number within the limits.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    deserializer.deserialize_str(AmountVisitor)
}

struct AmountVisitor;

impl Visitor<'_> for AmountVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount as text, such as \"1250.00\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Decimal, E> {
        parse(text).ok_or_else(|| {
            E::custom(
                "must be a decimal number with at most two decimals and eleven digits before them",
            )
        })
    }
}

/// Parses an amount. `Decimal` also parses `1_000`, `+5` and `.5`, which RIVET's contract does not allow.
fn parse(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = (1..=MAX_WHOLE_DIGITS).contains(&whole.len())
        && (1..=DECIMALS as usize).contains(&decimals.len())
        && all_digits(whole)
        && all_digits(decimals);
    let mut amount: Decimal = text.parse().ok().filter(|_| is_plain)?;
    amount.rescale(DECIMALS);
    Some(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_exactly_and_write_two_decimals() {
        for (text, written) in [
            ("0", "0.00"),
            ("-0.00", "0.00"),
            ("5.1", "5.10"),
            ("43650.00", "43650.00"),
            ("-12000.07", "-12000.07"),
            ("007.50", "7.50"),
            ("99999999999.99", "99999999999.99"),
        ] {
            let amount = parse(text).unwrap();
            assert_eq!(
                serialize(&amount, serde_json::value::Serializer).unwrap(),
                written
            );
        }
    }

    #[test]
    fn unplain_decimal_is_refused() {
        for text in [
            "",
            "-",
            ".",
            ".5",
            "5.",
            "+5",
            "1.000",
            "1e3",
            "1_000",
            "1,000",
            " 1",
            "1 ",
            "0x1",
            "--1",
            "NaN",
            "-.1",
            "100000000000",
            "１",
            "1.-1",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn json_number_is_refused() {
        for json in ["5", "5.0", "null", "[]", "true"] {
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            let problem = deserialize(&value).unwrap_err().to_string();
            assert!(problem.contains("expected an amount as text"), "{problem}");
        }
    }
}

//! Amounts of money on the wire: decimal strings with at most two decimals, below 10^11 in size.
//!
//! Meant for `#[serde(with = "crate::amount")]`. A JSON number is refused, because whoever wrote it may have gone
//! through a float. Everything that is read has exactly two decimals, so it is also written with two.

use rust_decimal::Decimal;
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

const MAX_WHOLE_DIGITS: usize = 11;
const CENTS: u32 = 2;

pub fn serialize<S: Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{amount:.2}"))
}

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

/// `Decimal` itself also takes `1_000`, `+5` and `.5`, none of which the contract has.
fn parse(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let sound = (1..=MAX_WHOLE_DIGITS).contains(&whole.len())
        && (1..=CENTS as usize).contains(&cents.len())
        && all_digits(whole)
        && all_digits(cents);
    let mut amount: Decimal = text.parse().ok().filter(|_| sound)?;
    amount.rescale(CENTS);
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
    fn what_is_not_a_plain_decimal_is_refused() {
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
    fn a_json_number_is_refused() {
        for json in ["5", "5.0", "null", "[]", "true"] {
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            let problem = deserialize(&value).unwrap_err().to_string();
            assert!(problem.contains("expected an amount as text"), "{problem}");
        }
    }
}

//! Amounts as exact decimals. Amounts are JSON numbers on the wire and are never read through a float.

use rust_decimal::Decimal;
use serde_json::{Map, Number, Value};

/// Intuit's limit on the digits of an amount.
const MOST_DIGITS: usize = 15;

/// Reads an amount of money: at most two decimals and 15 digits.
pub(crate) fn amount(number: &Number) -> Option<Decimal> {
    let value = decimal(number)?.normalize();
    let digits = value.mantissa().unsigned_abs().to_string().len();
    (value.scale() <= 2 && digits <= MOST_DIGITS).then_some(value)
}

/// Reads any exact decimal, such as a quantity or a unit price.
pub(crate) fn decimal(number: &Number) -> Option<Decimal> {
    let text = number.as_str();
    Decimal::from_str_exact(text)
        .or_else(|_| Decimal::from_scientific(text))
        .ok()
}

/// Writes an amount as a JSON number with two decimals.
pub(crate) fn json(amount: Decimal) -> Value {
    let text = format!("{:.2}", amount.round_dp(2));
    Value::Number(Number::from_string_unchecked(text))
}

/// Returns the amount in a field of a checked entity, or zero if the field is missing.
pub(crate) fn field(entity: &Map<String, Value>, name: &str) -> Decimal {
    match entity.get(name) {
        Some(Value::Number(number)) => decimal(number).unwrap_or_default(),
        _ => Decimal::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn amounts_are_read_exactly() {
        for (text, cents) in [
            ("0.1", 10),
            ("8106.65", 810_665),
            ("-12", -1200),
            ("1.2e3", 120_000),
            ("5.100", 510),
        ] {
            assert_eq!(
                amount(&number(text)),
                Some(Decimal::new(cents, 2)),
                "{text}"
            );
        }
    }

    #[test]
    fn amounts_beyond_the_limits_are_refused() {
        for text in ["1.005", "1234567890123456", "12345678901234.56", "1e40"] {
            assert_eq!(amount(&number(text)), None, "{text}");
        }
        assert!(amount(&number("1234567890123.45")).is_some());
    }

    #[test]
    fn amounts_have_two_decimals_in_json() {
        assert_eq!(json(Decimal::new(5, 1)).to_string(), "0.50");
        assert_eq!(json(Decimal::ZERO).to_string(), "0.00");
        assert_eq!(json(Decimal::new(-4_365_000, 2)).to_string(), "-43650.00");
    }

    #[test]
    fn missing_amount_is_zero() {
        assert_eq!(field(&Map::new(), "TotalAmt"), Decimal::ZERO);
    }
}

//! Literals, through which alone text enters a statement.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A literal, already quoted. Numbers and dates are quoted as text is. Only booleans are bare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value(pub(super) String);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        let mut quoted = String::with_capacity(text.len() + 2);
        quoted.push('\'');
        for character in text.chars() {
            if matches!(character, '\'' | '\\') {
                quoted.push('\\');
            }
            quoted.push(character);
        }
        quoted.push('\'');
        Self(quoted)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self(value.to_string())
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::from(date.to_string().as_str())
    }
}

impl From<Timestamp> for Value {
    fn from(instant: Timestamp) -> Self {
        Self::from(instant.to_string().as_str())
    }
}

impl From<Decimal> for Value {
    fn from(amount: Decimal) -> Self {
        Self::from(amount.to_string().as_str())
    }
}

//! Literals: the only way for text into a statement.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A literal, already quoted. Numbers and dates are quoted like text; only booleans are bare.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Kind;
    use crate::query::{Field, Query};
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    /// Reads one literal the way the language is documented: it ends at the first quote that no backslash precedes, and a
    /// backslash stands for the character after it. Gives the text and what follows the literal.
    fn unquoted(literal: &str) -> Option<(String, &str)> {
        let rest = literal.strip_prefix('\'')?;
        let mut text = String::new();
        let mut characters = rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\'' => return Some((text, &rest[at + 1..])),
                '\\' => text.push(characters.next()?.1),
                other => text.push(other),
            }
        }
        None
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(43650), failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn any_text_is_one_literal_that_means_that_text(text in any::<String>()) {
            let Value(literal) = Value::from(text.as_str());
            prop_assert_eq!(unquoted(&literal), Some((text, "")));
        }

        #[test]
        fn no_text_can_break_out_of_its_literal(text in r"['\\%a-z() =]{0,24}") {
            let statement = Query::from(Kind::Invoice).filter(Field::DocNumber.equals(&text)).to_string();
            let (head, literal) = statement.split_at("select * from Invoice where DocNumber = ".len());
            prop_assert_eq!(head, "select * from Invoice where DocNumber = ");
            prop_assert_eq!(unquoted(literal), Some((text, " maxresults 1000")));
        }
    }
}

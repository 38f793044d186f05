//! Comparison of the values of entities with the values in a statement.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use super::statement::Operator;
use crate::schema::Shape;
use crate::{money, time_format};

/// A value that can be compared and sorted. Text compares in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Comparable {
    Nothing,
    Flag(bool),
    Number(Decimal),
    Date(Date),
    Time(Timestamp),
    Text(String),
}

/// Reads the value of a field of an entity.
pub(super) fn entity_value(shape: Shape, value: Option<&Value>) -> Comparable {
    match (shape, value) {
        (_, None | Some(Value::Null)) => Comparable::Nothing,
        (Shape::Reference(_) | Shape::Code, Some(value)) => text(value["value"].as_str()),
        (_, Some(Value::Bool(flag))) => Comparable::Flag(*flag),
        (_, Some(Value::Number(number))) => {
            money::decimal(number).map_or(Comparable::Nothing, Comparable::Number)
        }
        (shape, Some(value)) => value
            .as_str()
            .and_then(|value| statement_value(shape, value))
            .unwrap_or(Comparable::Nothing),
    }
}

/// Reads a value of a statement by the shape of its field. Returns `None` if the text does not fit the shape.
pub(super) fn statement_value(shape: Shape, value: &str) -> Option<Comparable> {
    match shape {
        Shape::Bool => value.to_lowercase().parse().ok().map(Comparable::Flag),
        Shape::Amount | Shape::Number => value.parse().ok().map(Comparable::Number),
        Shape::Date => value.parse().ok().map(Comparable::Date),
        Shape::Time => time_format::parse(value).map(Comparable::Time),
        _ => Some(text(Some(value))),
    }
}

/// Returns whether a value fulfils a condition. A missing value fulfils none.
pub(super) fn holds(value: &Comparable, operator: Operator, wanted: &[Comparable]) -> bool {
    if *value == Comparable::Nothing {
        return false;
    }
    if operator == Operator::In {
        return wanted.contains(value);
    }
    let Some(wanted) = wanted.first() else {
        return false;
    };
    let order = value.cmp(wanted);
    match operator {
        Operator::Equal | Operator::In => order == Ordering::Equal,
        Operator::Less => order == Ordering::Less,
        Operator::Greater => order == Ordering::Greater,
        Operator::LessOrEqual => order != Ordering::Greater,
        Operator::GreaterOrEqual => order != Ordering::Less,
        Operator::Like => match (value, wanted) {
            (Comparable::Text(value), Comparable::Text(pattern)) => is_like(value, pattern),
            _ => false,
        },
    }
}

/// Returns whether a text matches a pattern of `LIKE`. `%` stands for any text and is the only wildcard.
fn is_like(value: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('%') else {
        return value == pattern;
    };
    let Some(mut value) = value.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('%').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = value.find(part) else {
            return false;
        };
        value = value.get(at + part.len()..).unwrap_or_default();
    }
    value.ends_with(end)
}

fn text(value: Option<&str>) -> Comparable {
    value.map_or(Comparable::Nothing, |value| {
        Comparable::Text(value.to_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn percent_matches_any_text() {
        for (value, pattern, expected) in [
            ("1042-1", "1042%", true),
            ("1042-1", "%-1", true),
            ("1042-1", "%42%", true),
            ("1042-1", "1%4%-%1", true),
            ("1042-1", "1042-1", true),
            ("1042-1", "1042", false),
            ("1042-1", "%2", false),
            ("aa", "a%a%a", false),
            ("1042_1", "1042_1", true),
            ("1042-1", "1042_1", false),
        ] {
            assert_eq!(is_like(value, pattern), expected, "{value} like {pattern}");
        }
    }

    #[test]
    fn values_are_read_by_field_shape() {
        let number = entity_value(Shape::Amount, Some(&json!(100.0)));
        let wanted = statement_value(Shape::Amount, "100.00").unwrap();
        assert!(holds(
            &number,
            Operator::Equal,
            std::slice::from_ref(&wanted)
        ));
        assert!(!holds(&number, Operator::Greater, &[wanted]));
        assert_eq!(statement_value(Shape::Date, "soon"), None);
        assert_eq!(statement_value(Shape::Bool, "maybe"), None);
        let flag = statement_value(Shape::Bool, "TRUE");
        assert_eq!(flag, Some(Comparable::Flag(true)));
    }

    #[test]
    fn times_compare_as_instants_and_text_ignores_case() {
        let stamp = json!("2026-03-31T20:14:09-07:00");
        let time = entity_value(Shape::Time, Some(&stamp));
        let same = statement_value(Shape::Time, "2026-04-01T03:14:09Z").unwrap();
        assert!(holds(&time, Operator::GreaterOrEqual, &[same]));
        let name = entity_value(Shape::Text(9), Some(&json!("Turner BAY")));
        let wanted = statement_value(Shape::Text(9), "turner bay").unwrap();
        assert!(holds(&name, Operator::In, &[wanted]));
    }

    #[test]
    fn missing_value_matches_nothing() {
        let wanted = statement_value(Shape::Amount, "1").unwrap();
        assert!(!holds(&Comparable::Nothing, Operator::Less, &[wanted]));
    }
}

//! Fields.

use super::reference::Reference;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

/// When an object changed last.
pub(super) fn updated_at(object: &Value) -> Option<Timestamp> {
    json::parse_instant(&text(object.get("MetaData")?, "LastUpdatedTime")?)
}

pub(super) fn reference(value: Option<&Value>) -> Option<Reference> {
    let value = value?;
    Some(Reference {
        value: text(value, "value")?,
        name: text(value, "name"),
    })
}

pub(super) fn text(object: &Value, field: &str) -> Option<String> {
    object.get(field)?.as_str().map(str::to_owned)
}

pub(super) fn amount(object: &Value, field: &str) -> Option<Decimal> {
    let Value::Number(number) = object.get(field)? else {
        return None;
    };
    let written = number.as_str();
    let plain = written.parse().ok();
    let read = plain.or_else(|| Decimal::from_scientific(written).ok());
    // Amounts in QuickBooks have up to 15 digits; a sum of larger ones could overflow.
    read.filter(|amount| amount.abs() < Decimal::new(1_000_000_000_000_000, 0))
}

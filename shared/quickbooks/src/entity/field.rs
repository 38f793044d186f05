//! Reads single fields of an object in JSON. A missing field and a malformed one are both `None`.

use super::reference::Reference;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

/// Returns the time when the object was created.
pub(super) fn created_at(object: &Value) -> Option<Timestamp> {
    json::parse_instant(&text(object.get("MetaData")?, "CreateTime")?)
}

/// Returns the time when the object changed last.
pub(super) fn updated_at(object: &Value) -> Option<Timestamp> {
    json::parse_instant(&text(object.get("MetaData")?, "LastUpdatedTime")?)
}

/// Returns a reference.
pub(super) fn reference(value: Option<&Value>) -> Option<Reference> {
    let value = value?;
    Some(Reference {
        value: text(value, "value")?,
        name: text(value, "name"),
    })
}

/// Returns a text. Intuit also sends ids, versions and numbers of documents as numbers.
pub(super) fn text(object: &Value, field: &str) -> Option<String> {
    object.get(field).and_then(json::plain).map(str::to_owned)
}

/// Returns an amount. Intuit also sends amounts as text.
pub(super) fn amount(object: &Value, field: &str) -> Option<Decimal> {
    let text = json::plain(object.get(field)?)?.trim();
    let plain = text.parse().ok();
    let amount = plain.or_else(|| Decimal::from_scientific(text).ok());
    // Amounts in QuickBooks have up to 15 digits. A sum of larger ones could overflow.
    amount.filter(|amount| amount.abs() < Decimal::new(1_000_000_000_000_000, 0))
}

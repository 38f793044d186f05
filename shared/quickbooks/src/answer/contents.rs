//! Finds the objects in the body of an answer.

use crate::entity::{Kind, Object, ObjectSnapshot, Resource};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Returns the rows of an answer to a query. `None` if the body is no such answer.
pub(crate) fn rows_of(body: &Value, kind: Kind) -> Option<&[Value]> {
    match body.get("QueryResponse")?.get(kind.name()) {
        None => Some(&[]),
        Some(Value::Array(rows)) => Some(rows),
        Some(_) => None,
    }
}

/// Reads the snapshots of the rows of an answer to a query. `None` if the body is no such answer or a row is unreadable.
pub(crate) fn snapshots_in(body: &Value, kind: Kind) -> Option<Vec<ObjectSnapshot>> {
    let rows = rows_of(body, kind)?.iter();
    rows.map(|row| ObjectSnapshot::read(kind, row)).collect()
}

/// The kinds of object that a write answers with.
const WRITABLE: [Kind; 7] = [
    Kind::Invoice,
    Kind::CreditMemo,
    Kind::JournalEntry,
    Kind::Payment,
    Kind::Customer,
    Kind::Item,
    Kind::Class,
];

/// Reads the snapshot of the one object in an answer.
pub(crate) fn snapshot_in(body: &Value) -> Option<ObjectSnapshot> {
    let found = |kind: &Kind| ObjectSnapshot::read(*kind, body.get(kind.name())?);
    WRITABLE.iter().find_map(found)
}

/// Reads the one object in an answer that can be written.
pub(crate) fn object_in(body: &Value) -> Option<Object> {
    let (kind, value) = written_in(body)?;
    match kind {
        Kind::Invoice => Some(Object::Invoice(typed(value)?)),
        Kind::CreditMemo => Some(Object::CreditMemo(typed(value)?)),
        Kind::JournalEntry => Some(Object::JournalEntry(typed(value)?)),
        Kind::Payment => Some(Object::Payment(typed(value)?)),
        Kind::Customer => Some(Object::Customer(typed(value)?)),
        Kind::Item => Some(Object::Item(typed(value)?)),
        Kind::Class => Some(Object::Class(typed(value)?)),
        Kind::Account | Kind::CompanyInfo | Kind::Preferences => None,
    }
}

fn written_in(body: &Value) -> Option<(Kind, Value)> {
    let found = |kind: &Kind| Some((*kind, body.get(kind.name())?.clone()));
    WRITABLE.iter().find_map(found)
}

/// Reads the rows of an answer to a query. `None` if the body is no such answer or a row is not of this type.
pub(crate) fn list_in<T: Resource>(body: &Value) -> Option<Vec<T>> {
    rows_in(body, T::KIND)
}

fn rows_in<T: DeserializeOwned>(body: &Value, kind: Kind) -> Option<Vec<T>> {
    match body.get("QueryResponse")?.get(kind.name()) {
        Some(rows) => typed(rows.clone()),
        None => Some(Vec::new()),
    }
}

/// Reads a value as a type. Fields that are `null` count as absent: Intuit sends both.
pub(crate) fn typed<T: DeserializeOwned>(mut value: Value) -> Option<T> {
    drop_nulls(&mut value);
    json::read(&value).ok()
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

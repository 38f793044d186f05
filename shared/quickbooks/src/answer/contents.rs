//! Finds the objects in the body of an answer.

use crate::entity::{Kind, Object, ObjectSnapshot, Resource};
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

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

/// Reads a value as a type. Fields that are `null` count as absent: Intuit sends both. A text that is sent as a number is read as text,
/// and an amount that is sent as text as an amount.
pub(crate) fn typed<T: DeserializeOwned>(mut value: Value) -> Option<T> {
    normalise(&mut value);
    json::read(&value).ok()
}

/// The members that are text, whatever Intuit sends them as.
const TEXTS: [&str; 7] = [
    "Id",
    "SyncToken",
    "DocNumber",
    "TxnId",
    "value",
    "Name",
    "Value",
];

/// The members that are amounts, whatever Intuit sends them as.
const AMOUNTS: [&str; 5] = [
    "Amount",
    "TotalAmt",
    "Balance",
    "CurrentBalance",
    "UnappliedAmt",
];

fn normalise(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            for (name, field) in fields {
                unify(name, field);
                normalise(field);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(normalise),
        _ => {}
    }
}

/// Gives a text or an amount the form that its type reads.
fn unify(name: &str, field: &mut Value) {
    let unified = match field {
        Value::Number(number) if TEXTS.contains(&name) => Some(number.as_str().into()),
        Value::Bool(flag) if TEXTS.contains(&name) => Some(flag.to_string().into()),
        Value::String(text) if AMOUNTS.contains(&name) => {
            let number: Option<Number> = text.trim().parse().ok();
            number.map(Value::Number)
        }
        _ => None,
    };
    if let Some(unified) = unified {
        *field = unified;
    }
}

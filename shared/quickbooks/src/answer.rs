//! Reading answers. A fault is looked for before anything else, whatever the status says: 200 can carry one.
//!
//! Service faults are JSON with upper-case keys, the gateway's are JSON with lower-case keys or XML, and an outage may be HTML.
//! The body decides which it is; the content type does not always tell the truth.

use crate::entity::{Kind, Listed, Object, Resource, Standing};
pub use crate::failure::{Failure, Lost};

use crate::failure;
use crate::fault;
use bytes::Bytes;
use http::Response;
use http::header::RETRY_AFTER;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// An answer that is no fault, before it is read as what was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub(crate) body: Value,
    pub(crate) status: u16,
    pub(crate) tid: Option<String>,
}

impl Answer {
    /// Looks for a fault in a response.
    ///
    /// # Errors
    /// The fault, or [`Failure::Unreadable`] if it is neither that nor JSON.
    pub fn of(response: &Response<Bytes>) -> Result<Self, Failure> {
        Ok(Self {
            body: body(response)?,
            status: response.status().as_u16(),
            tid: tid(response),
        })
    }

    /// Reads the one object that the answer is about.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if there is no such object in the answer.
    pub fn one<T: Resource>(&self) -> Result<T, Failure> {
        let object = self.body.get(T::KIND.name()).cloned();
        object.and_then(typed).ok_or_else(|| self.unreadable())
    }

    /// Reads the object that a write answers with, whichever kind it is.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if there is no object in the answer.
    pub fn object(&self) -> Result<Object, Failure> {
        object_in(&self.body).ok_or_else(|| self.unreadable())
    }

    /// Reads what an answer about one object, whichever kind it is, says of it.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if there is no object with an id and a version in the answer.
    pub fn standing(&self) -> Result<Standing, Failure> {
        standing_in(&self.body).ok_or_else(|| self.unreadable())
    }

    /// Reads what the rows of a query for objects of `kind` say of each; none is an empty list.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if this is no answer to a query or a row has no id or version.
    pub fn standings(&self, kind: Kind) -> Result<Vec<Standing>, Failure> {
        standings_in(&self.body, kind).ok_or_else(|| self.unreadable())
    }

    /// Reads the rows that a query found; none is an empty list.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if this is no answer to a query or a row is not what was asked for.
    pub fn list<T: Resource>(&self) -> Result<Vec<T>, Failure> {
        list_in(&self.body).ok_or_else(|| self.unreadable())
    }

    /// Reads the rows of a query for customers, classes or items as far as finding one among others needs; none is an empty list.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if this is no answer to a query or a row has no id or name.
    pub fn listed(&self, kind: Kind) -> Result<Vec<Listed>, Failure> {
        let rows = self.rows(kind)?.iter();
        let read = rows.map(Listed::of).collect::<Option<_>>();
        read.ok_or_else(|| self.unreadable())
    }

    fn rows(&self, kind: Kind) -> Result<&[Value], Failure> {
        rows_of(&self.body, kind).ok_or_else(|| self.unreadable())
    }

    pub(crate) fn unreadable(&self) -> Failure {
        Failure::Unreadable {
            status: self.status,
            tid: self.tid.clone(),
        }
    }
}

/// Intuit's id of an exchange (`intuit_tid`): the one thing its support can find it by, so it goes into every log line.
pub fn tid<B>(response: &Response<B>) -> Option<String> {
    let value = response.headers().get("intuit_tid")?;
    Some(value.to_str().ok()?.to_owned())
}

/// The JSON body of an answer that is no fault.
pub(crate) fn body(response: &Response<Bytes>) -> Result<Value, Failure> {
    let status = response.status().as_u16();
    let parsed = serde_json::from_slice::<Value>(response.body()).ok();
    let faults = match &parsed {
        Some(body) => fault::in_json(body),
        None => fault::in_xml(&String::from_utf8_lossy(response.body())),
    };
    match (parsed, failure::of(status, faults, tid(response))) {
        (_, Some(Failure::Throttled { tid, .. })) => Err(Failure::Throttled {
            retry_after: retry_after(response),
            tid,
        }),
        (_, Some(failure)) => Err(failure),
        (Some(body), None) if response.status().is_success() => Ok(body),
        (_, None) => Err(unreadable(response)),
    }
}

/// The failure that a JSON body with this status stands for, if it is one.
pub(crate) fn failure_in(status: u16, body: &Value, tid: Option<String>) -> Option<Failure> {
    failure::of(status, fault::in_json(body), tid)
}

pub(crate) fn unreadable(response: &Response<Bytes>) -> Failure {
    Failure::Unreadable {
        status: response.status().as_u16(),
        tid: tid(response),
    }
}

/// The rows of an answer to a query, none if it is no such answer.
pub(crate) fn rows_of(body: &Value, kind: Kind) -> Option<&[Value]> {
    match body.get("QueryResponse")?.get(kind.name()) {
        None => Some(&[]),
        Some(Value::Array(rows)) => Some(rows),
        Some(_) => None,
    }
}

pub(crate) fn standings_in(body: &Value, kind: Kind) -> Option<Vec<Standing>> {
    let rows = rows_of(body, kind)?.iter();
    rows.map(|row| Standing::read(kind, row)).collect()
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

pub(crate) fn standing_in(body: &Value) -> Option<Standing> {
    let found = |kind: &Kind| Standing::read(*kind, body.get(kind.name())?);
    WRITABLE.iter().find_map(found)
}

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

pub(crate) fn list_in<T: Resource>(body: &Value) -> Option<Vec<T>> {
    rows_in(body, T::KIND)
}

fn rows_in<T: DeserializeOwned>(body: &Value, kind: Kind) -> Option<Vec<T>> {
    match body.get("QueryResponse")?.get(kind.name()) {
        Some(rows) => typed(rows.clone()),
        None => Some(Vec::new()),
    }
}

/// Fields that are `null` are read as if they were absent: Intuit does both.
fn typed<T: DeserializeOwned>(mut value: Value) -> Option<T> {
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

fn retry_after(response: &Response<Bytes>) -> Option<u32> {
    let value = response.headers().get(RETRY_AFTER)?;
    value.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Class, CompanyInfo, Invoice, Preferences};
    use rust_decimal::Decimal;

    fn answered(status: u16, body: &str) -> Response<Bytes> {
        Response::builder()
            .status(status)
            .header("intuit_tid", "1-60f7a1")
            .body(Bytes::from(body.to_owned()))
            .unwrap()
    }

    fn sound(body: &str) -> Answer {
        Answer::of(&answered(200, body)).unwrap()
    }

    #[test]
    fn an_object_is_read_from_its_envelope() {
        let invoice = r#"{"Invoice":{"Id":"130","SyncToken":"0","TotalAmt":43650.0,"Line":null},"time":"2026-03-31T14:14:09.000-07:00"}"#;
        assert_eq!(
            sound(invoice).one::<Invoice>().unwrap().id.as_deref(),
            Some("130")
        );
        assert_eq!(sound(invoice).object().unwrap().kind(), Kind::Invoice);
    }

    #[test]
    fn every_kind_that_is_written_is_recognized_in_an_answer() {
        for name in [
            "Invoice",
            "CreditMemo",
            "JournalEntry",
            "Payment",
            "Customer",
            "Item",
            "Class",
        ] {
            let body = format!(r#"{{"{name}":{{"Id":"1","SyncToken":"0"}},"time":"t"}}"#);
            let object = sound(&body).object().unwrap();
            assert_eq!((object.kind().name(), object.id()), (name, Some("1")));
        }
    }

    #[test]
    fn the_company_and_its_preferences_are_read() {
        let company = r#"{"CompanyInfo":{"CompanyName":"Harbor Electric LLC","NameValue":null}}"#;
        let read_back = sound(company).one::<CompanyInfo>().unwrap();
        assert_eq!(
            read_back.company_name.as_deref(),
            Some("Harbor Electric LLC")
        );
        let preferences = r#"{"Preferences":{"AccountingInfoPrefs":{"BookCloseDate":null,"ClassTrackingPerTxn":true}}}"#;
        let read_back = sound(preferences).one::<Preferences>().unwrap();
        assert!(read_back.accounting_info_prefs.class_tracking_per_txn);
    }

    #[test]
    fn what_stands_is_read_whatever_else_the_answer_holds() {
        let odd = r#"{"JournalEntry":{"Id":"27","SyncToken":"1","DocNumber":"R1","PrivateNote":"RIVET","TotalAmt":0,
            "TxnDate":"someday","Line":"none","Balance":null}}"#;
        let standing = sound(odd).standing().unwrap();
        assert_eq!(
            (standing.kind, standing.id.as_str()),
            (Kind::JournalEntry, "27")
        );
        assert_eq!(
            (
                standing.doc_number.as_deref(),
                standing.private_note.as_deref()
            ),
            (Some("R1"), Some("RIVET"))
        );
        assert_eq!(
            (standing.total, standing.balance),
            (Some(Decimal::ZERO), None)
        );
    }

    #[test]
    fn what_has_no_id_or_version_does_not_stand() {
        for body in [
            r#"{"Invoice":{"Id":"1"}}"#,
            r#"{"Invoice":{"SyncToken":"0"}}"#,
            r#"{"Account":{"Id":"1","SyncToken":"0"}}"#,
        ] {
            assert!(sound(body).standing().is_err(), "{body}");
        }
        let rows = sound(r#"{"QueryResponse":{"Payment":[{"Id":"1"}]}}"#);
        assert!(rows.standings(Kind::Payment).is_err());
    }

    #[test]
    fn what_stands_of_a_kind_is_listed() {
        let rows = r#"{"QueryResponse":{"Invoice":[{"Id":"1","SyncToken":"0","Balance":1.10},{"Id":"2","SyncToken":"3"}]}}"#;
        let found = sound(rows).standings(Kind::Invoice).unwrap();
        assert_eq!(found[0].balance, Some(Decimal::new(110, 2)));
        assert_eq!(
            (found[1].id.as_str(), found[1].sync_token.as_str()),
            ("2", "3")
        );
        let none = sound(r#"{"QueryResponse":{}}"#);
        assert!(none.standings(Kind::Invoice).unwrap().is_empty());
    }

    #[test]
    fn rows_are_read_and_no_rows_are_an_empty_list() {
        let rows = r#"{"QueryResponse":{"Class":[{"Id":"1"},{"Id":"2"}],"startPosition":1,"maxResults":2},"time":"t"}"#;
        assert_eq!(sound(rows).list::<Class>().unwrap().len(), 2);
        let none = r#"{"QueryResponse":{},"time":"t"}"#;
        assert!(sound(none).list::<Class>().unwrap().is_empty());
    }

    #[test]
    fn the_time_to_wait_is_kept_if_it_is_named_in_seconds() {
        let waiting = |value: &str| {
            let mut response = answered(429, "");
            response
                .headers_mut()
                .insert(RETRY_AFTER, value.parse().unwrap());
            match Answer::of(&response) {
                Err(Failure::Throttled { retry_after, .. }) => retry_after,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(waiting("17"), Some(17));
        assert_eq!(waiting("Fri, 31 Dec 1999 23:59:59 GMT"), None);
    }

    #[test]
    fn an_answer_without_an_id_of_its_own_is_read_all_the_same() {
        let failure = Answer::of(&Response::new(Bytes::new())).unwrap_err();
        assert_eq!(failure.tid(), None);
    }
}

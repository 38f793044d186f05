//! Reads answers. Each answer is searched for a fault first, whatever its status, because a fault can come with 200.
//!
//! A fault of the service is JSON with upper-case keys. A fault of the gateway is JSON with lower-case keys, or XML. An outage
//! may be HTML. The body decides between them, because the content type is not always right.

pub(crate) mod contents;

pub use crate::failure::{Failure, MissingPermission};

use self::contents::{list_in, object_in, rows_of, snapshot_in, snapshots_in, typed};
use crate::entity::{Kind, ListEntry, Object, ObjectSnapshot, Resource};
use crate::{failure, fault_body};
use bytes::Bytes;
use http::Response;
use http::header::RETRY_AFTER;
use serde_json::Value;

/// An answer without a fault. The caller reads it as the objects that the request asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub(crate) body: Value,
    pub(crate) status: u16,
    pub(crate) tid: Option<String>,
}

impl Answer {
    /// Takes a response as an answer if it holds no fault.
    ///
    /// # Errors
    /// The failure that the fault stands for, or [`Failure::Unreadable`] if the body is neither a fault nor JSON.
    pub fn of(response: &Response<Bytes>) -> Result<Self, Failure> {
        Ok(Self {
            body: body(response)?,
            status: response.status().as_u16(),
            tid: tid(response),
        })
    }

    /// Reads the one object that the answer holds.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if the answer holds no object of this type.
    pub fn one<T: Resource>(&self) -> Result<T, Failure> {
        let object = self.body.get(T::KIND.name()).cloned();
        object.and_then(typed).ok_or_else(|| self.unreadable())
    }

    /// Reads the object that a write answers with, of any kind that can be written.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if the answer holds no such object.
    pub fn object(&self) -> Result<Object, Failure> {
        object_in(&self.body).ok_or_else(|| self.unreadable())
    }

    /// Reads the snapshot of the one object that the answer holds, of any kind that can be written.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if the answer holds no object with an id and a version.
    pub fn snapshot(&self) -> Result<ObjectSnapshot, Failure> {
        snapshot_in(&self.body).ok_or_else(|| self.unreadable())
    }

    /// Reads the snapshots of the rows that a query for objects of `kind` found. No rows are an empty list.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if the answer is no answer to a query, or a row has no id or version.
    pub fn snapshots(&self, kind: Kind) -> Result<Vec<ObjectSnapshot>, Failure> {
        snapshots_in(&self.body, kind).ok_or_else(|| self.unreadable())
    }

    /// Reads the rows that a query found. No rows are an empty list.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if the answer is no answer to a query, or a row is not of this type.
    pub fn list<T: Resource>(&self) -> Result<Vec<T>, Failure> {
        list_in(&self.body).ok_or_else(|| self.unreadable())
    }

    /// Reads the list entries that a query for customers, classes, items or accounts found. No rows are an empty list.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if the answer is no answer to a query, or a row has no id or name.
    pub fn list_entries(&self, kind: Kind) -> Result<Vec<ListEntry>, Failure> {
        let rows = self.rows(kind)?.iter();
        let read = rows.map(ListEntry::of).collect::<Option<_>>();
        read.ok_or_else(|| self.unreadable())
    }

    /// Reads the customer, class, item or account that the answer holds.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if the answer holds no entry of this kind with an id and a name.
    pub fn list_entry(&self, kind: Kind) -> Result<ListEntry, Failure> {
        let row = self.body.get(kind.name());
        row.and_then(ListEntry::of).ok_or_else(|| self.unreadable())
    }

    fn rows(&self, kind: Kind) -> Result<&[Value], Failure> {
        rows_of(&self.body, kind).ok_or_else(|| self.unreadable())
    }

    /// Returns the failure of an answer that does not hold what the request asked for.
    pub(crate) fn unreadable(&self) -> Failure {
        Failure::Unreadable {
            status: self.status,
            tid: self.tid.clone(),
        }
    }
}

/// Returns Intuit's id of an exchange, the header `intuit_tid`. `None` if the header is missing.
///
/// Intuit's support finds an exchange by this id alone, so each log line about one should have it.
pub fn tid<B>(response: &Response<B>) -> Option<String> {
    let value = response.headers().get("intuit_tid")?;
    Some(value.to_str().ok()?.to_owned())
}

/// Returns the JSON body of a response without a fault.
fn body(response: &Response<Bytes>) -> Result<Value, Failure> {
    let status = response.status().as_u16();
    let parsed = json::parse(response.body()).ok();
    let faults = match &parsed {
        Some(body) => fault_body::in_json(body),
        None => fault_body::in_xml(&String::from_utf8_lossy(response.body())),
    };
    match (parsed, failure::of(status, faults, tid(response))) {
        (_, Some(Failure::Throttled { tid, .. })) => Err(Failure::Throttled {
            retry_after_seconds: retry_after_seconds(response),
            tid,
        }),
        (_, Some(failure)) => Err(failure),
        (Some(body), None) if response.status().is_success() => Ok(body),
        (_, None) => Err(unreadable(response)),
    }
}

/// Returns the failure that a JSON body with this status stands for. `None` if the body holds no fault.
pub(crate) fn failure_in(status: u16, body: &Value, tid: Option<String>) -> Option<Failure> {
    failure::of(status, fault_body::in_json(body), tid)
}

/// Returns the failure of a response that is neither a fault nor JSON.
fn unreadable(response: &Response<Bytes>) -> Failure {
    Failure::Unreadable {
        status: response.status().as_u16(),
        tid: tid(response),
    }
}

/// Returns the header `Retry-After` in seconds. `None` also if it is a date (RFC 9110 section 10.2.3).
fn retry_after_seconds(response: &Response<Bytes>) -> Option<u32> {
    let value = response.headers().get(RETRY_AFTER)?;
    value.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests;

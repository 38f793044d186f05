//! Reading answers. A fault is looked for before anything else, whatever the status says: 200 can carry one.
//!
//! Service faults are JSON with upper-case keys, the gateway's are JSON with lower-case keys or XML, and an outage may be HTML.
//! The body decides which it is; the content type does not always tell the truth.

pub(crate) mod contents;

pub use crate::failure::{Failure, Lost};

use self::contents::{list_in, object_in, rows_of, standing_in, standings_in, typed};
use crate::entity::{Kind, Listed, Object, Resource, Standing};
use crate::failure;
use crate::fault_body;
use bytes::Bytes;
use http::Response;
use http::header::RETRY_AFTER;
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
fn body(response: &Response<Bytes>) -> Result<Value, Failure> {
    let status = response.status().as_u16();
    let parsed = serde_json::from_slice::<Value>(response.body()).ok();
    let faults = match &parsed {
        Some(body) => fault_body::in_json(body),
        None => fault_body::in_xml(&String::from_utf8_lossy(response.body())),
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
    failure::of(status, fault_body::in_json(body), tid)
}

fn unreadable(response: &Response<Bytes>) -> Failure {
    Failure::Unreadable {
        status: response.status().as_u16(),
        tid: tid(response),
    }
}

fn retry_after(response: &Response<Bytes>) -> Option<u32> {
    let value = response.headers().get(RETRY_AFTER)?;
    value.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests;

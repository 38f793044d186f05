//! Reading answers. A fault is looked for before anything else, whatever the status says: 200 can carry one.
//!
//! Service faults are JSON with upper-case keys, the gateway's are JSON with lower-case keys or XML, and an outage may be HTML.
//! The body decides which it is; the content type does not always tell the truth.

use crate::entity::{Kind, Object, Resource};
use crate::fault::{self, Fault, Meaning};
use bytes::Bytes;
use http::Response;
use http::header::RETRY_AFTER;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Why there is no usable answer, by what a caller does about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// QuickBooks refused the request and changed nothing; [`Failure::meaning`] says what to do.
    #[error("QuickBooks refused with {status}: {}", fault::listed(faults))]
    Faults {
        /// The HTTP status; 200 for the items of a batch and for some queries.
        status: u16,
        /// Why, at least one.
        faults: Vec<Fault>,
        /// Intuit's word for the class of the faults (`ValidationFault`).
        kind: String,
        /// Intuit's id of the exchange, which its support asks for.
        tid: Option<String>,
    },
    /// Too many requests. Nothing was done; wait (a minute if QuickBooks does not say how long), then send again.
    #[error("QuickBooks asks for fewer requests")]
    Throttled {
        /// Seconds to wait, if the answer names them.
        retry_after: Option<u32>,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// The access token is expired or revoked. Nothing was done: refresh once, send once more, then ask for a reconnect.
    #[error("QuickBooks does not accept the access token")]
    Unauthorized {
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// The token is good but opens nothing. Nothing was done; no refresh helps, a person has to connect again.
    #[error("QuickBooks denies access: {lost}")]
    Forbidden {
        /// What is missing.
        lost: Lost,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// Trouble on Intuit's side (5xx, or the faults 130, 140, 150 and 10000). A write may have happened.
    #[error("QuickBooks is unavailable ({status})")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// An answer that says nothing we understand. After a success status a write may well have happened.
    #[error("QuickBooks answered {status} with something unreadable")]
    Unreadable {
        /// The HTTP status.
        status: u16,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
}

/// What a connection has lost that is denied access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// 3100: the company withdrew the app's permission, or the app's keys are of the other environment.
    #[error("the app has no permission for this company")]
    Grant,
    /// 120: the person who connected is no administrator of the company any more.
    #[error("the person who connected is no administrator any more")]
    Administrator,
}

impl Failure {
    /// Whether a write that was answered so may have been carried out; then it is looked up before it is ever sent again.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Unavailable { .. } => true,
            Self::Unreadable { status, .. } => !(400..500).contains(status),
            Self::Faults { .. }
            | Self::Throttled { .. }
            | Self::Unauthorized { .. }
            | Self::Forbidden { .. } => false,
        }
    }

    /// What the first fault that has a meaning of its own asks for; `None` if this is not a refusal.
    pub fn meaning(&self) -> Option<Meaning> {
        let Self::Faults { faults, .. } = self else {
            return None;
        };
        let meanings = || faults.iter().map(Fault::meaning);
        meanings()
            .find(|meaning| !matches!(meaning, Meaning::Rule | Meaning::Bug))
            .or_else(|| meanings().next())
    }

    /// The refusals, if this is one.
    pub fn faults(&self) -> &[Fault] {
        match self {
            Self::Faults { faults, .. } => faults,
            _ => &[],
        }
    }

    /// Intuit's id of the exchange.
    pub fn tid(&self) -> Option<&str> {
        match self {
            Self::Faults { tid, .. }
            | Self::Throttled { tid, .. }
            | Self::Unauthorized { tid }
            | Self::Forbidden { tid, .. }
            | Self::Unavailable { tid, .. }
            | Self::Unreadable { tid, .. } => tid.as_deref(),
        }
    }
}

/// Reads the one object that an answer is about.
///
/// # Errors
/// The fault, or [`Failure::Unreadable`] if there is no such object in the answer.
pub fn read<T: Resource>(response: &Response<Bytes>) -> Result<T, Failure> {
    let mut body = body(response)?;
    body.get_mut(T::KIND.name())
        .and_then(|object| typed(object.take()))
        .ok_or_else(|| unreadable(response))
}

/// Reads the object that a write answers with, whichever kind it is.
///
/// # Errors
/// The fault, or [`Failure::Unreadable`] if there is no object in the answer.
pub fn object(response: &Response<Bytes>) -> Result<Object, Failure> {
    object_in(&body(response)?).ok_or_else(|| unreadable(response))
}

/// Reads the rows that a query found; none is an empty list.
///
/// # Errors
/// The fault, or [`Failure::Unreadable`] if this is no answer to a query or a row is not what was asked for.
pub fn list<T: Resource>(response: &Response<Bytes>) -> Result<Vec<T>, Failure> {
    list_in(&body(response)?).ok_or_else(|| unreadable(response))
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
    match (parsed, failure(status, faults, tid(response))) {
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
    failure(status, fault::in_json(body), tid)
}

pub(crate) fn unreadable(response: &Response<Bytes>) -> Failure {
    Failure::Unreadable {
        status: response.status().as_u16(),
        tid: tid(response),
    }
}

pub(crate) fn object_in(body: &Value) -> Option<Object> {
    const WRITABLE: [Kind; 7] = [
        Kind::Invoice,
        Kind::CreditMemo,
        Kind::JournalEntry,
        Kind::Payment,
        Kind::Customer,
        Kind::Item,
        Kind::Class,
    ];
    let found = |kind: &Kind| Some((*kind, body.get(kind.name())?.clone()));
    let (kind, value) = WRITABLE.iter().find_map(found)?;
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

pub(crate) fn list_in<T: Resource>(body: &Value) -> Option<Vec<T>> {
    match body.get("QueryResponse")?.get(T::KIND.name()) {
        Some(rows) => typed(rows.clone()),
        None => Some(Vec::new()),
    }
}

/// Fields that are `null` are read as if they were absent: Intuit does both.
fn typed<T: DeserializeOwned>(mut value: Value) -> Option<T> {
    drop_nulls(&mut value);
    serde_json::from_value(value).ok()
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

fn failure(status: u16, found: Option<fault::Found>, tid: Option<String>) -> Option<Failure> {
    let named = |codes: &[&str]| {
        found
            .iter()
            .flat_map(|found| &found.faults)
            .any(|fault| codes.contains(&fault.code.as_str()))
    };
    match status {
        // Older traffic throttles with 403, so the code counts and not only the status.
        _ if status == 429 || named(&["3001"]) => Some(Failure::Throttled {
            retry_after: None,
            tid,
        }),
        _ if named(&["120"]) => Some(Failure::Forbidden {
            lost: Lost::Administrator,
            tid,
        }),
        _ if named(&["3100"]) => Some(Failure::Forbidden {
            lost: Lost::Grant,
            tid,
        }),
        _ if status == 401 || named(&["3200"]) => Some(Failure::Unauthorized { tid }),
        _ if status >= 500 || named(&["130", "140", "150", "10000"]) => {
            Some(Failure::Unavailable { status, tid })
        }
        _ => match found {
            Some(found) => Some(Failure::Faults {
                status,
                faults: found.faults,
                kind: found.kind,
                tid,
            }),
            None if status == 403 => Some(Failure::Forbidden {
                lost: Lost::Grant,
                tid,
            }),
            None => None,
        },
    }
}

fn retry_after(response: &Response<Bytes>) -> Option<u32> {
    let value = response.headers().get(RETRY_AFTER)?;
    value.to_str().ok()?.trim().parse().ok()
}

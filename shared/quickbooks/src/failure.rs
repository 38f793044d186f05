//! Why there is no usable answer, sorted by what a caller can do about it.

use crate::fault::{Fault, Meaning};
use crate::fault_body::FaultBody;

/// Why there is no usable answer, by what a caller does about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// QuickBooks refused the request and changed nothing; [`Failure::meaning`] says what to do.
    #[error("QuickBooks refused with {status}: {}", joined(faults))]
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

    /// The fault that counts: the first that has a meaning of its own; `None` if this is not a refusal.
    pub fn decisive(&self) -> Option<&Fault> {
        let faults = self.faults();
        faults
            .iter()
            .find(|fault| !matches!(fault.meaning(), Meaning::Rule | Meaning::Bug))
            .or_else(|| faults.first())
    }

    /// What the fault that counts asks for; `None` if this is not a refusal.
    pub fn meaning(&self) -> Option<Meaning> {
        self.decisive().map(Fault::meaning)
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

/// The failure that a status and the faults in a body stand for, if they do.
pub(crate) fn of(status: u16, found: Option<FaultBody>, tid: Option<String>) -> Option<Failure> {
    let faults = found.iter().flat_map(|found| &found.faults);
    let codes: Vec<&str> = faults.map(|fault| fault.code.as_str()).collect();
    let any = |wanted: &[&str]| codes.iter().any(|code| wanted.contains(code));
    // Older traffic throttles with 403 and some faults come with several statuses, so the codes count first.
    Some(if status == 429 || any(&["3001"]) {
        let retry_after = None;
        Failure::Throttled { retry_after, tid }
    } else if any(&["120"]) {
        let lost = Lost::Administrator;
        Failure::Forbidden { lost, tid }
    } else if any(&["3100"]) || (status == 403 && codes.is_empty()) {
        let lost = Lost::Grant;
        Failure::Forbidden { lost, tid }
    } else if status == 401 || any(&["3200"]) {
        Failure::Unauthorized { tid }
    } else if status >= 500 || any(&["130", "140", "150", "10000"]) {
        Failure::Unavailable { status, tid }
    } else {
        return found.map(|found| refused(status, found, tid));
    })
}

fn refused(status: u16, found: FaultBody, tid: Option<String>) -> Failure {
    let FaultBody { kind, faults } = found;
    if faults.is_empty() {
        return Failure::Unreadable { status, tid };
    }
    Failure::Faults {
        status,
        faults,
        kind,
        tid,
    }
}

fn joined(faults: &[Fault]) -> String {
    let lines: Vec<String> = faults.iter().map(Fault::to_string).collect();
    lines.join("; ")
}

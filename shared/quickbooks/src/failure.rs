//! Failures: why a call has no usable answer, by what a caller can do about it.

use crate::fault::{Fault, FaultMeaning};
use crate::fault_body::FaultBody;

/// The reason why a call has no usable answer. Each variant asks a caller for something else.
///
/// The codes are those of Intuit: Error codes. The statuses are those that the service and its gateway were seen to send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// QuickBooks refused the request and changed nothing. [`Failure::meaning`] says what to do.
    #[error("QuickBooks refused with {status}: {}", joined(faults))]
    Faults {
        /// The HTTP status. For items of a batch and some queries it is 200.
        status: u16,
        /// The refusals, at least one.
        faults: Vec<Fault>,
        /// Intuit's name for the class of the faults, such as `ValidationFault`.
        kind: String,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// The request exceeded a limit, and nothing was done. Wait, a minute if `retry_after_seconds` is `None`, then send it again.
    #[error("QuickBooks asks for fewer requests")]
    Throttled {
        /// Seconds to wait, if the answer names them.
        retry_after_seconds: Option<u32>,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// The access token is expired or revoked, and nothing was done. Refresh it and send the request once more; if that
    /// fails too, a person has to connect again.
    #[error("QuickBooks does not accept the access token")]
    Unauthorized {
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// The access token is valid, but gives no access to the company. Nothing was done. Only a person who connects again
    /// can help.
    #[error("QuickBooks denies access: {missing}")]
    Forbidden {
        /// The permission that is missing.
        missing: MissingPermission,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// Intuit has a problem: a status of 500 or more, a page with 403, or a fault of its own. A write may have been carried out.
    #[error("QuickBooks is unavailable ({status})")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// The answer has no meaning for us: a page, an empty body, a `<FaultInfo>`. A write may have been carried out.
    #[error("QuickBooks answered {status} with something unreadable")]
    Unreadable {
        /// The HTTP status.
        status: u16,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
}

/// The permission that is missing where QuickBooks denies access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MissingPermission {
    /// Fault 3100 with 401 or 403: the company withdrew the app's permission, or the app's keys belong to the other environment.
    #[error("the app has no permission for this company")]
    Grant,
    /// Fault 120: the person who connected is no administrator of the company any more.
    #[error("the person who connected is no administrator any more")]
    Administrator,
}

impl Failure {
    /// Returns whether a write with this outcome may have been carried out. Such a write is looked up before it is sent
    /// again.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Unavailable { .. } | Self::Unreadable { .. } => true,
            Self::Faults { .. }
            | Self::Throttled { .. }
            | Self::Unauthorized { .. }
            | Self::Forbidden { .. } => false,
        }
    }

    /// Returns the fault that decides: the first with a meaning more specific than [`FaultMeaning::Rule`] and [`FaultMeaning::Bug`],
    /// else the first. `None` if this is no refusal.
    pub fn deciding_fault(&self) -> Option<&Fault> {
        let faults = self.faults();
        faults
            .iter()
            .find(|fault| !matches!(fault.meaning(), FaultMeaning::Rule | FaultMeaning::Bug))
            .or_else(|| faults.first())
    }

    /// Returns the meaning of the fault that decides. `None` if this is no refusal.
    pub fn meaning(&self) -> Option<FaultMeaning> {
        self.deciding_fault().map(Fault::meaning)
    }

    /// Returns the refusals. Empty if this is no refusal.
    pub fn faults(&self) -> &[Fault] {
        match self {
            Self::Faults { faults, .. } => faults,
            _ => &[],
        }
    }

    /// Returns Intuit's id of the exchange, if the answer had one.
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

/// Returns the failure that a status and the faults of a body stand for. `None` if they stand for none.
///
/// A status of 500 or more is an outage, whatever the body says. Below that the codes count before the status, because some
/// faults come with several statuses: throttling formerly came with 403.
pub(crate) fn of(status: u16, found: Option<FaultBody>, tid: Option<String>) -> Option<Failure> {
    let faults = found.as_ref().map_or(&[][..], |found| &found.faults);
    let any = |wanted: &[&str]| faults.iter().any(|fault| wanted.contains(&&*fault.code));
    Some(if status >= 500 {
        Failure::Unavailable { status, tid }
    } else if status == 429 || any(&["3001"]) {
        let retry_after_seconds = None;
        Failure::Throttled {
            retry_after_seconds,
            tid,
        }
    } else if any(&OUTAGES) || faults.iter().any(Fault::is_internal_error) {
        Failure::Unavailable { status, tid }
    } else if any(&["120"]) {
        let missing = MissingPermission::Administrator;
        Failure::Forbidden { missing, tid }
    } else if any(&["3100"]) && matches!(status, 401 | 403) {
        let missing = MissingPermission::Grant;
        Failure::Forbidden { missing, tid }
    } else if status == 401 || any(&["3200"]) {
        Failure::Unauthorized { tid }
    } else if any(&["3100"]) || (status == 403 && faults.is_empty()) {
        Failure::Unavailable { status, tid }
    } else {
        return found.map(|found| refusal(status, found, tid));
    })
}

/// The codes of Intuit's own problems: input and output at the gateway (seen with 401), wrong cluster, locked, maintenance, and an
/// application error.
const OUTAGES: [&str; 5] = ["100", "130", "140", "150", "10000"];

fn refusal(status: u16, found: FaultBody, tid: Option<String>) -> Failure {
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

/// Returns the faults as text, separated by semicolons.
fn joined(faults: &[Fault]) -> String {
    let lines: Vec<String> = faults.iter().map(Fault::to_string).collect();
    lines.join("; ")
}

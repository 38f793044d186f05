//! Conversions of the errors of use cases into problems. No other place decides which problem an error becomes.

use crate::problem::{self, Problem, ProblemCode};
use bridge::error::Error;
use bridge::views::connection_status::current_status;
use connection::confirm::ConfirmRefusal;
use mapping::Refusal;
use ports::records::StoreError;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Store(error) => Self::from(error),
            Error::NotConnected(status) => {
                let reason = current_status(status).reason.map(|reason| reason.message);
                problem::not_connected(reason.unwrap_or_default())
            }
            Error::QuickBooks(why) => {
                problem::quickbooks_unavailable("QuickBooks gave no usable answer.").with_cause(why)
            }
            Error::Throttled(seconds) => problem::quickbooks_throttled(seconds),
            Error::TooManyRequests(seconds) => problem::too_many_requests(seconds),
            Error::Field { field, problem } => problem::invalid_field(&field, &problem),
            Error::Stale => problem::settings_changed(),
            Error::UnknownDocument => problem::document_not_found(),
            Error::NotInConflict => problem::not_in_conflict(),
            Error::ConflictChanged => problem::conflict_changed(),
            Error::NotDecidable(why) => problem::not_decidable(why),
        }
    }
}

impl From<ConfirmRefusal> for Problem {
    fn from(refusal: ConfirmRefusal) -> Self {
        let code = match refusal {
            ConfirmRefusal::Unknown => ProblemCode::ConfirmationUnknown,
            ConfirmRefusal::NotYours => ProblemCode::ConfirmationNotYours,
            ConfirmRefusal::Used => ProblemCode::ConfirmationUsed,
            ConfirmRefusal::Expired => ProblemCode::ConfirmationExpired,
            ConfirmRefusal::Superseded => ProblemCode::ConfirmationSuperseded,
            ConfirmRefusal::CompanyTaken => ProblemCode::CompanyTaken,
            ConfirmRefusal::OtherCompany => ProblemCode::OtherCompany,
            ConfirmRefusal::TryAgain => ProblemCode::TryAgain,
        };
        let problem = Self::new(code, refusal.message());
        match refusal {
            ConfirmRefusal::TryAgain => problem.with_retry_after(2),
            _ => problem,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) => problem::store_busy().with_cause(error.to_string()),
            StoreError::Unavailable(_) | StoreError::Unreadable(..) => {
                problem::store_unavailable(error.to_string())
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Incomplete { missing } => {
                problem::invalid_field("settings", "are incomplete").with_member("missing", missing)
            }
            Refusal::Currency { .. } => problem::invalid_field("data.pay_app.currency", &detail),
            Refusal::Empty | Refusal::Disagreement { .. } => {
                problem::invalid_field("data", &detail)
            }
        }
    }
}

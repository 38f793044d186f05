//! The errors of look-ups. None of them says anything about the step that was looked up.

use connection::call_outcome::{CallError, with_trace_id};
use jiff::Timestamp;
use ports::records::StoreError;
use store::reason::FoundTransaction;

/// The reason why a look-up did not tell whether QuickBooks carried a step out.
///
/// Each variant means that this is still unknown. A look-up that QuickBooks refuses, whatever the fault, therefore never ends a posting and
/// never lets a step be sent again.
#[derive(Clone, Debug, PartialEq)]
pub enum LookupError {
    /// The store could not read or write a record. The run ends.
    Store(StoreError),
    /// The look-up was not sent or not answered.
    Unanswered {
        /// The failure, in words.
        why: String,
        /// The instant before which no call to QuickBooks helps. `None` if a later look-up may help at once.
        pause_until: Option<Timestamp>,
    },
    /// The look-up got no proper answer, such as an empty one, or QuickBooks asked for a pause.
    Unread {
        /// The failure, in words.
        why: String,
        /// The instant of the next look-up.
        retry_at: Timestamp,
    },
    /// QuickBooks refused the look-up, such as for a broken row in its list. Holds the refusal in words.
    Refused(String),
    /// The look-up found nothing, but the index of QuickBooks may still lag behind the last sending. The look-up counts from this instant.
    TooEarly(Timestamp),
    /// Several transactions, or one that was entered at another time, have RIVET's mark. A person says which one is RIVET's.
    Copies(Vec<FoundTransaction>),
}

impl LookupError {
    /// Returns the error of a failed read.
    pub fn from_call(error: CallError) -> Self {
        let (why, pause_until) = match error {
            CallError::Store(error) => return Self::Store(error),
            CallError::RetryAt(at) => ("QuickBooks could not be asked".to_owned(), Some(at)),
            CallError::Unread { why, retry_at } | CallError::Throttled { why, retry_at } => {
                return Self::Unread { why, retry_at };
            }
            CallError::OutcomeUnknown { why, retry_at } => (why, retry_at),
            CallError::ConnectionLost(_) | CallError::TokenRejected => {
                ("RIVET is not connected to QuickBooks".to_owned(), None)
            }
            CallError::Refused(failure) => return Self::Refused(with_trace_id(&failure)),
        };
        Self::Unanswered { why, pause_until }
    }

    /// Returns the instant before which no call to QuickBooks helps. `None` if a later look-up may help at once.
    pub fn pause_until(&self) -> Option<Timestamp> {
        match self {
            Self::Unread { retry_at, .. } => Some(*retry_at),
            Self::Unanswered { pause_until, .. } => *pause_until,
            _ => None,
        }
    }

    /// Returns the error of a look-up that could not be made for another reason.
    pub fn unanswered(why: &str) -> Self {
        Self::Unanswered {
            why: why.to_owned(),
            pause_until: None,
        }
    }
}

impl From<StoreError> for LookupError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use connection::call_outcome::CallError;
    use quickbooks::answer::Answer;
    use store::connection::{ConnectionStatus, ReauthorizationReason};

    fn refused(status: u16, body: &'static str) -> CallError {
        let response = http::Response::builder().status(status);
        let response = response.body(Bytes::from(body)).unwrap();
        let failure = Answer::of(&response).unwrap_err();
        CallError::from_failure(failure, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn failed_read_never_tells_about_step() {
        let lexical = r#"{"Fault":{"Error":[{"Message":"lexical error","code":"4000"}],"type":"ValidationFault"}}"#;
        let broken =
            r#"{"Fault":{"Error":[{"Message":"bad row","code":"4002"}],"type":"ValidationFault"}}"#;
        let revoked = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::AccessRevoked);
        for error in [
            refused(400, lexical),
            refused(400, broken),
            refused(400, ""),
            refused(403, "<html></html>"),
            refused(500, "{}"),
            refused(503, "<html></html>"),
            refused(429, ""),
            refused(200, "?"),
            CallError::RetryAt(Timestamp::UNIX_EPOCH),
            CallError::unknown("timeout"),
            CallError::ConnectionLost(revoked),
            CallError::TokenRejected,
        ] {
            let found = LookupError::from_call(error.clone());
            let is_refused = matches!(&error, CallError::Refused(_));
            assert_eq!(matches!(found, LookupError::Refused(_)), is_refused);
            let is_unread = matches!(found, LookupError::Unread { .. });
            let is_throttled = matches!(&error, CallError::Throttled { .. });
            assert_eq!(is_unread, is_throttled, "{error:?}");
            let is_unanswered = matches!(found, LookupError::Unanswered { .. });
            assert!(is_unanswered || is_refused || is_unread, "{error:?}");
        }
    }
}

//! The doubt about a document: what is not known, and when it is looked up.

mod wording;

use self::wording::{in_question, minute};
use crate::error::LookupError;
use jiff::Timestamp;
use ports::records::StoreError;
use ports::time::after;
use store::connection::Connection;
use store::document::DocumentRecord;
use store::document::attempts::LOOKUP_DELAY;
use store::document::status::DocumentStatus;
use store::reason::{Action, FoundTransaction, Reason, ReasonCode};

/// The doubt about a document.
pub struct Doubt {
    /// The party in doubt. `None` if the steps of the document are in doubt.
    party: Option<String>,
    /// The failure, in words.
    why: String,
    /// The instant of the next look-up.
    pub look_up_at: Timestamp,
    /// The instant before which no call to QuickBooks helps. `None` if QuickBooks works and only this document waits.
    pub pause_until: Option<Timestamp>,
    /// The cause of the doubt.
    pub cause: DoubtCause,
}

/// The cause of a doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoubtCause {
    /// A sending was not answered clearly, or the look-up was not sent.
    Unanswered,
    /// The look-up was answered, and only came too early.
    Early,
    /// QuickBooks refused the look-up.
    Refused,
    /// QuickBooks gave the look-up no proper answer.
    Unread,
}

/// The doubt that a look-up leaves.
pub enum DoubtAfterLookup {
    /// The outcome is still unknown, and is looked up again.
    Open(Doubt),
    /// A person says which transaction is RIVET's.
    Copies(Vec<FoundTransaction>),
}

impl Doubt {
    /// Returns the doubt after a sending that QuickBooks did not answer clearly.
    pub fn unanswered(why: &str, look_up_at: Timestamp) -> Self {
        Self {
            party: None,
            why: why.trim_end_matches('.').to_owned(),
            look_up_at,
            pause_until: Some(look_up_at),
            cause: DoubtCause::Unanswered,
        }
    }

    /// Returns the doubt after a read without a proper answer. The read is made again at `retry_at`.
    pub fn unread(why: &str, retry_at: Timestamp) -> Self {
        Self {
            cause: DoubtCause::Unread,
            ..Self::unanswered(why, retry_at)
        }
    }

    /// Returns the doubt if QuickBooks cannot be called before `until`.
    pub fn put_off(until: Timestamp) -> Self {
        Self::unanswered("the look-up was put off", until)
    }

    /// Returns the doubt that a look-up leaves.
    ///
    /// # Errors
    /// A store failure ends the run.
    pub fn of_lookup(error: LookupError, now: Timestamp) -> Result<DoubtAfterLookup, StoreError> {
        let soon = after(now, LOOKUP_DELAY);
        Ok(DoubtAfterLookup::Open(match error {
            LookupError::Store(error) => return Err(error),
            LookupError::Copies(copies) => return Ok(DoubtAfterLookup::Copies(copies)),
            LookupError::TooEarly(from) => Self {
                pause_until: None,
                cause: DoubtCause::Early,
                ..Self::unanswered("QuickBooks may not list it yet", from)
            },
            LookupError::Refused(why) => Self {
                pause_until: None,
                cause: DoubtCause::Refused,
                ..Self::unanswered(&why, soon)
            },
            LookupError::Unread { why, retry_at } => Self::unread(&why, soon.max(retry_at)),
            LookupError::Unanswered { why, pause_until } => {
                let look_up_at = soon.max(pause_until.unwrap_or(soon));
                Self {
                    pause_until: pause_until.map(|_| look_up_at),
                    ..Self::unanswered(&why, look_up_at)
                }
            }
        }))
    }

    /// Returns the doubt about a party.
    #[must_use]
    pub fn about(self, party: String) -> Self {
        Self {
            party: Some(party),
            ..self
        }
    }

    /// Returns whether a person is to know of the doubt: for long, QuickBooks has refused each look-up, or given none a proper answer
    /// although it answered other calls. If it answers none, the connection says so.
    pub fn is_told(
        &self,
        record: &DocumentRecord,
        connection: &Connection,
        now: Timestamp,
    ) -> bool {
        let Some(since) = record.unanswered_for_long_since(now) else {
            return false;
        };
        match self.cause {
            DoubtCause::Unanswered | DoubtCause::Early => false,
            DoubtCause::Refused => true,
            DoubtCause::Unread => has_answered_since(connection, since),
        }
    }

    /// Returns the status of the document, which says what is looked up, since when, and when again.
    pub fn status(
        &self,
        record: &DocumentRecord,
        look_up_at: Timestamp,
        connection: &Connection,
        now: Timestamp,
    ) -> DocumentStatus {
        let saga = record.saga.as_ref();
        let what = match (&self.party, saga.map(in_question)) {
            (Some(party), _) => party.clone(),
            (None, Some(steps)) if !steps.is_empty() => steps.join(" and "),
            (None, _) => "it".to_owned(),
        };
        let since = saga.filter(|saga| saga.since > 0);
        let since = since.and_then(|saga| Timestamp::from_second(saga.since).ok());
        let since = since.map(|at| format!(" since {}", minute(at)));
        let message = format!(
            "It is not known{} whether QuickBooks has {what}. RIVET looks it up again at {} and sends nothing before it knows ({}).",
            since.as_deref().unwrap_or(" yet"),
            minute(look_up_at),
            self.why,
        );
        let refuses = match self.cause {
            DoubtCause::Unread => "QuickBooks gives no look-up a proper answer.",
            _ => "QuickBooks refuses each look-up.",
        };
        DocumentStatus::Uncertain(match self.is_told(record, connection, now) {
            true => {
                let code = ReasonCode::LookupRefused.as_str();
                Reason::new(code, Action::ContactSupport, format!("{refuses} {message}"))
            }
            false => Reason::new("outcome_unknown", Action::Wait, message),
        })
    }
}

/// Returns whether QuickBooks gave a proper answer after `instant`. The connection's record keeps the start of an outage only until then.
fn has_answered_since(connection: &Connection, instant: Timestamp) -> bool {
    let begun_at = [connection.unanswered_since, connection.rejected_since];
    let outage = begun_at.into_iter().flatten().min();
    outage.is_none_or(|outage| outage > instant)
}

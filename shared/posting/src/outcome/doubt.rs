//! The doubt about a document: what is not known, and when it is looked up.

use crate::error::LookupError;
use jiff::Timestamp;
use ports::records::StoreError;
use ports::time::after;
use store::document::attempts::LOOKUP_DELAY;
use store::document::status::DocumentStatus;
use store::document::{DocumentRecord, Saga};
use store::reason::{Action, FoundTransaction, Reason, ReasonCode, called};

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
    /// True if the look-up was answered, and only came too early.
    pub is_early: bool,
    /// True if QuickBooks refused the look-up.
    pub is_refused: bool,
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
            is_early: false,
            is_refused: false,
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
                is_early: true,
                ..Self::unanswered("QuickBooks may not list it yet", from)
            },
            LookupError::Refused(why) => Self {
                pause_until: None,
                is_refused: true,
                ..Self::unanswered(&why, soon)
            },
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

    /// Returns the status of the document, which says what is looked up, since when, and when again. A person is to know of look-ups that
    /// QuickBooks has been refusing for long.
    pub fn status(
        &self,
        record: &DocumentRecord,
        look_up_at: Timestamp,
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
        let is_told = self.is_refused && record.is_unanswered_for_long(now);
        DocumentStatus::Uncertain(match is_told {
            true => {
                let code = ReasonCode::LookupRefused.as_str();
                let message = format!("QuickBooks refuses each look-up. {message}");
                Reason::new(code, Action::ContactSupport, message)
            }
            false => Reason::new("outcome_unknown", Action::Wait, message),
        })
    }
}

/// Describes the open steps, such as `Invoice 1042-1`.
fn in_question(saga: &Saga) -> Vec<String> {
    let steps = saga
        .open_steps()
        .map(|open| match (&open.step, open.step.target()) {
            (step, None) => {
                let posting = step.posting();
                let kind = posting.map_or("", |posting| called(posting.txn_type()));
                let number = posting
                    .and_then(|posting| posting.number())
                    .unwrap_or_default();
                format!("{kind} {number}").trim_end().to_owned()
            }
            (_, Some(target)) => format!("the change of {} {}", called(target.kind), target.id),
        });
    steps.collect()
}

/// Returns an instant as `2026-03-31 15:04 UTC`.
fn minute(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    let clock = time.get(..5).unwrap_or(time);
    format!("{day} {clock} UTC")
}

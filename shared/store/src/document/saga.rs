//! The saga of a document: its steps, and what is known about their sendings.

use crate::document::status::DocumentStatus;
use crate::document::transaction_key::TransactionKey;
use crate::index_margin;
use crate::line::{Line, stored_as_line};
use jiff::Timestamp;
use mapping::{Ids, Step};
use serde::{Deserialize, Serialize};

/// A posting that is recorded before its first request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Saga {
    /// The steps in order.
    pub steps: Vec<SagaStep>,
    /// The QuickBooks ids of the parties and transactions that the steps name.
    pub ids: Ids,
    /// A person decided to post the document although something like it is in QuickBooks. A number that is taken gets a letter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub posts_anyway: bool,
    /// The status of the document after steps that take back what stands of it, because QuickBooks refused the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compensates_for: Option<DocumentStatus>,
    /// The time of the start, in seconds since the Unix epoch. 0 in old records.
    #[serde(default)]
    pub since: i64,
    /// The transactions that a person named as those of the document, because look-ups found several with its mark.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<TransactionKey>,
    /// The sendings that QuickBooks did not answer clearly. `None` if there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<UnansweredSendings>,
}

/// A step of a [`Saga`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SagaStep {
    /// The change in QuickBooks.
    pub step: Step,
    /// Intuit's idempotency key of the step, the same in each sending.
    pub request_id: String,
    /// The id of the step's item in its batch call. `None` if the step is sent alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_item: Option<String>,
    /// The planned number, if QuickBooks refused that number and the step took another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_number: Option<String>,
    /// The last sending.
    #[serde(rename = "sent", default)]
    pub last_sending: LastSending,
    /// QuickBooks has carried out the step.
    pub is_done: bool,
}

/// The last sending of a step. A worker records it before it sends the step, so after a crash it is the latest possible instant. Stored as
/// seconds since the Unix epoch, -1 for [`LastSending::Never`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub enum LastSending {
    /// The step certainly was not sent.
    Never,
    /// The step was perhaps sent, and its last sending ended by this instant.
    EndedBy(Timestamp),
}

/// The sendings of a saga that QuickBooks did not answer clearly. Stored as the line `3 QuickBooks is unavailable (503)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnansweredSendings {
    /// The number of sendings.
    pub count: u32,
    /// The last failure, with Intuit's trace id if there was one.
    pub last: String,
}

impl Saga {
    /// Returns the open steps.
    pub fn open_steps(&self) -> impl Iterator<Item = &SagaStep> {
        self.steps.iter().filter(|step| !step.is_done)
    }

    /// Counts a sending that QuickBooks did not answer clearly.
    pub fn add_unanswered(&mut self, failure: &str) {
        let before = self.unanswered.take();
        self.unanswered = Some(UnansweredSendings {
            count: before.map_or(0, |before| before.count).saturating_add(1),
            last: failure.to_owned(),
        });
    }

    /// Returns the last failure if the steps were sent often and long enough to give them up. They must be known not to stand.
    pub fn given_up(&self, now: Timestamp) -> Option<&str> {
        let since = Timestamp::from_second(self.since).unwrap_or_default();
        let unanswered = self.unanswered.as_ref()?;
        index_margin::is_given_up(unanswered.count, since, now).then_some(unanswered.last.as_str())
    }
}

impl LastSending {
    /// Returns the instant from which a query that finds nothing shows that the step was not carried out.
    pub fn visible_from(self) -> Timestamp {
        match self {
            Self::Never => Timestamp::UNIX_EPOCH,
            Self::EndedBy(at) => index_margin::visible_from(at),
        }
    }
}

/// Returns the sending of a step in a record that does not know it: the step was perhaps sent long ago.
impl Default for LastSending {
    fn default() -> Self {
        Self::EndedBy(Timestamp::UNIX_EPOCH)
    }
}

impl From<i64> for LastSending {
    fn from(second: i64) -> Self {
        match second {
            ..0 => Self::Never,
            second => Self::EndedBy(Timestamp::from_second(second).unwrap_or(Timestamp::MAX)),
        }
    }
}

impl From<LastSending> for i64 {
    fn from(sending: LastSending) -> Self {
        match sending {
            LastSending::Never => -1,
            LastSending::EndedBy(at) => index_margin::full_second(at),
        }
    }
}

impl Line for UnansweredSendings {
    const EXPECTED: &'static str = "expected a number and a text";

    fn read(line: &str) -> Option<Self> {
        let (count, last) = line.split_once(' ')?;
        Some(Self {
            count: count.parse().ok()?,
            last: last.to_owned(),
        })
    }

    fn write(&self) -> String {
        format!("{} {}", self.count, self.last)
    }
}

stored_as_line!(UnansweredSendings);

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn last_sending_is_stored_as_seconds() {
        for (sending, stored) in [
            (LastSending::Never, "-1"),
            (LastSending::EndedBy(at(0)), "0"),
            (LastSending::EndedBy(at(1_774_969_445)), "1774969445"),
        ] {
            assert_eq!(serde_json::to_string(&sending).unwrap(), stored);
            assert_eq!(
                serde_json::from_str::<LastSending>(stored).unwrap(),
                sending
            );
        }
        let within_second = LastSending::EndedBy(at(10) + SignedDuration::from_millis(1));
        assert_eq!(i64::from(within_second), 11);
    }

    #[test]
    fn nothing_found_counts_two_minutes_after_sending() {
        assert_eq!(LastSending::EndedBy(at(60)).visible_from(), at(180));
        assert_eq!(LastSending::Never.visible_from(), at(0));
        assert_eq!(LastSending::default().visible_from(), at(120));
    }

    #[test]
    fn saga_without_sendings_still_loads() {
        let stored = r#"{"steps":[],"ids":{"customer":"24","class":null,"items":{},"targets":[]}}"#;
        let saga: Saga = serde_json::from_str(stored).unwrap();
        assert_eq!(saga.ids.customer, "24");
        assert_eq!((saga.since, saga.unanswered), (0, None));
    }

    #[test]
    fn step_is_given_up_after_enough_sendings() {
        let mut saga = Saga {
            since: 1000,
            ..Saga::default()
        };
        for _ in 0..5 {
            saga.add_unanswered("QuickBooks is unavailable (503)");
        }
        assert_eq!(saga.given_up(at(1_000_000)), None);
        saga.add_unanswered("the last (intuit_tid 1-2)");
        assert_eq!(saga.given_up(at(1000 + 7199)), None);
        assert_eq!(
            saga.given_up(at(1000 + 7200)),
            Some("the last (intuit_tid 1-2)")
        );
        let stored = serde_json::to_value(&saga).unwrap();
        assert_eq!(stored["unanswered"], "6 the last (intuit_tid 1-2)");
    }
}

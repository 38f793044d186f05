//! The creation of a customer, class or item that QuickBooks perhaps carried out.

use crate::index_margin;
use crate::line::{Line, stored_as_line};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A creation that was sent and not answered clearly. Stored as the line `1774969445 Turner Bay`, or `1774969445*3@1774960000 Turner Bay`
/// after three sendings.
///
/// The next search looks for this name first, even if the party has another name in RIVET by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SentCreation {
    /// The instant at which the sending had ended.
    pub at: Timestamp,
    /// The name that was to be created.
    pub name: String,
    /// The number of sendings, each after a look-up that found nothing.
    pub sendings: u32,
    /// The end of the first sending.
    pub since: Timestamp,
}

impl SentCreation {
    /// Returns a creation whose first sending ended at this instant.
    pub fn first(name: &str, at: Timestamp) -> Self {
        Self {
            at,
            name: name.to_owned(),
            sendings: 1,
            since: at,
        }
    }

    /// Returns the creation after one more sending, which ended at this instant.
    #[must_use]
    pub fn again(&self, at: Timestamp) -> Self {
        Self {
            at,
            sendings: self.sendings.saturating_add(1),
            ..self.clone()
        }
    }

    /// Returns whether the creation was sent often and long enough to tell a person.
    pub fn is_given_up(&self, now: Timestamp) -> bool {
        index_margin::is_given_up(self.sendings, self.since, now)
    }

    /// Returns the instant from which a query that finds nothing shows that nothing was created.
    pub fn visible_from(&self) -> Timestamp {
        index_margin::visible_from(self.at)
    }
}

impl Line for SentCreation {
    const EXPECTED: &'static str = "expected seconds and a name";

    fn read(line: &str) -> Option<Self> {
        let (sent, name) = line.split_once(' ')?;
        let instant = |second: &str| Timestamp::from_second(second.parse().ok()?).ok();
        let Some((last, before)) = sent.split_once('*') else {
            return Some(Self::first(name, instant(sent)?));
        };
        let (sendings, since) = before.split_once('@')?;
        Some(Self {
            at: instant(last)?,
            name: name.to_owned(),
            sendings: sendings.parse().ok()?,
            since: instant(since)?,
        })
    }

    fn write(&self) -> String {
        let second = index_margin::full_second(self.at);
        let Self { sendings, name, .. } = self;
        match sendings {
            0 | 1 => format!("{second} {name}"),
            _ => format!("{second}*{sendings}@{} {name}", self.since.as_second()),
        }
    }
}

stored_as_line!(SentCreation);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matches::CustomerMatch;

    #[test]
    fn sent_creation_is_stored_as_line() {
        let stored = r#""1774969445 Turner Bay""#;
        let sent: SentCreation = serde_json::from_str(stored).unwrap();
        assert_eq!(
            (sent.at.as_second(), sent.name.as_str()),
            (1_774_969_445, "Turner Bay")
        );
        assert_eq!(sent.visible_from().as_second(), 1_774_969_565);
        assert!(serde_json::from_str::<SentCreation>(r#""Turner""#).is_err());
    }

    #[test]
    fn creation_is_given_up_after_enough_sendings() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut sent = SentCreation::first("3 Bays", at(0));
        for sending in 1..6 {
            assert!(!sent.is_given_up(at(7200)));
            sent = sent.again(at(sending * 60));
        }
        assert!(!sent.is_given_up(at(7199)) && sent.is_given_up(at(7200)));
        let stored = serde_json::to_value(&sent).unwrap();
        assert_eq!(stored, "300*6@0 3 Bays");
        assert_eq!(
            serde_json::from_value::<SentCreation>(stored).unwrap(),
            sent
        );
    }

    #[test]
    fn match_without_sent_creation_still_loads() {
        let known: CustomerMatch = serde_json::from_str(r#"{"quickbooks_id":"58"}"#).unwrap();
        assert_eq!(known.sent, None);
        assert!(!serde_json::to_string(&known).unwrap().contains("sent"));
    }
}

//! The creation of a customer, class or item that QuickBooks perhaps carried out.

use crate::document::saga::INDEX_MARGIN;
use crate::line::{Line, stored_as_line};
use jiff::Timestamp;
use ports::time::after;
use serde::{Deserialize, Serialize};

/// A creation that was sent and not answered clearly. Stored as the line `1774969445 Turner Bay`.
///
/// The next search looks for this name first, even if the party has another name in RIVET by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SentCreation {
    /// The instant at which the sending had ended.
    pub at: Timestamp,
    /// The name that was to be created.
    pub name: String,
}

impl SentCreation {
    /// Returns the instant from which a query that finds nothing shows that nothing was created.
    pub fn visible_from(&self) -> Timestamp {
        after(self.at, INDEX_MARGIN)
    }
}

impl Line for SentCreation {
    const EXPECTED: &'static str = "expected seconds and a name";

    fn read(line: &str) -> Option<Self> {
        let (second, name) = line.split_once(' ')?;
        Some(Self {
            at: Timestamp::from_second(second.parse().ok()?).ok()?,
            name: name.to_owned(),
        })
    }

    fn write(&self) -> String {
        // The next full second, so that the stored instant is not before the sending.
        let second = self.at.as_second() + i64::from(self.at.subsec_nanosecond() > 0);
        format!("{second} {}", self.name)
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
    fn match_without_sent_creation_still_loads() {
        let known: CustomerMatch = serde_json::from_str(r#"{"quickbooks_id":"58"}"#).unwrap();
        assert_eq!(known.sent, None);
        assert!(!serde_json::to_string(&known).unwrap().contains("sent"));
    }
}

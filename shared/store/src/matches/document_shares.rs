//! The retainage that one document holds.

use mapping::{Holder, RetainageShare, UNKNOWN_DAY};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The shares of a project's retainage that one document withheld or released.
///
/// The first form is stored as one amount, without day and account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct DocumentShares(
    /// The shares, in the order of the document's lines.
    pub Vec<RetainageShare>,
);

#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Shares(Vec<RetainageShare>),
    Amount(Decimal),
}

impl From<Stored> for DocumentShares {
    fn from(stored: Stored) -> Self {
        Self(match stored {
            Stored::Shares(shares) => shares,
            Stored::Amount(amount) => vec![RetainageShare {
                date: UNKNOWN_DAY,
                holder: Holder::Mapped,
                amount,
            }],
        })
    }
}

impl DocumentShares {
    /// Returns the sum of the shares.
    pub fn total(&self) -> Decimal {
        self.0.iter().map(|share| share.amount).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(stored: &str) -> DocumentShares {
        serde_json::from_str(stored).unwrap()
    }

    #[test]
    fn first_form_loads_as_one_share() {
        let shares = read("\"-4850.00\"");
        assert_eq!(shares.total(), Decimal::new(-485_000, 2));
        let expected = "[\"1970-01-01 mapped -4850.00\"]";
        assert_eq!(serde_json::to_string(&shares).unwrap(), expected);
        assert_eq!(read(expected), shares);
    }
}

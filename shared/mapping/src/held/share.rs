//! An amount of retainage with its day and its holder.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The word that records use for [`Holder::Rivet`]. Ids of QuickBooks are numbers.
const RIVET: &str = "rivet";

/// The word that records use for [`Holder::Mapped`].
const MAPPED: &str = "mapped";

/// The place where retainage is held.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Holder {
    /// The QuickBooks account of that id.
    Account(String),
    /// RIVET alone: the books have nothing of it before its release.
    Rivet,
    /// The account that is mapped now, because the record names none.
    Mapped,
}

/// An amount that a document or an opening holds: withheld amounts are positive, released ones negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RetainageShare {
    /// The day of the transaction.
    pub date: Date,
    /// The holder.
    pub holder: Holder,
    /// The amount.
    pub amount: Decimal,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Account(id) => id,
            Self::Rivet => RIVET,
            Self::Mapped => MAPPED,
        })
    }
}

impl FromStr for Holder {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" => Err("no holder"),
            RIVET => Ok(Self::Rivet),
            MAPPED => Ok(Self::Mapped),
            id => Ok(Self::Account(id.to_owned())),
        }
    }
}

impl From<Holder> for String {
    fn from(holder: Holder) -> Self {
        holder.to_string()
    }
}

impl TryFrom<String> for Holder {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Records hold many shares, so a share is a short text: `2026-03-31 91 4850.00`.
impl From<RetainageShare> for String {
    fn from(share: RetainageShare) -> Self {
        format!("{} {} {:.2}", share.date, share.holder, share.amount)
    }
}

impl TryFrom<String> for RetainageShare {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let share = |text: &str| {
            let mut parts = text.split(' ');
            Some(Self {
                date: json::parse_day(parts.next()?)?,
                holder: parts.next()?.parse().ok()?,
                amount: parts.next()?.parse().ok()?,
            })
        };
        share(&text).ok_or("is no share of retainage")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_is_stored_as_short_text() {
        for text in [
            "\"2026-03-31 91 4850.00\"",
            "\"2026-04-30 rivet -12.50\"",
            "\"1970-01-01 mapped 1.00\"",
        ] {
            let share: RetainageShare = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&share).unwrap(), text);
        }
        for wrong in [
            "\"\"",
            "\"2026-03-31 91\"",
            "\"91 4850.00\"",
            "\"2026-03-31  4850.00\"",
        ] {
            assert!(
                serde_json::from_str::<RetainageShare>(wrong).is_err(),
                "{wrong}"
            );
        }
    }
}

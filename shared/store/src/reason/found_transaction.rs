//! A transaction that was found in QuickBooks, as a hold names it.

use crate::line::{Line, stored_as_line};
use crate::reason::called;
use jiff::civil::Date;
use quickbooks::Kind;
use quickbooks::entity::{ObjectSnapshot, TxnType};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A transaction that was found in QuickBooks.
///
/// Stored as one line, `Invoice 130 2026-03-31 43650.00 1042-1`. The number comes last, because it may have spaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FoundTransaction {
    /// The type of the transaction.
    pub kind: TxnType,
    /// The id in QuickBooks.
    pub id: String,
    /// The number, or the payer's reference of a payment. Empty without one.
    pub number: String,
    /// The day of the transaction, if it is known.
    pub date: Option<Date>,
    /// The total of a form or payment, the debits of an entry, or the part of a credit that was used.
    pub amount: Decimal,
}

impl FoundTransaction {
    /// The transaction types that a hold can name.
    const KINDS: [TxnType; 4] = [
        TxnType::Invoice,
        TxnType::CreditMemo,
        TxnType::JournalEntry,
        TxnType::Payment,
    ];

    /// Returns the transaction as it was read.
    pub fn of(found: &ObjectSnapshot) -> Self {
        let number = found
            .doc_number
            .as_ref()
            .or(found.payment_reference.as_ref());
        Self {
            kind: txn_type(found.kind),
            id: found.id.clone(),
            number: number.cloned().unwrap_or_default(),
            date: found.date,
            amount: found.amount().unwrap_or_default(),
        }
    }

    /// Returns the name of the type as QuickBooks writes it.
    pub fn kind_name(&self) -> &'static str {
        self.kind.kind().map_or("", Kind::name)
    }

    /// Returns whether the transaction is the object of that kind and id.
    pub fn is_object(&self, kind: Kind, id: &str) -> bool {
        self.kind.kind() == Some(kind) && self.id == id
    }
}

/// Returns the transaction type of a kind of object.
fn txn_type(kind: Kind) -> TxnType {
    let mut kinds = FoundTransaction::KINDS.into_iter();
    let known = kinds.find(|known| known.kind() == Some(kind));
    known.unwrap_or(TxnType::Other)
}

/// Returns the transactions as part of a sentence.
pub(super) fn named(found: &[FoundTransaction]) -> String {
    let named: Vec<String> = found.iter().map(described).collect();
    named.join(", ")
}

/// Returns a transaction as part of a sentence.
pub(super) fn described(found: &FoundTransaction) -> String {
    let number = if found.number.is_empty() {
        &found.id
    } else {
        &found.number
    };
    let mut text = format!("{} {number}", called(found.kind));
    if let Some(date) = found.date {
        text.push_str(&format!(" of {date}"));
    }
    format!("{text} over {:.2}", found.amount)
}

impl Line for FoundTransaction {
    const EXPECTED: &'static str = "must be a transaction that was found";

    fn read(line: &str) -> Option<Self> {
        let mut words = line.splitn(5, ' ');
        let kind = txn_type(Kind::from_name(words.next()?)?);
        let id = words.next()?.to_owned();
        let date = match words.next()? {
            "-" => None,
            day => Some(json::parse_day(day)?),
        };
        Some(Self {
            kind,
            id,
            date,
            amount: words.next()?.parse().ok()?,
            number: words.next().unwrap_or_default().to_owned(),
        })
    }

    fn write(&self) -> String {
        let (kind, id, number) = (self.kind_name(), &self.id, &self.number);
        let date = self
            .date
            .map_or_else(|| "-".to_owned(), |day| day.to_string());
        format!("{kind} {id} {date} {:.2} {number}", self.amount)
    }
}

stored_as_line!(FoundTransaction);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_transaction_is_stored_as_one_line() {
        let found = FoundTransaction {
            kind: TxnType::Invoice,
            id: "130".into(),
            number: "1042 - 1".into(),
            date: json::parse_day("2026-03-31"),
            amount: Decimal::new(4_365_000, 2),
        };
        let stored = serde_json::to_value(&found).unwrap();
        assert_eq!(stored, "Invoice 130 2026-03-31 43650.00 1042 - 1");
        assert_eq!(json::read::<FoundTransaction>(&stored).unwrap(), found);
        let bare = FoundTransaction {
            number: String::new(),
            date: None,
            ..found
        };
        let stored = serde_json::to_value(&bare).unwrap();
        assert_eq!(json::read::<FoundTransaction>(&stored).unwrap(), bare);
        assert!(json::read::<FoundTransaction>(&"Bill 1 - 2".into()).is_err());
    }
}

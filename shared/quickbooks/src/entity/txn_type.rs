//! Types of transactions.

use super::kind::Kind;
use serde::{Deserialize, Serialize};

/// The types of transaction that links and faults name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TxnType {
    /// An invoice.
    Invoice,
    /// A credit memo.
    CreditMemo,
    /// A journal entry.
    JournalEntry,
    /// A payment.
    Payment,
    /// Any type that is never written here, such as a check, an expense or a deposit.
    #[serde(other)]
    Other,
}

impl TxnType {
    /// Returns the kind of object that a transaction of this type is. `None` for types that are never written here.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Invoice => Some(Kind::Invoice),
            Self::CreditMemo => Some(Kind::CreditMemo),
            Self::JournalEntry => Some(Kind::JournalEntry),
            Self::Payment => Some(Kind::Payment),
            Self::Other => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transaction_type_names_the_kind() {
        let kinds = [
            TxnType::Invoice,
            TxnType::CreditMemo,
            TxnType::JournalEntry,
            TxnType::Payment,
        ];
        let names: Vec<_> = kinds
            .iter()
            .filter_map(|kind| kind.kind())
            .map(Kind::path)
            .collect();
        assert_eq!(names, ["invoice", "creditmemo", "journalentry", "payment"]);
        assert_eq!(TxnType::Other.kind(), None);
    }
}

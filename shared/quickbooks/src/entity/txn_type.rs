//! Types of transaction.

use super::kind::Kind;
use serde::{Deserialize, Serialize};

/// The kinds of transaction that links and faults name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TxnType {
    /// An invoice.
    Invoice,
    /// A credit memo.
    CreditMemo,
    /// A journal entry.
    JournalEntry,
    /// A payment.
    Payment,
    /// A kind that the bridge never makes (a check, an expense, a deposit …).
    #[serde(other)]
    Other,
}

impl TxnType {
    /// The kind of object that a transaction of this type is; `None` for those that the bridge never makes.
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
    fn a_transaction_type_names_the_object_to_read() {
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

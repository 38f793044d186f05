//! The transaction that a fault of a duplicate number names.

use crate::entity::TxnType;

/// The transaction that already has a number, from the detail of fault 6140.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The number.
    pub number: String,
    /// The transaction's type.
    pub kind: TxnType,
    /// The transaction's id.
    pub id: String,
}

impl Duplicate {
    /// Reads the detail of a fault. `None` unless the detail has the form `… DocNumber=18696 is assigned to TxnType=Invoice with
    /// TxnId=6575`.
    pub(super) fn in_detail(detail: &str) -> Option<Self> {
        let (_, rest) = detail.split_once("DocNumber=")?;
        let (number, rest) = rest.rsplit_once(" is assigned to TxnType=")?;
        let (kind, rest) = rest.split_once(" with TxnId=")?;
        let id: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let is_complete = !id.is_empty();
        is_complete.then(|| Self {
            number: number.to_owned(),
            kind: txn_type(kind),
            id,
        })
    }
}

/// Returns the transaction type that a fault names, with or without spaces and in any case.
fn txn_type(name: &str) -> TxnType {
    match name.replace(' ', "").to_ascii_lowercase().as_str() {
        "invoice" => TxnType::Invoice,
        "creditmemo" => TxnType::CreditMemo,
        "journalentry" => TxnType::JournalEntry,
        "payment" => TxnType::Payment,
        _ => TxnType::Other,
    }
}

//! The key of a transaction in QuickBooks.

use crate::line::{Line, stored_as_line};
use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A transaction in QuickBooks, written as `Invoice 130`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TransactionKey {
    /// The type of the transaction.
    pub kind: TxnType,
    /// The id in QuickBooks. Empty if RIVET would create the transaction.
    pub id: String,
}

impl TransactionKey {
    /// The transaction types as which a document can be posted.
    const KINDS: [TxnType; 4] = [
        TxnType::Invoice,
        TxnType::CreditMemo,
        TxnType::JournalEntry,
        TxnType::Payment,
    ];

    /// Returns the key of a transaction.
    pub fn new(kind: TxnType, id: impl Into<String>) -> Self {
        let id = id.into();
        Self { kind, id }
    }

    /// Returns the name of the type as QuickBooks writes it. Empty for a type that RIVET does not post.
    pub fn kind_name(&self) -> &'static str {
        self.kind.kind().map_or("", quickbooks::Kind::name)
    }

    /// Returns whether the key belongs to this transaction.
    pub fn is(&self, kind: TxnType, id: &str) -> bool {
        self.kind == kind && self.id == id
    }

    /// Reads the two words of a key.
    pub(crate) fn from_words(kind: &str, id: &str) -> Option<Self> {
        let mut kinds = Self::KINDS.into_iter();
        kinds.find_map(|known| {
            let key = Self::new(known, id);
            (key.kind_name() == kind).then_some(key)
        })
    }
}

impl fmt::Display for TransactionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind_name())?;
        f.write_str(" ")?;
        f.write_str(&self.id)
    }
}

impl Line for TransactionKey {
    const EXPECTED: &'static str = "must be a transaction";

    fn read(line: &str) -> Option<Self> {
        let (kind, id) = line.split_once(' ')?;
        Self::from_words(kind, id)
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

stored_as_line!(TransactionKey);

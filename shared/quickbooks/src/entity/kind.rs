//! The kinds of object.

use serde::{Deserialize, Serialize};

/// The kinds of object that are read or written here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A sales form that bills a customer.
    Invoice,
    /// A sales form that credits a customer.
    CreditMemo,
    /// Debits and credits that balance.
    JournalEntry,
    /// Money received from a customer.
    Payment,
    /// A customer, or a project of one.
    Customer,
    /// A product or service that a line of a sales form sells.
    Item,
    /// A tag on lines. RIVET's projects are classes.
    Class,
    /// An account of the chart of accounts.
    Account,
    /// The company itself.
    CompanyInfo,
    /// The settings of the company's books.
    Preferences,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Invoice,
        Self::CreditMemo,
        Self::JournalEntry,
        Self::Payment,
        Self::Customer,
        Self::Item,
        Self::Class,
        Self::Account,
        Self::CompanyInfo,
        Self::Preferences,
    ];

    /// Returns the object's key in JSON and its name in queries, such as `JournalEntry`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invoice => "Invoice",
            Self::CreditMemo => "CreditMemo",
            Self::JournalEntry => "JournalEntry",
            Self::Payment => "Payment",
            Self::Customer => "Customer",
            Self::Item => "Item",
            Self::Class => "Class",
            Self::Account => "Account",
            Self::CompanyInfo => "CompanyInfo",
            Self::Preferences => "Preferences",
        }
    }

    /// Returns the kind of this name in any case. Webhooks say `journalentry` and `JournalEntry`.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut kinds = Self::ALL.into_iter();
        kinds.find(|kind| kind.path().eq_ignore_ascii_case(name))
    }

    /// Returns the object's path segment in addresses, such as `journalentry`.
    pub fn path(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditMemo => "creditmemo",
            Self::JournalEntry => "journalentry",
            Self::Payment => "payment",
            Self::Customer => "customer",
            Self::Item => "item",
            Self::Class => "class",
            Self::Account => "account",
            Self::CompanyInfo => "companyinfo",
            Self::Preferences => "preferences",
        }
    }
}

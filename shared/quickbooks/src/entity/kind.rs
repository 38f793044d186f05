//! Kinds.

use serde::{Deserialize, Serialize};

/// The kinds of object that are read or written here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A sales form that asks for money.
    Invoice,
    /// A sales form that gives it back.
    CreditMemo,
    /// Debits and credits that balance.
    JournalEntry,
    /// Money received.
    Payment,
    /// Who is billed.
    Customer,
    /// A product or service that a sales line sells.
    Item,
    /// A tag on lines; a project here.
    Class,
    /// An account of the chart.
    Account,
    /// The company itself.
    CompanyInfo,
    /// How the company's books are set up.
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

    /// The key of the object in JSON and its name in queries (`JournalEntry`).
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

    /// The kind of this name, whatever its case: webhooks say `journalentry` and `JournalEntry`.
    pub fn named(name: &str) -> Option<Self> {
        let mut kinds = Self::ALL.into_iter();
        kinds.find(|kind| kind.path().eq_ignore_ascii_case(name))
    }

    /// The path segment of the object (`journalentry`).
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

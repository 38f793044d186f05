//! The objects of the accounting API that the bridge reads or writes.
//!
//! Each type carries the fields that somebody here uses. Everything else Intuit sends is ignored: with minor versions frozen
//! at 75, new fields appear in place. A field that is `None` is not sent, which matters twice: a *full* update clears what is left
//! out, a *sparse* one keeps it. Ids and sync tokens are text (class ids have 19 digits), amounts are exact decimals that travel
//! as JSON numbers.

mod books;
mod customer;
mod journal;
mod lists;
mod object;
mod payment;
mod sales;

pub use books::{
    AccountingPrefs, CompanyInfo, CurrencyPrefs, NameValue, OtherPrefs, Preferences,
    SalesFormsPrefs,
};
pub use customer::{Address, Customer, EmailAddress, PhoneNumber};
pub use journal::{
    EntityRef, EntityType, JournalEntry, JournalEntryLineDetail, JournalLine, PostingType,
};
pub use lists::{Account, Class, Item, ItemType};
pub use object::Object;
pub use payment::{LinkedTxn, Payment, PaymentLine, TxnType};
pub use sales::{CreditMemo, DetailType, Invoice, Memo, SalesItemLineDetail, SalesLine};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A pointer to another object. Only `value` identifies it: what Intuit puts into `name` has changed over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The id of the object.
    pub value: String,
    /// What the object is called, filled in by QuickBooks; never sent.
    #[serde(default, skip_serializing)]
    pub name: Option<String>,
}

impl Reference {
    /// Points to the object with this id.
    pub fn to(id: impl Into<String>) -> Self {
        Self {
            value: id.into(),
            name: None,
        }
    }
}

/// When QuickBooks created and last changed an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MetaData {
    /// When it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_time: Option<Timestamp>,
    /// When it last changed, whoever changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_updated_time: Option<Timestamp>,
}

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

/// A type that an answer can be read into.
pub trait Resource: DeserializeOwned {
    /// Which kind of object the type describes.
    const KIND: Kind;
}

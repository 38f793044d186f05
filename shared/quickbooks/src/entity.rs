//! The objects of the accounting API that we read or write (Intuit: API reference, one page for each object).
//!
//! Each type has only the fields that a caller uses. Other fields of an answer are ignored: minor versions are frozen at 75, so
//! new fields appear in existing answers.
//!
//! A field that is `None` is not sent. A *full* update clears the fields that are left out, a *sparse* update keeps them. Ids
//! and sync tokens are text, because class ids have 19 digits. Amounts are exact decimals, which travel as JSON numbers.

mod object;
mod snapshot;
mod list_entry;
mod company;
mod invoice;
mod credit_memo;
mod journal;
mod sales;
mod payment;
mod txn_type;
mod customer;
mod lists;
mod resource;
mod day;
mod field;
mod reference;
mod kind;

pub use company::{
    AccountingPrefs, CompanyInfo, CurrencyPrefs, NameValue, OtherPrefs, Preferences,
    SalesFormsPrefs,
};
pub use credit_memo::CreditMemo;
pub use customer::{Address, Customer, EmailAddress, PhoneNumber};
pub use invoice::Invoice;
pub use journal::{
    EntityRef, EntityType, JournalEntry, JournalEntryLineDetail, JournalLine, PostingType,
};
pub use kind::Kind;
pub use list_entry::ListEntry;
pub use lists::{Account, Class, Item, ItemType};
pub use object::Object;
pub use payment::{LinkedTxn, Payment, PaymentLine};
pub use reference::Reference;
pub use resource::Resource;
pub use sales::{DetailType, Memo, SalesItemLineDetail, SalesLine};
pub use snapshot::{Link, ObjectSnapshot, SnapshotLine};
pub use txn_type::TxnType;

#[cfg(test)]
mod tests;

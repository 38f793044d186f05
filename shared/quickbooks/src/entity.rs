//! The objects of the accounting API that we read or write (Intuit: API reference, one page for each object).
//!
//! Each type has only the fields that a caller uses. Other fields of an answer are ignored: minor versions are frozen at 75, so
//! new fields appear in existing answers.
//!
//! A field that is `None` is not sent. A *full* update clears the fields that are left out, a *sparse* update keeps them. Ids
//! and sync tokens are text, because class ids have 19 digits. Amounts are exact decimals, which travel as JSON numbers.

mod object_fields;
mod object;
mod snapshot;
mod list_entry;
mod invoice;
mod credit_memo;
mod journal;
mod journal_line;
mod entity_ref;
mod sales;
mod payment;
mod txn_type;
mod customer;
mod customer_balance;
mod item;
mod class;
mod account;
mod resource;
mod field;
mod reference;
mod kind;

pub use account::Account;
pub use class::Class;
pub use credit_memo::CreditMemo;
pub use customer::{Address, Customer, EmailAddress, PhoneNumber};
pub use customer_balance::CustomerBalance;
pub use entity_ref::{EntityRef, EntityType};
pub use invoice::Invoice;
pub use item::{Item, ItemType};
pub use journal::JournalEntry;
pub use journal_line::{JournalEntryLineDetail, JournalLine, PostingType};
pub use kind::Kind;
pub use list_entry::ListEntry;
pub use object::Object;
pub use payment::{LinkedTxn, Payment, PaymentLine};
pub use reference::Reference;
pub use resource::Resource;
pub use sales::{DetailType, Memo, SalesItemLineDetail, SalesLine};
pub use snapshot::{Link, ObjectSnapshot, SnapshotLine};
pub use txn_type::TxnType;

#[cfg(test)]
mod tests;

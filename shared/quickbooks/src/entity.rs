//! The objects of the accounting API that the bridge reads or writes.
//!
//! Each type carries the fields that somebody here uses. Everything else Intuit sends is ignored: with minor versions frozen
//! at 75, new fields appear in place. A field that is `None` is not sent, which matters twice: a *full* update clears what is left
//! out, a *sparse* one keeps it. Ids and sync tokens are text (class ids have 19 digits), amounts are exact decimals that travel
//! as JSON numbers.

mod object;
mod snapshot;
mod listed;
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
pub use listed::Listed;
pub use lists::{Account, Class, Item, ItemType};
pub use object::Object;
pub use payment::{LinkedTxn, Payment, PaymentLine};
pub use reference::Reference;
pub use resource::Resource;
pub use sales::{DetailType, Memo, SalesItemLineDetail, SalesLine};
pub use snapshot::{Link, Standing};
pub use txn_type::TxnType;

#[cfg(test)]
mod tests;

//! The objects that can be written.

use super::class::Class;
use super::credit_memo::CreditMemo;
use super::customer::Customer;
use super::invoice::Invoice;
use super::item::Item;
use super::journal::JournalEntry;
use super::kind::Kind;
use super::payment::Payment;

/// An object of a kind that can be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// An invoice.
    Invoice(Box<Invoice>),
    /// A credit memo.
    CreditMemo(Box<CreditMemo>),
    /// A journal entry.
    JournalEntry(Box<JournalEntry>),
    /// A payment.
    Payment(Box<Payment>),
    /// A customer.
    Customer(Box<Customer>),
    /// An item.
    Item(Box<Item>),
    /// A class.
    Class(Box<Class>),
}

impl Object {
    /// Returns the kind of object.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Invoice(_) => Kind::Invoice,
            Self::CreditMemo(_) => Kind::CreditMemo,
            Self::JournalEntry(_) => Kind::JournalEntry,
            Self::Payment(_) => Kind::Payment,
            Self::Customer(_) => Kind::Customer,
            Self::Item(_) => Kind::Item,
            Self::Class(_) => Kind::Class,
        }
    }
}

/// Lets the types that can be written become an object.
macro_rules! from {
    ($($kind:ident),*) => {$(
        impl From<$kind> for Object {
            fn from(object: $kind) -> Self {
                Self::$kind(Box::new(object))
            }
        }
    )*};
}

from!(
    Invoice,
    CreditMemo,
    JournalEntry,
    Payment,
    Customer,
    Item,
    Class
);

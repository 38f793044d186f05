//! What all objects that can be written have in common.

use super::credit_memo::CreditMemo;
use super::customer::Customer;
use super::invoice::Invoice;
use super::journal::JournalEntry;
use super::kind::Kind;
use super::lists::{Class, Item};
use super::payment::Payment;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

/// An object that can be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// See [`Invoice`].
    Invoice(Box<Invoice>),
    /// See [`CreditMemo`].
    CreditMemo(Box<CreditMemo>),
    /// See [`JournalEntry`].
    JournalEntry(Box<JournalEntry>),
    /// See [`Payment`].
    Payment(Box<Payment>),
    /// See [`Customer`].
    Customer(Box<Customer>),
    /// See [`Item`].
    Item(Box<Item>),
    /// See [`Class`].
    Class(Box<Class>),
}

/// One expression over whichever object it is.
macro_rules! each {
    ($object:expr, $inner:ident => $value:expr) => {
        match $object {
            Object::Invoice($inner) => $value,
            Object::CreditMemo($inner) => $value,
            Object::JournalEntry($inner) => $value,
            Object::Payment($inner) => $value,
            Object::Customer($inner) => $value,
            Object::Item($inner) => $value,
            Object::Class($inner) => $value,
        }
    };
}

impl Object {
    /// Which kind of object it is.
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

    /// Its id; every object that QuickBooks answers with has one.
    pub fn id(&self) -> Option<&str> {
        each!(self, object => object.id.as_deref())
    }

    /// Its version; every object that QuickBooks answers with has one.
    pub fn sync_token(&self) -> Option<&str> {
        each!(self, object => object.sync_token.as_deref())
    }

    /// The number on it, for the kinds that have one.
    pub fn doc_number(&self) -> Option<&str> {
        match self {
            Self::Invoice(invoice) => invoice.doc_number.as_deref(),
            Self::CreditMemo(memo) => memo.doc_number.as_deref(),
            Self::JournalEntry(entry) => entry.doc_number.as_deref(),
            Self::Payment(_) | Self::Customer(_) | Self::Item(_) | Self::Class(_) => None,
        }
    }

    /// Its total, for sales forms and payments.
    pub fn total(&self) -> Option<Decimal> {
        match self {
            Self::Invoice(invoice) => invoice.total_amt,
            Self::CreditMemo(memo) => memo.total_amt,
            Self::Payment(payment) => payment.total_amt,
            Self::JournalEntry(_) | Self::Customer(_) | Self::Item(_) | Self::Class(_) => None,
        }
    }

    /// What is still open of it, for sales forms.
    pub fn balance(&self) -> Option<Decimal> {
        match self {
            Self::Invoice(invoice) => invoice.balance,
            Self::CreditMemo(memo) => memo.balance,
            _ => None,
        }
    }

    /// The note that only the firm sees, for the kinds that have one.
    pub fn private_note(&self) -> Option<&str> {
        match self {
            Self::Invoice(invoice) => invoice.private_note.as_deref(),
            Self::CreditMemo(memo) => memo.private_note.as_deref(),
            Self::JournalEntry(entry) => entry.private_note.as_deref(),
            Self::Payment(payment) => payment.private_note.as_deref(),
            Self::Customer(_) | Self::Item(_) | Self::Class(_) => None,
        }
    }
}

/// The bare object, as it stands in a request body.
impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        each!(self, object => object.serialize(serializer))
    }
}

/// Wraps a value of a type that can be written.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_stands_in_a_body_without_its_name() {
        let object = Object::from(Class {
            name: Some("2301".to_owned()),
            ..Class::default()
        });
        assert_eq!(
            serde_json::to_string(&object).unwrap(),
            r#"{"Name":"2301"}"#
        );
        assert_eq!(object.kind().name(), "Class");
    }

    #[test]
    fn what_was_posted_is_known_by_id_version_number_and_note() {
        let object = Object::from(Invoice {
            id: Some("130".to_owned()),
            sync_token: Some("2".to_owned()),
            doc_number: Some("2301-1".to_owned()),
            private_note: Some("RIVET pay_app pa_1 revision 1".to_owned()),
            total_amt: Some(Decimal::TEN),
            balance: Some(Decimal::ONE),
            ..Invoice::default()
        });
        assert_eq!((object.id(), object.sync_token()), (Some("130"), Some("2")));
        assert_eq!(object.doc_number(), Some("2301-1"));
        assert_eq!(object.private_note(), Some("RIVET pay_app pa_1 revision 1"));
        assert_eq!(
            (object.total(), object.balance()),
            (Some(Decimal::TEN), Some(Decimal::ONE))
        );
    }

    #[test]
    fn kinds_that_have_no_number_or_balance_say_so() {
        let object = Object::from(JournalEntry::default());
        assert_eq!((object.total(), object.balance()), (None, None));
        assert_eq!(Object::from(Payment::default()).doc_number(), None);
        assert_eq!(Object::from(Customer::default()).private_note(), None);
    }
}

//! The properties that all objects share, and their form in a request body.

use super::object::Object;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

/// Evaluates one expression over the inner object of any kind.
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
    /// Returns the id. Each object in an answer has one.
    pub fn id(&self) -> Option<&str> {
        each!(self, object => object.id.as_deref())
    }

    /// Returns the version. Each object in an answer has one.
    pub fn sync_token(&self) -> Option<&str> {
        each!(self, object => object.sync_token.as_deref())
    }

    /// Returns the number, for the kinds that have one.
    pub fn doc_number(&self) -> Option<&str> {
        match self {
            Self::Invoice(invoice) => invoice.doc_number.as_deref(),
            Self::CreditMemo(memo) => memo.doc_number.as_deref(),
            Self::JournalEntry(entry) => entry.doc_number.as_deref(),
            Self::Payment(_) | Self::Customer(_) | Self::Item(_) | Self::Class(_) => None,
        }
    }

    /// Returns the total of a sales form or payment.
    pub fn total(&self) -> Option<Decimal> {
        match self {
            Self::Invoice(invoice) => invoice.total_amt,
            Self::CreditMemo(memo) => memo.total_amt,
            Self::Payment(payment) => payment.total_amt,
            Self::JournalEntry(_) | Self::Customer(_) | Self::Item(_) | Self::Class(_) => None,
        }
    }

    /// Returns the open amount of a sales form.
    pub fn balance(&self) -> Option<Decimal> {
        match self {
            Self::Invoice(invoice) => invoice.balance,
            Self::CreditMemo(memo) => memo.balance,
            _ => None,
        }
    }

    /// Returns the note that only the firm sees, for the kinds that have one.
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

/// Writes the object alone, as a request body holds it.
impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        each!(self, object => object.serialize(serializer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Class, Customer, Invoice, JournalEntry, Payment};

    #[test]
    fn object_is_written_without_its_kind() {
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
    fn invoice_object_has_id_version_number_note() {
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
    fn kind_without_number_or_balance_has_none() {
        let object = Object::from(JournalEntry::default());
        assert_eq!((object.total(), object.balance()), (None, None));
        assert_eq!(Object::from(Payment::default()).doc_number(), None);
        assert_eq!(Object::from(Customer::default()).private_note(), None);
    }
}

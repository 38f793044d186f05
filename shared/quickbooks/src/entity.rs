//! The objects of the accounting API that the bridge reads or writes.
//!
//! Each type carries the fields that somebody here uses. Everything else Intuit sends is ignored: with minor versions frozen
//! at 75, new fields appear in place. A field that is `None` is not sent, which matters twice: a *full* update clears what is left
//! out, a *sparse* one keeps it. Ids and sync tokens are text (class ids have 19 digits), amounts are exact decimals that travel
//! as JSON numbers.

mod books;
mod credit_memo;
mod customer;
mod day;
mod invoice;
mod journal;
mod listed;
mod lists;
mod object;
mod payment;
mod sales;
mod standing;

pub use books::{
    AccountingPrefs, CompanyInfo, CurrencyPrefs, NameValue, OtherPrefs, Preferences,
    SalesFormsPrefs,
};
pub use credit_memo::CreditMemo;
pub use customer::{Address, Customer, EmailAddress, PhoneNumber};
pub use invoice::Invoice;
pub use journal::{
    EntityRef, EntityType, JournalEntry, JournalEntryLineDetail, JournalLine, PostingType,
};
pub use listed::Listed;
pub use lists::{Account, Class, Item, ItemType};
pub use object::Object;
pub use payment::{LinkedTxn, Payment, PaymentLine, TxnType};
pub use sales::{DetailType, Memo, SalesItemLineDetail, SalesLine};
pub use standing::{Link, Standing};

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

/// A type that an answer can be read into.
pub trait Resource: DeserializeOwned {
    /// Which kind of object the type describes.
    const KIND: Kind;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use rust_decimal::Decimal;

    fn line(amount: &str) -> SalesLine {
        serde_json::from_str(&format!(r#"{{"Amount":{amount}}}"#)).unwrap()
    }

    #[test]
    fn an_amount_reads_the_same_however_its_number_is_written() {
        let expected = Decimal::new(43650, 0);
        for written in [
            "43650",
            "43650.0",
            "43650.00",
            "4.365E4",
            "4.365e+4",
            "436500E-1",
        ] {
            assert_eq!(line(written).amount, Some(expected), "{written}");
        }
    }

    #[test]
    fn an_amount_that_no_float_can_hold_survives() {
        for written in [
            "0.10",
            "123456789012.34",
            "-4850.07",
            "999999999999999.99",
            "0.00",
        ] {
            let line = line(written);
            assert_eq!(line.amount.unwrap().to_string(), written);
            assert_eq!(
                serde_json::to_string(&line).unwrap(),
                format!(r#"{{"Amount":{written}}}"#)
            );
        }
    }

    #[test]
    fn an_amount_that_is_text_or_absent_is_told_apart() {
        assert_eq!(
            serde_json::from_str::<SalesLine>("{}").unwrap().amount,
            None
        );
        assert!(serde_json::from_str::<SalesLine>(r#"{"Amount":"ten"}"#).is_err());
        assert!(serde_json::from_str::<SalesLine>(r#"{"Amount":true}"#).is_err());
    }

    #[test]
    fn a_name_that_quickbooks_shows_for_a_reference_is_read_but_never_sent() {
        let reference: Reference =
            serde_json::from_str(r#"{"value":"24","name":"Old:Name"}"#).unwrap();
        assert_eq!(reference.name.as_deref(), Some("Old:Name"));
        assert_eq!(
            serde_json::to_string(&reference).unwrap(),
            r#"{"value":"24"}"#
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(43650), failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn every_amount_in_cents_is_sent_and_read_back_exactly(cents in -99_999_999_999_999i64..99_999_999_999_999) {
            let amount = Decimal::new(cents, 2);
            let sent = serde_json::to_string(&SalesLine { amount: Some(amount), ..SalesLine::default() }).unwrap();
            prop_assert!(sent.contains(&amount.to_string()), "{}", sent);
            let read: SalesLine = serde_json::from_str(&sent).unwrap();
            prop_assert_eq!(read.amount, Some(amount));
        }
    }
}

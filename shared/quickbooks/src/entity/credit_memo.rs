//! Credit memos.

use super::kind::Kind;
use super::reference::Reference;
use super::resource::Resource;
use super::sales::{Memo, SalesLine};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A sales form that credits a customer (Intuit: API reference, CreditMemo). The API cannot void it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreditMemo {
    /// The id, which QuickBooks assigns. A change sends it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` in an update keeps the fields that are left out. The lines are replaced as a whole either way.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// The number on the form, up to 21 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_number: Option<String>,
    /// The date on which the form posts.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::day")]
    pub txn_date: Option<Date>,
    /// The customer. Required to create.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_ref: Option<Reference>,
    /// The class of the whole form. Only sent if the company tracks classes per transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<Reference>,
    /// The ISO 4217 code. Required if the company uses several currencies, and left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<Reference>,
    /// The memo printed on the form, up to 1000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_memo: Option<Memo>,
    /// The note that only the firm sees, up to 4000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
    /// The lines, with positive amounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line: Vec<SalesLine>,
    /// The total, which QuickBooks computes. Never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub total_amt: Option<Decimal>,
    /// The credit that is not used yet, which QuickBooks computes. Never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub balance: Option<Decimal>,
}

impl Resource for CreditMemo {
    const KIND: Kind = Kind::CreditMemo;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_memo_is_sent_as_sparse_update() {
        let memo = CreditMemo {
            id: Some("131".to_owned()),
            sync_token: Some("0".to_owned()),
            sparse: Some(true),
            private_note: Some("Voided".to_owned()),
            line: vec![SalesLine::item(Reference::to("7"), Decimal::new(0, 2))],
            ..CreditMemo::default()
        };
        insta::assert_snapshot!(serde_json::to_string_pretty(&memo).unwrap(), @r#"
        {
          "Id": "131",
          "SyncToken": "0",
          "sparse": true,
          "PrivateNote": "Voided",
          "Line": [
            {
              "Amount": 0.00,
              "DetailType": "SalesItemLineDetail",
              "SalesItemLineDetail": {
                "ItemRef": {
                  "value": "7"
                },
                "TaxCodeRef": {
                  "value": "NON"
                }
              }
            }
          ]
        }
        "#);
    }
}

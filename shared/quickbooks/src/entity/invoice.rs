//! Invoices.

use super::customer::EmailAddress;
use super::kind::Kind;
use super::payment::LinkedTxn;
use super::reference::Reference;
use super::resource::Resource;
use super::sales::{Memo, SalesLine};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A bill. Needs a customer and at least one line; its total may not be negative.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Invoice {
    /// Set by QuickBooks; sent back with a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to; "0" at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` on an update keeps the fields that are left out. The lines are replaced as a whole either way.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// The number on the form, ≤ 21 characters. A label: QuickBooks may accept duplicates or replace it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_number: Option<String>,
    /// The date it posts on.
    #[serde(skip_serializing_if = "Option::is_none", with = "super::day")]
    pub txn_date: Option<Date>,
    /// When it is to be paid; left to the customer's terms if absent.
    #[serde(skip_serializing_if = "Option::is_none", with = "super::day")]
    pub due_date: Option<Date>,
    /// Who is billed. Required to create.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_ref: Option<Reference>,
    /// The class of the whole form; only where the company tracks classes per transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<Reference>,
    /// ISO 4217 code; required where the company uses several currencies, left out elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<Reference>,
    /// Where the form would be mailed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_email: Option<EmailAddress>,
    /// Printed on the form, ≤ 1000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_memo: Option<Memo>,
    /// Seen by the firm only, ≤ 4000 characters, not queryable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
    /// What is billed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line: Vec<SalesLine>,
    /// The total, computed by QuickBooks; never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub total_amt: Option<Decimal>,
    /// What is still owed, computed by QuickBooks; never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub balance: Option<Decimal>,
    /// The payments and credits applied to it; never sent.
    #[serde(skip_serializing)]
    pub linked_txn: Vec<LinkedTxn>,
}

impl Resource for Invoice {
    const KIND: Kind = Kind::Invoice;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::sales::DetailType;
    use crate::entity::txn_type::TxnType;

    /// As QuickBooks answers: line ids, a subtotal without one, and fields that nobody here knows.
    const ANSWERED: &str = r#"{
        "Id": "130", "SyncToken": "2", "domain": "QBO", "sparse": false,
        "MetaData": {"CreateTime": "2026-03-31T14:14:09-07:00", "LastUpdatedTime": "2026-03-31T14:14:10-07:00"},
        "DocNumber": "2301-1", "TxnDate": "2026-03-31", "DueDate": "2026-04-30",
        "CustomerRef": {"value": "24", "name": "Turner Construction"},
        "CustomField": [], "EmailStatus": "NotSet", "Deposit": 0, "TxnTaxDetail": {"TotalTax": 0},
        "Line": [
            {"Id": "1", "LineNum": 1, "Description": "Rough-in", "Amount": 43650.00, "DetailType": "SalesItemLineDetail",
             "SalesItemLineDetail": {"ItemRef": {"value": "7", "name": "RIVET Contract Revenue"},
                                     "TaxCodeRef": {"value": "NON"}, "ClassRef": {"value": "5000000000000007280"}}},
            {"Amount": 43650.00, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}},
            {"DetailType": "TaxLineDetail"}
        ],
        "LinkedTxn": [{"TxnId": "140", "TxnType": "Payment"}, {"TxnId": "9", "TxnType": "StatementCharge"}],
        "TotalAmt": 43650.00, "Balance": 1.00, "TxnRetainageDetail": {"RetainageAmount": 12.5}
    }"#;

    #[test]
    fn an_invoice_is_read_with_what_quickbooks_adds() {
        let invoice: Invoice = serde_json::from_str(ANSWERED).unwrap();
        assert_eq!(invoice.balance, Some(Decimal::ONE));
        assert_eq!(invoice.line.len(), 3);
        assert_eq!(
            invoice.line[1].detail_type,
            Some(DetailType::SubTotalLineDetail)
        );
        assert_eq!(invoice.line[2].detail_type, Some(DetailType::Other));
        let item = invoice.line[0].sales_item_line_detail.as_ref().unwrap();
        assert_eq!(
            item.class_ref.as_ref().unwrap().value,
            "5000000000000007280"
        );
    }

    #[test]
    fn a_link_to_a_kind_that_we_never_make_is_still_a_link() {
        let invoice: Invoice = serde_json::from_str(ANSWERED).unwrap();
        let kinds: Vec<_> = invoice
            .linked_txn
            .iter()
            .map(|link| link.txn_type)
            .collect();
        assert_eq!(kinds, [TxnType::Payment, TxnType::Other]);
    }

    #[test]
    fn a_new_invoice_is_sent_without_anything_unset() {
        let mut line = SalesLine::item(Reference::to("7"), Decimal::new(4_365_000, 2));
        line.description = Some("Rough-in".to_owned());
        let invoice = Invoice {
            doc_number: Some("2301-1".to_owned()),
            txn_date: Some("2026-03-31".parse().unwrap()),
            customer_ref: Some(Reference::to("24")),
            customer_memo: Some(Memo {
                value: "2301 Harbor Point".to_owned(),
            }),
            total_amt: Some(Decimal::ONE),
            line: vec![line],
            ..Invoice::default()
        };
        insta::assert_snapshot!(serde_json::to_string_pretty(&invoice).unwrap(), @r#"
        {
          "DocNumber": "2301-1",
          "TxnDate": "2026-03-31",
          "CustomerRef": {
            "value": "24"
          },
          "CustomerMemo": {
            "value": "2301 Harbor Point"
          },
          "Line": [
            {
              "Description": "Rough-in",
              "Amount": 43650.00,
              "DetailType": "SalesItemLineDetail",
              "SalesItemLineDetail": {
                "ItemRef": {
                  "value": "7"
                }
              }
            }
          ]
        }
        "#);
    }
}

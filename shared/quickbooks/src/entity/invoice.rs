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

/// A sales form that bills a customer (Intuit: API reference, Invoice). It needs a customer and a line, and its total may not
/// be negative.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Invoice {
    /// The id, which QuickBooks assigns. A change sends it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to. The first is "0".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` in an update keeps the fields that are left out. The lines are replaced as a whole either way.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// The number on the form, up to 21 characters. QuickBooks may accept duplicates, or replace the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_number: Option<String>,
    /// The date on which the form posts.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::day")]
    pub txn_date: Option<Date>,
    /// The date on which the form is due. If absent, the customer's terms decide.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::day")]
    pub due_date: Option<Date>,
    /// The customer. Required to create.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_ref: Option<Reference>,
    /// The class of the whole form. Only sent if the company tracks classes per transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<Reference>,
    /// The ISO 4217 code. Required if the company uses several currencies, and left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<Reference>,
    /// The address to which the form can be mailed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_email: Option<EmailAddress>,
    /// The memo printed on the form, up to 1000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_memo: Option<Memo>,
    /// The note that only the firm sees, up to 4000 characters. Queries cannot search it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
    /// The lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line: Vec<SalesLine>,
    /// The total, which QuickBooks computes. Never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub total_amt: Option<Decimal>,
    /// The amount that is still owed, which QuickBooks computes. Never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub balance: Option<Decimal>,
    /// The payments and credits that are applied to the invoice. Never sent.
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

    /// An answer of QuickBooks: line ids, a subtotal without one, and fields that no type here has.
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
    fn invoice_is_read_with_unknown_lines() {
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
    fn link_of_unknown_type_is_other() {
        let invoice: Invoice = serde_json::from_str(ANSWERED).unwrap();
        let kinds: Vec<_> = invoice
            .linked_txn
            .iter()
            .map(|link| link.txn_type)
            .collect();
        assert_eq!(kinds, [TxnType::Payment, TxnType::Other]);
    }

    #[test]
    fn new_invoice_is_sent_without_unset_fields() {
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

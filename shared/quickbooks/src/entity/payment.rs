//! Payments, and their links to other transactions.

use super::kind::Kind;
use super::reference::Reference;
use super::resource::Resource;
use super::txn_type::TxnType;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Money received from a customer (Intuit: API reference, Payment). It needs a customer and a total.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Payment {
    /// The id, which QuickBooks assigns. A change sends it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` in an update keeps the fields that are left out. Lines are replaced as a whole: a link that is not sent is
    /// lost.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// The date of receipt.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::day")]
    pub txn_date: Option<Date>,
    /// The customer who paid. Required to create.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_ref: Option<Reference>,
    /// The account that received the money. If absent, Undeposited Funds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deposit_to_account_ref: Option<Reference>,
    /// The ISO 4217 code. Required if the company uses several currencies, and left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<Reference>,
    /// The payer's reference, such as a check number, up to 21 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_ref_num: Option<String>,
    /// The note that only the firm sees, up to 4000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
    /// The amount received. Required to create.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub total_amt: Option<Decimal>,
    /// The transactions that the payment pays.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line: Vec<PaymentLine>,
    /// The amount that is applied to no transaction, which QuickBooks computes. Never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub unapplied_amt: Option<Decimal>,
}

impl Resource for Payment {
    const KIND: Kind = Kind::Payment;
}

/// The part of a payment that pays one transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentLine {
    /// The amount of this part.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub amount: Option<Decimal>,
    /// The transaction. Exactly one on lines that we send.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub linked_txn: Vec<LinkedTxn>,
}

impl PaymentLine {
    /// Builds the line that applies `amount` to a transaction.
    pub fn applied(amount: Decimal, target: LinkedTxn) -> Self {
        Self {
            amount: Some(amount),
            linked_txn: vec![target],
        }
    }
}

/// A reference from one transaction to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LinkedTxn {
    /// The transaction's id.
    pub txn_id: String,
    /// The transaction's type. An id is unique only together with it.
    pub txn_type: TxnType,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payment_is_sent_with_one_link_a_line() {
        let link = |txn_id: &str, txn_type| LinkedTxn {
            txn_id: txn_id.to_owned(),
            txn_type,
        };
        let payment = Payment {
            txn_date: Some("2026-04-15".parse().unwrap()),
            customer_ref: Some(Reference::to("24")),
            payment_ref_num: Some("CHK 10442".to_owned()),
            total_amt: Some(Decimal::new(4_500_000, 2)),
            line: vec![
                PaymentLine::applied(Decimal::new(4_365_000, 2), link("130", TxnType::Invoice)),
                PaymentLine::applied(Decimal::new(135_000, 2), link("131", TxnType::JournalEntry)),
            ],
            ..Payment::default()
        };
        insta::assert_snapshot!(serde_json::to_string_pretty(&payment).unwrap(), @r#"
        {
          "TxnDate": "2026-04-15",
          "CustomerRef": {
            "value": "24"
          },
          "PaymentRefNum": "CHK 10442",
          "TotalAmt": 45000.00,
          "Line": [
            {
              "Amount": 43650.00,
              "LinkedTxn": [
                {
                  "TxnId": "130",
                  "TxnType": "Invoice"
                }
              ]
            },
            {
              "Amount": 1350.00,
              "LinkedTxn": [
                {
                  "TxnId": "131",
                  "TxnType": "JournalEntry"
                }
              ]
            }
          ]
        }
        "#);
    }

    #[test]
    fn payment_is_read_with_its_unapplied_amount() {
        let payment: Payment = serde_json::from_str(
            r#"{"Id":"140","SyncToken":"0","TotalAmt":45000.0,"UnappliedAmt":1.35E3,"ProcessPayment":false,
                "Line":[{"Amount":43650.00,"LinkedTxn":[{"TxnId":"130","TxnType":"Invoice"}],
                         "LineEx":{"any":[{"value":{"Name":"txnId","Value":"130"}}]}}]}"#,
        )
        .unwrap();
        assert_eq!(payment.unapplied_amt, Some(Decimal::new(1350, 0)));
        assert_eq!(payment.line[0].linked_txn[0].txn_id, "130");
    }
}

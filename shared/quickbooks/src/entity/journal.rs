//! Journal entries.

use super::kind::Kind;
use super::reference::Reference;
use super::resource::Resource;
use super::sales::DetailType;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Debits and credits that balance, on at least two lines (Intuit: API reference, JournalEntry). The API cannot void it, so an
/// opposite entry reverses it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct JournalEntry {
    /// The id, which QuickBooks assigns. A change sends it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` in an update keeps the fields that are left out. The lines are replaced as a whole either way.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// The number of the entry, up to 21 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_number: Option<String>,
    /// The date on which the entry posts.
    #[serde(skip_serializing_if = "Option::is_none", with = "super::day")]
    pub txn_date: Option<Date>,
    /// The ISO 4217 code. Required if the company uses several currencies, and left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<Reference>,
    /// The memo of the entry, up to 4000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
    /// The debits and credits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line: Vec<JournalLine>,
}

impl Resource for JournalEntry {
    const KIND: Kind = Kind::JournalEntry;
}

/// A debit or a credit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct JournalLine {
    /// The line's id, which QuickBooks assigns: "0", "1" and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The memo of the line, up to 4000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The amount, always positive. The posting type says the side.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub amount: Option<Decimal>,
    /// `JournalEntryLineDetail` on lines that post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail_type: Option<DetailType>,
    /// Side, account, name and class. Absent on lines of text only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_entry_line_detail: Option<JournalEntryLineDetail>,
}

impl JournalLine {
    /// Builds a line that posts `amount` to the side and account of `detail`.
    pub fn posting(amount: Decimal, detail: JournalEntryLineDetail) -> Self {
        Self {
            amount: Some(amount),
            detail_type: Some(DetailType::JournalEntryLineDetail),
            journal_entry_line_detail: Some(detail),
            ..Self::default()
        }
    }
}

/// The side, account, name and class of a journal line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct JournalEntryLineDetail {
    /// The side.
    pub posting_type: PostingType,
    /// The account.
    pub account_ref: Reference,
    /// The customer, vendor or employee. A line on Accounts Receivable must name a customer (fault 6000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<EntityRef>,
    /// The class of the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<Reference>,
}

/// The side of a journal line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PostingType {
    /// The debit side.
    Debit,
    /// The credit side.
    Credit,
}

/// The name on a journal line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EntityRef {
    /// The kind of name.
    #[serde(rename = "Type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<EntityType>,
    /// The customer, vendor or employee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_ref: Option<Reference>,
}

impl EntityRef {
    /// Names the customer with this id.
    pub fn customer(id: impl Into<String>) -> Self {
        Self {
            kind: Some(EntityType::Customer),
            entity_ref: Some(Reference::to(id)),
        }
    }
}

/// The kinds of names on journal lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntityType {
    /// A customer or a project of one.
    Customer,
    /// A vendor.
    Vendor,
    /// An employee.
    Employee,
    /// A kind that Intuit added later.
    #[serde(other)]
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(posting_type: PostingType, account: &str) -> JournalLine {
        JournalLine::posting(
            Decimal::new(485_000, 2),
            JournalEntryLineDetail {
                posting_type,
                account_ref: Reference::to(account),
                entity: Some(EntityRef::customer("24")),
                class_ref: Some(Reference::to("5000000000000007280")),
            },
        )
    }

    fn entry() -> JournalEntry {
        JournalEntry {
            doc_number: Some("R2301-1".to_owned()),
            txn_date: Some("2026-03-31".parse().unwrap()),
            line: vec![
                line(PostingType::Debit, "91"),
                line(PostingType::Credit, "79"),
            ],
            ..JournalEntry::default()
        }
    }

    #[test]
    fn entry_is_sent_with_customer_and_class() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&entry()).unwrap(), @r#"
        {
          "DocNumber": "R2301-1",
          "TxnDate": "2026-03-31",
          "Line": [
            {
              "Amount": 4850.00,
              "DetailType": "JournalEntryLineDetail",
              "JournalEntryLineDetail": {
                "PostingType": "Debit",
                "AccountRef": {
                  "value": "91"
                },
                "Entity": {
                  "Type": "Customer",
                  "EntityRef": {
                    "value": "24"
                  }
                },
                "ClassRef": {
                  "value": "5000000000000007280"
                }
              }
            },
            {
              "Amount": 4850.00,
              "DetailType": "JournalEntryLineDetail",
              "JournalEntryLineDetail": {
                "PostingType": "Credit",
                "AccountRef": {
                  "value": "79"
                },
                "Entity": {
                  "Type": "Customer",
                  "EntityRef": {
                    "value": "24"
                  }
                },
                "ClassRef": {
                  "value": "5000000000000007280"
                }
              }
            }
          ]
        }
        "#);
    }

    #[test]
    fn entry_with_unknown_names_is_read() {
        let entry: JournalEntry = serde_json::from_str(
            r#"{"Id":"27","SyncToken":"1","Adjustment":false,"TotalAmt":0,"Line":[
                {"Id":"0","Amount":5,"DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":
                    {"PostingType":"Debit","AccountRef":{"value":"91"},"Entity":{"Type":"Project","EntityRef":{"value":"3"}}}},
                {"Id":"1","Amount":5,"DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":
                    {"PostingType":"Credit","AccountRef":{"value":"79"},"Entity":{}}},
                {"Id":"2","Description":"text","DetailType":"DescriptionOnly"}]}"#,
        )
        .unwrap();
        let details: Vec<_> = entry
            .line
            .iter()
            .map(|line| line.journal_entry_line_detail.as_ref())
            .collect();
        let entity = details[0].unwrap().entity.as_ref().unwrap();
        assert_eq!(entity.kind, Some(EntityType::Other));
        assert_eq!(details[1].unwrap().posting_type, PostingType::Credit);
        assert!(details[2].is_none());
    }
}

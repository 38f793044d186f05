//! Journal entries.

use super::journal_line::JournalLine;
use super::kind::Kind;
use super::reference::Reference;
use super::resource::Resource;
use jiff::civil::Date;
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
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::day")]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{EntityRef, EntityType, JournalEntryLineDetail, PostingType};
    use rust_decimal::Decimal;

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

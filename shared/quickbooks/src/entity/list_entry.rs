//! List entries as queries show them.
//!
//! A list entry is never deleted, only made inactive. QuickBooks refuses references to an inactive entry with 610 or 2500.

use super::field;
use crate::inactive_name::{former_full_name, former_name};
use jiff::Timestamp;
use serde_json::Value;

/// A customer, class, item or account, as far as a search among many needs it. No malformed field hides that the entry exists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListEntry {
    /// The entry's id.
    pub id: String,
    /// The name without those of its parents. For an inactive entry, without the suffix that QuickBooks adds.
    pub name: String,
    /// The name with those of its parents, `Parent:Child`. The same as `name` without a parent.
    pub full_name: String,
    /// The id of the entry above. Empty without one.
    pub parent_id: String,
    /// `true` if the entry is active. An inactive entry frees its name, and no new transaction can refer to it.
    pub is_active: bool,
    /// The customer's e-mail addresses, separated by commas. Empty without any.
    pub email: String,
    /// ISO 4217 code of the customer's currency. Empty without one.
    pub currency: String,
    /// The id of the account to which the item's sales post. Empty without one.
    pub income_account_id: String,
    /// The name of that account. Empty without one.
    pub income_account_name: String,
    /// `true` if sales tax applies to the item. Only of items.
    pub is_taxable: bool,
    /// The account's type as Intuit spells it. Only of accounts.
    pub account_type: Option<String>,
    /// The account's detailed type. Only of accounts.
    pub account_sub_type: Option<String>,
    /// The entry's version.
    pub sync_token: Option<String>,
    /// The time when the entry changed last, as QuickBooks says.
    pub updated_at: Option<Timestamp>,
}

impl ListEntry {
    /// Reads a row of a query. `None` if the row has no id or name.
    pub(crate) fn of(row: &Value) -> Option<Self> {
        let text = |place: &str| row.pointer(place).and_then(json::plain);
        let owned = |place: &str| text(place).map(str::to_owned);
        let is_active = row.get("Active") != Some(&Value::Bool(false));
        let name = text("/DisplayName").or(text("/Name"))?;
        let full_name = text("/FullyQualifiedName").unwrap_or(name);
        Some(Self {
            id: text("/Id")?.to_owned(),
            name: if is_active { name } else { former_name(name) }.to_owned(),
            full_name: match is_active {
                true => full_name.to_owned(),
                false => former_full_name(full_name),
            },
            parent_id: text("/ParentRef/value").unwrap_or_default().to_owned(),
            is_active,
            email: text("/PrimaryEmailAddr/Address")
                .unwrap_or_default()
                .to_owned(),
            currency: text("/CurrencyRef/value").unwrap_or_default().to_owned(),
            income_account_id: text("/IncomeAccountRef/value")
                .unwrap_or_default()
                .to_owned(),
            income_account_name: text("/IncomeAccountRef/name")
                .unwrap_or_default()
                .to_owned(),
            is_taxable: row.get("Taxable") == Some(&Value::Bool(true))
                && row.get("IncomeAccountRef").is_some(),
            account_type: owned("/AccountType"),
            account_sub_type: owned("/AccountSubType"),
            sync_token: owned("/SyncToken"),
            updated_at: field::updated_at(row),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sub_customer_has_full_name_and_email() {
        let row = json!({"Id": "58", "DisplayName": "Bay", "FullyQualifiedName": "Turner:Bay", "Active": true,
            "Job": true, "ParentRef": {"value": "57"}, "CurrencyRef": {"value": "CAD"}, "PrimaryEmailAddr": {"Address": "ap@turner.example"}, "Balance": 12.5});
        let read = ListEntry {
            id: "58".into(),
            name: "Bay".into(),
            full_name: "Turner:Bay".into(),
            parent_id: "57".into(),
            is_active: true,
            email: "ap@turner.example".into(),
            currency: "CAD".into(),
            ..ListEntry::default()
        };
        assert_eq!(ListEntry::of(&row), Some(read));
    }

    #[test]
    fn inactive_entry_has_its_former_name() {
        let row = json!({"Id": "9", "Name": "Old (deleted)", "Active": false, "IncomeAccountRef": {"value": "79"}});
        let read = ListEntry::of(&row).unwrap();
        assert_eq!(
            (read.name.as_str(), read.full_name.as_str()),
            ("Old", "Old")
        );
        assert_eq!(
            (read.is_active, read.income_account_id.as_str()),
            (false, "79")
        );
    }

    #[test]
    fn account_has_types_and_time_of_change() {
        let row = json!({"Id": "91", "SyncToken": "3", "Name": "Retainage", "Active": false, "AccountType": "Bank",
            "AccountSubType": "Checking", "MetaData": {"LastUpdatedTime": "2026-03-31T21:00:00Z"}});
        let read = ListEntry {
            id: "91".into(),
            name: "Retainage".into(),
            full_name: "Retainage".into(),
            account_type: Some("Bank".into()),
            account_sub_type: Some("Checking".into()),
            sync_token: Some("3".into()),
            updated_at: json::parse_instant("2026-03-31T21:00:00Z"),
            ..ListEntry::default()
        };
        assert_eq!(ListEntry::of(&row), Some(read));
    }

    #[test]
    fn ids_and_version_are_read_from_numbers() {
        let row =
            json!({"Id": 9, "SyncToken": 3, "Name": "Work", "IncomeAccountRef": {"value": 79}});
        let read = ListEntry::of(&row).unwrap();
        assert_eq!(
            (read.id.as_str(), read.income_account_id.as_str()),
            ("9", "79")
        );
        assert_eq!(read.sync_token.as_deref(), Some("3"));
    }

    #[test]
    fn row_without_id_or_name_is_none() {
        assert_eq!(ListEntry::of(&json!({"Id": "9"})), None);
        assert_eq!(ListEntry::of(&json!({"Name": "x"})), None);
    }
}

//! What has to be known of an entry of a list to find it among others.

use super::field;
use jiff::Timestamp;
use serde_json::Value;

/// A customer, class, item or account as a query shows it. As with [`Standing`](super::Standing), no odd field can hide that it exists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its own name; of an inactive one without the word that QuickBooks puts behind it.
    pub name: String,
    /// `Parent:Child`; the same as `name` at the top.
    pub full_name: String,
    /// `false` if it is hidden, which frees its name and bars it from new transactions.
    pub active: bool,
    /// A customer's e-mail addresses, separated by commas if there are several; empty without.
    pub email: String,
    /// The account that an item's sales post to; empty without.
    pub account: String,
    /// What kind of account it is, as Intuit spells it; only of accounts.
    pub account_type: Option<String>,
    /// The same in detail.
    pub account_sub_type: Option<String>,
    /// Its version.
    pub sync_token: Option<String>,
    /// When it changed last, as QuickBooks says.
    pub updated_at: Option<Timestamp>,
}

/// What stands behind the name of an entry that was made inactive.
const INACTIVE: &str = " (deleted)";

impl Listed {
    pub(crate) fn of(row: &Value) -> Option<Self> {
        let text = |place: &str| row.pointer(place).and_then(Value::as_str);
        let owned = |place: &str| text(place).map(str::to_owned);
        let bare = |name: &str| name.trim_end_matches(INACTIVE).to_owned();
        let name = text("/DisplayName").or(text("/Name"))?;
        Some(Self {
            id: text("/Id")?.to_owned(),
            name: bare(name),
            full_name: bare(text("/FullyQualifiedName").unwrap_or(name)),
            active: row.get("Active") != Some(&Value::Bool(false)),
            email: text("/PrimaryEmailAddr/Address")
                .unwrap_or_default()
                .to_owned(),
            account: text("/IncomeAccountRef/value")
                .unwrap_or_default()
                .to_owned(),
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
    fn a_sub_customer_is_read_with_its_full_name_and_address() {
        let row = json!({"Id": "58", "DisplayName": "Bay", "FullyQualifiedName": "Turner:Bay", "Active": true,
            "PrimaryEmailAddr": {"Address": "ap@turner.example"}, "Balance": 12.5});
        let read = Listed {
            id: "58".into(),
            name: "Bay".into(),
            full_name: "Turner:Bay".into(),
            active: true,
            email: "ap@turner.example".into(),
            ..Listed::default()
        };
        assert_eq!(Listed::of(&row), Some(read));
    }

    #[test]
    fn an_inactive_entry_is_known_by_the_name_that_it_had() {
        let row = json!({"Id": "9", "Name": "Old (deleted)", "Active": false, "IncomeAccountRef": {"value": "79"}});
        let read = Listed::of(&row).unwrap();
        assert_eq!(
            (read.name.as_str(), read.full_name.as_str()),
            ("Old", "Old")
        );
        assert_eq!((read.active, read.account.as_str()), (false, "79"));
    }

    #[test]
    fn an_account_tells_what_it_is_and_when_it_changed() {
        let row = json!({"Id": "91", "SyncToken": "3", "Name": "Retainage", "Active": false, "AccountType": "Bank",
            "AccountSubType": "Checking", "MetaData": {"LastUpdatedTime": "2026-03-31T21:00:00Z"}});
        let read = Listed {
            id: "91".into(),
            name: "Retainage".into(),
            full_name: "Retainage".into(),
            account_type: Some("Bank".into()),
            account_sub_type: Some("Checking".into()),
            sync_token: Some("3".into()),
            updated_at: json::parse_instant("2026-03-31T21:00:00Z"),
            ..Listed::default()
        };
        assert_eq!(Listed::of(&row), Some(read));
    }

    #[test]
    fn what_has_no_id_or_name_is_no_entry() {
        assert_eq!(Listed::of(&json!({"Id": "9"})), None);
        assert_eq!(Listed::of(&json!({"Name": "x"})), None);
    }
}

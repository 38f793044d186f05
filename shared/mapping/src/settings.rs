//! What a firm chose: accounts, methods, classes, customers, and when to post.

use std::collections::BTreeMap;

use billing::{Id, Invalid, calendar, wire};
use jiff::civil::Date;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// Why a settings document was refused: not JSON, or the path of the field that is wrong.
pub type InvalidSettings = Invalid;

/// QuickBooks ids have at most 19 digits; this only keeps nonsense out of request bodies.
const MAX_ID_LENGTH: usize = 64;

/// All of a firm's choices, in the contract's JSON shape. The default is what a firm starts with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where postings go.
    pub accounts: Accounts,
    /// How retainage is posted.
    pub retainage_method: RetainageMethod,
    /// How much detail an invoice has.
    pub invoice_lines: InvoiceLines,
    /// Whether projects become classes.
    pub class_tracking: ClassTracking,
    /// How customers are found.
    pub customers: Customers,
    /// When documents are posted.
    pub sync: Sync,
}

/// QuickBooks account ids; none until chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Accounts {
    /// Income account that billed work is credited to.
    #[serde(deserialize_with = "optional_id")]
    pub contract_revenue: Option<String>,
    /// The Accounts Receivable account.
    #[serde(deserialize_with = "optional_id")]
    pub accounts_receivable: Option<String>,
    /// Other Current Asset account that withheld amounts are kept in.
    #[serde(deserialize_with = "optional_id")]
    pub retainage: Option<String>,
    /// Where payments land; QuickBooks' own Undeposited Funds if none.
    #[serde(deserialize_with = "optional_id")]
    pub deposit: Option<String>,
}

/// How retainage is posted. Accounts end up with the same balances either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetainageMethod {
    /// The invoice is net, and a journal entry books what is withheld.
    #[default]
    JournalEntry,
    /// The invoice is gross, with a negative line for what is withheld.
    InvoiceLine,
}

/// How much detail an invoice has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceLines {
    /// One line for all work.
    #[default]
    Single,
    /// One line per item of the schedule of values.
    BySovItem,
}

/// Whether projects become classes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClassTracking {
    /// Whether and how.
    pub mode: ClassMode,
    /// RIVET project id to QuickBooks class id, for [`ClassMode::Manual`].
    #[serde(deserialize_with = "id_map")]
    pub projects: BTreeMap<String, String>,
}

/// Whether and how projects become classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassMode {
    /// No classes.
    #[default]
    Off,
    /// A class per project, made when it is first needed.
    AutoCreate,
    /// The firm picks an existing class for each project.
    Manual,
}

/// How customers are found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Customers {
    /// Whether a customer that QuickBooks does not have is made there.
    pub auto_create: bool,
    /// RIVET customer id to QuickBooks customer id, where the firm said so.
    #[serde(deserialize_with = "id_map")]
    pub matches: BTreeMap<String, String>,
}

/// When documents are posted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sync {
    /// Whether anybody has to ask.
    pub mode: SyncMode,
    /// Documents dated before it are not posted.
    #[serde(deserialize_with = "calendar::optional_date")]
    pub start_date: Option<Date>,
}

/// Whether anybody has to ask before a document is posted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncMode {
    /// As it arrives.
    #[default]
    Automatic,
    /// When a person asks for it.
    Manual,
    /// Not at all for now.
    Paused,
}

impl Default for Customers {
    fn default() -> Self {
        Self {
            auto_create: true,
            matches: BTreeMap::new(),
        }
    }
}

/// Reads a settings document. What it leaves out is as in the default; what is not known is refused.
///
/// # Errors
/// [`InvalidSettings`] with the path of the first field that is wrong.
pub fn parse(body: &[u8]) -> Result<Settings, InvalidSettings> {
    wire::read(&wire::json(body)?, "")
}

impl Settings {
    /// The required accounts that are not chosen yet, as paths in the settings document.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let required = [
            ("accounts.contract_revenue", &self.accounts.contract_revenue),
            (
                "accounts.accounts_receivable",
                &self.accounts.accounts_receivable,
            ),
            ("accounts.retainage", &self.accounts.retainage),
        ];
        required
            .into_iter()
            .filter(|(_, id)| id.is_none())
            .map(|(path, _)| path)
            .collect()
    }
}

fn optional_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::<QuickBooksId>::deserialize(deserializer).map(|id| id.map(|id| id.0))
}

fn id_map<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let mut ids = BTreeMap::new();
    for (key, QuickBooksId(id)) in BTreeMap::<String, QuickBooksId>::deserialize(deserializer)? {
        if key.parse::<Id>().is_err() {
            return Err(D::Error::custom(format_args!(
                "has a key that is not an id: {key:?}"
            )));
        }
        ids.insert(key, id);
    }
    Ok(ids)
}

/// An id of QuickBooks': text, although it looks like a number.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct QuickBooksId(String);

impl TryFrom<String> for QuickBooksId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let sound = (1..=MAX_ID_LENGTH).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if sound {
            Ok(Self(text))
        } else {
            Err("must be a QuickBooks id")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn contract() -> Value {
        json!({
            "accounts": {"contract_revenue": "79", "accounts_receivable": "84", "retainage": "91", "deposit": null},
            "retainage_method": "journal_entry", "invoice_lines": "single",
            "class_tracking": {"mode": "off", "projects": {}},
            "customers": {"auto_create": true, "matches": {}},
            "sync": {"mode": "automatic", "start_date": null},
        })
    }

    fn read(value: &Value) -> Result<Settings, InvalidSettings> {
        parse(value.to_string().as_bytes())
    }

    fn with(pointer: &str, name: &str, value: Value) -> Value {
        let mut settings = contract();
        settings.pointer_mut(pointer).unwrap()[name] = value;
        settings
    }

    #[test]
    fn the_contracts_document_reads_and_writes_back_the_same() {
        let settings = read(&contract()).unwrap();
        assert_eq!(serde_json::to_value(&settings).unwrap(), contract());
        assert!(settings.missing().is_empty());
    }

    #[test]
    fn a_firm_starts_with_the_documented_defaults_and_no_accounts() {
        let mut expected = contract();
        for account in ["contract_revenue", "accounts_receivable", "retainage"] {
            expected["accounts"][account] = Value::Null;
        }
        assert_eq!(serde_json::to_value(Settings::default()).unwrap(), expected);
        assert_eq!(read(&json!({})).unwrap(), Settings::default());
        let missing = [
            "accounts.contract_revenue",
            "accounts.accounts_receivable",
            "accounts.retainage",
        ];
        assert_eq!(Settings::default().missing(), missing);
    }

    #[test]
    fn every_choice_is_read() {
        let settings = read(&json!({
            "accounts": {"deposit": "35"}, "retainage_method": "invoice_line", "invoice_lines": "by_sov_item",
            "class_tracking": {"mode": "manual", "projects": {"prj_1": "5000000000000007280"}},
            "customers": {"auto_create": false, "matches": {"gc_1": "58"}},
            "sync": {"mode": "paused", "start_date": "2026-01-01"},
        }));
        let settings = settings.unwrap();
        assert_eq!(settings.accounts.deposit.as_deref(), Some("35"));
        assert_eq!(settings.retainage_method, RetainageMethod::InvoiceLine);
        assert_eq!(settings.invoice_lines, InvoiceLines::BySovItem);
        assert_eq!(
            settings.class_tracking.projects["prj_1"],
            "5000000000000007280"
        );
        assert!(!settings.customers.auto_create);
        assert_eq!(
            settings.sync.start_date,
            Some(jiff::civil::date(2026, 1, 1))
        );
    }

    #[test]
    fn whatever_is_wrong_is_named_by_its_path() {
        let cases = [
            (with("", "colour", json!("blue")), "colour"),
            (with("/accounts", "cash", json!("1")), "accounts.cash"),
            (
                with("/accounts", "retainage", json!(91)),
                "accounts.retainage",
            ),
            (
                with("/accounts", "retainage", json!("")),
                "accounts.retainage",
            ),
            (
                with("/accounts", "retainage", json!("9 1")),
                "accounts.retainage",
            ),
            (
                with("", "retainage_method", json!("JournalEntry")),
                "retainage_method",
            ),
            (with("", "invoice_lines", json!(null)), "invoice_lines"),
            (with("", "accounts", json!([])), "accounts"),
            (
                with("/class_tracking", "mode", json!("on")),
                "class_tracking.mode",
            ),
            (
                with("/class_tracking", "projects", json!({"prj 1": "2"})),
                "class_tracking.projects",
            ),
            (
                with("/class_tracking", "projects", json!({"prj_1": 2})),
                "class_tracking.projects.prj_1",
            ),
            (
                with("/customers", "auto_create", json!("yes")),
                "customers.auto_create",
            ),
            (
                with("/sync", "start_date", json!("2026-1-1")),
                "sync.start_date",
            ),
            (json!("settings"), "body"),
            (json!([]), "body"),
        ];
        for (value, expected) in cases {
            match read(&value) {
                Err(Invalid::Field { field, .. }) => assert_eq!(field, expected),
                other => panic!("{expected}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_not_json_is_told_apart() {
        assert!(matches!(parse(b"{"), Err(Invalid::NotJson { .. })));
    }
}

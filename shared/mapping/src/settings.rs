//! The settings of a firm: accounts, retainage method, classes, customers and when to post.

// Top first: a module uses only modules below it.
mod opening;
mod ids;

pub use self::opening::OpeningAmount;

use std::collections::BTreeMap;

use billing::{Id, InputError, calendar, wire};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::held::Holder;

/// The reason why a settings document was refused: invalid JSON, or the path of the first wrong field.
pub type InvalidSettings = InputError;

/// All settings of one firm, in the JSON shape of the contract. A firm starts with the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The accounts that documents are posted to.
    pub accounts: Accounts,
    /// The method by which retainage is posted.
    pub retainage_method: RetainageMethod,
    /// The retainage that projects held before RIVET, by RIVET project id.
    #[serde(deserialize_with = "opening::amounts")]
    pub retainage_opening: BTreeMap<String, OpeningAmount>,
    /// The level of detail of invoices.
    pub invoice_lines: InvoiceLines,
    /// The use of classes for projects.
    pub class_tracking: ClassTracking,
    /// The way in which customers are found.
    pub customers: Customers,
    /// The time at which documents are posted.
    pub sync: SyncSettings,
}

/// QuickBooks ids of the chosen accounts, `None` until the firm chooses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Accounts {
    /// Income account: billed work is credited here.
    #[serde(deserialize_with = "ids::optional_id")]
    pub contract_revenue: Option<String>,
    /// Accounts Receivable account: invoices and releases are debited here.
    #[serde(deserialize_with = "ids::optional_id")]
    pub accounts_receivable: Option<String>,
    /// Other Current Asset account that holds withheld amounts.
    #[serde(deserialize_with = "ids::optional_id")]
    pub retainage: Option<String>,
    /// Account that payments are deposited to. Without one QuickBooks uses Undeposited Funds.
    #[serde(deserialize_with = "ids::optional_id")]
    pub deposit: Option<String>,
}

/// The method by which retainage is posted. The first two lead to the same balances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RetainageMethod {
    /// The invoice is net, and a journal entry posts the withheld amount.
    #[default]
    JournalEntry,
    /// The invoice is gross, with a negative line for the withheld amount.
    InvoiceLine,
    /// The invoice is net, and the books have nothing of the withheld amount. Its release is an invoice on revenue.
    BilledOnRelease,
}

/// The level of detail of invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InvoiceLines {
    /// The invoice has one line for all work.
    #[default]
    Single,
    /// The invoice has a line for each item of the schedule of values.
    BySovItem,
}

/// The use of QuickBooks classes for projects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ClassTracking {
    /// The party that creates classes, if projects have any.
    pub mode: ClassMode,
    /// QuickBooks class id by RIVET project id, for [`ClassMode::Manual`].
    #[serde(deserialize_with = "ids::id_map")]
    pub projects: BTreeMap<String, String>,
}

/// The way in which projects become classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClassMode {
    /// Projects have no classes.
    #[default]
    Off,
    /// RIVET creates a class for each project when the project first needs it.
    AutoCreate,
    /// The firm chooses an existing class for each project.
    Manual,
}

/// The way in which customers are found in QuickBooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Customers {
    /// True if RIVET creates a customer that QuickBooks does not have.
    pub auto_create: bool,
    /// QuickBooks customer id by RIVET customer id, for matches that the firm chose.
    #[serde(deserialize_with = "ids::id_map")]
    pub matches: BTreeMap<String, String>,
    /// The use of jobs for projects.
    pub jobs: JobMode,
    /// QuickBooks id of a customer, job or project by RIVET project id. Documents of such a project are posted for it, whatever the mode.
    #[serde(deserialize_with = "ids::id_map")]
    pub projects: BTreeMap<String, String>,
}

/// The way in which projects become jobs: sub-customers of their customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobMode {
    /// Documents name the customer.
    #[default]
    Off,
    /// RIVET creates a job for each project when the project first needs it.
    AutoCreate,
}

/// The time at which documents are posted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SyncSettings {
    /// The trigger that posts documents: arrival, a request or none.
    pub mode: SyncMode,
    /// First day of posting: documents dated before this day are not posted.
    #[serde(deserialize_with = "calendar::optional_date")]
    pub start_date: Option<Date>,
    /// The treatment of documents that are dated in closed books.
    pub closed_books: ClosedBooks,
}

/// The treatment of documents that are dated in closed books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClosedBooks {
    /// Documents wait until the books are opened or a person decides.
    #[default]
    Hold,
    /// Documents are posted on the first open day.
    FirstOpenDay,
}

/// The trigger that posts documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SyncMode {
    /// Documents are posted on arrival.
    #[default]
    Automatic,
    /// Documents are posted when a person requests it.
    Manual,
    /// No document is posted for now.
    Paused,
}

impl Default for Customers {
    fn default() -> Self {
        Self {
            auto_create: true,
            matches: BTreeMap::new(),
            jobs: JobMode::Off,
            projects: BTreeMap::new(),
        }
    }
}

/// Reads a settings document. Missing fields have their default; unknown fields are refused.
///
/// # Errors
/// Returns [`InvalidSettings`] with the path of the first wrong field, or if the body is no JSON.
pub fn parse(body: &[u8]) -> Result<Settings, InvalidSettings> {
    wire::read(&wire::json(body)?, "")
}

impl Settings {
    /// Returns the required accounts that the firm has not chosen, as paths in the settings document. Nothing can be posted without
    /// them.
    #[must_use]
    pub fn missing_accounts(&self) -> Vec<&'static str> {
        let accounts = &self.accounts;
        let mut required = vec![
            ("accounts.contract_revenue", &accounts.contract_revenue),
            (
                "accounts.accounts_receivable",
                &accounts.accounts_receivable,
            ),
        ];
        if self.needs_retainage_account() {
            required.push(("accounts.retainage", &accounts.retainage));
        }
        let missing = required.into_iter().filter(|(_, id)| id.is_none());
        missing.map(|(path, _)| path).collect()
    }

    /// Returns whether withheld amounts are posted to an account.
    #[must_use]
    pub fn needs_retainage_account(&self) -> bool {
        match self.retainage_method {
            RetainageMethod::JournalEntry | RetainageMethod::InvoiceLine => true,
            RetainageMethod::BilledOnRelease => false,
        }
    }

    /// Returns the retainage that a project held before RIVET.
    #[must_use]
    pub fn opening(&self, project: &Id) -> Decimal {
        let opening = self.retainage_opening.get(project.as_ref());
        opening.map_or(Decimal::ZERO, |opening| opening.0)
    }

    /// Returns the holder of what is withheld now, `None` if the method needs an account that the firm has not chosen.
    #[must_use]
    pub fn retainage_holder(&self) -> Option<Holder> {
        if self.needs_retainage_account() {
            self.accounts.retainage.clone().map(Holder::Account)
        } else {
            Some(Holder::Rivet)
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
            "retainage_method": "journal_entry", "retainage_opening": {}, "invoice_lines": "single",
            "class_tracking": {"mode": "off", "projects": {}},
            "customers": {"auto_create": true, "matches": {}, "jobs": "off", "projects": {}},
            "sync": {"mode": "automatic", "start_date": null, "closed_books": "hold"},
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
    fn contract_document_reads_and_writes_unchanged() {
        let settings = read(&contract()).unwrap();
        assert_eq!(serde_json::to_value(&settings).unwrap(), contract());
        assert!(settings.missing_accounts().is_empty());
    }

    #[test]
    fn default_settings_have_no_accounts() {
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
        assert_eq!(Settings::default().missing_accounts(), missing);
    }

    #[test]
    fn every_setting_is_read() {
        let settings = read(&json!({
            "accounts": {"deposit": "35"}, "retainage_method": "invoice_line", "invoice_lines": "by_sov_item",
            "retainage_opening": {"prj_1": "15150.5"},
            "class_tracking": {"mode": "manual", "projects": {"prj_1": "5000000000000007280"}},
            "customers": {"auto_create": false, "matches": {"gc_1": "58"}, "jobs": "auto_create", "projects": {"prj_1": "61"}},
            "sync": {"mode": "paused", "start_date": "2026-01-01", "closed_books": "first_open_day"},
        }));
        let settings = settings.unwrap();
        assert_eq!(settings.accounts.deposit.as_deref(), Some("35"));
        assert_eq!(settings.retainage_method, RetainageMethod::InvoiceLine);
        let opening = settings.opening(&"prj_1".parse().unwrap());
        assert_eq!(opening.to_string(), "15150.50");
        let none = settings.opening(&"prj_2".parse().unwrap());
        assert!(none.is_zero());
        assert_eq!(settings.invoice_lines, InvoiceLines::BySovItem);
        assert_eq!(
            settings.class_tracking.projects["prj_1"],
            "5000000000000007280"
        );
        assert!(!settings.customers.auto_create);
        assert_eq!(settings.customers.jobs, JobMode::AutoCreate);
        assert_eq!(settings.customers.projects["prj_1"], "61");
        assert_eq!(settings.sync.closed_books, ClosedBooks::FirstOpenDay);
        assert_eq!(
            settings.sync.start_date,
            Some(jiff::civil::date(2026, 1, 1))
        );
    }

    #[test]
    fn wrong_field_is_named_by_its_path() {
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
            (
                with("", "retainage_opening", json!({"prj 1": "1.00"})),
                "retainage_opening",
            ),
            (
                with("", "retainage_opening", json!({"prj_1": "-0.01"})),
                "retainage_opening.prj_1",
            ),
            (
                with("", "retainage_opening", json!({"prj_1": "1.005"})),
                "retainage_opening.prj_1",
            ),
            (
                with("", "retainage_opening", json!({"prj_1": 15150})),
                "retainage_opening.prj_1",
            ),
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
                with("/customers", "jobs", json!("manual")),
                "customers.jobs",
            ),
            (
                with("/customers", "projects", json!({"prj_1": 61})),
                "customers.projects.prj_1",
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
                Err(InputError::Field { field, .. }) => assert_eq!(field, expected),
                other => panic!("{expected}: {other:?}"),
            }
        }
    }

    #[test]
    fn invalid_json_is_a_separate_error() {
        assert!(matches!(parse(b"{"), Err(InputError::NotJson { .. })));
    }
}

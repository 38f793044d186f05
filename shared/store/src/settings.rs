//! The stored settings of a firm.

pub mod operations;

use jiff::Timestamp;
use mapping::{AccountPurpose, ReleaseForm, Settings, SyncMode};
use ports::records::Record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The settings of a firm with the version that its `ETag` names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SettingsRecord {
    /// The number of changes so far.
    pub version: u64,
    /// The settings.
    pub settings: Settings,
    /// The settings paths of accounts that were suitable when chosen and are no longer suitable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfit_accounts: Vec<String>,
    /// The ids of the company's active Accounts Receivable accounts. Empty until they were read.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub receivables: BTreeSet<String>,
    /// The time at which syncing was last resumed after a pause.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json::optional_instant"
    )]
    pub resumed_at: Option<Timestamp>,
}

/// Settings that were checked against the company.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckedSettings {
    /// The settings.
    pub settings: Settings,
    /// The ids of the active Accounts Receivable accounts, if the company's accounts were read for the check.
    pub receivables: Option<BTreeSet<String>>,
}

impl From<Settings> for CheckedSettings {
    fn from(settings: Settings) -> Self {
        Self {
            settings,
            receivables: None,
        }
    }
}

/// An account that changed, as far as Accounts Receivable is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundReceivable {
    /// The id of the account.
    pub id: String,
    /// The account is active and of the type Accounts Receivable.
    pub is_receivable: bool,
}

/// The fitness of one chosen account for its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountFitness {
    /// The path of the account in the settings document.
    pub path: &'static str,
    /// The account is active and its type fits.
    pub is_fit: bool,
}

impl SettingsRecord {
    /// Returns the paths of the settings that must be chosen before any posting: those never chosen, and accounts that are no longer
    /// suitable.
    pub fn missing(&self) -> Vec<String> {
        let never = self.settings.missing_accounts();
        let mut missing: Vec<String> = never.iter().map(ToString::to_string).collect();
        let unfit = self.unfit_accounts.iter();
        missing.extend(unfit.filter(|path| self.is_used(path)).cloned());
        missing
    }

    /// Returns whether postings use the account that the firm chose at a path.
    fn is_used(&self, path: &str) -> bool {
        let used = |purpose: AccountPurpose| {
            purpose == AccountPurpose::Deposit || purpose.is_required(&self.settings)
        };
        let mut purposes = AccountPurpose::ALL.into_iter();
        purposes.any(|purpose| purpose.settings_path() == path && used(purpose))
    }

    /// Replaces the settings with checked ones. The end of a pause is remembered.
    pub fn replace(&mut self, checked: &CheckedSettings, now: Timestamp) {
        let settings = &checked.settings;
        if let Some(receivables) = &checked.receivables {
            self.receivables.clone_from(receivables);
        }
        let was_paused = self.settings.sync.mode == SyncMode::Paused;
        if was_paused && settings.sync.mode != SyncMode::Paused {
            self.resumed_at = Some(now);
        }
        self.version += 1;
        self.settings.clone_from(settings);
        // The caller checked each account.
        self.unfit_accounts.clear();
    }

    /// Records which accounts are active Accounts Receivable accounts now. Returns whether the settings changed.
    pub fn set_receivables(&mut self, found: &[FoundReceivable]) -> bool {
        let mut has_changed = false;
        for account in found {
            has_changed |= if account.is_receivable {
                self.receivables.insert(account.id.clone())
            } else {
                self.receivables.remove(&account.id)
            };
        }
        has_changed
    }

    /// Sets the fitness of accounts. Returns whether the settings changed.
    pub fn set_account_fitness(&mut self, found: &[AccountFitness]) -> bool {
        let before = self.unfit_accounts.len();
        let fits = |path: &String| found.iter().any(|of| of.path == path && of.is_fit);
        self.unfit_accounts.retain(|path| !fits(path));
        let mut has_changed = self.unfit_accounts.len() != before;
        for unfit in found.iter().filter(|of| !of.is_fit) {
            if !self.unfit_accounts.iter().any(|known| known == unfit.path) {
                self.unfit_accounts.push(unfit.path.to_owned());
                has_changed = true;
            }
        }
        has_changed
    }
}

/// Returns the kind of transaction that a release becomes, by the ids of the active Accounts Receivable accounts. QuickBooks' sales forms
/// post to only one of them, so a release is a sales form if there are several.
pub fn release_form(receivables: &BTreeSet<String>) -> ReleaseForm {
    if receivables.len() > 1 {
        ReleaseForm::Invoice
    } else {
        ReleaseForm::ByMethod
    }
}

impl Record for SettingsRecord {
    const KIND: &'static str = "settings";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(id: &str, is_receivable: bool) -> FoundReceivable {
        FoundReceivable {
            id: id.into(),
            is_receivable,
        }
    }

    #[test]
    fn second_receivable_account_makes_releases_invoices() {
        let mut record = SettingsRecord::default();
        assert_eq!(release_form(&record.receivables), ReleaseForm::ByMethod);
        assert!(record.set_receivables(&[found("84", true)]));
        assert!(!record.set_receivables(&[found("84", true), found("91", false)]));
        assert_eq!(release_form(&record.receivables), ReleaseForm::ByMethod);
        assert!(record.set_receivables(&[found("85", true)]));
        assert_eq!(release_form(&record.receivables), ReleaseForm::Invoice);
        assert!(record.set_receivables(&[found("85", false)]));
        assert_eq!(release_form(&record.receivables), ReleaseForm::ByMethod);
    }

    #[test]
    fn first_settings_record_knows_no_receivable_accounts() {
        let stored = serde_json::json!({ "version": 3, "settings": {} });
        let record: SettingsRecord = json::read(&stored).unwrap();
        assert!(record.receivables.is_empty());
        assert_eq!(
            serde_json::to_value(&record).unwrap().get("receivables"),
            None
        );
    }

    #[test]
    fn unfit_retainage_account_matters_only_where_it_is_used() {
        let mut record = SettingsRecord {
            unfit_accounts: vec!["accounts.retainage".into()],
            ..SettingsRecord::default()
        };
        let is_missing =
            |record: &SettingsRecord| record.missing().contains(&"accounts.retainage".into());
        record.settings.accounts.retainage = Some("91".into());
        assert!(is_missing(&record));
        record.settings.retainage_method = mapping::RetainageMethod::BilledOnRelease;
        assert!(!is_missing(&record));
    }
}

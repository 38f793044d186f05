//! The stored settings of a firm.

pub mod operations;

use jiff::Timestamp;
use mapping::{Settings, SyncMode};
use ports::records::Record;
use serde::{Deserialize, Serialize};

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
    /// The time at which syncing was last resumed after a pause.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json::optional_instant"
    )]
    pub resumed_at: Option<Timestamp>,
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
        missing.extend(self.unfit_accounts.iter().cloned());
        missing
    }

    /// Replaces the settings with checked ones. The end of a pause is remembered.
    pub fn replace(&mut self, settings: &Settings, now: Timestamp) {
        let was_paused = self.settings.sync.mode == SyncMode::Paused;
        if was_paused && settings.sync.mode != SyncMode::Paused {
            self.resumed_at = Some(now);
        }
        self.version += 1;
        self.settings.clone_from(settings);
        // The caller checked each account.
        self.unfit_accounts.clear();
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

impl Record for SettingsRecord {
    const KIND: &'static str = "settings";
}

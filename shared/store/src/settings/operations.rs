//! Operations on the settings of a firm.

use crate::Store;
use crate::settings::{AccountFitness, CheckedSettings, FoundReceivable, SettingsRecord};
use billing::{FirmId, Id};
use jiff::Timestamp;
use mapping::Settings;
use ports::records::{Records, StoreError};
use std::collections::BTreeMap;

/// A list of matches in the settings: RIVET's ids with the QuickBooks ids that the user chose.
pub type MatchList = fn(&mut Settings) -> &mut BTreeMap<String, String>;

/// The reference to a match in the settings.
#[derive(Clone, Copy)]
pub struct ChosenMatch<'a> {
    /// The list that contains the match.
    pub list: MatchList,
    /// RIVET's id of the customer or project.
    pub id: &'a Id,
}

/// A merge of two entries of a list in QuickBooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge<'a> {
    /// The id of the entry that is gone.
    pub gone: &'a str,
    /// The id of the entry that continues for both.
    pub into: &'a str,
}

impl<R: Records> Store<R> {
    /// Loads the settings of a firm. The defaults if the firm saved none.
    pub async fn settings(&self, firm: &FirmId) -> Result<SettingsRecord, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Replaces the settings if `version` is still the latest. Returns the new record, or `None` if the version is outdated.
    pub async fn replace_settings(
        &self,
        firm: &FirmId,
        version: u64,
        checked: &CheckedSettings,
        now: Timestamp,
    ) -> Result<Option<SettingsRecord>, StoreError> {
        let mut is_latest = false;
        let replace = &mut |current: &mut SettingsRecord| {
            is_latest = current.version == version;
            if is_latest {
                current.replace(checked, now);
            }
            is_latest
        };
        let record = self.update_or_create(firm.as_ref(), replace).await?;
        Ok(is_latest.then_some(record))
    }

    /// Saves what is known of accounts: the fitness of those that were chosen, and the company's Accounts Receivable accounts.
    pub async fn set_account_fitness(
        &self,
        firm: &FirmId,
        found: &[AccountFitness],
        receivables: &[FoundReceivable],
    ) -> Result<SettingsRecord, StoreError> {
        let set = &mut |current: &mut SettingsRecord| {
            let has_changed = current.set_account_fitness(found);
            current.set_receivables(receivables) || has_changed
        };
        self.update_or_create(firm.as_ref(), set).await
    }

    /// Follows a merge in QuickBooks. If the user chose the entry that is gone, the remaining entry becomes the choice.
    pub async fn replace_match(
        &self,
        firm: &FirmId,
        chosen: ChosenMatch<'_>,
        merge: Merge<'_>,
    ) -> Result<SettingsRecord, StoreError> {
        let follow = &mut |current: &mut SettingsRecord| {
            let matched = (chosen.list)(&mut current.settings).get_mut(chosen.id.as_ref());
            let Some(matched) = matched.filter(|matched| *matched == merge.gone) else {
                return false;
            };
            merge.into.clone_into(matched);
            current.version += 1;
            true
        };
        self.update_or_create(firm.as_ref(), follow).await
    }
}

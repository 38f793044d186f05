//! The settings of the firm.

use super::world::World;
use bridge::replace_settings::{self, Replacement};
use futures::executor::block_on;
use mapping::Settings;
use samples::tie_out::Accounts;

impl World {
    /// Saves complete settings of the sample firm with a change.
    pub fn save_settings(&self, change: impl FnOnce(&mut Settings)) {
        let accounts = self.accounts();
        self.change_settings(|settings| {
            settings.accounts.contract_revenue = Some(accounts.revenue);
            settings.accounts.accounts_receivable = Some(accounts.receivable);
            settings.accounts.retainage = Some(accounts.retainage);
            change(settings);
        });
    }

    /// Saves the settings of the sample firm with a change.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let before = block_on(self.services.store.settings(&self.firm)).unwrap();
        let mut settings = before.settings;
        change(&mut settings);
        let replacement = Replacement {
            version: before.version,
            settings,
        };
        let saving =
            replace_settings::replace(&self.services, &self.firm, replacement, self.claimant());
        block_on(saving).unwrap();
    }

    /// Returns the ids of the company's accounts.
    pub fn accounts(&self) -> Accounts {
        let simulator = self.simulator();
        let id = |name: &str| simulator.find(&self.realm, "Account", name).expect(name);
        Accounts {
            revenue: id("Contract Revenue"),
            receivable: id("Accounts Receivable (A/R)"),
            retainage: id("Retainage Receivable"),
            deposits: id("Undeposited Funds"),
        }
    }
}

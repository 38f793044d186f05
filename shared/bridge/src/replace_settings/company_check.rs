//! Checks settings against the connected company.

use std::collections::BTreeSet;

use billing::{FirmId, Id};
use connection::services::Services;
use mapping::{AccountPurpose, ClassMode, ClassUse, Settings};
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::entity::Account;
use store::Claimant;
use store::connection::UsableGrant;
use store::settings::SettingsRecord;

use crate::error::Error;
use crate::setting_options::{
    SettingOption, present_accounts, present_classes, present_customers, suitable,
};

/// Checks settings against the connected company.
pub(super) struct CompanyCheck<'a, H, R> {
    /// The services.
    pub services: &'a Services<H, R>,
    /// The firm.
    pub firm: &'a FirmId,
    /// The caller.
    pub claimant: Claimant<'a>,
}

impl<H: Http, R: Records> CompanyCheck<'_, H, R> {
    /// Checks the accounts that changed, and those that no longer fitted, with one read. Unchanged accounts that fit cost no call. Returns
    /// the ids of the Accounts Receivable accounts, if the accounts were read.
    pub async fn accounts(
        &self,
        before: &SettingsRecord,
        after: &Settings,
    ) -> Result<Option<BTreeSet<String>>, Error> {
        let mut present = None;
        for purpose in AccountPurpose::ALL {
            let Some(id) = purpose.chosen_account(&after.accounts) else {
                continue;
            };
            let path = purpose.settings_path();
            let is_same = purpose.chosen_account(&before.settings.accounts) == Some(id);
            let is_known =
                purpose != AccountPurpose::AccountsReceivable || !before.receivables.is_empty();
            if is_same && is_known && !before.unfit_accounts.iter().any(|unfit| unfit == path) {
                continue;
            }
            let accounts = match present.take() {
                Some(accounts) => accounts,
                None => present_accounts(self.services, self.firm, self.claimant).await?,
            };
            let fitting = suitable(&accounts, purpose);
            present = Some(accounts);
            if !fitting.iter().any(|account| account.id == *id) {
                let types = purpose.account_types_text();
                let problem = format!("no active account {id} of the right type: {types}");
                return Err(field_error(path, &problem));
            }
        }
        let receivables = |accounts: Vec<Account>| {
            let found = suitable(&accounts, AccountPurpose::AccountsReceivable);
            found.into_iter().map(|account| account.id).collect()
        };
        Ok(present.map(receivables))
    }

    /// Checks that the company tracks classes and has the chosen ones, if class tracking changed.
    pub async fn classes(&self, before: &Settings, after: &Settings) -> Result<(), Error> {
        let tracking = &after.class_tracking;
        if tracking == &before.class_tracking || tracking.mode == ClassMode::Off {
            return Ok(());
        }
        let connection = self.services.store.connection(self.firm).await?;
        let UsableGrant { company, .. } = connection
            .usable_grant()
            .ok_or(Error::NotConnected(connection.status))?;
        if company.preferences.classes == ClassUse::None {
            let problem =
                "class tracking is off in the QuickBooks company, or its edition has none";
            return Err(field_error("class_tracking.mode", problem));
        }
        if tracking.projects.is_empty() {
            return Ok(());
        }
        let existing = present_classes(self.services, self.firm, self.claimant).await?;
        for (project, class) in &tracking.projects {
            if !existing.iter().any(|existing| existing.id == *class) {
                let path = format!("class_tracking.projects.{project}");
                return Err(field_error(&path, "no active class has this id"));
            }
        }
        Ok(())
    }

    /// Checks that the entries chosen for projects exist and belong to the projects' customers. Only new choices cost a read. A customer that
    /// RIVET does not know yet is compared when the project is first posted.
    pub async fn jobs(&self, before: &Settings, after: &Settings) -> Result<(), Error> {
        let chosen = self.chosen_jobs(before, after).await?;
        if chosen.is_empty() {
            return Ok(());
        }
        let ids = chosen.iter().map(|job| Some(job.chosen));
        let customers = chosen.iter().map(|job| job.customer.as_deref());
        let ids: BTreeSet<&str> = ids.chain(customers).flatten().collect();
        let present = present_customers(self.services, self.firm, &ids, self.claimant).await?;
        let named = |id: &str| present.iter().find(|option| option.id == id);
        for job in &chosen {
            let path = format!("customers.projects.{}", job.project);
            let Some(entry) = named(job.chosen) else {
                let problem = "no active customer, job or project has this id";
                return Err(field_error(&path, problem));
            };
            let customer = job.customer.as_deref().and_then(named);
            if customer.is_some_and(|customer| !is_below(entry, customer)) {
                let problem = "it is not the project's customer, nor a job or project of it";
                return Err(field_error(&path, problem));
            }
        }
        Ok(())
    }

    /// Returns the entries that were chosen for projects now.
    async fn chosen_jobs<'s>(
        &self,
        before: &Settings,
        after: &'s Settings,
    ) -> Result<Vec<ChosenJob<'s>>, StoreError> {
        let (known, mut all) = (&before.customers.projects, Vec::new());
        for (project, chosen) in &after.customers.projects {
            let project = project.parse::<Id>();
            let Some(project) = project
                .ok()
                .filter(|id| known.get(id.as_ref()) != Some(chosen))
            else {
                continue;
            };
            let record = self.services.store.project(self.firm, &project).await?;
            let customer = match record.customer {
                Some(customer) => self.customer_of(&customer, after).await?,
                None => None,
            };
            all.push(ChosenJob {
                project,
                chosen,
                customer,
            });
        }
        Ok(all)
    }

    /// Returns the id of a customer of RIVET in QuickBooks, if it is known.
    async fn customer_of(
        &self,
        customer: &Id,
        settings: &Settings,
    ) -> Result<Option<String>, StoreError> {
        if let Some(chosen) = settings.customers.matches.get(customer.as_ref()) {
            return Ok(Some(chosen.clone()));
        }
        let known = self.services.store.customer_match(self.firm, customer);
        Ok(known.await?.quickbooks_id)
    }
}

/// A project whose customer, job or project in QuickBooks the firm chose now.
struct ChosenJob<'a> {
    project: Id,
    chosen: &'a str,
    /// The customer of the project in QuickBooks, if RIVET knows it.
    customer: Option<String>,
}

/// Returns whether an entry is a customer, or a job or project of it. A full name begins with the names above.
fn is_below(entry: &SettingOption, customer: &SettingOption) -> bool {
    let above = format!("{}:", customer.name).to_lowercase();
    entry.id == customer.id || entry.name.to_lowercase().starts_with(&above)
}

fn field_error(field: &str, problem: &str) -> Error {
    Error::Field {
        field: field.into(),
        problem: problem.into(),
    }
}

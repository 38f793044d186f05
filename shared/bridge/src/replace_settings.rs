//! Replaces a firm's settings after a check against the connected company.

use std::collections::BTreeSet;

use billing::{FirmId, Id};
use connection::services::Services;
use jiff::Timestamp;
use mapping::{AccountPurpose, ClassMode, ClassUse, Settings, SyncMode};
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::Claimant;
use store::connection::UsableGrant;
use store::queue::entry::EntryState;
use store::reason::hold::HoldReason;
use store::schedule::ScheduledJob;
use store::settings::SettingsRecord;

use crate::error::Error;
use crate::setting_options::{
    SettingOption, present_accounts, present_classes, present_customers, suitable,
};

/// A change of the settings.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The version that the person read.
    pub version: u64,
    /// The new settings.
    pub settings: Settings,
}

/// Replaces the settings. The new settings must fit the company: accounts of the right type, existing classes, and class tracking only where the
/// company tracks classes.
///
/// # Errors
/// [`Error::Stale`] if the settings have another version, [`Error::Field`] for a value that does not fit, the errors of a call to
/// QuickBooks, or the store fails.
pub async fn replace<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    replacement: Replacement,
    claimant: Claimant<'_>,
) -> Result<SettingsRecord, Error> {
    let Replacement { version, settings } = replacement;
    let before = services.store.settings(firm).await?;
    if before.version != version {
        return Err(Error::Stale);
    }
    let check = CompanyCheck {
        services,
        firm,
        claimant,
    };
    check.accounts(&before, &settings).await?;
    check.classes(&before.settings, &settings).await?;
    check.jobs(&before.settings, &settings).await?;
    let saved = services
        .store
        .replace_settings(firm, version, &settings, claimant.now)
        .await?
        .ok_or(Error::Stale)?;
    release_holds(services, firm, &saved.settings, claimant.now).await?;
    Ok(saved)
}

/// Checks settings against the connected company.
struct CompanyCheck<'a, H, R> {
    services: &'a Services<H, R>,
    firm: &'a FirmId,
    claimant: Claimant<'a>,
}

impl<H: Http, R: Records> CompanyCheck<'_, H, R> {
    /// Checks the accounts that changed, and those that no longer fitted, with one read. Unchanged accounts that fit cost no call.
    async fn accounts(&self, before: &SettingsRecord, after: &Settings) -> Result<(), Error> {
        let mut present = None;
        for purpose in AccountPurpose::ALL {
            let Some(id) = purpose.chosen_account(&after.accounts) else {
                continue;
            };
            let path = purpose.settings_path();
            let is_same = purpose.chosen_account(&before.settings.accounts) == Some(id);
            if is_same && !before.unfit_accounts.iter().any(|unfit| unfit == path) {
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
        Ok(())
    }

    /// Checks that the company tracks classes and has the chosen ones, if class tracking changed.
    async fn classes(&self, before: &Settings, after: &Settings) -> Result<(), Error> {
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
    async fn jobs(&self, before: &Settings, after: &Settings) -> Result<(), Error> {
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

/// Releases the documents whose reason the new settings may have removed, and schedules a run for them.
async fn release_holds<H, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    settings: &Settings,
    now: Timestamp,
) -> Result<(), Error> {
    let store = &services.store;
    let mode = settings.sync.mode;
    let is_released = |hold: &HoldReason| is_released_in(hold, mode);
    let queue = store.release_holds(firm, is_released).await?;
    let has_pending = queue
        .entries
        .iter()
        .any(|entry| matches!(entry.state, EntryState::Pending { .. }));
    if let Some(at) = queue.next_work_at().filter(|_| has_pending) {
        let at = at.max(now);
        store.schedule_by(firm, ScheduledJob::Work, at).await?;
    }
    Ok(())
}

/// Returns whether settings with this mode may have removed the reason. The next worker checks each released document again.
fn is_released_in(hold: &HoldReason, mode: SyncMode) -> bool {
    match hold {
        HoldReason::SettingsIncomplete(_)
        | HoldReason::BeforeStartDate(_)
        | HoldReason::CustomerUnmatched(_)
        | HoldReason::CustomerInactive(_)
        | HoldReason::JobOfOtherCustomer { .. }
        | HoldReason::CustomerCurrency { .. }
        | HoldReason::ClassInactive(_)
        | HoldReason::ItemChanged(_) => true,
        HoldReason::Paused => mode != SyncMode::Paused,
        HoldReason::Manual => mode != SyncMode::Manual,
        HoldReason::NotConnected
        | HoldReason::CountryNotSupported(_)
        | HoldReason::PlanNotEligible
        | HoldReason::BooksClosed(_)
        | HoldReason::WaitingFor(_)
        | HoldReason::ItemInactive
        | HoldReason::RetainageExceeded { .. }
        | HoldReason::PaymentsApplied
        | HoldReason::AlreadyInQuickbooks(_)
        | HoldReason::AlreadyPaid(_)
        | HoldReason::CopiesInQuickbooks(_) => false,
    }
}

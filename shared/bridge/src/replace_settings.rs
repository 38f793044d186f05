//! Replaces a firm's settings after a check against the connected company.

// Top first: a module uses only modules below it.
mod company_check;

use billing::FirmId;
use connection::services::Services;
use jiff::Timestamp;
use mapping::{ClosedBooks, Settings, SyncMode, SyncSettings};
use ports::http::Http;
use ports::records::Records;
use serde_json::Value;
use std::collections::BTreeSet;
use store::Claimant;
use store::queue::entry::EntryState;
use store::reason::hold::HoldReason;
use store::schedule::ScheduledJob;
use store::settings::{CheckedSettings, SettingsRecord};

use crate::error::Error;
use crate::replace_settings::company_check::CompanyCheck;

/// A change of the settings.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The version that the person read.
    pub version: u64,
    /// The new settings.
    pub settings: Settings,
}

/// Returns the fields that differ, such as `accounts.retainage: "91" → "92"`.
pub fn changed_fields(before: &Settings, after: &Settings) -> Vec<String> {
    let json = |settings| serde_json::to_value(settings).unwrap_or_default();
    let mut changed = Vec::new();
    let (before, after) = (&json(before), &json(after));
    add_changes("", Values { before, after }, &mut changed);
    changed
}

/// Adds the fields that differ below a path. A missing field is null.
fn add_changes(path: &str, values: Values<'_>, changed: &mut Vec<String>) {
    let Values { before, after } = values;
    match (before, after) {
        (before, after) if before == after => {}
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                let [before, after] = [old, new].map(|from| from.get(name).unwrap_or(&Value::Null));
                add_changes(&path, Values { before, after }, changed);
            }
        }
        (before, after) => changed.push(format!("{path}: {before} → {after}")),
    }
}

/// The values of one field before and after a change.
#[derive(Clone, Copy)]
struct Values<'a> {
    before: &'a Value,
    after: &'a Value,
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
    let receivables = check.accounts(&before, &settings).await?;
    check.classes(&before.settings, &settings).await?;
    check.jobs(&before.settings, &settings).await?;
    let checked = CheckedSettings {
        settings,
        receivables,
    };
    let saved = services
        .store
        .replace_settings(firm, version, &checked, claimant.now)
        .await?
        .ok_or(Error::Stale)?;
    release_holds(services, firm, &saved.settings, claimant.now).await?;
    Ok(saved)
}

/// Releases the documents whose reason the new settings may have removed, and schedules a run for them.
async fn release_holds<H, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    settings: &Settings,
    now: Timestamp,
) -> Result<(), Error> {
    let store = &services.store;
    let sync = &settings.sync;
    let is_released = |hold: &HoldReason| is_released_in(hold, sync);
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

/// Returns whether settings may have removed the reason. The next worker checks each released document again.
fn is_released_in(hold: &HoldReason, sync: &SyncSettings) -> bool {
    let mode = sync.mode;
    match hold {
        HoldReason::SettingsIncomplete(_)
        | HoldReason::BeforeStartDate(_)
        | HoldReason::CustomerUnmatched(_)
        | HoldReason::CustomerInactive(_)
        | HoldReason::JobOfOtherCustomer { .. }
        | HoldReason::CustomerCurrency { .. }
        | HoldReason::ClassInactive(_)
        | HoldReason::ItemChanged(_)
        | HoldReason::RetainageExceeded { .. } => true,
        HoldReason::Paused => mode != SyncMode::Paused,
        HoldReason::Manual => mode != SyncMode::Manual,
        HoldReason::BooksClosed(_) => sync.closed_books == ClosedBooks::FirstOpenDay,
        HoldReason::NotConnected
        | HoldReason::CountryNotSupported(_)
        | HoldReason::PlanNotEligible
        | HoldReason::WaitingFor(_)
        | HoldReason::ItemInactive
        | HoldReason::PaymentsApplied
        | HoldReason::AlreadyInQuickbooks(_)
        | HoldReason::AlreadyPaid(_)
        | HoldReason::CopiesInQuickbooks(_) => false,
    }
}

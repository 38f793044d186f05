//! The firm's settings: read, and replaced after a check against the company that they are for.

use crate::error::Error;
use crate::setting_options::{accounts, classes};
use billing::FirmId;
use connection::services::Services;
use jiff::Timestamp;
use mapping::{AccountPurpose, ClassMode, ClassUse, Settings, SyncMode};
use ports::http::Http;
use ports::records::Records;
use store::connection::UsableGrant;
use store::queue::entry::EntryState;
use store::reason::hold::HoldReason;
use store::schedule::ScheduledJob;
use store::settings::SettingsRecord;

/// A change of the settings by somebody who read `version` of them.
pub struct Replacement {
    /// The version that was read.
    pub version: u64,
    /// The new settings.
    pub settings: Settings,
}

/// Replaces the settings. What is saved fits the company: accounts of the right kind, classes that
/// exist, class tracking only where the company tracks them.
pub async fn replace<H: Http, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    replacement: Replacement,
    (owner, now): (&str, Timestamp),
) -> Result<SettingsRecord, Error> {
    let before = bridge.store.settings(firm).await?;
    if before.version != replacement.version {
        return Err(Error::Stale);
    }
    let checked = (&before.settings, &replacement.settings);
    check_accounts(bridge, firm, (&before, &replacement.settings), (owner, now)).await?;
    check_classes(bridge, firm, checked, (owner, now)).await?;
    let saved = bridge
        .store
        .replace_settings(firm, replacement.version, &replacement.settings)
        .await?
        .ok_or(Error::Stale)?;
    cure(bridge, firm, &saved.settings, now).await?;
    Ok(saved)
}

/// Only what changes is asked about, and what fitted no longer: saving the same accounts costs no call.
async fn check_accounts<H: Http, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    (before, after): (&SettingsRecord, &Settings),
    (owner, now): (&str, Timestamp),
) -> Result<(), Error> {
    for purpose in AccountPurpose::ALL {
        let Some(id) = purpose.chosen_account(&after.accounts) else {
            continue;
        };
        let is_same = purpose.chosen_account(&before.settings.accounts) == Some(id);
        if is_same
            && !before
                .unfit_accounts
                .iter()
                .any(|path| path == purpose.settings_path())
        {
            continue;
        }
        let fitting = accounts(bridge, firm, purpose, (owner, now)).await?;
        if !fitting.iter().any(|account| account.id == *id) {
            let problem = format!(
                "no active account {id} of the right type: {}",
                purpose.account_types_text()
            );
            return Err(Error::Field {
                field: purpose.settings_path().into(),
                problem,
            });
        }
    }
    Ok(())
}

async fn check_classes<H: Http, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    (before, after): (&Settings, &Settings),
    (owner, now): (&str, Timestamp),
) -> Result<(), Error> {
    let tracking = &after.class_tracking;
    if tracking == &before.class_tracking || tracking.mode == ClassMode::Off {
        return Ok(());
    }
    let connection = bridge.store.connection(firm).await?;
    let UsableGrant { company, .. } = connection
        .usable_grant()
        .ok_or(Error::NotConnected(connection.status))?;
    if company.books.classes == ClassUse::None {
        let problem = "class tracking is off in the QuickBooks company, or its edition has none";
        return Err(field("class_tracking.mode", problem));
    }
    if tracking.projects.is_empty() {
        return Ok(());
    }
    let known = classes(bridge, firm, (owner, now)).await?;
    for (project, class) in &tracking.projects {
        if !known.iter().any(|known| known.id == *class) {
            let name = format!("class_tracking.projects.{project}");
            return Err(field(&name, "no active class has this id"));
        }
    }
    Ok(())
}

fn field(field: &str, problem: &str) -> Error {
    Error::Field {
        field: field.into(),
        problem: problem.into(),
    }
}

/// What the old settings held back is tried again under the new ones.
async fn cure<H, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    settings: &Settings,
    now: Timestamp,
) -> Result<(), Error> {
    let mode = settings.sync.mode;
    let cured = |hold: &HoldReason| match hold {
        HoldReason::SettingsIncomplete(_)
        | HoldReason::BeforeStartDate(_)
        | HoldReason::CustomerUnmatched(_)
        | HoldReason::CustomerInactive(_)
        | HoldReason::ClassInactive(_) => true,
        HoldReason::Paused => mode != SyncMode::Paused,
        HoldReason::Manual => mode != SyncMode::Manual,
        _ => false,
    };
    let desk = bridge.store.release_holds(firm, cured).await?;
    let ready = desk
        .entries
        .iter()
        .any(|waiting| matches!(waiting.state, EntryState::Pending { .. }));
    match desk.next_work_at().filter(|_| ready) {
        Some(at) => Ok(bridge
            .store
            .schedule_by(firm, ScheduledJob::Work, at.max(now))
            .await?),
        None => Ok(()),
    }
}

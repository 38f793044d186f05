//! Follows changes of what posting depends on: the company's preferences, the chosen accounts and the lists.

use crate::observation::Scan;
use mapping::AccountPurpose;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use quickbooks::cdc::DeletedObject;
use quickbooks::entity::ListEntry;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use store::inbox::Inbox;
use store::reason::hold::HoldReason;
use store::settings::AccountFitness;

/// Reads the preferences and the chosen accounts again, if the company announced a change of them.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub(crate) async fn check_settings<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let mut changes = inbox.waiting.iter();
    if changes.any(|change| matches!(change.kind, Kind::Preferences | Kind::CompanyInfo)) {
        read_preferences(ctx).await?;
    }
    let changes = inbox.waiting.iter();
    let accounts = changes.filter(|change| change.kind == Kind::Account);
    let chosen: Vec<&str> = accounts
        .map(|change| change.id.as_str())
        .filter(|id| purposes(ctx, id).next().is_some())
        .collect();
    if chosen.is_empty() {
        return Ok(());
    }
    let query = Query::from(Kind::Account).active_and_inactive();
    let query = query.filter(Field::Id.is_in(chosen.clone()));
    let accounts = ctx.client.query_list(&query, ctx.now()).await?;
    let is_missing = |id: &&&str| accounts.iter().all(|account| account.id != **id);
    let deleted = chosen.iter().filter(is_missing).map(|id| DeletedObject {
        id: (*id).to_owned(),
        deleted_at: None,
    });
    let deleted: Vec<DeletedObject> = deleted.collect();
    check_accounts(ctx, &accounts, &deleted).await
}

/// Releases the documents that wait for an entry of a list, if an entry of that list changed.
///
/// # Errors
/// [`PostingError`] if the queue could not be read or written.
pub(crate) async fn release_list_holds<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let announced = inbox.waiting.iter().map(|change| change.kind);
    let changed: Vec<Kind> = announced
        .chain(scan.changed_lists.iter().copied())
        .collect();
    if !changed.iter().any(|kind| scan.is_awaited(*kind)) {
        return Ok(());
    }
    let is_released = |hold: &HoldReason| hold.list().is_some_and(|list| changed.contains(&list));
    ctx.store.release_holds(ctx.firm, is_released).await?;
    Ok(())
}

/// Reads the company's preferences again. Releases the documents that were held for books that are open now.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub(crate) async fn read_preferences<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
) -> Result<(), PostingError> {
    ctx.refresh_company(ctx.now()).await?;
    let closed_through = ctx.client.preferences().book_close_date;
    let is_open = |hold: &HoldReason| match hold {
        HoldReason::BooksClosed(date) => closed_through.is_none_or(|through| *date > through),
        _ => false,
    };
    ctx.store.release_holds(ctx.firm, is_open).await?;
    Ok(())
}

/// Saves which of the chosen accounts fit their purpose. If one fits, releases the documents that waited for settings.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written.
pub(crate) async fn check_accounts<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    accounts: &[ListEntry],
    deleted: &[DeletedObject],
) -> Result<(), PostingError> {
    let mut found: Vec<AccountFitness> = Vec::new();
    for account in accounts {
        for purpose in purposes(ctx, &account.id) {
            let account_type = account.account_type.as_deref();
            let fits = purpose.fits(account_type, account.account_sub_type.as_deref());
            found.push(AccountFitness {
                path: purpose.settings_path(),
                is_fit: account.is_active && fits,
            });
        }
    }
    for account in deleted {
        let purposes = purposes(ctx, &account.id);
        found.extend(purposes.map(|purpose| AccountFitness {
            path: purpose.settings_path(),
            is_fit: false,
        }));
    }
    if found.is_empty() {
        return Ok(());
    }
    let settings = ctx.store.set_account_fitness(ctx.firm, &found).await?;
    ctx.unfit_accounts = settings.unfit_accounts;
    if found.iter().any(|account| account.is_fit) {
        let is_released = |hold: &HoldReason| matches!(hold, HoldReason::SettingsIncomplete(_));
        ctx.store.release_holds(ctx.firm, is_released).await?;
    }
    Ok(())
}

/// Returns the purposes for which an account was chosen.
fn purposes<'a, H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    id: &'a str,
) -> impl Iterator<Item = AccountPurpose> + use<'a, H, R> {
    let accounts = ctx.settings.accounts.clone();
    AccountPurpose::ALL.into_iter().filter(move |purpose| {
        purpose
            .chosen_account(&accounts)
            .is_some_and(|chosen| chosen == id)
    })
}

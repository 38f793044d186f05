//! Follows changes of the facts that posting depends on: the company's preferences, the chosen accounts and the lists.

// Top first: a module uses only modules below it.
mod announced_accounts;

mod account_fitness;

pub(crate) use crate::company_settings::account_fitness::check_accounts;

use crate::company_settings::announced_accounts::check_announced_accounts;
use crate::observation::Scan;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use quickbooks::Kind;
use store::inbox::Inbox;
use store::reason::hold::HoldReason;

/// Reads the preferences and the chosen accounts again, if the company announced a change of them.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub(crate) async fn check_settings<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let mut changes = inbox.pending.iter();
    if changes.any(|change| matches!(change.kind, Kind::Preferences | Kind::CompanyInfo)) {
        read_preferences(ctx).await?;
    }
    check_announced_accounts(ctx, inbox).await
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
    let announced = inbox.pending.iter().map(|change| change.kind);
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

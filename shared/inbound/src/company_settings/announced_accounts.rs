//! Reads the chosen accounts whose change the company announced.

use crate::company_settings::account_fitness::{check_accounts, purposes};
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use quickbooks::cdc::DeletedObject;
use quickbooks::entity::ListEntry;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use store::inbox::Inbox;

/// Reads the chosen accounts that changed, and saves their fitness for their purposes.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub(super) async fn check_announced_accounts<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let changes = inbox.pending.iter();
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
    check_accounts(ctx, &accounts, &missing(&chosen, &accounts)).await
}

/// Returns the chosen accounts that QuickBooks did not find.
fn missing(chosen: &[&str], found: &[ListEntry]) -> Vec<DeletedObject> {
    let is_missing = |id: &&&str| found.iter().all(|account| account.id != **id);
    let missing = chosen.iter().filter(is_missing).map(|id| DeletedObject {
        id: (*id).to_owned(),
        deleted_at: None,
    });
    missing.collect()
}

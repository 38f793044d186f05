//! Checks the chosen accounts: each must be active and of a type that fits its purpose.

use mapping::AccountPurpose;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use posting::items;
use quickbooks::cdc::DeletedObject;
use quickbooks::entity::ListEntry;
use store::reason::hold::HoldReason;
use store::settings::{AccountFitness, FoundReceivable};

/// Saves which chosen accounts fit their purpose, and which Accounts Receivable accounts there are. If an account fits, releases the
/// documents that waited for settings.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written.
pub(crate) async fn check_accounts<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    accounts: &[ListEntry],
    deleted: &[DeletedObject],
) -> Result<(), PostingError> {
    let receivables = found_receivables(ctx, accounts, deleted);
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
    if found.is_empty() && receivables.is_empty() {
        return Ok(());
    }
    let saved = ctx
        .store
        .set_account_fitness(ctx.firm, &found, &receivables);
    let settings = saved.await?;
    ctx.receivables = settings.receivables;
    let before = std::mem::replace(&mut ctx.unfit_accounts, settings.unfit_accounts);
    if ctx.unfit_accounts.len() < before.len() {
        // Changes of items were not checked while their accounts did not fit.
        items::check_all(ctx).await?;
    }
    if found.iter().any(|account| account.is_fit) {
        let is_released = |hold: &HoldReason| matches!(hold, HoldReason::SettingsIncomplete(_));
        ctx.store.release_holds(ctx.firm, is_released).await?;
    }
    Ok(())
}

/// Returns the accounts that became or stopped being active Accounts Receivable accounts.
fn found_receivables<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    accounts: &[ListEntry],
    deleted: &[DeletedObject],
) -> Vec<FoundReceivable> {
    let receivable = AccountPurpose::AccountsReceivable;
    let listed = accounts.iter().map(|account| FoundReceivable {
        id: account.id.clone(),
        is_receivable: account.is_active
            && receivable.fits(
                account.account_type.as_deref(),
                account.account_sub_type.as_deref(),
            ),
    });
    let gone = deleted.iter().map(|account| FoundReceivable {
        id: account.id.clone(),
        is_receivable: false,
    });
    let is_news =
        |found: &FoundReceivable| ctx.receivables.contains(&found.id) != found.is_receivable;
    listed.chain(gone).filter(is_news).collect()
}

/// Returns the purposes for which an account was chosen.
pub(super) fn purposes<'a, H: Http, R: Records>(
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

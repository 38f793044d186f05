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
use store::settings::AccountFitness;

/// Saves which chosen accounts fit their purpose. If an account fits, releases the documents that waited for settings.
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

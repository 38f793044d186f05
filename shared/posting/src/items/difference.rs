//! The difference between an item in QuickBooks and what RIVET needs.

use crate::context::WorkerContext;
use crate::error::PostingError;
use mapping::AccountPurpose;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ListEntry;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use store::reason::item_change::{ItemChange, OtherAccount};

/// Returns whether an item fits an account: it posts there, is active and is not taxable.
pub fn fits(account: &str, item: &ListEntry) -> bool {
    change_of(account, item).is_none()
}

/// Returns how an item differs from what RIVET needs. The needed account has its id as its name.
pub(super) fn change_of(account: &str, item: &ListEntry) -> ItemChange {
    let posts_elsewhere = item.income_account_id != account;
    ItemChange {
        id: item.id.clone(),
        name: item.name.clone(),
        account: posts_elsewhere.then(|| OtherAccount {
            id: item.income_account_id.clone(),
            name: item.income_account_name.clone(),
            needed: account.to_owned(),
        }),
        is_inactive: !item.is_active,
        is_taxable: item.is_taxable,
    }
}

/// Returns whether an account of the settings does not fit its purpose any more.
pub(super) fn is_unfit<H: Http, R: Records>(ctx: &WorkerContext<'_, H, R>, account: &str) -> bool {
    AccountPurpose::ALL.iter().any(|purpose| {
        let chosen = purpose.chosen_account(&ctx.settings.accounts);
        let is_unfit = |path: &String| path == purpose.settings_path();
        chosen.is_some_and(|chosen| chosen == account) && ctx.unfit_accounts.iter().any(is_unfit)
    })
}

/// Replaces the id of the needed account by the account's name. Returns whether the account exists.
pub(super) async fn name_account<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    account: &str,
    change: &mut ItemChange,
) -> Result<bool, PostingError> {
    let Some(other) = &mut change.account else {
        return Ok(true);
    };
    let query = Query::from(Kind::Account).active_and_inactive();
    let query = query.filter(Field::Id.equals(account));
    let found = ctx.client.query_list(&query, ctx.now()).await?;
    let Some(needed) = found.into_iter().next() else {
        return Ok(false);
    };
    other.needed = needed.full_name;
    Ok(true)
}

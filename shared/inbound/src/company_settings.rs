//! What happens in the company to what posting rests on: its preferences, the accounts that were chosen, and the lists.

use crate::scan::snapshot::Scan;
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

/// Looks at the preferences and the chosen accounts if the company told of them.
pub async fn check_settings<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let told = |kind: Kind| inbox.waiting.iter().filter(move |told| told.kind == kind);
    let of_the_company = [Kind::Preferences, Kind::CompanyInfo];
    if of_the_company
        .into_iter()
        .any(|kind| told(kind).next().is_some())
    {
        read_preferences(ctx).await?;
    }
    let chosen: Vec<&str> = told(Kind::Account)
        .map(|told| told.id.as_str())
        .filter(|id| purposes(ctx, id).next().is_some())
        .collect();
    if chosen.is_empty() {
        return Ok(());
    }
    let query = Query::from(Kind::Account).active_and_inactive();
    let query = query.filter(Field::Id.is_in(chosen.clone()));
    let accounts = ctx.client.query_list(&query, ctx.now()).await?;
    let is_gone = |id: &&&str| accounts.iter().all(|account| account.id != **id);
    let gone = chosen.iter().filter(is_gone).map(|id| DeletedObject {
        id: (*id).to_owned(),
        deleted_at: None,
    });
    let gone: Vec<DeletedObject> = gone.collect();
    check_accounts(ctx, &accounts, &gone).await
}

/// What waits for an entry of a list is tried again once something happened to an entry of that.
pub async fn release_list_holds<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let told = inbox.waiting.iter().map(|told| told.kind);
    let touched: Vec<Kind> = told.chain(scan.changed_lists.iter().copied()).collect();
    if !touched.iter().any(|kind| scan.is_awaited(*kind)) {
        return Ok(());
    }
    let cured = |hold: &HoldReason| hold.list().is_some_and(|list| touched.contains(&list));
    ctx.store.release_holds(ctx.firm, cured).await?;
    Ok(())
}

/// The company is asked about itself again. What was held for books that are open now is released.
pub async fn read_preferences<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
) -> Result<(), PostingError> {
    ctx.refresh_company(ctx.now()).await?;
    let through = ctx.client.preferences().book_close_date;
    let is_open = |hold: &HoldReason| matches!(hold, HoldReason::BooksClosed(on) if through.is_none_or(|through| *on > through));
    ctx.store.release_holds(ctx.firm, is_open).await?;
    Ok(())
}

/// Notes which of the chosen accounts fit their purpose no longer, or do again.
pub async fn check_accounts<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    accounts: &[ListEntry],
    gone: &[DeletedObject],
) -> Result<(), PostingError> {
    let mut found: Vec<AccountFitness> = Vec::new();
    for account in accounts {
        for purpose in purposes(ctx, &account.id) {
            let kind = account.account_type.as_deref();
            let fits = purpose.fits(kind, account.account_sub_type.as_deref());
            found.push(AccountFitness {
                path: purpose.settings_path(),
                is_fit: account.is_active && fits,
            });
        }
    }
    for account in gone {
        let lost = purposes(ctx, &account.id);
        found.extend(lost.map(|purpose| AccountFitness {
            path: purpose.settings_path(),
            is_fit: false,
        }));
    }
    if found.is_empty() {
        return Ok(());
    }
    let store = ctx.store;
    ctx.unfit_accounts = store
        .set_account_fitness(ctx.firm, &found)
        .await?
        .unfit_accounts;
    if found.iter().any(|account| account.is_fit) {
        let cured = |hold: &HoldReason| matches!(hold, HoldReason::SettingsIncomplete(_));
        store.release_holds(ctx.firm, cured).await?;
    }
    Ok(())
}

/// What an account was chosen for.
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

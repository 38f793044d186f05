//! The services that use cases need, opened for one request.

use crate::back_end::{self, BackEnd};
use crate::call::Call;
use crate::counted::Counted;
use crate::http::SpinHttp;
use crate::problem::{self, Problem};
use crate::route::GET;
use crate::store::{Keyring, SealedRecords, verify_back_end};
use crate::{config, runtime};
use connection::services::Services;
use store::Store;

/// The store on Spin.
pub type SpinStore = Store<SealedRecords<Counted<BackEnd>>>;

/// The services on Spin: outbound HTTP, the store and our app at Intuit.
pub type SpinServices = Services<SpinHttp, SealedRecords<Counted<BackEnd>>>;

/// Opens the store with the deployment's keys.
///
/// # Errors
/// `firm_erased` if a user of an erased firm wants to change something, `misconfigured` if `token_keys` is missing or malformed, `store_unavailable` if the store cannot be opened.
pub async fn open_store(call: &Call<'_>) -> Result<SpinStore, Problem> {
    let keyring = config::token_keys().await?;
    let secrets = config::view_secrets().await?;
    open_store_with(call, keyring.with_view_keys(&secrets)).await
}

/// Opens the store for a component that is not granted `token_keys`. Such a component can read no sealed record.
///
/// # Errors
/// `store_unavailable` if the store cannot be opened.
pub async fn open_store_without_keys(call: &Call<'_>) -> Result<SpinStore, Problem> {
    open_store_with(call, Keyring::new(Vec::new())).await
}

/// Opens the store for a component that shows companies and is not granted `token_keys`. Such a component can open no token.
///
/// # Errors
/// `misconfigured` if `rivet_session_secret` is malformed, `store_unavailable` if the store cannot be opened.
pub async fn open_store_for_views(call: &Call<'_>) -> Result<SpinStore, Problem> {
    let secrets = config::view_secrets().await?;
    open_store_with(call, Keyring::new(Vec::new()).with_view_keys(&secrets)).await
}

/// Returns outbound HTTP for this request.
pub fn http(call: &Call<'_>) -> SpinHttp {
    SpinHttp::new(call.usage().clone())
}

/// Checks that the store can keep records: writes one, reads it back, swaps it and removes it.
///
/// # Errors
/// `store_unavailable` with the first fault.
pub async fn check_store(call: &Call<'_>) -> Result<(), Problem> {
    let key_value = back_end::open().await?;
    let nonce = call.new_entropy().token();
    let verified = verify_back_end(&key_value, &nonce).await;
    verified.map_err(|unfit| problem::store_unavailable(unfit.to_string()))
}

/// Opens outbound HTTP, the store and our app at Intuit.
///
/// # Errors
/// `misconfigured` if a variable is missing or malformed, `store_unavailable` if the store cannot be opened.
pub async fn open_services(call: &Call<'_>) -> Result<SpinServices, Problem> {
    let store = open_store(call).await?;
    if call.method() == GET {
        refuse_erased(call, &store).await?;
    }
    Ok(Services {
        http: http(call),
        store,
        app: config::oauth_app().await?,
        api_origin: config::api_origin().await?,
        notifies_documents: config::notifies_documents().await?,
    })
}

async fn open_store_with(call: &Call<'_>, keyring: Keyring) -> Result<SpinStore, Problem> {
    let store = Store::new(SealedRecords::new(
        Counted::new(back_end::open().await?, call.usage().clone()),
        keyring,
        call.new_entropy(),
        runtime::current_time,
    ));
    if call.method() != GET {
        refuse_erased(call, &store).await?;
    }
    Ok(store)
}

/// Refuses a user whose firm was erased, so that nothing is written for it.
async fn refuse_erased(call: &Call<'_>, store: &SpinStore) -> Result<(), Problem> {
    match call.session_firm() {
        Some(firm) if store.is_erased(firm).await? => Err(problem::firm_erased()),
        _ => Ok(()),
    }
}

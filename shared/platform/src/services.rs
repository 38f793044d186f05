//! The services that use cases need, opened for one request.

use crate::back_end::{self, BackEnd};
use crate::call::Call;
use crate::http::SpinHttp;
use crate::problem::Problem;
use crate::store::{Keyring, SealedRecords};
use crate::{config, runtime};
use connection::services::Services;
use store::Store;

/// The store on Spin.
pub type SpinStore = Store<SealedRecords<BackEnd>>;

/// The services on Spin: outbound HTTP, the store and our app at Intuit.
pub type SpinServices = Services<SpinHttp, SealedRecords<BackEnd>>;

/// Opens the store with the deployment's keys.
///
/// # Errors
/// `misconfigured` if `token_keys` is missing or malformed, `store_unavailable` if the store cannot be opened.
pub async fn open_store(call: &Call<'_>) -> Result<SpinStore, Problem> {
    open_store_with(call, config::token_keys().await?).await
}

/// Opens the store for a component that is not granted `token_keys`. Such a component can read no sealed record.
///
/// # Errors
/// `store_unavailable` if the store cannot be opened.
pub async fn open_store_without_keys(call: &Call<'_>) -> Result<SpinStore, Problem> {
    open_store_with(call, Keyring::new(Vec::new())).await
}

/// Opens outbound HTTP, the store and our app at Intuit.
///
/// # Errors
/// `misconfigured` if a variable is missing or malformed, `store_unavailable` if the store cannot be opened.
pub async fn open_services(call: &Call<'_>) -> Result<SpinServices, Problem> {
    Ok(Services {
        http: SpinHttp,
        store: open_store(call).await?,
        app: config::oauth_app().await?,
        api_origin: config::api_origin().await?,
        notifies_documents: config::notifies_documents().await?,
    })
}

async fn open_store_with(call: &Call<'_>, keyring: Keyring) -> Result<SpinStore, Problem> {
    Ok(Store::new(SealedRecords::new(
        back_end::open().await?,
        keyring,
        call.new_entropy(),
        runtime::current_time,
    )))
}

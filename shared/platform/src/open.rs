//! The use cases' surroundings, opened for one request.

use crate::SpinHttp;
use crate::call::Call;
use crate::config;
use crate::problem::Problem;
use crate::store::{Keyring, SealedRecords, SpinKeyValue};
use bridge::entropy::Entropy;
use bridge::{Bridge, Store};

/// The records on Spin.
pub type SpinStore = Store<SealedRecords<SpinKeyValue>>;

/// The use cases' surroundings on Spin.
pub type SpinBridge = Bridge<SpinHttp, SealedRecords<SpinKeyValue>>;

impl Call<'_> {
    /// The records, sealed with the deployment's keys.
    ///
    /// # Errors
    /// If the keys are not set up or the store cannot be reached.
    pub async fn store(&self) -> Result<SpinStore, Problem> {
        self.store_with(config::token_keys().await?).await
    }

    /// The records, for a component that is not granted the keys: it cannot open what is sealed.
    ///
    /// # Errors
    /// If the store cannot be reached.
    pub async fn store_without_keys(&self) -> Result<SpinStore, Problem> {
        self.store_with(Keyring::new(Vec::new())).await
    }

    /// The records, the network, and our app at Intuit.
    ///
    /// # Errors
    /// If a variable is not set up or the store cannot be reached.
    pub async fn bridge(&self) -> Result<SpinBridge, Problem> {
        Ok(Bridge {
            http: SpinHttp,
            store: self.store().await?,
            app: config::oauth_app().await?,
            api_origin: config::api_origin().await?,
            tells: config::tells().await?,
        })
    }

    async fn store_with(&self, keyring: Keyring) -> Result<SpinStore, Problem> {
        let opened = SpinKeyValue::open().await;
        let key_value = opened.map_err(|error| Problem::store_unavailable(error.to_string()))?;
        let entropy = Entropy::new(self.entropy());
        Ok(Store::new(SealedRecords::new(
            key_value,
            keyring,
            entropy,
            Call::time,
        )))
    }
}

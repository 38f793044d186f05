//! Operations on the facts of a company.

use crate::Store;
use crate::company_facts::KeptFacts;
use billing::FirmId;
use ports::records::{Records, StoreError};

impl<R: Records> Store<R> {
    /// Loads the facts that the company of a firm was last asked for.
    pub async fn company_facts(&self, firm: &FirmId) -> Result<KeptFacts, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Keeps what the company answered. Requests that ask at the same time keep equal facts, so the last one may win.
    pub async fn keep_company_facts(
        &self,
        firm: &FirmId,
        facts: &KeptFacts,
    ) -> Result<(), StoreError> {
        self.records.save(firm.as_ref(), facts).await
    }
}

//! The part of an unconfirmed sign-in that is not sealed, for readers without the keys. Nobody writes it.

use crate::Store;
use crate::unconfirmed_sign_in::Phase;
use jiff::Timestamp;
use ports::records::{Record, Records, StoreError};
use serde::{Deserialize, Serialize};

/// A sign-in that may wait for its person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OfferedSignIn {
    /// The time of the callback.
    #[serde(deserialize_with = "json::instant")]
    pub since: Timestamp,
    /// The time after which nobody may confirm.
    #[serde(deserialize_with = "json::instant")]
    pub expires_at: Timestamp,
    phase: Phase,
    held: Option<HeldCompany>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct HeldCompany {
    company: Option<CompanyName>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct CompanyName {
    name: String,
}

impl OfferedSignIn {
    /// Returns the name of the company that a person may confirm now, if there is one.
    pub fn company_name(&self, now: Timestamp) -> Option<&str> {
        let is_open = self.phase == Phase::Offered && now <= self.expires_at;
        let held = self.held.as_ref().filter(|_| is_open)?;
        Some(&held.company.as_ref()?.name)
    }
}

impl Record for OfferedSignIn {
    /// The kind of the sign-in's record, to which this part belongs.
    const KIND: &'static str = "unconfirmed-sign-in";
}

impl<R: Records> Store<R> {
    /// Loads the part of a sign-in that is not sealed.
    pub async fn offered_sign_in(&self, id: &str) -> Result<Option<OfferedSignIn>, StoreError> {
        self.records.load(id).await
    }
}

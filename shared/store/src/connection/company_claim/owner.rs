//! The record of the owner of a company.

use billing::FirmId;
use jiff::Timestamp;
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// The owner and claim of one company, stored under a digest of its id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct CompanyOwner {
    /// The firm that the company serves.
    pub(crate) firm: Option<FirmId>,
    /// The claim of the current request that may change the company's grant.
    pub(crate) claim: Option<CompanyClaim>,
    /// The attempt that last began to exchange a code of the company. Its grant replaces all others at Intuit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) latest_sign_in: Option<String>,
}

/// The claim of one request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CompanyClaim {
    /// The request that has the claim.
    pub(super) owner: String,
    /// The time at which the claim expires.
    #[serde(deserialize_with = "json::instant")]
    pub(super) until: Timestamp,
}

impl CompanyOwner {
    /// Returns whether `owner` has the claim.
    pub(super) fn is_claimed_by(&self, owner: &str) -> bool {
        self.claim
            .as_ref()
            .is_some_and(|claim| claim.owner == owner)
    }
}

impl Record for CompanyOwner {
    const KIND: &'static str = "company";
}

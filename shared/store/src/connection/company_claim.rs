//! The owner of a company, and the claim to change its grant at Intuit.
//!
//! Exchanging a code replaces the earlier grants of a company, and revoking a token ends them all. So both happen only under
//! the claim in this record, by one request at a time, whichever firms the requests act for.

use crate::{Claimant, CompanyKey, Store};
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::entropy::digest;
use ports::records::{Record, Records, StoreError};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The length of a claim of a company: longer than the four calls that are made under it.
const CLAIM_LEASE: SignedDuration = SignedDuration::from_secs(90);

/// The owner and claim of one company, stored under a digest of its id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct CompanyOwner {
    /// The firm that the company serves.
    firm: Option<FirmId>,
    /// The claim to change its grant now.
    claim: Option<CompanyClaim>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct CompanyClaim {
    owner: String,
    #[serde(deserialize_with = "json::instant")]
    until: Timestamp,
}

impl Record for CompanyOwner {
    const KIND: &'static str = "company";
}

/// The answer to a claim of a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyClaimResult {
    /// The company is free or serves this firm, and the claim was made.
    Ours {
        /// The company served this firm before.
        is_bound: bool,
    },
    /// The company serves another firm. The answer does not name that firm.
    Another,
    /// Another request has the claim now.
    InUse,
}

/// The binding of a company to its firm, when a claim ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyBinding {
    /// The company serves the same firm as before.
    Keep,
    /// The company serves no firm from then on.
    Remove,
}

impl<R: Records> Store<R> {
    /// Claims a company for a firm, for the time of one sign-in or revocation.
    pub async fn claim_company(
        &self,
        company: CompanyKey<'_>,
        claimant: Claimant<'_>,
    ) -> Result<CompanyClaimResult, StoreError> {
        let realm_id = company.realm_id;
        // A company of another firm is not even claimed, so that strangers do not hinder that firm.
        if self.is_held_by_another(company).await? {
            return Ok(CompanyClaimResult::Another);
        }
        let mut is_claimed = false;
        let claim = &mut |record: &mut CompanyOwner| {
            is_claimed = record
                .claim
                .as_ref()
                .is_none_or(|claim| claim.until <= claimant.now);
            if is_claimed {
                record.claim = Some(CompanyClaim {
                    owner: claimant.owner.into(),
                    until: after(claimant.now, CLAIM_LEASE),
                });
            }
            is_claimed
        };
        let record = self.update_or_create(&digest(realm_id), claim).await?;
        if !is_claimed {
            return Ok(CompanyClaimResult::InUse);
        }
        // The same check under the claim: another sign-in may have ended just before.
        if self.is_held_by_another(company).await? {
            self.release_company(realm_id, claimant.owner, CompanyBinding::Keep)
                .await?;
            return Ok(CompanyClaimResult::Another);
        }
        let is_bound = record.firm.as_ref() == Some(company.firm);
        Ok(CompanyClaimResult::Ours { is_bound })
    }

    /// Returns whether a company serves another firm.
    ///
    /// A sign-in that died after binding the company leaves a firm without a connection. Such a firm does not count.
    async fn is_held_by_another(&self, company: CompanyKey<'_>) -> Result<bool, StoreError> {
        match self.company_owner(company.realm_id).await? {
            Some(other) if other != *company.firm => {
                Ok(self.connection(&other).await?.has_company(company.realm_id))
            }
            _ => Ok(false),
        }
    }

    /// Binds a claimed company to a firm. Returns `false` if the claim has ended and the company may be another's.
    pub async fn bind_company(
        &self,
        company: CompanyKey<'_>,
        owner: &str,
    ) -> Result<bool, StoreError> {
        let mut is_claimed = false;
        let bind = &mut |record: &mut CompanyOwner| {
            is_claimed = record.is_claimed_by(owner);
            if is_claimed {
                record.firm = Some(company.firm.clone());
            }
            is_claimed
        };
        self.update_or_create(&digest(company.realm_id), bind)
            .await?;
        Ok(is_claimed)
    }

    /// Ends a claim, if `owner` still has it.
    pub async fn release_company(
        &self,
        realm_id: &str,
        owner: &str,
        binding: CompanyBinding,
    ) -> Result<(), StoreError> {
        let release = &mut |record: &mut CompanyOwner| {
            let is_claimed = record.is_claimed_by(owner);
            if is_claimed {
                record.claim = None;
                record.firm.take_if(|_| binding == CompanyBinding::Remove);
            }
            is_claimed
        };
        self.update(&digest(realm_id), release).await.map(drop)
    }

    /// Loads the firm that a company serves.
    pub async fn company_owner(&self, realm_id: &str) -> Result<Option<FirmId>, StoreError> {
        let record: CompanyOwner = self.load_or_default(&digest(realm_id)).await?;
        Ok(record.firm)
    }
}

impl CompanyOwner {
    fn is_claimed_by(&self, owner: &str) -> bool {
        self.claim
            .as_ref()
            .is_some_and(|claim| claim.owner == owner)
    }
}

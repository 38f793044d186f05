//! The owner of a company, and the claim to change its grant at Intuit.
//!
//! Exchanging a code replaces the earlier grants of a company, and revoking a token ends them all. So both happen only under
//! the claim in this record, by one request at a time, whichever firms the requests act for.

// Top first: a module uses only modules below it.
mod binding;
mod owner;

pub use crate::connection::company_claim::binding::CompanyBinding;

pub(crate) use crate::connection::company_claim::owner::CompanyOwner;

use crate::connection::company_claim::owner::CompanyClaim;
use crate::{Claimant, CompanyKey, Store};
use billing::FirmId;
use jiff::SignedDuration;
use ports::entropy::digest;
use ports::records::{Records, StoreError};
use ports::time::after;

/// The length of a claim of a company: longer than the four calls that are made under it.
const CLAIM_LEASE: SignedDuration = SignedDuration::from_secs(90);

/// The answer to a claim of a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompanyClaimResult {
    /// The company is free or serves this firm, and the claim was made.
    Ours {
        /// The company served this firm before.
        is_bound: bool,
        /// The attempt that last began to exchange a code of the company.
        latest_sign_in: Option<String>,
    },
    /// The company serves another firm. The answer does not name that firm.
    Another,
    /// Another request has the claim now.
    InUse,
}

impl<R: Records> Store<R> {
    /// Claims a company for a firm, for the time of one confirmation or revocation.
    pub async fn claim_company(
        &self,
        company: CompanyKey<'_>,
        claimant: Claimant<'_>,
    ) -> Result<CompanyClaimResult, StoreError> {
        self.claim(company, claimant, None).await
    }

    /// Claims a company for a firm, for the time in which this attempt exchanges its code.
    pub async fn claim_company_for_sign_in(
        &self,
        company: CompanyKey<'_>,
        claimant: Claimant<'_>,
        attempt: &str,
    ) -> Result<CompanyClaimResult, StoreError> {
        self.claim(company, claimant, Some(attempt)).await
    }

    async fn claim(
        &self,
        company: CompanyKey<'_>,
        claimant: Claimant<'_>,
        attempt: Option<&str>,
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
                let attempt = attempt.map(str::to_owned);
                record.latest_sign_in = attempt.or(record.latest_sign_in.take());
            }
            is_claimed
        };
        let record = self.update_or_create(&digest(realm_id), claim).await?;
        if !is_claimed {
            return Ok(CompanyClaimResult::InUse);
        }
        // The check repeats under the claim, because another sign-in may have ended just before.
        if self.is_held_by_another(company).await? {
            self.release_company(realm_id, claimant.owner, CompanyBinding::Keep)
                .await?;
            return Ok(CompanyClaimResult::Another);
        }
        let is_bound = record.firm.as_ref() == Some(company.firm);
        Ok(CompanyClaimResult::Ours {
            is_bound,
            latest_sign_in: record.latest_sign_in,
        })
    }

    /// Returns whether a company serves another firm.
    ///
    /// A sign-in that crashed after binding the company leaves a firm without a connection. Such a firm does not count.
    async fn is_held_by_another(&self, company: CompanyKey<'_>) -> Result<bool, StoreError> {
        match self.company_owner(company.realm_id).await? {
            Some(other) if other != *company.firm => {
                Ok(self.connection(&other).await?.has_company(company.realm_id))
            }
            _ => Ok(false),
        }
    }

    /// Loads the firm that a company serves.
    pub async fn company_owner(&self, realm_id: &str) -> Result<Option<FirmId>, StoreError> {
        let record: CompanyOwner = self.load_or_default(&digest(realm_id)).await?;
        Ok(record.firm)
    }
}

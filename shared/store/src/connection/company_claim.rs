//! Verbs over companies: which firm each serves, and who is about to change its grant at Intuit.
//!
//! Exchanging a code supersedes a company's earlier grants and revoking a token ends them all. So both happen only under
//! the claim that lives here, by one at a time, whichever firms they act for.

use crate::Store;
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::entropy::digest;
use ports::records::{Record, Records, StoreError};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// How long a claim of a company lasts: longer than the four calls that are made under it.
const CLAIM: SignedDuration = SignedDuration::from_secs(90);

/// What is kept of a company, under a digest of its id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct CompanyOwner {
    /// The firm that it serves.
    firm: Option<FirmId>,
    /// Who is at its grant now.
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
pub enum Claimed {
    /// The company is free, or serves this firm, and the claim is ours.
    Ours {
        /// Whether it served this firm before.
        serves: bool,
    },
    /// It serves another firm; which one is not told.
    Another,
    /// Somebody is at it now.
    InUse,
}

impl<R: Records> Store<R> {
    /// Claims a company for a firm, for as long as one sign-in or revocation takes.
    pub async fn claim_company(
        &self,
        realm_id: &str,
        firm: &FirmId,
        (owner, now): (&str, Timestamp),
    ) -> Result<Claimed, StoreError> {
        // A company that is plainly taken is not even claimed, so that strangers do not get into its firm's way.
        if self.is_held_by_another(realm_id, firm).await? {
            return Ok(Claimed::Another);
        }
        let mut claimed = false;
        let claim = &mut |company: &mut CompanyOwner| {
            claimed = company
                .claim
                .as_ref()
                .is_none_or(|claim| claim.until <= now);
            if claimed {
                company.claim = Some(CompanyClaim {
                    owner: owner.into(),
                    until: after(now, CLAIM),
                });
            }
            claimed
        };
        let company = self.update_or_create(&digest(realm_id), claim).await?;
        if !claimed {
            return Ok(Claimed::InUse);
        }
        // Looked at again under the claim: another sign-in may have come to its end just before.
        if self.is_held_by_another(realm_id, firm).await? {
            self.release_company(realm_id, (owner, false)).await?;
            return Ok(Claimed::Another);
        }
        let serves = company.firm.as_ref() == Some(firm);
        Ok(Claimed::Ours { serves })
    }

    /// Whether a company serves another firm. One that a sign-in bound before it died does not, though its record says so.
    async fn is_held_by_another(&self, realm_id: &str, firm: &FirmId) -> Result<bool, StoreError> {
        match self.company_owner(realm_id).await? {
            Some(other) if other != *firm => {
                Ok(self.connection(&other).await?.has_company(realm_id))
            }
            _ => Ok(false),
        }
    }

    /// Binds a claimed company to a firm. `false` if the claim has ended and the company may be another's.
    pub async fn bind_company(
        &self,
        realm_id: &str,
        firm: &FirmId,
        owner: &str,
    ) -> Result<bool, StoreError> {
        let mut bound = false;
        let bind = &mut |company: &mut CompanyOwner| {
            bound = company.is_claimed_by(owner);
            if bound {
                company.firm = Some(firm.clone());
            }
            bound
        };
        self.update_or_create(&digest(realm_id), bind).await?;
        Ok(bound)
    }

    /// Ends a claim. `free`: the company serves nobody from then on.
    pub async fn release_company(
        &self,
        realm_id: &str,
        (owner, free): (&str, bool),
    ) -> Result<(), StoreError> {
        let leave = &mut |company: &mut CompanyOwner| {
            let ours = company.is_claimed_by(owner);
            if ours {
                company.claim = None;
                company.firm = company.firm.take().filter(|_| !free);
            }
            ours
        };
        self.update(&digest(realm_id), leave).await.map(drop)
    }

    /// The firm that a company serves.
    pub async fn company_owner(&self, realm_id: &str) -> Result<Option<FirmId>, StoreError> {
        let company: CompanyOwner = self.load_or_default(&digest(realm_id)).await?;
        Ok(company.firm)
    }
}

impl CompanyOwner {
    fn is_claimed_by(&self, owner: &str) -> bool {
        self.claim
            .as_ref()
            .is_some_and(|claim| claim.owner == owner)
    }
}

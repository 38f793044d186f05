//! Verbs over companies: which firm each serves, and who is about to change its grant at Intuit.
//!
//! Exchanging a code supersedes a company's earlier grants and revoking a token ends them all. So both happen only under
//! the claim that lives here, by one at a time, whichever firms they act for.

use super::Store;
use crate::clock::after;
use crate::entropy::digest;
use crate::ports::{Change, Record, Records, StoreError};
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
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
        let other = self
            .company_owner(realm_id)
            .await?
            .filter(|other| other != firm);
        if let Some(other) = &other
            && self.connection(other).await?.holds(realm_id)
        {
            return Ok(Claimed::Another);
        }
        let decide = |company: CompanyOwner| {
            if company.claim.is_some_and(|claim| claim.until > now) {
                return Change::Keep(Claimed::InUse);
            }
            if company
                .firm
                .as_ref()
                .is_some_and(|known| known != firm && Some(known) != other.as_ref())
            {
                return Change::Keep(Claimed::Another);
            }
            let serves = company.firm.as_ref() == Some(firm);
            let claim = CompanyClaim {
                owner: owner.into(),
                until: after(now, CLAIM),
            };
            let claimed = CompanyOwner {
                // What a sign-in that died halfway bound is free again.
                firm: company.firm.filter(|_| serves),
                claim: Some(claim),
            };
            Change::write(claimed, Claimed::Ours { serves })
        };
        self.change_ensured(&digest(realm_id), decide).await
    }

    /// Binds a claimed company to a firm. `false` if the claim has ended and the company may be another's.
    pub async fn bind_company(
        &self,
        realm_id: &str,
        firm: &FirmId,
        owner: &str,
    ) -> Result<bool, StoreError> {
        let decide = |company: CompanyOwner| {
            if !company.is_claimed_by(owner) {
                return Change::Keep(false);
            }
            let bound = CompanyOwner {
                firm: Some(firm.clone()),
                ..company
            };
            Change::write(bound, true)
        };
        self.change_ensured(&digest(realm_id), decide).await
    }

    /// Ends a claim. `free`: the company serves nobody from then on.
    pub async fn leave_company(
        &self,
        realm_id: &str,
        (owner, free): (&str, bool),
    ) -> Result<(), StoreError> {
        let decide = |company: CompanyOwner| {
            if !company.is_claimed_by(owner) {
                return Change::Keep(());
            }
            let firm = company.firm.filter(|_| !free);
            Change::write(CompanyOwner { firm, claim: None }, ())
        };
        self.records.change(&digest(realm_id), decide).await?;
        Ok(())
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

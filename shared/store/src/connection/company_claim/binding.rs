//! Operations that bind a claimed company to a firm and end the claim.

use crate::connection::company_claim::owner::CompanyOwner;
use crate::{CompanyKey, Store};
use ports::entropy::digest;
use ports::records::{Records, StoreError};

/// The binding of a company to its firm, when a claim ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyBinding {
    /// The company serves the same firm as before.
    Keep,
    /// The company serves no firm from then on.
    Remove,
}

impl<R: Records> Store<R> {
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
}

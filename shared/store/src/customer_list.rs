//! The customers whose details RIVET sent without a document. Nothing else leads to those records.
//!
//! A customer is listed once, so its later details cost no further write. The list of a firm has sixteen parts, none of which grows past
//! 64 KB below some 15 000 customers.

use crate::Store;
use billing::{FirmId, Id};
use ports::records::{Record, Records, StoreError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The number of parts of the list.
const PARTS: u8 = 16;

/// A part of the list of a firm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerList(BTreeSet<Id>);

impl Record for CustomerList {
    const KIND: &'static str = "customer-list";
}

impl<R: Records> Store<R> {
    /// Makes sure that the list has a customer. A listed customer costs no write.
    pub(crate) async fn list_customer(
        &self,
        firm: &FirmId,
        customer: &Id,
    ) -> Result<(), StoreError> {
        let part = Sha256::digest(customer.as_ref().as_bytes())[0] % PARTS;
        let name = name(firm, part);
        let listed: CustomerList = self.load_or_default(&name).await?;
        if listed.0.contains(customer) {
            return Ok(());
        }
        let add = &mut |list: &mut CustomerList| list.0.insert(customer.clone());
        self.update_or_create(&name, add).await.map(drop)
    }

    /// Loads the whole list.
    pub(crate) async fn listed_customers(&self, firm: &FirmId) -> Result<BTreeSet<Id>, StoreError> {
        let mut all = BTreeSet::new();
        for name in names(firm) {
            all.extend(self.load_or_default::<CustomerList>(&name).await?.0);
        }
        Ok(all)
    }
}

/// Returns the names of all parts of a firm's list.
pub(crate) fn names(firm: &FirmId) -> impl Iterator<Item = String> {
    (0..PARTS).map(move |part| name(firm, part))
}

fn name(firm: &FirmId, part: u8) -> String {
    format!("{firm}:{part}")
}

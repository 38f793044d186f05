//! Erases a firm everywhere.
//!
//! ```text
//! mark ──▶ closing (90 s) ──▶ revoking ──▶ removing ──▶ erased
//! ```
//! The mark comes first: events, runs and requests that begin later write nothing for the firm. Those that began before are over after the
//! closing time. Each call goes on where the last one stopped. The grant is ended at Intuit before its token is removed, unless Intuit cannot
//! be reached for a day: an unused grant ends by itself.

use billing::FirmId;
use connection::disconnect::{disconnect, revoke_if_due};
use connection::firm_connection::FirmConnection;
use connection::give_back::GiveBack;
use connection::services::AuthServices;
use ports::http::Http;
use ports::records::Records;
use serde::Serialize;
use std::collections::BTreeMap;
use store::Claimant;
use store::connection::Connection;
use store::erasure::Erasure;

use crate::error::Error;
use crate::operations::firm::ErasureView;

/// The records that each request removes at least. Finding the records of a huge firm may take the time of a whole request.
const LEAST_REMOVED: u64 = 32;

/// The state of an erasure.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EraseReport {
    firm: FirmId,
    /// `closing`: requests that began before are let finish. `revoking`: Intuit has not ended the grant yet. `removing`: records are left.
    /// `erased`: nothing is left.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["closing", "revoking", "removing", "erased"])))]
    pub state: &'static str,
    /// The seconds after which the same request goes on. Null if there is nothing to do any more.
    pub retry_after: Option<u32>,
    /// The receipt: what was removed so far.
    receipt: ErasureView,
}

/// The means to erase a firm.
pub struct Eraser<'a, H, R, C> {
    /// The network, the store and the app.
    pub auth: &'a AuthServices<'a, H, R>,
    /// Origin of Intuit's revocation endpoint.
    pub revoke_origin: &'a str,
    /// The request.
    pub claimant: Claimant<'a>,
    /// Returns whether another record may be removed.
    pub has_time: C,
}

impl<H: Http, R: Records, C: Fn() -> bool> Eraser<'_, H, R, C> {
    /// Begins the erasure of a firm, or goes on with it.
    ///
    /// # Errors
    /// The store fails, or the key of a record is gone. The same request goes on.
    pub async fn erase(&self, firm: &FirmId) -> Result<EraseReport, Error> {
        let (store, now) = (self.auth.store, self.claimant.now);
        let erasure = store.begin_erasure(firm, now).await?;
        if erasure.finished_at.is_some() {
            return Ok(report(firm, "erased", None, erasure));
        }
        let connection = self.end_grants(firm).await?;
        store.remove_sign_ins(firm).await?;
        let wait = erasure.removes_from().duration_since(now).as_secs();
        if wait > 0 {
            let seconds = u32::try_from(wait).unwrap_or(u32::MAX);
            return Ok(report(firm, "closing", Some(seconds), erasure));
        }
        let retry_at = connection
            .revocation
            .map(|revocation| revocation.not_before);
        let pending = connection.pending_sign_ins.iter().map(|next| next.due_at);
        if let Some(at) = pending.chain(retry_at).min() {
            let seconds = u32::try_from(at.duration_since(now).as_secs().max(1));
            let seconds = Some(seconds.unwrap_or(u32::MAX));
            return Ok(report(firm, "revoking", seconds, erasure));
        }
        self.remove(firm).await
    }

    /// Ends the grants of the firm at Intuit, as far as Intuit can be reached. Returns the connection afterwards.
    async fn end_grants(&self, firm: &FirmId) -> Result<Connection, Error> {
        let (auth, store) = (self.auth, self.auth.store);
        let mut connection = store.connection(firm).await?;
        if connection.grant.is_some() {
            connection = disconnect(auth, firm, self.revoke_origin, self.claimant).await?;
        } else {
            let ended = FirmConnection { firm, connection };
            connection = revoke_if_due(auth, ended, self.revoke_origin, self.claimant).await?;
        }
        let give_back = GiveBack {
            auth,
            revoke_origin: self.revoke_origin,
            claimant: self.claimant,
        };
        let pending = FirmConnection { firm, connection };
        Ok(give_back.give_back_all(pending).await?)
    }

    /// Removes the records, those that lead to others last. Returns after the last one, or when the time is up.
    async fn remove(&self, firm: &FirmId) -> Result<EraseReport, Error> {
        let store = self.auth.store;
        let mut removed: BTreeMap<String, u64> = BTreeMap::new();
        let company = store.connection(firm).await?.company;
        if let Some(company) = company {
            self.remove_dead_letters(&company.realm_id).await?;
        }
        for record in store.firm_record_names(firm).await? {
            if removed.values().sum::<u64>() >= LEAST_REMOVED && !(self.has_time)() {
                let erasure = store.save_erasure(firm, &removed, None).await?;
                return Ok(report(firm, "removing", Some(1), erasure));
            }
            if store.has_record(&record).await? {
                store.remove_record(&record).await?;
                *removed.entry(record.kind.to_owned()).or_default() += 1;
            }
        }
        store.forget_firm(firm).await?;
        let finished_at = Some(self.claimant.now);
        let erasure = store.save_erasure(firm, &removed, finished_at).await?;
        Ok(report(firm, "erased", None, erasure))
    }

    /// Removes the dead letters that name the company.
    async fn remove_dead_letters(&self, realm_id: &str) -> Result<(), Error> {
        let store = self.auth.store;
        let mut about = store.dead_letters().await?.deliveries;
        about.retain(|letter| {
            let body = letter.open().unwrap_or_default();
            let mut parts = body.windows(realm_id.len().max(1));
            parts.any(|part| part == realm_id.as_bytes())
        });
        if about.is_empty() {
            return Ok(());
        }
        Ok(store.remove_dead_letters(&about).await?)
    }
}

fn report(
    firm: &FirmId,
    state: &'static str,
    retry_after: Option<u32>,
    erasure: Erasure,
) -> EraseReport {
    EraseReport {
        firm: firm.clone(),
        state,
        retry_after,
        receipt: erasure.into(),
    }
}

//! Verbs over connections: one owner per company, one refresh at a time, newer grants win.

use super::Store;
use crate::clock::after;
use crate::connection::{Company, Connection, Grant, REFRESH_LEASE, RefreshClaim, Standing};
use crate::entropy::digest;
use crate::ports::{Change, Record, Records, StoreError};
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Which firm a company serves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct CompanyOwner {
    firm: Option<FirmId>,
}

impl Record for CompanyOwner {
    const KIND: &'static str = "company";
}

/// The answer to a claim of a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The company serves this firm.
    Ours,
    /// It serves another firm; which one is not told.
    Another,
}

/// The answer to a claim of a refresh.
#[derive(Clone, Debug, PartialEq)]
pub enum RefreshTurn {
    /// The claim is ours. `interrupted`: an earlier refresh with this token never reported back.
    Ours {
        /// The connection as claimed.
        connection: Box<Connection>,
        /// Whether the token may have been spent already.
        interrupted: bool,
    },
    /// Nothing to refresh: not due, or no grant.
    NotDue(Box<Connection>),
    /// Another is at it.
    Busy(Box<Connection>),
}

impl<R: Records> Store<R> {
    /// A firm's connection; disconnected if it never had one.
    pub async fn connection(&self, firm: &FirmId) -> Result<Connection, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Creates the records that a connect will claim, ahead of it.
    pub async fn prepare_connection(&self, firm: &FirmId) -> Result<(), StoreError> {
        self.records.ensure::<Connection>(firm.as_ref()).await
    }

    /// Binds a company to a firm unless it serves another one.
    pub async fn bind_company(&self, realm_id: &str, firm: &FirmId) -> Result<Bound, StoreError> {
        let decide = |owner: CompanyOwner| match owner.firm {
            Some(other) if other != *firm => Change::Keep(Bound::Another),
            Some(_) => Change::Keep(Bound::Ours),
            None => Change::write(
                CompanyOwner {
                    firm: Some(firm.clone()),
                },
                Bound::Ours,
            ),
        };
        self.change_ensured(&digest(realm_id), decide).await
    }

    /// The firm that a company serves.
    pub async fn company_owner(&self, realm_id: &str) -> Result<Option<FirmId>, StoreError> {
        let owner: CompanyOwner = self.load_or_default(&digest(realm_id)).await?;
        Ok(owner.firm)
    }

    /// Lets go of a company that serves this firm.
    pub async fn release_company(&self, realm_id: &str, firm: &FirmId) -> Result<(), StoreError> {
        let decide = |owner: CompanyOwner| match owner.firm {
            Some(owner) if owner == *firm => Change::write(CompanyOwner::default(), ()),
            _ => Change::Keep(()),
        };
        self.records.change(&digest(realm_id), decide).await?;
        Ok(())
    }

    /// Replaces the connection after a connect or disconnect. A refresh that is still under way finds
    /// another generation and changes nothing.
    pub async fn replace_connection(
        &self,
        firm: &FirmId,
        next: &Connection,
    ) -> Result<Connection, StoreError> {
        let decide = |current: Connection| {
            let mut next = next.clone();
            let last = current.grant.map_or(0, |old| old.generation);
            next.past_generation = last.max(current.past_generation);
            if let Some(grant) = &mut next.grant {
                grant.generation = next.past_generation + 1;
            }
            Change::write(next.clone(), next)
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Claims the refresh of a grant whose access token ends within `margin`.
    pub async fn claim_refresh(
        &self,
        firm: &FirmId,
        owner: &str,
        (margin, now): (SignedDuration, Timestamp),
    ) -> Result<RefreshTurn, StoreError> {
        let decide = |connection: Connection| {
            let due = connection
                .usable()
                .is_some_and(|(_, grant)| grant.is_due(margin, now));
            if !due {
                return Change::Keep(RefreshTurn::NotDue(Box::new(connection)));
            }
            if connection
                .refreshing
                .as_ref()
                .is_some_and(|claim| claim.until > now)
            {
                return Change::Keep(RefreshTurn::Busy(Box::new(connection)));
            }
            let interrupted = connection.refreshing.is_some();
            let claim = RefreshClaim {
                owner: owner.into(),
                until: after(now, REFRESH_LEASE),
            };
            let connection = Connection {
                refreshing: Some(claim),
                ..connection
            };
            let ours = RefreshTurn::Ours {
                connection: Box::new(connection.clone()),
                interrupted,
            };
            Change::write(connection, ours)
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Saves what a refresh of `generation` brought, unless something newer is there, and gives what
    /// counts now. The claim ends with it.
    pub async fn save_refreshed(
        &self,
        firm: &FirmId,
        generation: u64,
        grant: &Grant,
    ) -> Result<Connection, StoreError> {
        let decide = |current: Connection| {
            let expected = current
                .grant
                .as_ref()
                .is_some_and(|old| old.generation == generation);
            if !expected {
                return Change::Keep(current);
            }
            let saved = Connection {
                grant: Some(grant.clone()),
                refreshing: None,
                ..current
            };
            Change::write(saved.clone(), saved)
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Ends a claim whose refresh certainly did not happen.
    pub async fn release_refresh(&self, firm: &FirmId, owner: &str) -> Result<(), StoreError> {
        let decide = |connection: Connection| match &connection.refreshing {
            Some(claim) if claim.owner == owner => Change::write(
                Connection {
                    refreshing: None,
                    ..connection
                },
                (),
            ),
            _ => Change::Keep(()),
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Notes what a company says of itself now, if it is still the one that is connected.
    pub async fn note_company(
        &self,
        firm: &FirmId,
        company: &Company,
    ) -> Result<Connection, StoreError> {
        let decide = |current: Connection| {
            let known = current.company.as_ref();
            if known.is_none_or(|known| known.realm_id != company.realm_id) {
                return Change::Keep(current);
            }
            let next = Connection {
                company: Some(company.clone()),
                ..current
            };
            Change::write(next.clone(), next)
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Notes how the grant of `generation` turned out to stand. A newer grant is not touched.
    pub async fn note_standing(
        &self,
        firm: &FirmId,
        generation: u64,
        standing: Standing,
    ) -> Result<Connection, StoreError> {
        let decide = |current: Connection| {
            let concerns = current
                .grant
                .as_ref()
                .is_some_and(|old| old.generation == generation);
            if !concerns || current.standing == standing {
                return Change::Keep(current);
            }
            let next = Connection {
                standing,
                refreshing: None,
                ..current
            };
            Change::write(next.clone(), next)
        };
        self.change_ensured(firm.as_ref(), decide).await
    }
}

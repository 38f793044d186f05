//! Verbs over refreshes: one at a time, and newer grants win.

use super::Store;
use crate::agenda::Chore;
use crate::clock::after;
use crate::connection::{Connection, Grant, REFRESH_LEASE, RefreshClaim, Standing};
use crate::ports::{Change, Records, StoreError};
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};

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
    /// counts now. The claim ends with it. Tokens that came after a disconnect are given back.
    pub async fn save_refreshed(
        &self,
        firm: &FirmId,
        generation: u64,
        (grant, now): (&Grant, Timestamp),
    ) -> Result<Connection, StoreError> {
        let decide = |mut current: Connection| {
            match &current.grant {
                Some(old) if old.generation == generation => {
                    (current.grant, current.refreshing) = (Some(grant.clone()), None);
                }
                None if current.past_generation == generation => {
                    current.surrender(grant.refresh_token.clone(), now);
                }
                _ => return Change::Keep(current),
            }
            Change::write(current.clone(), current)
        };
        let saved = self.change_ensured(firm.as_ref(), decide).await?;
        if saved.revocation.is_some() {
            self.note_chore(firm, Chore::Connection, now).await?;
        }
        Ok(saved)
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

    /// Notes how the grant of `generation` turned out to stand and sees to it that RIVET is told. A newer
    /// grant is not touched.
    pub async fn note_standing(
        &self,
        firm: &FirmId,
        (generation, standing): (u64, Standing),
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let decide = |mut current: Connection| {
            let concerns = current
                .grant
                .as_ref()
                .is_some_and(|old| old.generation == generation);
            if !concerns || current.standing == standing {
                return Change::Keep((current, false));
            }
            current.stand(standing, now);
            Change::write(current.clone(), (current, true))
        };
        let (noted, changed) = self.change_ensured(firm.as_ref(), decide).await?;
        if changed {
            self.note_chore(firm, Chore::Connection, now).await?;
        }
        Ok(noted)
    }
}

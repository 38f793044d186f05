//! Refreshes grants: one refresh of a grant at a time, and the answer is saved before anything else.
//!
//! ```text
//! idle ──claim──▶ claimed ──answer saved──▶ idle (next generation)
//!                    ├─ not sent ──────────▶ idle
//!                    ├─ refused ───────────▶ newer generation stored: use it
//!                    │                       earlier refresh without a result: try the previous token once
//!                    │                       else: needs reauthorization
//!                    └─ no answer ─────────▶ claimed until the lease expires; the next claimant knows
//!                                            that the token may be used up
//! ```
//! The claim records the intent. So a crash leaves an idle connection, or a claim from which the next refresh knows that the
//! token may be used up.

use crate::services::AuthServices;
use crate::token_endpoint::{self, TokenError};
use billing::FirmId;
use jiff::SignedDuration;
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::Claimant;
use store::connection::grant::{Grant, ON_DEMAND, Secret};
use store::connection::refresh_claim::{PreviousRefresh, RefreshClaimAnswer, RefreshClaimResult};
use store::connection::{Connection, ConnectionStatus, ReauthorizationReason};

/// Attempts to save the answer of a refresh.
const SAVE_ATTEMPTS: u32 = 3;

/// The result of a refresh, with the connection as stored after it.
#[derive(Clone, Debug, PartialEq)]
pub enum RefreshResult {
    /// The access token is valid: it was not due, or this run or another one refreshed it.
    Valid(Box<Connection>),
    /// Intuit no longer honours the grant. A person must sign in again.
    Revoked(Box<Connection>),
    /// Another run refreshes the grant, or Intuit is not available. The old access token may still be valid.
    Deferred(Box<Connection>),
}

/// Refreshes a grant whose access token is too old for a call.
///
/// # Errors
/// [`StoreError`] if the record could not be read or written.
pub async fn ensure_access_token<H: Http, R: Records>(
    auth: &AuthServices<'_, H, R>,
    firm: &FirmId,
    claimant: Claimant<'_>,
) -> Result<RefreshResult, StoreError> {
    refresh(auth, firm, ON_DEMAND, claimant).await
}

/// Refreshes a grant whose access token expires within `margin`.
///
/// # Errors
/// [`StoreError`] if the record could not be read or written.
pub async fn refresh<H: Http, R: Records>(
    auth: &AuthServices<'_, H, R>,
    firm: &FirmId,
    margin: SignedDuration,
    claimant: Claimant<'_>,
) -> Result<RefreshResult, StoreError> {
    let RefreshClaimAnswer { connection, result } =
        auth.store.claim_refresh(firm, claimant, margin).await?;
    match result {
        RefreshClaimResult::NotDue => Ok(RefreshResult::Valid(connection)),
        RefreshClaimResult::Busy => Ok(RefreshResult::Deferred(connection)),
        RefreshClaimResult::Ours(previous) => {
            let claimed = ClaimedRefresh {
                auth,
                firm,
                claimant,
                connection,
                previous,
            };
            claimed.use_refresh_token().await
        }
    }
}

/// A refresh whose claim this run holds.
struct ClaimedRefresh<'a, H, R> {
    auth: &'a AuthServices<'a, H, R>,
    firm: &'a FirmId,
    claimant: Claimant<'a>,
    connection: Box<Connection>,
    /// An interrupted refresh before this one may have used up the refresh token.
    previous: PreviousRefresh,
}

impl<H: Http, R: Records> ClaimedRefresh<'_, H, R> {
    async fn use_refresh_token(self) -> Result<RefreshResult, StoreError> {
        let Some(grant) = self.connection.grant.clone() else {
            return Ok(RefreshResult::Valid(self.connection));
        };
        match self.request_tokens(&grant, &grant.refresh_token).await {
            Ok(next) => self.save(&grant, &next).await,
            Err(TokenError::Refused) => self.handle_refusal(&grant).await,
            Err(TokenError::NoAnswer(_) | TokenError::Unusable(_)) => {
                Ok(RefreshResult::Deferred(self.connection))
            }
            Err(TokenError::NotSent(_) | TokenError::Misconfigured(_)) => {
                self.release().await?;
                Ok(RefreshResult::Deferred(self.connection))
            }
        }
    }

    async fn request_tokens(&self, grant: &Grant, token: &Secret) -> Result<Grant, TokenError> {
        token_endpoint::refresh(self.auth, grant, token, self.claimant.now).await
    }

    /// Saves the next generation of a grant. A failed save is repeated: only this run knows the new token, and Intuit soon
    /// refuses the old one.
    async fn save(&self, old: &Grant, next: &Grant) -> Result<RefreshResult, StoreError> {
        let (store, now) = (self.auth.store, self.claimant.now);
        let mut attempts_left = SAVE_ATTEMPTS;
        loop {
            attempts_left -= 1;
            let saved = store.save_refreshed_grant(self.firm, old.generation, next, now);
            match saved.await {
                Ok(connection) => return Ok(RefreshResult::Valid(Box::new(connection))),
                Err(failure) if attempts_left == 0 => return Err(failure),
                Err(_) => {}
            }
        }
    }

    async fn release(&self) -> Result<(), StoreError> {
        let store = self.auth.store;
        store
            .release_refresh_claim(self.firm, self.claimant, self.previous)
            .await
    }

    /// Decides what a refused token means: it was superseded, an earlier refresh used it up, or the grant is over.
    async fn handle_refusal(&self, grant: &Grant) -> Result<RefreshResult, StoreError> {
        let current = self.auth.store.connection(self.firm).await?;
        let generation = current.grant.as_ref().map(|stored| stored.generation);
        if generation != Some(grant.generation) {
            // Another run refreshed the grant, or a person disconnected.
            return Ok(result_by_status(current));
        }
        let previous = grant.previous_refresh_token.as_ref();
        if let Some(previous) = previous.filter(|_| self.previous == PreviousRefresh::Interrupted) {
            match self.request_tokens(grant, previous).await {
                Ok(next) => return self.save(grant, &next).await,
                Err(TokenError::Refused) => {}
                Err(_) => return Ok(RefreshResult::Deferred(Box::new(current))),
            }
        }
        self.require_reauthorization(grant).await
    }

    async fn require_reauthorization(&self, grant: &Grant) -> Result<RefreshResult, StoreError> {
        let now = self.claimant.now;
        let reason = if grant.is_over(now) {
            ReauthorizationReason::GrantExpired
        } else {
            ReauthorizationReason::GrantRefused
        };
        let status = ConnectionStatus::NeedsReauthorization(reason);
        let store = self.auth.store;
        let connection = store
            .set_connection_status(self.firm, grant.generation, status, now)
            .await?;
        Ok(result_by_status(connection))
    }
}

fn result_by_status(connection: Connection) -> RefreshResult {
    match connection.status {
        ConnectionStatus::Connected => RefreshResult::Valid(Box::new(connection)),
        ConnectionStatus::Disconnected
        | ConnectionStatus::NeedsReauthorization(_)
        | ConnectionStatus::Error(_) => RefreshResult::Revoked(Box::new(connection)),
    }
}

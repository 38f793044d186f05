//! Keeping a grant alive: one refresh at a time, and the first act after an answer is to save it.
//!
//! ```text
//! idle ──claim──▶ claimed ──answer saved──▶ idle (next generation)
//!                    ├─ not sent ──────────▶ idle
//!                    ├─ refused ───────────▶ a newer generation is there: adopt it
//!                    │                       an earlier refresh never reported back: its token once
//!                    │                       else: needs reauthorization
//!                    └─ answer lost ───────▶ stays claimed until the lease ends; the next one knows
//!                                            that the token may be spent
//! ```
//! The claim is the record of the intent, so a crash at any point leaves either an idle connection or
//! one whose next refresh knows what may have happened.

use crate::services::AuthServices;
use crate::token_endpoint;
use crate::token_endpoint::TokenError;
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use store::connection::grant::{Grant, ON_DEMAND};
use store::connection::refresh_claim::RefreshTurn;
use store::connection::{Connection, ConnectionStatus, ReauthorizationReason};

/// How often the answer of a refresh is tried to be saved.
const SAVE_TRIES: u32 = 3;

/// How a refresh ended.
#[derive(Clone, Debug, PartialEq)]
pub enum RefreshResult {
    /// The access token is good: it was, or it is new, or another got it.
    Fresh(Box<Connection>),
    /// The connection needs a person now.
    Lapsed(Box<Connection>),
    /// Not now: another is at it, or Intuit is not there. The old access token may still be good.
    Later(Box<Connection>),
}

/// Makes sure that a call can be made: refreshes if the access token ends within five minutes.
pub async fn on_demand<H: Http, R: Records>(
    grants: &AuthServices<'_, H, R>,
    firm: &FirmId,
    owner: &str,
    now: Timestamp,
) -> Result<RefreshResult, StoreError> {
    refresh(grants, firm, owner, (ON_DEMAND, now)).await
}

/// Refreshes a grant whose access token ends within `margin`.
pub async fn refresh<H: Http, R: Records>(
    grants: &AuthServices<'_, H, R>,
    firm: &FirmId,
    owner: &str,
    (margin, now): (SignedDuration, Timestamp),
) -> Result<RefreshResult, StoreError> {
    match grants
        .store
        .claim_refresh(firm, owner, (margin, now))
        .await?
    {
        RefreshTurn::NotDue(connection) => Ok(RefreshResult::Fresh(connection)),
        RefreshTurn::Busy(connection) => Ok(RefreshResult::Later(connection)),
        RefreshTurn::Ours {
            connection,
            interrupted,
        } => {
            spend(
                grants,
                firm,
                ClaimedRefresh {
                    connection,
                    interrupted,
                    owner,
                },
                now,
            )
            .await
        }
    }
}

struct ClaimedRefresh<'a> {
    connection: Box<Connection>,
    interrupted: bool,
    owner: &'a str,
}

async fn spend<H: Http, R: Records>(
    grants: &AuthServices<'_, H, R>,
    firm: &FirmId,
    turn: ClaimedRefresh<'_>,
    now: Timestamp,
) -> Result<RefreshResult, StoreError> {
    let Some(grant) = turn.connection.grant.clone() else {
        return Ok(RefreshResult::Fresh(turn.connection));
    };
    match token_endpoint::refresh(grants, (&grant, &grant.refresh_token), now).await {
        Ok(next) => save(grants, firm, (&grant, &next), now).await,
        Err(TokenError::Refused) => refused(grants, firm, (&turn, &grant), now).await,
        Err(TokenError::Unknown(_) | TokenError::Unclear(_)) => {
            Ok(RefreshResult::Later(turn.connection))
        }
        Err(TokenError::NotSent(_) | TokenError::Misconfigured(_)) => {
            let claim = (turn.owner, turn.interrupted);
            grants.store.release_refresh_claim(firm, claim, now).await?;
            Ok(RefreshResult::Later(turn.connection))
        }
    }
}

/// Intuit has forgotten the old token or soon will, so a store that fails is tried again while there is somebody who knows
/// the new one.
async fn save<H, R: Records>(
    grants: &AuthServices<'_, H, R>,
    firm: &FirmId,
    (old, next): (&Grant, &Grant),
    now: Timestamp,
) -> Result<RefreshResult, StoreError> {
    let mut tries = SAVE_TRIES;
    loop {
        tries -= 1;
        let saved = grants
            .store
            .save_refreshed_grant(firm, old.generation, (next, now));
        match saved.await {
            Ok(connection) => return Ok(RefreshResult::Fresh(Box::new(connection))),
            Err(failure) if tries == 0 => return Err(failure.into()),
            Err(_) => {}
        }
    }
}

async fn refused<H: Http, R: Records>(
    grants: &AuthServices<'_, H, R>,
    firm: &FirmId,
    (turn, grant): (&ClaimedRefresh<'_>, &Grant),
    now: Timestamp,
) -> Result<RefreshResult, StoreError> {
    let current = Box::new(grants.store.connection(firm).await?);
    if current.grant.as_ref().map(|now| now.generation) != Some(grant.generation) {
        // Somebody was faster, or a person took the connection away.
        return Ok(match current.status {
            ConnectionStatus::Connected => RefreshResult::Fresh(current),
            _ => RefreshResult::Lapsed(current),
        });
    }
    if let Some(previous) = grant
        .previous_refresh_token
        .as_ref()
        .filter(|_| turn.interrupted)
    {
        match token_endpoint::refresh(grants, (grant, previous), now).await {
            Ok(next) => return save(grants, firm, (grant, &next), now).await,
            Err(TokenError::Refused) => {}
            Err(_) => return Ok(RefreshResult::Later(current)),
        }
    }
    let lapse = if grant.is_over(now) {
        ReauthorizationReason::GrantExpired
    } else {
        ReauthorizationReason::GrantRefused
    };
    let standing = ConnectionStatus::NeedsReauthorization(lapse);
    let connection = grants
        .store
        .set_connection_status(firm, (grant.generation, standing), now)
        .await?;
    Ok(match connection.status {
        ConnectionStatus::Connected => RefreshResult::Fresh(Box::new(connection)),
        _ => RefreshResult::Lapsed(Box::new(connection)),
    })
}

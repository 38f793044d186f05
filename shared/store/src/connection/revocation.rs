//! A grant that the firm gave up and that RIVET must still revoke at Intuit.

use crate::connection::grant::Secret;
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The time after which RIVET stops trying a revocation. The grant is unused, so it ends by itself.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A grant that must be revoked at Intuit, because Intuit could not be reached at the disconnect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revocation {
    /// The refresh token. Revoking either token ends the grant (RFC 7009 section 2.1).
    pub token: Secret,
    /// The time before which no attempt is made.
    #[serde(deserialize_with = "json::instant")]
    pub not_before: Timestamp,
    /// The time after which no attempt is made. An unused grant ends by itself.
    #[serde(deserialize_with = "json::instant")]
    pub until: Timestamp,
}

impl Revocation {
    /// Returns the revocation of a grant that was erased now.
    pub(super) fn new(token: Secret, now: Timestamp) -> Self {
        Self {
            token,
            not_before: now,
            until: after(now, TRIED_FOR),
        }
    }
}

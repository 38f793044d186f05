//! The connection record, as far as a refresh sees it, and the memory of a refresh.

use crate::configuration::{Configuration, Deviation};

/// A refresh token: the position in the order in which Intuit issued the tokens, from 1.
pub type Token = u8;

/// The index of an instance.
pub type InstanceId = u8;

/// The real connection status, without its reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConnectionStatus {
    /// Calls succeed.
    Connected,
    /// A person must sign in again.
    NeedsReauthorization,
    /// The firm has no company.
    Disconnected,
}

/// The real grant, without its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// The number of tokens that were saved so far.
    pub generation: u8,
    /// The token that the next refresh uses.
    pub token: Token,
    /// The token before.
    pub previous: Option<Token>,
}

/// The real refresh claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claim {
    /// The instance that works on this refresh. None after it crashed or gave up.
    pub owner: Option<InstanceId>,
    /// Ticks until another instance may take the claim over. At 0 and below the lease has ended.
    pub ticks_left: i8,
}

/// The real connection record, as far as a refresh reads or writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Record {
    /// The status of the connection.
    pub status: ConnectionStatus,
    /// The tokens. None after a disconnect.
    pub grant: Option<Grant>,
    /// The highest generation before the present grant's.
    pub past_generation: u8,
    /// The refresh that is under way.
    pub claim: Option<Claim>,
    /// A token that is to be revoked.
    pub revocation: Option<Token>,
}

/// The memory of an instance about its refresh. A crash loses it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimedRefresh {
    /// The age of the time that the claim uses, in ticks.
    pub age: i8,
    /// The generation that is refreshed.
    pub generation: u8,
    /// The token of that generation.
    pub token: Token,
    /// The token before.
    pub previous: Option<Token>,
    /// True if an earlier claim of this generation never reported its result.
    pub is_interrupted: bool,
    /// The number of tokens sent so far.
    pub sent_count: u8,
    /// The token that was sent last.
    pub sent_token: Token,
    /// The token in the answer.
    pub new_token: Token,
}

impl Record {
    /// Returns the connection that a sign-in creates.
    pub fn connected(generation: u8, token: Token) -> Self {
        Self {
            status: ConnectionStatus::Connected,
            grant: Some(Grant {
                generation,
                token,
                previous: None,
            }),
            past_generation: generation - 1,
            claim: None,
            revocation: None,
        }
    }

    /// Returns the highest generation of any grant so far.
    pub fn highest_generation(&self) -> u8 {
        self.grant
            .map_or(0, |grant| grant.generation)
            .max(self.past_generation)
    }

    /// Returns the facts that an instance learns from the record when it claims a refresh.
    pub fn refresh(&self, configuration: &Configuration, age: i8) -> ClaimedRefresh {
        let empty = ClaimedRefresh {
            age,
            is_interrupted: self.claim.is_some() && !configuration.has(Deviation::IgnoresOpenClaim),
            ..ClaimedRefresh::default()
        };
        self.grant.map_or(empty, |grant| ClaimedRefresh {
            generation: grant.generation,
            token: grant.token,
            previous: grant.previous,
            ..empty
        })
    }

    /// Returns the record without the owner of its claim.
    pub fn anonymous(&self) -> Self {
        let claim = self.claim.map(|claim| Claim {
            owner: None,
            ..claim
        });
        Self { claim, ..*self }
    }

    /// Returns whether the grant has this generation.
    pub fn is_of(&self, generation: u8) -> bool {
        self.grant
            .is_some_and(|grant| grant.generation == generation)
    }
}

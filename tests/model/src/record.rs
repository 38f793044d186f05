//! The connection record, as far as a refresh can see it, and the decisions that are swapped into it.

use crate::setting::{Deviation, Setting};

/// A refresh token, by the order in which Intuit issued them, from 1.
pub type Token = u8;

/// `bridge::connection::Standing`, without the reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Calls succeed.
    Connected,
    /// A person must sign in again.
    NeedsReauthorization,
    /// No company.
    Disconnected,
}

/// `bridge::connection::Grant`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// Counts the refreshes.
    pub generation: u8,
    /// The token that buys the next.
    pub token: Token,
    /// The one before.
    pub previous: Option<Token>,
}

/// `bridge::connection::RefreshClaim`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claim {
    /// The instance that is still at this refresh; none once it crashed or gave up.
    pub owner: Option<u8>,
    /// Ticks until another may take over; none are left at 0 and below.
    pub left: i8,
}

/// `bridge::connection::Connection`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Record {
    /// How it stands.
    pub standing: Standing,
    /// The tokens; none once disconnected.
    pub grant: Option<Grant>,
    /// The highest generation before the present grant's.
    pub past_generation: u8,
    /// The refresh under way.
    pub claim: Option<Claim>,
    /// A token that is to be revoked.
    pub revocation: Option<Token>,
}

/// What an instance is about to swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// `Store::claim_refresh`.
    Claim,
    /// `Store::save_refreshed`.
    Save,
    /// `Store::note_standing`.
    Note,
    /// `Store::release_refresh`.
    Release,
}

/// What an instance remembers of its refresh; gone when it crashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Turn {
    /// How old the time is that it claims by, in ticks.
    pub age: i8,
    /// The generation that it refreshes.
    pub generation: u8,
    /// The token of that generation, and the one before.
    pub tokens: (Token, Option<Token>),
    /// Whether an earlier claim of this generation never reported back.
    pub interrupted: bool,
    /// Tokens sent so far.
    pub sent: u8,
    /// The token that was sent last.
    pub sending: Token,
    /// The token that came back.
    pub answer: Token,
}

impl Record {
    /// A connection as a consent leaves it.
    pub fn connected(generation: u8, token: Token) -> Self {
        Self {
            standing: Standing::Connected,
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

    /// The highest generation of any grant so far.
    pub fn highest_generation(&self) -> u8 {
        self.grant
            .map_or(0, |grant| grant.generation)
            .max(self.past_generation)
    }

    /// What an instance learns from the record when it claims.
    pub fn turn(&self, setting: &Setting, age: i8) -> Turn {
        let grant = self.grant.map_or((0, (0, None)), |grant| {
            (grant.generation, (grant.token, grant.previous))
        });
        Turn {
            age,
            generation: grant.0,
            tokens: grant.1,
            interrupted: self.claim.is_some() && !setting.has(Deviation::NoIntent),
            ..Turn::default()
        }
    }

    /// What `instance` would write, if anything.
    pub fn decide(&self, setting: &Setting, verb: Verb, (who, turn): (u8, &Turn)) -> Option<Self> {
        match verb {
            Verb::Claim => self.claimed(setting.lease(), (who, turn)),
            Verb::Save => self.saved(setting, turn),
            Verb::Note => self.noted(setting, turn),
            Verb::Release => self.released(setting, (who, turn)),
        }
    }

    fn claimed(&self, lease: i8, (who, turn): (u8, &Turn)) -> Option<Self> {
        let busy = self.claim.is_some_and(|claim| claim.left + turn.age > 0);
        if busy || self.standing != Standing::Connected {
            return None;
        }
        let claim = Claim {
            owner: Some(who),
            left: lease - turn.age,
        };
        Some(Self {
            claim: Some(claim),
            ..*self
        })
    }

    fn saved(&self, setting: &Setting, turn: &Turn) -> Option<Self> {
        let ours = self.is_of(turn.generation) || setting.has(Deviation::SaveRegardless);
        if self.grant.is_none() {
            return self.left_for_revocation(setting, turn);
        }
        if !ours {
            return None;
        }
        let spent = match setting.has(Deviation::KeepsRefused) {
            true => turn.tokens.0,
            false => turn.sending,
        };
        let grant = Grant {
            generation: turn.generation + 1,
            token: turn.answer,
            previous: Some(spent),
        };
        let standing = match setting.has(Deviation::SaveKeepsVerdict) {
            true => self.standing,
            false => Standing::Connected,
        };
        Some(Self {
            standing,
            grant: Some(grant),
            claim: None,
            ..*self
        })
    }

    /// Fresh tokens of a grant that a person took away meanwhile: they are to be revoked in its place.
    fn left_for_revocation(&self, setting: &Setting, turn: &Turn) -> Option<Self> {
        let ours = self.past_generation == turn.generation;
        let drops = setting.has(Deviation::DropsLateTokens);
        let known = self.revocation == Some(turn.answer);
        (ours && !drops && !known).then_some(Self {
            revocation: Some(turn.answer),
            ..*self
        })
    }

    fn noted(&self, setting: &Setting, turn: &Turn) -> Option<Self> {
        let concerns = self.is_of(turn.generation)
            || (self.grant.is_some() && setting.has(Deviation::NoAdoption));
        let news = self.standing != Standing::NeedsReauthorization;
        (concerns && news).then_some(Self {
            standing: Standing::NeedsReauthorization,
            claim: None,
            ..*self
        })
    }

    fn released(&self, setting: &Setting, (who, turn): (u8, &Turn)) -> Option<Self> {
        self.claim.filter(|claim| claim.owner == Some(who))?;
        let keep = turn.interrupted && !setting.has(Deviation::ReleaseForgets);
        let ended = Claim {
            owner: None,
            left: -setting.oldest_now(),
        };
        Some(Self {
            claim: keep.then_some(ended),
            ..*self
        })
    }

    /// The record without saying which of the instances owns the claim.
    pub fn anonymous(&self) -> Self {
        let claim = self.claim.map(|claim| Claim {
            owner: None,
            ..claim
        });
        Self { claim, ..*self }
    }

    /// Whether the grant is of this generation.
    pub fn is_of(&self, generation: u8) -> bool {
        self.grant
            .is_some_and(|grant| grant.generation == generation)
    }
}

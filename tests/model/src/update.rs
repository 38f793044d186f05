//! The updates that an instance swaps into the record.

use crate::configuration::{Configuration, Deviation};
use crate::record::{Claim, ClaimedRefresh, ConnectionStatus, Grant, InstanceId, Record};

/// The updates that an instance can swap into the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Update {
    /// Claims the refresh.
    Claim,
    /// Saves the new tokens and ends the claim.
    Save,
    /// Sets the status to [`ConnectionStatus::NeedsReauthorization`].
    RequireReauthorization,
    /// Releases the claim after a call that was not sent.
    Release,
}

/// An update and the instance that makes it.
#[derive(Clone, Copy, Debug)]
pub struct InstanceUpdate {
    /// The instance.
    pub id: InstanceId,
    /// The update.
    pub update: Update,
}

impl Record {
    /// Returns the record after an update, or none if the update does not apply.
    pub fn decide(
        &self,
        configuration: &Configuration,
        by: InstanceUpdate,
        refresh: &ClaimedRefresh,
    ) -> Option<Self> {
        match by.update {
            Update::Claim => self.claim(configuration.lease(), by.id, refresh),
            Update::Save => self.save(configuration, refresh),
            Update::RequireReauthorization => self.require_reauthorization(configuration, refresh),
            Update::Release => self.release(configuration, by.id, refresh),
        }
    }

    fn claim(&self, lease: i8, id: InstanceId, refresh: &ClaimedRefresh) -> Option<Self> {
        let is_claimed = self
            .claim
            .is_some_and(|claim| claim.ticks_left + refresh.age > 0);
        if is_claimed || self.status != ConnectionStatus::Connected {
            return None;
        }
        let claim = Claim {
            owner: Some(id),
            ticks_left: lease - refresh.age,
        };
        Some(Self {
            claim: Some(claim),
            ..*self
        })
    }

    fn save(&self, configuration: &Configuration, refresh: &ClaimedRefresh) -> Option<Self> {
        let is_own =
            self.is_of(refresh.generation) || configuration.has(Deviation::SavesWithoutComparing);
        if self.grant.is_none() {
            return self.schedule_revocation(configuration, refresh);
        }
        if !is_own {
            return None;
        }
        let spent = match configuration.has(Deviation::KeepsRefused) {
            true => refresh.token,
            false => refresh.sent_token,
        };
        let grant = Grant {
            generation: refresh.generation + 1,
            token: refresh.new_token,
            previous: Some(spent),
        };
        let status = match configuration.has(Deviation::KeepsOldStatus) {
            true => self.status,
            false => ConnectionStatus::Connected,
        };
        Some(Self {
            status,
            grant: Some(grant),
            claim: None,
            ..*self
        })
    }

    /// Schedules the revocation of new tokens if a person disconnected during the refresh.
    fn schedule_revocation(
        &self,
        configuration: &Configuration,
        refresh: &ClaimedRefresh,
    ) -> Option<Self> {
        let is_own = self.past_generation == refresh.generation;
        let drops = configuration.has(Deviation::DropsLateTokens);
        let is_known = self.revocation == Some(refresh.new_token);
        (is_own && !drops && !is_known).then_some(Self {
            revocation: Some(refresh.new_token),
            ..*self
        })
    }

    fn require_reauthorization(
        &self,
        configuration: &Configuration,
        refresh: &ClaimedRefresh,
    ) -> Option<Self> {
        let is_own = self.is_of(refresh.generation)
            || (self.grant.is_some() && configuration.has(Deviation::SkipsReread));
        let is_new = self.status != ConnectionStatus::NeedsReauthorization;
        (is_own && is_new).then_some(Self {
            status: ConnectionStatus::NeedsReauthorization,
            claim: None,
            ..*self
        })
    }

    /// Releases the claim. An interrupted claim stays, ended, because its token may be spent.
    fn release(
        &self,
        configuration: &Configuration,
        id: InstanceId,
        refresh: &ClaimedRefresh,
    ) -> Option<Self> {
        self.claim.filter(|claim| claim.owner == Some(id))?;
        let keeps = refresh.is_interrupted && !configuration.has(Deviation::ReleaseForgets);
        let ended = Claim {
            owner: None,
            ticks_left: -configuration.oldest_now(),
        };
        Some(Self {
            claim: keeps.then_some(ended),
            ..*self
        })
    }
}

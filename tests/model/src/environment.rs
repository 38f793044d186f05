//! Steps that no instance takes: time passes, and a person changes the connection.

use crate::configuration::{Configuration, Deviation};
use crate::instance::{Call, Duration, Instance, Step};
use crate::record::{ConnectionStatus, Record};
use crate::world::{Person, World};

impl World {
    /// Returns whether time can pass.
    ///
    /// A call takes at most one tick and a store access none, unless owners may be slow.
    pub(crate) fn can_tick(&self, configuration: &Configuration) -> bool {
        let allows = |instance: &Instance| {
            configuration.has(Deviation::SlowOwner)
                || matches!(instance.step, Step::Idle | Step::Use)
                || matches!(
                    instance.step,
                    Step::Call(Call::Out(Duration::Short) | Call::Back(Duration::Short, _))
                )
        };
        let claim_ages = self
            .record
            .claim
            .is_some_and(|claim| claim.ticks_left > -configuration.oldest_now());
        let no_request_is_late = configuration.bounds.has_late_requests || self.abandoned == [0; 4];
        (claim_ages || self.older.is_some())
            && no_request_is_late
            && self.instances.iter().all(allows)
    }

    /// Lets one tick pass. Reads are consistent again afterwards.
    pub(crate) fn tick(&mut self, configuration: &Configuration) {
        self.older = None;
        if let Some(claim) = &mut self.record.claim {
            claim.ticks_left = (claim.ticks_left - 1).max(-configuration.oldest_now());
        }
        for instance in &mut self.instances {
            if let Step::Call(Call::Out(duration) | Call::Back(duration, _)) = &mut instance.step {
                *duration = Duration::Full;
            }
        }
    }

    /// Applies a person's change. The real change goes through the same swaps; here it is one step.
    pub(crate) fn change_by_person(&mut self, configuration: &Configuration, next: Person) {
        let before = self.record;
        let highest = before.highest_generation();
        let after = match next {
            Person::Reconnected => {
                let token = self.intuit.consent_again();
                let generation = match configuration.has(Deviation::RestartsGeneration) {
                    true => 1,
                    false => highest + 1,
                };
                Record::connected(generation, token)
            }
            _ => Record {
                status: ConnectionStatus::Disconnected,
                grant: None,
                past_generation: highest,
                claim: None,
                revocation: before.grant.map(|grant| grant.token),
            },
        };
        self.person = next;
        self.write(configuration, after);
    }

    /// Revokes the token that a disconnect left and ends the revocation, even if the token is dead already.
    pub(crate) fn revoke(&mut self, configuration: &Configuration) {
        if let Some(token) = self.record.revocation {
            self.intuit.revoke(token);
            let revoked = Record {
                revocation: None,
                ..self.record
            };
            self.write(configuration, revoked);
        }
    }
}

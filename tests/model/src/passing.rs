//! What no instance does: time passes, and a person comes by.

use crate::record::{Record, Standing};
use crate::setting::{Deviation, Setting};
use crate::world::{Call, Instance, Person, Step, World};

impl World {
    /// Whether time can pass: a call takes a tick at most, and a store none, unless owners may stall.
    pub(crate) fn can_tick(&self, setting: &Setting) -> bool {
        let lets = |instance: &Instance| {
            setting.has(Deviation::Stalls)
                || matches!(instance.step, Step::Idle | Step::Use)
                || matches!(
                    instance.step,
                    Step::Call(Call::Out(false) | Call::Back(false, _))
                )
        };
        let ends = self
            .record
            .claim
            .is_some_and(|claim| claim.left > -setting.oldest_now());
        let settled = setting.bounds.late || self.flight == [0; 4];
        (ends || self.older.is_some()) && settled && self.instances.iter().all(lets)
    }

    pub(crate) fn tick(&mut self, setting: &Setting) {
        self.older = None;
        if let Some(claim) = &mut self.record.claim {
            claim.left = (claim.left - 1).max(-setting.oldest_now());
        }
        for instance in &mut self.instances {
            if let Step::Call(Call::Out(slow) | Call::Back(slow, _)) = &mut instance.step {
                *slow = true;
            }
        }
    }

    /// A person's own change, which goes through the same swaps: here it is the moment at which it happens.
    pub(crate) fn person(&mut self, setting: &Setting, next: Person) {
        let before = self.record;
        let high = before.highest_generation();
        let after = match next {
            Person::Back => {
                let token = self.intuit.consent_again();
                let raised = match setting.has(Deviation::GenerationNotRaised) {
                    true => 1,
                    false => high + 1,
                };
                Record::connected(raised, token)
            }
            _ => Record {
                standing: Standing::Disconnected,
                grant: None,
                past_generation: high,
                claim: None,
                revocation: before.grant.map(|grant| grant.token),
            },
        };
        self.person = next;
        self.write(setting, after);
    }

    /// The token that a disconnect left is revoked, or found dead; either way it is settled.
    pub(crate) fn revoke(&mut self, setting: &Setting) {
        if let Some(token) = self.record.revocation {
            self.intuit.revoke(token);
            let settled = Record {
                revocation: None,
                ..self.record
            };
            self.write(setting, settled);
        }
    }
}

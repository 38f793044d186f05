//! The steps of an instance at the store: one read, one swap or one read back at a time.

use crate::configuration::{Backend, Configuration, Deviation};
use crate::instance::{Instance, Step};
use crate::record::{ConnectionStatus, InstanceId, Record};
use crate::update::{InstanceUpdate, Update};
use crate::world::{Event, Reading, World};

/// A version of the record that an instance has read.
#[derive(Clone, Copy)]
struct Seen {
    record: Record,
    reading: Reading,
}

impl World {
    /// Ends a refresh with any result. A claim that is still open stays, without an owner.
    pub(crate) fn end_refresh(&mut self, id: InstanceId) {
        *self.instance(id) = Instance::IDLE;
        for record in [Some(&mut self.record), self.older.as_mut()]
            .into_iter()
            .flatten()
        {
            if let Some(claim) = record
                .claim
                .as_mut()
                .filter(|claim| claim.owner == Some(id))
            {
                claim.owner = None;
            }
        }
    }

    /// Writes the record. Earlier reads are outdated, and earlier writers have one more later write.
    pub(crate) fn write(&mut self, configuration: &Configuration, next: Record) {
        self.watch_write(&next);
        if configuration.backend == Backend::DynamoDbEventual {
            self.older = Some(self.record);
        }
        self.record = next;
        for instance in &mut self.instances {
            match &mut instance.step {
                Step::Swap { is_current, .. } => *is_current = false,
                Step::Check { later_writes, .. } => {
                    *later_writes = later_writes
                        .map(|count| count + 1)
                        .filter(|count| *count < configuration.remembered);
                }
                _ => {}
            }
        }
    }

    fn watch_write(&mut self, next: &Record) {
        let (Some(old), Some(new)) = (self.record.grant, next.grant) else {
            return;
        };
        let regressed = new != old && new.generation <= self.record.highest_generation();
        self.add_event_if(regressed, Event::GrantRegressed);
    }

    /// Begins a refresh. Returns none if the record allows no refresh.
    pub(crate) fn begin(
        &mut self,
        configuration: &Configuration,
        id: InstanceId,
        age: i8,
    ) -> Option<()> {
        let refresh = self.record.refresh(configuration, age);
        let update = Update::Claim;
        self.record
            .decide(configuration, InstanceUpdate { id, update }, &refresh)?;
        self.remaining.starts -= 1;
        self.instance(id).refresh = refresh;
        let is_current = true;
        self.set_step(id, Step::Swap { update, is_current });
        Some(())
    }

    /// Takes the next store step of an instance. Returns none if the instance has no store step to take.
    pub(crate) fn access_store(
        &mut self,
        configuration: &Configuration,
        id: InstanceId,
        reading: Reading,
    ) -> Option<()> {
        let record = match reading {
            Reading::Older => self.older?,
            Reading::Latest => self.record,
        };
        match self.instance(id).step {
            Step::Read(update) => {
                let by = InstanceUpdate { id, update };
                self.read(configuration, by, Seen { record, reading });
            }
            Step::Swap { update, is_current } if reading == Reading::Latest => {
                self.swap(configuration, InstanceUpdate { id, update }, is_current);
            }
            Step::Check {
                update,
                later_writes,
            } => {
                let is_visible = |count: &u8| reading == Reading::Latest || *count > 0;
                let happened = later_writes.filter(is_visible).is_some();
                self.check(InstanceUpdate { id, update }, happened);
            }
            Step::Reread => self.continue_after_refusal(configuration, id, &record),
            _ => return None,
        }
        Some(())
    }

    fn read(&mut self, configuration: &Configuration, by: InstanceUpdate, seen: Seen) {
        let InstanceUpdate { id, update } = by;
        if update == Update::Claim {
            let age = self.instance(id).refresh.age;
            self.instance(id).refresh = seen.record.refresh(configuration, age);
        }
        let refresh = self.instance(id).refresh;
        let is_current = seen.reading == Reading::Latest;
        match seen.record.decide(configuration, by, &refresh) {
            Some(_) => self.set_step(id, Step::Swap { update, is_current }),
            None => self.end_refresh(id),
        }
    }

    fn swap(&mut self, configuration: &Configuration, by: InstanceUpdate, is_current: bool) {
        let InstanceUpdate { id, update } = by;
        let refresh = self.instance(id).refresh;
        let next = self.record.decide(configuration, by, &refresh);
        let later_writes = next.filter(|_| is_current).map(|next| {
            self.watch_swap(by, &next);
            self.write(configuration, next);
            0
        });
        if configuration.has(Deviation::TrustsSwapReport) {
            let is_reported = later_writes.is_some() && configuration.backend != Backend::Redis;
            return self.check(by, is_reported);
        }
        let check = Step::Check {
            update,
            later_writes,
        };
        self.set_step(id, check);
    }

    fn watch_swap(&mut self, by: InstanceUpdate, next: &Record) {
        let refresh = self.instance(by.id).refresh;
        let grant = next.grant;
        if by.update == Update::RequireReauthorization {
            let works = grant.is_some_and(|grant| self.intuit.accepts(grant.token));
            let is_own = next.is_of(refresh.generation);
            self.add_event_if(works && !is_own, Event::WrongStatus);
        }
        if by.update == Update::Save {
            let sent_previous = refresh.sent_count == 2 && refresh.sent_token != refresh.token;
            let refused = sent_previous.then_some(refresh.token);
            let kept = grant
                .and_then(|grant| grant.previous)
                .filter(|_| refused.is_some());
            self.add_event_if(kept.is_some() && kept == refused, Event::RefusedTokenKept);
            let is_unusable = next.status == ConnectionStatus::NeedsReauthorization;
            self.add_event_if(is_unusable, Event::NewGrantUnusable);
        }
    }

    fn check(&mut self, by: InstanceUpdate, happened: bool) {
        match happened {
            true => self.finish_update(by),
            false => self.set_step(by.id, Step::Read(by.update)),
        }
    }

    /// Continues after an update that its writer believes to be written.
    fn finish_update(&mut self, by: InstanceUpdate) {
        if by.update != Update::Claim {
            return self.end_refresh(by.id);
        }
        let token = self.instance(by.id).refresh.token;
        self.instance(by.id).refresh.age = 0;
        self.send(by.id, token);
    }
}

//! What an instance does at the store: one read, one swap or one read back at a time.

use crate::record::{Record, Standing, Verb};
use crate::setting::{Backend, Deviation, Setting};
use crate::world::{Instance, Mark, Step, World};

impl World {
    pub(crate) fn at(&mut self, who: u8) -> &mut Instance {
        &mut self.instances[usize::from(who)]
    }

    pub(crate) fn goes(&mut self, who: u8, step: Step) {
        self.at(who).step = step;
    }

    /// The end of a refresh, in whatever way. The claim stays as it is: nobody is at it any more.
    pub(crate) fn end(&mut self, who: u8) {
        *self.at(who) = Instance::IDLE;
        for record in [Some(&mut self.record), self.older.as_mut()]
            .into_iter()
            .flatten()
        {
            if let Some(claim) = record
                .claim
                .as_mut()
                .filter(|claim| claim.owner == Some(who))
            {
                claim.owner = None;
            }
        }
    }

    /// A write that happens: whoever read before has read too early, whoever wrote before is one deeper.
    pub(crate) fn write(&mut self, setting: &Setting, next: Record) {
        self.mark_write(&next);
        if setting.backend == Backend::DynamoDbEventual {
            self.older = Some(self.record);
        }
        self.record = next;
        for instance in &mut self.instances {
            match &mut instance.step {
                Step::Swap(_, unchanged) => *unchanged = false,
                Step::Check(_, depth) => {
                    *depth = depth
                        .map(|depth| depth + 1)
                        .filter(|depth| *depth < setting.remembered);
                }
                _ => {}
            }
        }
    }

    fn mark_write(&mut self, next: &Record) {
        let (Some(old), Some(new)) = (self.record.grant, next.grant) else {
            return;
        };
        let regressed = new != old && new.generation <= self.record.highest_generation();
        self.mark(Mark::Regressed, regressed);
    }

    /// Begins a refresh. None if the record says that there is none to begin.
    pub(crate) fn begin(&mut self, setting: &Setting, (who, age): (u8, i8)) -> Option<()> {
        let turn = self.record.turn(setting, age);
        self.record.decide(setting, Verb::Claim, (who, &turn))?;
        self.left.starts -= 1;
        self.at(who).turn = turn;
        self.goes(who, Step::Swap(Verb::Claim, true));
        Some(())
    }

    /// The next touch of the store. None if this instance is not about to touch it.
    pub(crate) fn store(&mut self, setting: &Setting, (who, older): (u8, bool)) -> Option<()> {
        let seen = match older {
            true => self.older?,
            false => self.record,
        };
        match self.at(who).step {
            Step::Read(verb) => self.read(setting, (who, verb), (&seen, older)),
            Step::Swap(verb, unchanged) if !older => self.swap(setting, (who, verb), unchanged),
            Step::Check(verb, depth) => {
                self.check((who, verb), depth.filter(|depth| !older || *depth > 0))
            }
            Step::Reread => self.reread(setting, who, &seen),
            _ => return None,
        }
        Some(())
    }

    fn read(&mut self, setting: &Setting, (who, verb): (u8, Verb), (seen, older): (&Record, bool)) {
        if verb == Verb::Claim {
            let age = self.at(who).turn.age;
            self.at(who).turn = seen.turn(setting, age);
        }
        let turn = self.at(who).turn;
        match seen.decide(setting, verb, (who, &turn)) {
            Some(_) => self.goes(who, Step::Swap(verb, !older)),
            None => self.end(who),
        }
    }

    fn swap(&mut self, setting: &Setting, (who, verb): (u8, Verb), unchanged: bool) {
        let turn = self.at(who).turn;
        let next = self.record.decide(setting, verb, (who, &turn));
        let reported = match next.filter(|_| unchanged) {
            Some(next) => {
                self.mark_swap((who, verb), &next);
                self.write(setting, next);
                Some(0)
            }
            None if setting.backend == Backend::Redis => None,
            None => return self.goes(who, Step::Read(verb)),
        };
        match setting.has(Deviation::BelieveTheReport) {
            true => self.done((who, verb)),
            false => self.goes(who, Step::Check(verb, reported)),
        }
    }

    fn mark_swap(&mut self, (who, verb): (u8, Verb), next: &Record) {
        let turn = self.at(who).turn;
        let grant = next.grant;
        if verb == Verb::Note {
            let stands = grant.is_some_and(|grant| self.intuit.honours(grant.token));
            let ours = next.is_of(turn.generation);
            self.mark(Mark::Slandered, stands && !ours);
        }
        if verb == Verb::Save {
            let refused =
                (turn.sent == 2 && turn.sending != turn.tokens.0).then_some(turn.tokens.0);
            let kept = grant
                .and_then(|grant| grant.previous)
                .filter(|_| refused.is_some());
            self.mark(Mark::KeptRefused, kept.is_some() && kept == refused);
            let lapsed = next.standing == Standing::NeedsReauthorization;
            self.mark(Mark::Hidden, lapsed);
        }
    }

    fn check(&mut self, (who, verb): (u8, Verb), depth: Option<u8>) {
        match depth {
            Some(_) => self.done((who, verb)),
            None => self.goes(who, Step::Read(verb)),
        }
    }

    /// A swap that its writer takes for done.
    fn done(&mut self, (who, verb): (u8, Verb)) {
        if verb != Verb::Claim {
            return self.end(who);
        }
        let token = self.at(who).turn.tokens.0;
        self.at(who).turn.age = 0;
        self.call((who, token));
    }
}

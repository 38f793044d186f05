//! What an instance does at the network, and what becomes of requests that nobody waits for.

use crate::record::{Record, Token, Verb};
use crate::setting::{Deviation, Setting};
use crate::world::{Call, Mark, Step, World};

impl World {
    pub(crate) fn call(&mut self, (who, token): (u8, Token)) {
        let instance = self.at(who);
        instance.turn.sending = token;
        instance.turn.sent = (instance.turn.sent + 1).min(3);
        instance.step = Step::Call(Call::Out(false));
    }

    /// The new access token has been used.
    pub(crate) fn used(&mut self, who: u8) {
        if self.at(who).step == Step::Use {
            self.goes(who, Step::Read(Verb::Save));
        }
    }

    /// Intuit takes the request.
    pub(crate) fn take(&mut self, setting: &Setting, (who, same): (u8, bool)) {
        let instance = self.instances[usize::from(who)];
        if let Step::Call(Call::Out(slow)) = instance.step {
            let token = self
                .intuit
                .refresh(setting.rotation, instance.turn.sending, same);
            self.goes(who, Step::Call(Call::Back(slow, token)));
        }
    }

    /// The answer arrives.
    pub(crate) fn answer(&mut self, setting: &Setting, who: u8) {
        let Step::Call(Call::Back(_, answer)) = self.at(who).step else {
            return;
        };
        let second = self.at(who).turn.sent > 1;
        match answer {
            Some(token) => {
                self.at(who).turn.answer = token;
                self.mark(Mark::Rescued, second);
                let next = match setting.has(Deviation::UseBeforeSave) {
                    true => Step::Use,
                    false => Step::Read(Verb::Save),
                };
                self.goes(who, next);
            }
            None if setting.has(Deviation::TryAgain) => {
                let token = self.at(who).turn.sending;
                self.call((who, token));
            }
            None if second => self.goes(who, Step::Read(Verb::Note)),
            None => self.goes(who, Step::Reread),
        }
    }

    /// After a refusal: adopt what is newer, else the token before, once, else the verdict.
    pub(crate) fn reread(&mut self, setting: &Setting, who: u8, seen: &Record) {
        let turn = self.at(who).turn;
        let same = seen.is_of(turn.generation);
        let adopts = match setting.has(Deviation::SendsAfterDisconnect) {
            true => seen
                .grant
                .is_some_and(|grant| grant.generation > turn.generation),
            false => !same,
        };
        if adopts && !setting.has(Deviation::NoAdoption) {
            return self.end(who);
        }
        let suspected = turn.interrupted || setting.has(Deviation::PreviousAlways);
        match turn.tokens.1.filter(|_| suspected) {
            Some(previous) => {
                self.mark(Mark::SpentForNothing, !turn.interrupted);
                self.mark(Mark::SentInVain, !same);
                self.call((who, previous));
            }
            None => self.goes(who, Step::Read(Verb::Note)),
        }
    }

    /// A call that did not leave: the claim is let go, after the first.
    pub(crate) fn unsent(&mut self, who: u8) {
        self.left.unsent -= 1;
        match self.at(who).turn.sent {
            1 => self.goes(who, Step::Read(Verb::Release)),
            _ => self.end(who),
        }
    }

    /// Nobody waits for this instance's request any more, and whatever it knew is gone.
    pub(crate) fn abandon(&mut self, who: u8) {
        let instance = self.instances[usize::from(who)];
        let under_way = matches!(instance.step, Step::Call(Call::Out(_)));
        if let Some(place) = self
            .flight
            .iter_mut()
            .find(|token| under_way && **token == 0)
        {
            *place = instance.turn.sending;
        }
        self.flight.sort_unstable();
        self.end(who);
    }

    /// A request that nobody waits for ends; `same` as in [`World::take`], none if it goes nowhere.
    pub(crate) fn land(&mut self, setting: &Setting, (token, taken): (Token, bool)) {
        if let Some(place) = self.flight.iter_mut().find(|known| **known == token) {
            *place = 0;
        }
        self.flight.sort_unstable();
        if taken {
            self.intuit.refresh(setting.rotation, token, false);
        }
    }
}

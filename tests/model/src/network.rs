//! The steps of an instance on the network, and the end of abandoned requests.

use crate::configuration::{Configuration, Deviation};
use crate::instance::{Call, Duration, Step};
use crate::intuit::NewToken;
use crate::record::{InstanceId, Record, Token};
use crate::update::Update;
use crate::world::{Event, World};

impl World {
    /// Sends a token.
    pub(crate) fn send(&mut self, id: InstanceId, token: Token) {
        let instance = self.instance(id);
        instance.refresh.sent_token = token;
        instance.refresh.sent_count = (instance.refresh.sent_count + 1).min(3);
        instance.step = Step::Call(Call::Out(Duration::Short));
    }

    /// Ends the use of the new access token.
    pub(crate) fn finish_use(&mut self, id: InstanceId) {
        if self.instance(id).step == Step::Use {
            self.set_step(id, Step::Read(Update::Save));
        }
    }

    /// Lets Intuit carry out the request of an instance.
    pub(crate) fn take(&mut self, configuration: &Configuration, id: InstanceId, answer: NewToken) {
        let instance = self.instances[usize::from(id)];
        if let Step::Call(Call::Out(duration)) = instance.step {
            let sent = instance.refresh.sent_token;
            let token = self.intuit.refresh(configuration.rotation, sent, answer);
            self.set_step(id, Step::Call(Call::Back(duration, token)));
        }
    }

    /// Delivers the answer to an instance.
    pub(crate) fn receive(&mut self, configuration: &Configuration, id: InstanceId) {
        let Step::Call(Call::Back(_, answer)) = self.instance(id).step else {
            return;
        };
        let is_second = self.instance(id).refresh.sent_count > 1;
        match answer {
            Some(token) => {
                self.instance(id).refresh.new_token = token;
                self.add_event_if(is_second, Event::PreviousAccepted);
                let next = match configuration.has(Deviation::UsesBeforeSave) {
                    true => Step::Use,
                    false => Step::Read(Update::Save),
                };
                self.set_step(id, next);
            }
            None if configuration.has(Deviation::RetriesAfterRefusal) => {
                let token = self.instance(id).refresh.sent_token;
                self.send(id, token);
            }
            None if is_second => self.set_step(id, Step::Read(Update::RequireReauthorization)),
            None => self.set_step(id, Step::Reread),
        }
    }

    /// Decides after a refusal and a read of the record.
    ///
    /// If the record has another grant, the refresh ends. Else the instance sends the previous token once, if an
    /// earlier claim never reported its result. Else it requires reauthorization.
    pub(crate) fn continue_after_refusal(
        &mut self,
        configuration: &Configuration,
        id: InstanceId,
        seen: &Record,
    ) {
        let refresh = self.instance(id).refresh;
        let is_same = seen.is_of(refresh.generation);
        let is_replaced = match configuration.has(Deviation::SendsAfterDisconnect) {
            true => seen
                .grant
                .is_some_and(|grant| grant.generation > refresh.generation),
            false => !is_same,
        };
        if is_replaced && !configuration.has(Deviation::SkipsReread) {
            return self.end_refresh(id);
        }
        let tries_previous =
            refresh.is_interrupted || configuration.has(Deviation::AlwaysTriesPrevious);
        match refresh.previous.filter(|_| tries_previous) {
            Some(previous) => {
                self.add_event_if(!refresh.is_interrupted, Event::SpentTokenSent);
                self.add_event_if(!is_same, Event::SentForLostGrant);
                self.send(id, previous);
            }
            None => self.set_step(id, Step::Read(Update::RequireReauthorization)),
        }
    }

    /// Handles a call that was not sent: the first call of a refresh releases the claim.
    pub(crate) fn fail_to_send(&mut self, id: InstanceId) {
        self.remaining.unsent -= 1;
        match self.instance(id).refresh.sent_count {
            1 => self.set_step(id, Step::Read(Update::Release)),
            _ => self.end_refresh(id),
        }
    }

    /// Ends the refresh of an instance and abandons its request.
    pub(crate) fn abandon(&mut self, id: InstanceId) {
        let instance = self.instances[usize::from(id)];
        let is_under_way = matches!(instance.step, Step::Call(Call::Out(_)));
        if let Some(place) = self
            .abandoned
            .iter_mut()
            .find(|token| is_under_way && **token == 0)
        {
            *place = instance.refresh.sent_token;
        }
        self.abandoned.sort_unstable();
        self.end_refresh(id);
    }

    /// Loses an abandoned request.
    pub(crate) fn vanish(&mut self, token: Token) {
        if let Some(place) = self.abandoned.iter_mut().find(|known| **known == token) {
            *place = 0;
        }
        self.abandoned.sort_unstable();
    }

    /// Lets Intuit carry out an abandoned request.
    pub(crate) fn take_late(&mut self, configuration: &Configuration, token: Token) {
        self.vanish(token);
        self.intuit
            .refresh(configuration.rotation, token, NewToken::Rotated);
    }
}

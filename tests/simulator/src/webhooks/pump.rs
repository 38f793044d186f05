use jiff::Timestamp;

use super::event::{self, Event};
use super::{Answer, Delivery, Subscription, signature};
use crate::Simulator;

/// Webhooks of the simulated app.
impl Simulator {
    /// From now on changes are told at the subscription's address; an earlier subscription ends, with everything that
    /// was on its way.
    pub fn subscribe(&mut self, subscription: Subscription) {
        self.unsubscribe();
        self.sender.keep_token(&subscription.verifier_token);
        self.sender.source = signature::source(&self.config.client_id);
        if let Some(seed) = subscription.seed {
            self.sender.random = fastrand::Rng::with_seed(seed);
        }
        self.sender.told = self
            .companies
            .iter()
            .map(|(realm, company)| (realm.clone(), company.changes.len()))
            .collect();
        self.sender.subscription = Some(subscription);
    }

    /// Ends the subscription, with everything that was on its way.
    pub fn unsubscribe(&mut self) {
        self.sender.subscription = None;
        self.sender.clear();
    }

    /// Everything that is sent from now on, also what was sent before and comes again, is signed with this token.
    pub fn rotate_verifier_token(&mut self, token: &str) {
        if let Some(subscription) = &mut self.sender.subscription {
            token.clone_into(&mut subscription.verifier_token);
            self.sender.keep_token(token);
        }
    }

    /// The attempts that are due. Each is out until it is reported, or three seconds have passed; while
    /// [`Courier::head_of_line`](crate::Courier::head_of_line) is on there is at most one.
    pub fn deliveries(&mut self, now: Timestamp) -> Vec<Delivery> {
        self.sender.due(&self.switches.courier, now)
    }

    /// What became of an attempt. Only the status 200 within three seconds is an acceptance; after anything else the
    /// delivery comes again. Reports about attempts that are over are ignored.
    pub fn delivered(&mut self, id: u64, answer: Answer, now: Timestamp) {
        self.sender
            .report(&self.switches.courier, (id, answer), now);
    }

    /// When to ask for deliveries next; `None` if nothing waits and nothing is out.
    pub fn next_delivery_at(&self) -> Option<Timestamp> {
        self.sender.next(&self.switches.courier)
    }

    /// How many events will never arrive: lost by chance, or given up with their delivery.
    pub fn lost_events(&self) -> usize {
        self.sender.lost()
    }

    /// Makes events of what happened in a company since the last time. The permission counts that stands at the moment
    /// of the change; what is on its way when a permission ends still arrives.
    pub(crate) fn note_changes(&mut self, realm: &str) {
        let (Some(subscription), Some(company)) =
            (self.sender.subscription.clone(), self.companies.get(realm))
        else {
            return;
        };
        let all = company.changes.len();
        let seen = self.sender.told.insert(realm.to_owned(), all);
        if !self.oauth.stands(realm, self.now) {
            return;
        }
        for change in company.changes.iter().skip(seen.unwrap_or_default()) {
            for (kind, id, operation) in event::told(change) {
                if !subscription.entities.contains(&kind)
                    || !subscription.operations.contains(&operation)
                {
                    continue;
                }
                let body = company.records.get(kind, id);
                let event = Event {
                    id: self.sender.event_id(),
                    realm: realm.to_owned(),
                    kind,
                    entity: id.to_owned(),
                    operation,
                    at: change.at,
                    deleted_id: (operation == crate::Operation::Merge)
                        .then(|| change.deleted_id.clone())
                        .flatten(),
                    body: body.cloned().map(serde_json::Value::Object),
                };
                self.sender.take(&self.switches.courier, event);
            }
        }
    }
}

use jiff::Timestamp;

use super::event::{self, Event};
use super::{Answer, Delivery, Subscription, signature};
use crate::Simulator;

/// Webhooks of the simulated app.
impl Simulator {
    /// Starts a subscription: changes from now on become events. An earlier subscription ends, and its undelivered events
    /// are dropped.
    pub fn subscribe(&mut self, subscription: Subscription) {
        self.unsubscribe();
        self.sender.add_verifier_token(&subscription.verifier_token);
        self.sender.source = signature::cloud_event_source(&self.config.client_id);
        if let Some(seed) = subscription.seed {
            self.sender.random = fastrand::Rng::with_seed(seed);
        }
        self.sender.handled_changes = self
            .companies
            .iter()
            .map(|(realm, company)| (realm.clone(), company.changes.len()))
            .collect();
        self.sender.subscription = Some(subscription);
    }

    /// Ends the subscription and drops its undelivered events.
    pub fn unsubscribe(&mut self) {
        self.sender.subscription = None;
        self.sender.clear();
    }

    /// Signs every later attempt with the given token, also attempts of events that were sent before.
    pub fn rotate_verifier_token(&mut self, token: &str) {
        if let Some(subscription) = &mut self.sender.subscription {
            token.clone_into(&mut subscription.verifier_token);
            self.sender.add_verifier_token(token);
        }
    }

    /// Starts and returns the attempts that are due. An attempt is in flight until its report, or for three seconds. While
    /// [`DeliveryBehaviour::head_of_line`](crate::DeliveryBehaviour::head_of_line) is on, at most one attempt is in flight.
    pub fn start_due_deliveries(&mut self, now: Timestamp) -> Vec<Delivery> {
        self.sender.start_due(&self.switches.delivery, now)
    }

    /// Reports the answer to an attempt. The status 200 within three seconds accepts the delivery; after any other answer
    /// the delivery is attempted again. A report about an attempt that is over changes nothing.
    pub fn report_delivery(&mut self, id: u64, answer: Answer, now: Timestamp) {
        self.sender.report(&self.switches.delivery, id, answer, now);
    }

    /// Returns the time at which to ask for deliveries next, or `None` if no event waits and no attempt is in flight.
    pub fn next_delivery_at(&self) -> Option<Timestamp> {
        self.sender.next_step_at(&self.switches.delivery)
    }

    /// Returns the number of events that never arrive: lost by chance, or dropped after the last attempt.
    pub fn lost_events(&self) -> usize {
        self.sender.lost_events()
    }

    /// Makes events of the changes in a company since the last call. A change becomes an event if the app has the company's
    /// permission at that moment. If the permission ends later, the event still arrives.
    pub(crate) fn queue_change_events(&mut self, realm: &str) {
        let (Some(subscription), Some(company)) =
            (self.sender.subscription.clone(), self.companies.get(realm))
        else {
            return;
        };
        let change_count = company.changes.len();
        let handled = self
            .sender
            .handled_changes
            .insert(realm.to_owned(), change_count);
        if !self.oauth.has_permission(realm, self.now) {
            return;
        }
        for change in company.changes.iter().skip(handled.unwrap_or_default()) {
            for part in event::entity_operations(change) {
                if !subscription.entities.contains(&part.kind)
                    || !subscription.operations.contains(&part.operation)
                {
                    continue;
                }
                let body = company.records.get(part.kind, part.id);
                let event = Event {
                    id: self.sender.draw_event_id(),
                    realm: realm.to_owned(),
                    kind: part.kind,
                    entity: part.id.to_owned(),
                    operation: part.operation,
                    at: change.changed_at,
                    deleted_id: (part.operation == crate::Operation::Merge)
                        .then(|| change.deleted_id.clone())
                        .flatten(),
                    body: body.cloned().map(serde_json::Value::Object),
                };
                self.sender.enqueue(&self.switches.delivery, event);
            }
        }
    }
}

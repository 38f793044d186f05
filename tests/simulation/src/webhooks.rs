//! What Intuit tells by itself: the simulator's sender, carried to our instances for as long as the run lasts.
//!
//! A delivery is a task outside; what receives it runs on an instance, as any request does, and may die there. The sender hears
//! what became of it, or nothing, and sends again as its ladder has it.
#![expect(clippy::expect_used, reason = "a scenario stops where it breaks")]

use crate::deployment::Deployment;
use crate::world::{Place, World};
use inbound::webhook_intake::receive;
use jiff::SignedDuration;
use quickbooks::webhook::{VerifierTokens, verify};
use simulator::{Answer, Delivery, DeliveryBehaviour, Format, Subscription};

/// With which Intuit signs.
const VERIFIER: &str = "5a3f0c66-51d7-4b0e-8f52-0c1d5f8f3b0a";

/// Each way of a delivery that goes well.
const USUAL: SignedDuration = SignedDuration::from_secs(1);

/// Longer than Intuit waits for an answer.
const SLOW: SignedDuration = SignedDuration::from_secs(6);

/// What becomes of a delivery on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Well,
    /// No connection.
    NotSent,
    /// Received, and the answer lost.
    LostAfter,
    /// So slow that Intuit may not wait for the answer.
    Slow,
}

impl Deployment {
    /// Intuit tells from now on, in this format, with this delivery behaviour.
    pub fn subscribe(&self, format: Format, delivery: DeliveryBehaviour) {
        let subscription =
            Subscription::new("https://books.example/v1/webhooks/quickbooks", VERIFIER)
                .format(format)
                .deleted_id_in_data(self.world.one_in(2))
                .seed(self.world.below(usize::MAX) as u64);
        let mut intuit = self.intuit.borrow_mut();
        intuit.switches_mut().delivery = delivery;
        intuit.subscribe(subscription);
    }

    /// Carries what is due, whenever it is. Ends with the run, and keeps none alive.
    pub fn carry_webhooks(&self) {
        let at = self.clone();
        self.world.spawn(Place::Outside, "intuit", async move {
            loop {
                let due = at.intuit.borrow_mut().start_due_deliveries(at.world.now());
                for delivery in due {
                    let carry = carry(at.clone(), delivery);
                    at.world.spawn(Place::Outside, "webhook", carry);
                }
                let next = at.intuit.borrow().next_delivery_at();
                at.world.until_or_end(next).await;
            }
        });
    }

    /// Verifies and receives as the component does: the status that it answers with, none if its instance dies.
    async fn receive(&self, delivery: &Delivery) -> Option<u16> {
        let (store, world) = (self.store_without_keys(), self.world.clone());
        let delivery = delivery.clone();
        let (task, told) = self.start("events", async move {
            let tokens = VerifierTokens::parse(VERIFIER).expect("a token");
            let signature = delivery.headers.get("intuit-signature");
            let signature = signature.and_then(|value| value.to_str().ok());
            if verify(&tokens, signature.unwrap_or_default(), &delivery.body).is_err() {
                world.broken("a delivery of Intuit's is taken for somebody else's");
                return 401;
            }
            match receive(&store, &delivery.body, world.now()).await {
                Ok(received) => {
                    if let Some(why) = received.odd {
                        world.broken(format!("a delivery cannot be read: {why}"));
                    }
                    200
                }
                Err(error) => {
                    world.note(|| error.to_string());
                    503
                }
            }
        });
        self.world.join(task).await;
        told.take()
    }
}

async fn carry(at: Deployment, delivery: Delivery) {
    let world = &at.world;
    let (id, fate) = (delivery.id, fate(world));
    world.note(|| {
        let body = String::from_utf8_lossy(&delivery.body).into_owned();
        format!("attempt {id}, {fate:?}: {body}")
    });
    world.turn_within(USUAL).await;
    if fate == Fate::Slow {
        world.sleep(world.up_to(SLOW)).await;
    }
    let status = match fate {
        Fate::NotSent => None,
        _ => at.receive(&delivery).await,
    };
    world.turn_within(USUAL).await;
    let answer = match status.filter(|_| fate != Fate::LostAfter) {
        Some(status) => Answer::Status(status),
        None => Answer::NoAnswer,
    };
    world.note(|| format!("attempt {id} is answered: {answer:?}"));
    let mut intuit = at.intuit.borrow_mut();
    intuit.report_delivery(id, answer, world.now());
}

fn fate(world: &World) -> Fate {
    if world.goes_wrong(|conditions| &mut conditions.calls) {
        return world.pick(&[Fate::NotSent, Fate::LostAfter, Fate::Slow]);
    }
    Fate::Well
}

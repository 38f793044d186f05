//! Carries the webhook deliveries of the simulator to our instances, for as long as the run lasts.
//!
//! A delivery is a task outside. The request that receives it runs on an instance and may crash there. The sender learns the status, or
//! nothing, and sends again as Intuit's retry schedule says.
#![expect(clippy::expect_used, reason = "a scenario stops where it breaks")]

use crate::deployment::Deployment;
use crate::world::{Place, World};
use inbound::webhook_intake::receive;
use jiff::SignedDuration;
use quickbooks::webhook::{VerifierTokens, verify};
use simulator::{Answer, Delivery, DeliveryBehaviour, Format, Subscription};

/// The verifier token with which Intuit signs.
const VERIFIER: &str = "5a3f0c66-51d7-4b0e-8f52-0c1d5f8f3b0a";

/// The longest time in each direction of a delivery without a fault.
const USUAL: SignedDuration = SignedDuration::from_secs(1);

/// Longer than Intuit waits for an answer.
const SLOW: SignedDuration = SignedDuration::from_secs(6);

/// The outcome of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Well,
    /// The connection fails.
    NotSent,
    /// The delivery is received, and the answer is lost.
    LostAfter,
    /// The delivery is so slow that Intuit may stop waiting.
    Slow,
}

impl Deployment {
    /// Subscribes to the webhooks of Intuit, in this format and with this quality of delivery.
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

    /// Starts a task that delivers each webhook when it is due. The task does not keep the run alive.
    pub fn deliver_webhooks(&self) {
        let deployment = self.clone();
        self.world.spawn(Place::Outside, "intuit", async move {
            loop {
                let due = deployment
                    .intuit
                    .borrow_mut()
                    .start_due_deliveries(deployment.world.now());
                for delivery in due {
                    let carry = carry(deployment.clone(), delivery);
                    deployment.world.spawn(Place::Outside, "webhook", carry);
                }
                let next = deployment.intuit.borrow().next_delivery_at();
                deployment.world.sleep_until_or_task_end(next).await;
            }
        });
    }

    /// Verifies and receives a delivery as the component does. Returns the status, or nothing if the instance crashes.
    async fn receive(&self, delivery: &Delivery) -> Option<u16> {
        let (store, world) = (self.store_without_keys(), self.world.clone());
        let delivery = delivery.clone();
        let started = self.start("events", async move {
            let tokens = VerifierTokens::parse(VERIFIER).expect("a token");
            let signature = delivery.headers.get("intuit-signature");
            let signature = signature.and_then(|value| value.to_str().ok());
            if verify(&tokens, signature.unwrap_or_default(), &delivery.body).is_err() {
                world.fail("a delivery of Intuit's is taken for somebody else's");
                return 401;
            }
            match receive(&store, &delivery.body, world.now()).await {
                Ok(received) => {
                    if let Some(why) = received.problem {
                        world.fail(format!("a delivery cannot be read: {why}"));
                    }
                    200
                }
                Err(error) => {
                    world.trace(|| error.to_string());
                    503
                }
            }
        });
        self.world.join(started.task).await;
        started.result.take()
    }
}

async fn carry(deployment: Deployment, delivery: Delivery) {
    let world = &deployment.world;
    let (id, outcome) = (delivery.id, draw_outcome(world));
    world.trace(|| {
        let body = String::from_utf8_lossy(&delivery.body).into_owned();
        format!("attempt {id}, {outcome:?}: {body}")
    });
    world.yield_point_within(USUAL).await;
    if outcome == Outcome::Slow {
        world.sleep(world.span_up_to(SLOW)).await;
    }
    let status = match outcome {
        Outcome::NotSent => None,
        _ => deployment.receive(&delivery).await,
    };
    world.yield_point_within(USUAL).await;
    let answer = match status.filter(|_| outcome != Outcome::LostAfter) {
        Some(status) => Answer::Status(status),
        None => Answer::NoAnswer,
    };
    world.trace(|| format!("attempt {id} is answered: {answer:?}"));
    let mut intuit = deployment.intuit.borrow_mut();
    intuit.report_delivery(id, answer, world.now());
}

fn draw_outcome(world: &World) -> Outcome {
    if world.has_fault(|conditions| &mut conditions.calls) {
        return world.pick(&[Outcome::NotSent, Outcome::LostAfter, Outcome::Slow]);
    }
    Outcome::Well
}

//! The erasure of a firm: nothing is left of it, and no other firm notices.

use super::{OWN_NAMES, own_bill, two_firms};
use crate::support::connections::SignInResult;
use crate::support::events::parse_event;
use crate::support::usual_bill::customer;
use crate::support::world::{World, WorldOptions};
use billing::{Document, Fact};
use bridge::accept_event::{Outcome, accept};
use futures::executor::block_on;
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::{Effect, Injection};
use std::collections::BTreeMap;

/// The closing time of an erasure.
pub(super) const CLOSING: SignedDuration = SignedDuration::from_secs(90);

/// Returns the records of the other firm.
fn others(world: &World) -> BTreeMap<String, Vec<u8>> {
    let mut content = world.memory.content();
    content.retain(|key, _| key.contains("firm_otter"));
    content
}

#[test]
fn erased_firm_leaves_no_byte() {
    let world = two_firms();
    let names = [OWN_NAMES.as_slice(), &[&world.realm]].concat();
    assert!(
        world.keys_with(&names).len() > 150,
        "there is something to erase"
    );
    let (before, others_before) = (world.memory.content().len(), others(&world));
    assert_eq!(world.erase(usize::MAX)["state"], "closing");
    world.advance(CLOSING);
    let report = world.erase(usize::MAX);
    assert_eq!(report["state"], "erased");
    assert_eq!(world.keys_with(&names), Vec::<String>::new());
    assert!(world.memory.content().len() < before);
    assert_eq!(others(&world), others_before);
    let removed = &report["receipt"]["removed"];
    assert_eq!(
        (&removed["connection"], &removed["document"]),
        (&json!(1), &json!(72))
    );
    for kind in [
        "received",
        "activity",
        "project",
        "customer-details",
        "books",
        "sign-ins",
        "company",
    ] {
        assert!(removed[kind].as_u64() > Some(0), "{kind}: {removed}");
    }
}

#[test]
fn erasure_resumes_and_counts_everything_once() {
    let world = two_firms();
    world.erase(usize::MAX);
    world.advance(CLOSING);
    let mut calls = 0;
    let whole = two_firms();
    whole.erase(usize::MAX);
    whole.advance(CLOSING);
    let expected = whole.erase(usize::MAX)["receipt"]["removed"].clone();
    let report = loop {
        calls += 1;
        let report = world.erase(calls);
        if report["state"] == "erased" {
            break report;
        }
        assert_eq!(report["state"], "removing");
    };
    assert!(calls > 3);
    assert_eq!(report["receipt"]["removed"], expected);
    assert_eq!(
        world.erase(usize::MAX),
        report,
        "a repeated order changes nothing"
    );
    assert_eq!(world.keys_with(&OWN_NAMES), Vec::<String>::new());
}

/// Finding the records took all the time of each request.
#[test]
fn erasure_without_time_still_ends() {
    let world = two_firms();
    world.erase(0);
    world.advance(CLOSING);
    let mut states = (0..20).map(|_| world.erase(0)["state"].clone());
    assert!(states.any(|state| state == "erased"));
    assert_eq!(world.keys_with(&OWN_NAMES), Vec::<String>::new());
}

#[test]
fn event_of_erased_firm_is_ignored() {
    let world = two_firms();
    world.erase(usize::MAX);
    let before = world.memory.content();
    let closing = world.deliver_pay_app("pay_app.approved", &own_bill(71));
    world.deliver_data("customer.updated", json!({ "customer": customer() }));
    assert_eq!(
        (closing, world.memory.content()),
        (Outcome::Ignored, before)
    );
    world.advance(CLOSING);
    world.erase(usize::MAX);
    let before = world.memory.content();
    let later = world.deliver_pay_app("pay_app.approved", &own_bill(72));
    assert_eq!((later, world.memory.content()), (Outcome::Ignored, before));
}

#[test]
fn runs_after_erasure_bring_nothing_back() {
    let world = two_firms();
    let change = json!([{
        "specversion": "1.0", "id": "evt_1", "source": "intuit", "type": "qbo.invoice.updated.v1",
        "time": world.now().to_string(), "intuitentityid": "1", "intuitaccountid": world.realm, "data": {},
    }]);
    world.erase(usize::MAX);
    world.receive_delivery(&change.to_string());
    world.run_schedules(3, SignedDuration::from_mins(10));
    world.erase(usize::MAX);
    world.receive_delivery(&change.to_string());
    world.run_schedules(3, SignedDuration::from_mins(10));
    assert_eq!(
        world.keys_with(&[OWN_NAMES[0], &world.realm]),
        Vec::<String>::new()
    );
}

#[test]
fn erasure_ends_grant_at_intuit_first() {
    let world = World::configured();
    let down = Injection::new(Effect::Unavailable).path_containing("/tokens/revoke");
    world.simulator().inject(down.always());
    world.erase(usize::MAX);
    for _ in 0..3 {
        world.advance(SignedDuration::from_mins(6));
        assert_eq!(world.erase(usize::MAX)["state"], "revoking");
    }
    assert!(
        world.connection().revocation.is_some(),
        "the token is kept until then"
    );
    world.simulator().clear_injections();
    world.advance(SignedDuration::from_mins(6));
    assert_eq!(world.erase(usize::MAX)["state"], "erased");
    let revoked = world
        .simulator()
        .traffic()
        .iter()
        .any(|seen| seen.path.contains("/tokens/revoke"));
    assert!(revoked);
}

#[test]
fn unreachable_intuit_delays_erasure_for_a_day() {
    let world = World::configured();
    let down = Injection::new(Effect::Unavailable).path_containing("/tokens/revoke");
    world.simulator().inject(down.always());
    world.erase(usize::MAX);
    world.advance(SignedDuration::from_hours(25));
    assert_eq!(world.erase(usize::MAX)["state"], "erased");
}

#[test]
fn unconfirmed_sign_in_is_erased_and_given_back() {
    let world = World::new(WorldOptions::default());
    world.offer();
    world.decide_at_intuit(simulator::ConsentDecision::Connect);
    world.erase(usize::MAX);
    world.advance(CLOSING);
    assert_eq!(world.erase(usize::MAX)["state"], "erased");
    let left = world.keys_with(&[
        "firm_harbor",
        &world.realm,
        "rivet-books:sign-in:",
        "rivet-books:unconfirmed-sign-in:",
    ]);
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn company_of_erased_firm_may_serve_another() {
    let mut world = World::configured();
    world.erase(usize::MAX);
    world.advance(CLOSING);
    world.erase(usize::MAX);
    // The record of the company was removed, and the next creator waits for the turn of the last one.
    world.advance(SignedDuration::from_mins(3));
    let connected = world.as_firm("firm_next", World::connect);
    assert_eq!(connected, SignInResult::Connected);
}

#[test]
fn unknown_firm_is_erased_with_empty_receipt() {
    let world = World::new(WorldOptions::default());
    world.erase(usize::MAX);
    world.advance(CLOSING);
    let report: Value = world.erase(usize::MAX);
    assert_eq!(
        (&report["state"], &report["receipt"]["removed"]),
        (&json!("erased"), &json!({}))
    );
    let erased = block_on(world.services.store.is_erased(&world.firm)).unwrap();
    assert!(erased);
}

/// A request stored the revision and crashed before it was in the queue. RIVET got no answer, so it sends the event again.
#[test]
fn revision_without_entry_goes_with_redelivery() {
    let world = two_firms();
    let data = json!({ "firm_id": world.firm, "plan": "pro", "pay_app": own_bill(71) });
    let body = json!({ "type": "pay_app.approved", "timestamp": world.now(), "data": data });
    let event = || parse_event(&body.to_string());
    if let Fact::PayAppApproved(bill) = event().fact {
        let store = &world.services.store;
        block_on(store.save_received(&world.firm, &Document::PayApp(bill), None)).unwrap();
    }
    let deliver = || {
        let mut entropy = world.entropy();
        let accepted = accept(&world.services, event(), &mut entropy, || world.now());
        block_on(accepted).map(|accepted| accepted.outcome).ok()
    };
    world.erase(usize::MAX);
    assert_eq!(deliver(), None, "RIVET sends the event once more");
    world.advance(CLOSING);
    assert_eq!(world.erase(usize::MAX)["state"], "erased");
    assert_eq!(world.keys_with(&OWN_NAMES).len(), 1);
    assert_eq!(deliver(), Some(Outcome::Ignored));
    assert_eq!(world.keys_with(&OWN_NAMES), Vec::<String>::new());
}

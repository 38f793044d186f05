//! Notifications to RIVET about connections.

mod documents;

use crate::support::connections::SignInResult;
use crate::support::events::event_body;
use crate::support::world::World;
use jiff::SignedDuration;
use store::connection::{ConnectionStatus, ReauthorizationReason};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Returns the types of all notifications, in the order of arrival.
fn types(world: &World) -> Vec<String> {
    let rivet = world.rivet();
    let kinds = rivet
        .notifications
        .iter()
        .map(|notification| notification.body["type"].as_str().unwrap().to_owned());
    kinds.collect()
}

/// Returns the `webhook-id` of each notification.
fn ids(world: &World) -> Vec<String> {
    let rivet = world.rivet();
    rivet
        .notifications
        .iter()
        .map(|notification| notification.id.clone())
        .collect()
}

fn disconnect_in_quickbooks(world: &World) {
    world.person(|person| person.disconnect_app());
}

#[test]
fn lapse_and_repair_notify_once_each() {
    let world = World::connected();
    world.refresh_tokens();
    disconnect_in_quickbooks(&world);
    for _ in 0..3 {
        world.advance(HOUR);
        world.refresh_tokens();
    }
    assert_eq!(types(&world), ["connection.needs_reauthorization"]);
    assert_eq!(world.connect(), SignInResult::Reconnected);
    for _ in 0..3 {
        world.refresh_tokens();
        world.advance(HOUR);
    }
    assert_eq!(
        types(&world),
        ["connection.needs_reauthorization", "connection.restored"]
    );
}

#[test]
fn rejected_connection_notifications_resend_in_order() {
    let world = World::connected();
    disconnect_in_quickbooks(&world);
    world.rivet().is_down = true;
    world.advance(HOUR);
    world.refresh_tokens();
    world.connect();
    world.refresh_tokens();
    assert!(types(&world).is_empty());
    world.rivet().is_down = false;
    world.advance(HOUR);
    world.refresh_tokens();
    assert_eq!(
        ids(&world),
        ["connection_firm_harbor_1", "connection_firm_harbor_2"]
    );
    assert_eq!(
        types(&world),
        ["connection.needs_reauthorization", "connection.restored"]
    );
}

#[test]
fn next_run_notifies_lapse_found_by_posting() {
    let world = World::configured();
    disconnect_in_quickbooks(&world);
    world.deliver(event_body("03"));
    world.refresh_tokens();
    assert_eq!(types(&world), ["connection.needs_reauthorization"]);
}

#[test]
fn ended_subscription_notifies_connection_error() {
    let world = World::configured();
    world.person(|person| person.set_subscribed(false));
    world.deliver(event_body("03"));
    world.refresh_tokens();
    assert_eq!(types(&world), ["connection.error"]);
    let body = world.rivet().notifications[0].body.clone();
    assert_eq!(body["data"]["reason"]["code"], "subscription_ended");
}

/// The schedule runs for five years, weekly at first and then daily. Refreshing keeps the grant alive until it expires.
#[test]
fn grant_expiry_notifies_four_times_in_advance() {
    let world = World::connected();
    for _ in 0..5 * 52 - 8 {
        world.advance(HOUR * 24 * 7);
        world.refresh_tokens();
    }
    for _ in 0..8 * 7 + 8 {
        world.advance(HOUR * 24);
        world.refresh_tokens();
    }
    let days: Vec<_> = world
        .rivet()
        .notifications
        .iter()
        .map(|notification| notification.body["data"]["days_left"].clone())
        .collect();
    assert_eq!(
        days,
        [
            30.into(),
            14.into(),
            7.into(),
            1.into(),
            serde_json::Value::Null
        ]
    );
    assert_eq!(
        world.connection().status,
        ConnectionStatus::NeedsReauthorization(ReauthorizationReason::GrantExpired)
    );
}

//! Disconnecting: by a person in RIVET or in QuickBooks, also while Intuit is unavailable.

use crate::support::connections::SignInResult;
use crate::support::world::{World, WorldOptions};
use connection::callback::ConnectFailure;
use connection::verify::verify_grant;
use futures::executor::block_on;
use jiff::SignedDuration;
use simulator::{Commit, Effect, Injection, RequestKind};
use store::connection::{Connection, ConnectionStatus, Grant, ReauthorizationReason};

/// Makes Intuit refuse the next revocations.
fn fail_revocations(world: &World, times: u32) {
    let unavailable = Injection::new(Effect::Unavailable).path_containing("/tokens/revoke");
    world.simulator().inject(unavailable.times(times));
}

/// Returns the number of revocations that Intuit received.
fn revocations(world: &World) -> usize {
    let simulator = world.simulator();
    let seen = simulator.traffic().iter();
    seen.filter(|seen| seen.path.contains("/tokens/revoke"))
        .count()
}

#[test]
fn disconnect_revokes_and_erases_grant() {
    let world = World::connected();
    let after = world.disconnect();
    assert_eq!(
        (after.status, &after.grant),
        (ConnectionStatus::Disconnected, &None)
    );
    assert_eq!((&after.revocation, revocations(&world)), (&None, 1));
    assert_eq!(world.disconnect().revocation, None);
    assert_eq!(revocations(&world), 1);
}

#[test]
fn failed_revocation_is_retried_by_schedule() {
    let world = World::connected();
    fail_revocations(&world, 2);
    let after = world.disconnect();
    assert!(after.grant.is_none() && after.revocation.is_some());
    world.refresh_tokens();
    assert_eq!(
        revocations(&world),
        1,
        "a revocation is retried only after a pause"
    );
    for tries in [2, 3, 3] {
        world.advance(SignedDuration::from_mins(6));
        world.refresh_tokens();
        assert_eq!(revocations(&world), tries);
    }
    assert_eq!(world.connection().revocation, None);
}

#[test]
fn company_stays_taken_until_grant_is_revoked() {
    let mut world = World::connected();
    fail_revocations(&world, 1);
    world.disconnect();
    let taken = SignInResult::Failed(ConnectFailure::CompanyTaken);
    assert_eq!(world.as_firm("firm_other", World::connect), taken);
    world.advance(SignedDuration::from_mins(6));
    world.refresh_tokens();
    assert_eq!(
        world.as_firm("firm_other", World::connect),
        SignInResult::Connected
    );
    assert_eq!(world.connect(), taken);
}

#[test]
fn reconnect_clears_pending_revocation() {
    let world = World::connected();
    fail_revocations(&world, 1);
    world.disconnect();
    assert_eq!(world.connect(), SignInResult::Reconnected);
    world.advance(SignedDuration::from_mins(50));
    assert_eq!(world.refresh_tokens().refreshed, 1);
    assert_eq!(revocations(&world), 1);
}

#[test]
fn unanswered_revocation_blocks_sign_in() {
    let world = World::connected();
    let lost = Injection::new(Effect::Dropped(Commit::Before)).kind(RequestKind::Revoke);
    world.simulator().inject(lost);
    world.disconnect();
    assert_eq!(
        world.connect(),
        SignInResult::Failed(ConnectFailure::TryAgain)
    );
    world.advance(SignedDuration::from_mins(2));
    assert_eq!(world.connect(), SignInResult::Reconnected);
}

#[test]
fn revocation_is_abandoned_after_one_day() {
    let world = World::connected();
    fail_revocations(&world, 1000);
    world.disconnect();
    world.advance(SignedDuration::from_hours(25));
    world.refresh_tokens();
    assert_eq!(
        (world.connection().revocation, revocations(&world)),
        (None, 1)
    );
}

/// Saves a grant as a refresh of its generation does.
fn save_refreshed(world: &World, grant: &Grant) -> Connection {
    let store = &world.services.store;
    block_on(store.save_refreshed_grant(&world.firm, grant.generation, grant, world.now())).unwrap()
}

/// A refresh runs while a person disconnects. Under strict rotation only the new token can still end the grant.
#[test]
fn tokens_arriving_after_disconnect_are_revoked() {
    let world = World::connected();
    let first = world.connection().grant.unwrap();
    world.disconnect();
    world.connect();
    let refreshed = world.connection().grant.unwrap();
    world.disconnect();
    assert_eq!(revocations(&world), 2);
    assert!(save_refreshed(&world, &refreshed).revocation.is_some());
    world.refresh_tokens();
    assert_eq!(
        (world.connection().revocation, revocations(&world)),
        (None, 3)
    );
    assert_eq!(
        save_refreshed(&world, &first).revocation,
        None,
        "an older generation is revoked already"
    );
}

#[test]
fn verification_detects_disconnect_inside_quickbooks() {
    let world = World::connected();
    let verified_status = || {
        let auth = world.services.auth();
        block_on(verify_grant(&auth, &world.realm, world.claimant())).unwrap();
        world.connection().status
    };
    assert_eq!(verified_status(), ConnectionStatus::Connected);
    world.person(|person| person.disconnect_app());
    assert_eq!(
        verified_status(),
        ConnectionStatus::Connected,
        "the last verification is less than an hour old"
    );
    world.advance(SignedDuration::from_mins(59));
    assert_eq!(verified_status(), ConnectionStatus::Connected);
    world.advance(SignedDuration::from_mins(1));
    let refused = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::GrantRefused);
    assert_eq!(verified_status(), refused);
}

#[test]
fn verification_of_unknown_company_costs_nothing() {
    let world = World::connected();
    world.simulator().clear_traffic();
    let (before, auth) = (world.memory.writes(), world.services.auth());
    block_on(verify_grant(&auth, "310687", world.claimant())).unwrap();
    assert!(world.simulator().traffic().is_empty() && world.memory.writes() == before);
}

/// Intuit has replaced the old tokens before the check fails.
#[test]
fn reconnect_with_failed_check_keeps_working() {
    let world = World::connected();
    let unavailable = Injection::new(Effect::Unavailable).kind(RequestKind::Read);
    world.simulator().inject(unavailable);
    let failed = SignInResult::Failed(ConnectFailure::IntuitUnavailable);
    assert_eq!(world.connect(), failed);
    world.advance(SignedDuration::from_mins(50));
    assert_eq!(world.refresh_tokens().refreshed, 1);
    assert_eq!(world.connection().status, ConnectionStatus::Connected);
}

/// The answer of a refresh is lost after Intuit executed it. With strict rotation the firm must reconnect;
/// with a grace period the old token still works.
#[test]
fn lost_refresh_answer_recovers_only_with_grace() {
    use simulator::Rotation::{EachRefresh, EachRefreshGrace24h};
    for (rotation, status) in [
        (EachRefreshGrace24h, ConnectionStatus::Connected),
        (
            EachRefresh,
            ConnectionStatus::NeedsReauthorization(ReauthorizationReason::GrantRefused),
        ),
    ] {
        let world = World::new(WorldOptions {
            rotation,
            ..WorldOptions::default()
        });
        world.connect();
        world.advance(SignedDuration::from_mins(50));
        let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Token);
        world.simulator().inject(lost);
        assert_eq!(world.refresh_tokens().failed, 1);
        assert_eq!(world.connection().status, ConnectionStatus::Connected);
        world.advance(SignedDuration::from_mins(2));
        world.refresh_tokens();
        assert_eq!(world.connection().status, status, "{rotation:?}");
    }
}

//! How connections end: by a person in RIVET, by one in QuickBooks, and when Intuit cannot be reached meanwhile.

use crate::support::world::{Given, World};
use connection::callback::{CallbackResult, ConnectFailure};
use connection::verify::verify_grant;
use futures::executor::block_on;
use jiff::SignedDuration;
use simulator::{Commit, Effect, Injection, RequestKind};
use store::connection::{ConnectionStatus, ReauthorizationReason};

fn unreachable(world: &World, times: u32) {
    let gone = Injection::new(Effect::Unavailable).path_containing("/tokens/revoke");
    world.simulator().inject(gone.times(times));
}

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
    unreachable(&world, 2);
    let after = world.disconnect();
    assert!(after.grant.is_none() && after.revocation.is_some());
    world.look_after();
    assert_eq!(revocations(&world), 1, "not before the pause is over");
    for tries in [2, 3, 3] {
        world.advance(SignedDuration::from_mins(6));
        world.look_after();
        assert_eq!(revocations(&world), tries);
    }
    assert_eq!(world.connection().revocation, None);
}

#[test]
fn company_stays_taken_until_grant_is_revoked() {
    let mut world = World::connected();
    unreachable(&world, 1);
    world.disconnect();
    let taken = CallbackResult::Failed(ConnectFailure::CompanyTaken);
    assert_eq!(world.as_firm("firm_other", World::connect), taken);
    world.advance(SignedDuration::from_mins(6));
    world.look_after();
    assert_eq!(
        world.as_firm("firm_other", World::connect),
        CallbackResult::Connected
    );
    assert_eq!(world.connect(), taken);
}

#[test]
fn reconnect_clears_pending_revocation() {
    let world = World::connected();
    unreachable(&world, 1);
    world.disconnect();
    assert_eq!(world.connect(), CallbackResult::Reconnected);
    world.advance(SignedDuration::from_mins(50));
    assert_eq!(world.look_after().refreshed, 1);
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
        CallbackResult::Failed(ConnectFailure::TryAgain)
    );
    world.advance(SignedDuration::from_mins(2));
    assert_eq!(world.connect(), CallbackResult::Reconnected);
}

#[test]
fn revocation_is_abandoned_after_one_day() {
    let world = World::connected();
    unreachable(&world, 1000);
    world.disconnect();
    world.advance(SignedDuration::from_hours(25));
    world.look_after();
    assert_eq!(
        (world.connection().revocation, revocations(&world)),
        (None, 1)
    );
}

/// A refresh is under way while a person disconnects: under strict rotation only its new token still ends the grant.
#[test]
fn tokens_arriving_after_disconnect_are_revoked() {
    let world = World::connected();
    let before = world.connection().grant.unwrap();
    world.disconnect();
    world.connect();
    let late = world.connection().grant.unwrap();
    world.disconnect();
    assert_eq!(revocations(&world), 2);
    let saving =
        world
            .bridge
            .store
            .save_refreshed_grant(&world.firm, late.generation, &late, world.now());
    assert!(block_on(saving).unwrap().revocation.is_some());
    world.look_after();
    assert_eq!(
        (world.connection().revocation, revocations(&world)),
        (None, 3)
    );
    let stale = world.bridge.store.save_refreshed_grant(
        &world.firm,
        before.generation,
        &before, world.now(),
    );
    assert_eq!(
        block_on(stale).unwrap().revocation,
        None,
        "an older generation was given back before"
    );
}

#[test]
fn verification_detects_disconnect_inside_quickbooks() {
    let world = World::connected();
    let ask = || {
        let grants = world.bridge.auth();
        block_on(verify_grant(&grants, &world.realm, world.claimant())).unwrap();
        world.connection().status
    };
    assert_eq!(ask(), ConnectionStatus::Connected);
    world.person(|person| person.disconnect_app());
    assert_eq!(
        ask(),
        ConnectionStatus::Connected,
        "asked less than a minute ago"
    );
    world.advance(SignedDuration::from_mins(1));
    let lapsed = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::GrantRefused);
    assert_eq!(ask(), lapsed);
}

#[test]
fn verification_of_unknown_company_costs_nothing() {
    let world = World::connected();
    world.simulator().clear_traffic();
    let (before, grants) = (world.memory.writes(), world.bridge.auth());
    block_on(verify_grant(&grants, "310687", world.claimant())).unwrap();
    assert!(world.simulator().traffic().is_empty() && world.memory.writes() == before);
}

/// Intuit has superseded the old tokens by then.
#[test]
fn reconnect_with_failed_check_keeps_working() {
    let world = World::connected();
    let away = Injection::new(Effect::Unavailable).kind(RequestKind::Read);
    world.simulator().inject(away);
    let unavailable = CallbackResult::Failed(ConnectFailure::IntuitUnavailable);
    assert_eq!(world.connect(), unavailable);
    world.advance(SignedDuration::from_mins(50));
    assert_eq!(world.look_after().refreshed, 1);
    assert_eq!(world.connection().status, ConnectionStatus::Connected);
}

/// The answer of a refresh is lost after Intuit carried it out. Strict: a person is asked for; with grace: it heals.
#[test]
fn lost_refresh_answer_recovers_only_with_grace() {
    use simulator::Rotation::{EachRefresh, EachRefreshGrace24h};
    for (rotation, standing) in [
        (EachRefreshGrace24h, ConnectionStatus::Connected),
        (
            EachRefresh,
            ConnectionStatus::NeedsReauthorization(ReauthorizationReason::GrantRefused),
        ),
    ] {
        let world = World::new(Given {
            rotation,
            ..Given::default()
        });
        world.connect();
        world.advance(SignedDuration::from_mins(50));
        let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Token);
        world.simulator().inject(lost);
        assert_eq!(world.look_after().failed, 1);
        assert_eq!(world.connection().status, ConnectionStatus::Connected);
        world.advance(SignedDuration::from_mins(2));
        world.look_after();
        assert_eq!(world.connection().status, standing, "{rotation:?}");
    }
}

//! Confirmation of a new company: who may confirm, once and for ten minutes, and what becomes of a grant that nobody confirms.

mod rivals;

use crate::support::connections::SignInResult;
use crate::support::world::{World, WorldOptions};
use billing::session::Session;
use bridge::views;
use connection::confirm::{ConfirmRefusal, ConfirmResult};
use futures::executor::block_on;
use jiff::SignedDuration;
use platform::store::KeyValue;
use serde_json::{Value, json};
use simulator::{CallClass, Effect, Injection};
use store::connection::ConnectionStatus;

const CONNECTED: ConfirmResult = ConfirmResult::Connected;

/// Returns a world whose firm is not connected yet.
fn world() -> World {
    World::new(WorldOptions::default())
}

/// Returns the number of revocations that Intuit received.
fn revocations(world: &World) -> usize {
    let simulator = world.simulator();
    let mut seen = simulator.traffic().iter();
    seen.by_ref()
        .filter(|seen| seen.class == CallClass::Revoke)
        .count()
}

fn status(world: &World, session: &Session) -> Value {
    let status = views::status(&world.services.store, session, world.now());
    serde_json::to_value(block_on(status).unwrap()).unwrap()
}

/// Returns the session of another person of the firm.
fn colleague(world: &World) -> Session {
    Session {
        user: "usr_99".parse().unwrap(),
        ..world.session()
    }
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

/// Returns whether a record still has a grant that nobody confirmed.
fn holds_grant(world: &World) -> bool {
    let mut records = world.memory.content().into_iter();
    records.any(|(key, value)| {
        key.contains(":unconfirmed-sign-in:")
            && String::from_utf8_lossy(&value).contains("access_token")
    })
}

#[test]
fn new_company_is_bound_by_confirmation_alone() {
    let world = world();
    let value = world.offer();
    let before = world.connection();
    assert_eq!((&before.company, &before.grant), (&None, &None));
    let owner = world.services.store.company_owner(&world.realm);
    assert_eq!(block_on(owner), Ok(None));
    assert_eq!(status(&world, &world.session())["status"], "disconnected");
    assert_eq!(world.confirm(&value), CONNECTED);
    let after = world.connection();
    assert_eq!(after.status, ConnectionStatus::Connected);
    assert_eq!(after.company.unwrap().realm_id, world.realm);
    assert!(!holds_grant(&world));
    world.advance(minutes(50));
    assert_eq!(world.refresh_tokens().refreshed, 1);
    assert!(world.connection().pending_sign_ins.is_empty());
    assert_eq!(revocations(&world), 0);
}

#[test]
fn pending_sign_in_shows_to_its_person_alone() {
    let world = world();
    let (session, colleague) = (world.session(), colleague(&world));
    world.offer();
    let shown = json!({
        "company": "Harbor Electric LLC",
        "since": "2026-03-02T15:00:00Z", "expires_at": "2026-03-02T15:10:00Z",
    });
    assert_eq!(status(&world, &session)["pending_sign_in"], shown);
    let others = status(&world, &colleague);
    assert!(!others.to_string().contains("Harbor"), "{others}");
    world.advance(minutes(11));
    assert_eq!(status(&world, &session)["pending_sign_in"], Value::Null);
}

#[test]
fn confirmation_by_another_person_gives_grant_back() {
    for (user, firm) in [("usr_99", "firm_harbor"), ("usr_17", "firm_other")] {
        let world = world();
        let value = world.offer();
        let session = Session {
            user: user.parse().unwrap(),
            firm: firm.parse().unwrap(),
            ..world.session()
        };
        let refused = ConfirmResult::Refused(ConfirmRefusal::NotYours);
        assert_eq!(world.confirm_as(&session, &value), refused);
        assert_eq!((revocations(&world), holds_grant(&world)), (1, false));
        let attempt = world.connection().attempt.unwrap();
        assert_eq!(attempt.code, "confirmation_not_yours");
        assert_eq!(
            world.confirm(&value),
            ConfirmResult::Refused(ConfirmRefusal::Used)
        );
        assert_eq!(world.connection().company, None);
    }
}

#[test]
fn confirmation_works_once() {
    let world = world();
    let value = world.offer();
    assert_eq!(world.confirm(&value), CONNECTED);
    let before = world.connection();
    let used = ConfirmResult::Refused(ConfirmRefusal::Used);
    assert_eq!(world.confirm(&value), used);
    world.advance(minutes(60));
    assert_eq!(world.confirm(&value), used);
    assert_eq!(world.connection(), before);
    assert_eq!(revocations(&world), 0);
}

#[test]
fn forged_confirmation_is_unknown_and_harmless() {
    let world = world();
    let value = world.offer();
    let unknown = ConfirmResult::Refused(ConfirmRefusal::Unknown);
    let (id, secret) = value.split_once('.').unwrap();
    let forged = "A".repeat(22);
    for odd in [
        String::new(),
        id.to_owned(),
        format!("{id}.{forged}"),
        format!("{forged}.{secret}"),
        format!("../../../../{id}.{secret}"),
    ] {
        assert_eq!(world.confirm(&odd), unknown, "{odd}");
        assert_eq!(world.confirm_as(&colleague(&world), &odd), unknown, "{odd}");
    }
    assert_eq!(world.confirm(&value), CONNECTED);
}

#[test]
fn late_confirmation_gives_grant_back_at_once() {
    let world = world();
    let (value, other) = (world.offer(), colleague(&world));
    world.advance(minutes(10) + SignedDuration::from_secs(1));
    let expired = ConfirmResult::Refused(ConfirmRefusal::Expired);
    assert_eq!(world.confirm(&value), expired);
    assert_eq!((revocations(&world), holds_grant(&world)), (1, false));
    assert_eq!(world.confirm(&value), expired);
    let not_yours = ConfirmResult::Refused(ConfirmRefusal::NotYours);
    assert_eq!(world.confirm_as(&other, &value), not_yours);
    assert_eq!(revocations(&world), 1);
}

#[test]
fn schedule_gives_back_what_nobody_confirms() {
    let world = world();
    let value = world.offer();
    world.advance(minutes(10));
    world.refresh_tokens();
    assert_eq!(revocations(&world), 0, "the person may still confirm");
    world.advance(minutes(1));
    world.refresh_tokens();
    assert_eq!((revocations(&world), holds_grant(&world)), (1, false));
    assert!(world.connection().pending_sign_ins.is_empty());
    assert_eq!(
        world.confirm(&value),
        ConfirmResult::Refused(ConfirmRefusal::Expired)
    );
    world.advance(minutes(60));
    world.refresh_tokens();
    assert_eq!(revocations(&world), 1);
    assert_eq!(world.connect(), SignInResult::Connected);
}

#[test]
fn failed_give_back_is_retried_for_a_day() {
    let world = world();
    world.offer();
    let outage = Injection::new(Effect::Unavailable).path_containing("/tokens/revoke");
    world.simulator().inject(outage.times(1000));
    for tries in [1, 2, 3] {
        world.advance(minutes(11));
        world.refresh_tokens();
        assert_eq!(revocations(&world), tries);
        assert!(holds_grant(&world));
    }
    world.advance(SignedDuration::from_hours(24));
    world.refresh_tokens();
    assert_eq!((revocations(&world), holds_grant(&world)), (3, false));
    assert!(world.connection().pending_sign_ins.is_empty());
}

/// The request crashes after the connection has the tokens, so the record of the sign-in keeps them, too.
#[test]
fn crashed_confirmation_is_finished_without_revocation() {
    for confirms_again in [true, false] {
        let world = world();
        let value = world.offer();
        let record = |(key, _): &(String, Vec<u8>)| key.contains(":unconfirmed-sign-in:");
        let (key, before) = world.memory.content().into_iter().find(record).unwrap();
        assert_eq!(world.confirm(&value), CONNECTED);
        block_on(world.memory.set(&key, &before)).unwrap();
        assert!(holds_grant(&world));
        let connection = world.connection();
        if confirms_again {
            let used = ConfirmResult::Refused(ConfirmRefusal::Used);
            assert_eq!(world.confirm(&value), used);
            assert_eq!(world.connection(), connection);
        }
        world.advance(minutes(50));
        assert_eq!(world.refresh_tokens().refreshed, 1);
        assert_eq!((revocations(&world), holds_grant(&world)), (0, false));
    }
}

#[test]
fn busy_company_lets_person_confirm_again() {
    let world = world();
    let value = world.offer();
    let key = store::CompanyKey {
        firm: &world.firm,
        realm_id: &world.realm,
    };
    let claimed = world.services.store.claim_company(key, world.claimant());
    block_on(claimed).unwrap();
    let busy = ConfirmResult::Refused(ConfirmRefusal::TryAgain);
    assert_eq!(world.confirm(&value), busy);
    world.advance(minutes(2));
    assert_eq!(world.confirm(&value), CONNECTED);
}

#[test]
fn offered_company_leaves_no_readable_secret() {
    let world = world();
    let value = world.offer();
    let secret = value.split_once('.').unwrap().1.to_owned();
    let mut secrets = world.simulator().issued_secrets();
    secrets.extend([secret, world.realm.clone()]);
    assert!(holds_grant(&world));
    for (key, content) in world.memory.content() {
        let content = String::from_utf8_lossy(&content).into_owned();
        for secret in &secrets {
            assert!(!content.contains(secret) && !key.contains(secret), "{key}");
        }
    }
}

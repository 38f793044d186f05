//! Sign-in: a firm connects a company, reconnects it, or is refused.

use crate::support::connections::SignInResult;
use crate::support::world::{World, WorldOptions};
use bridge::refresh_tokens::DueReport;
use connection::callback::{CallbackParams, ConnectFailure};
use futures::executor::block_on;
use jiff::SignedDuration;
use platform::store::KeyValue;
use ports::entropy::digest;
use simulator::{Company, ConsentDecision};
use store::connection::{ConnectionStatus, ReauthorizationReason};
use store::schedule::{DueIndex, NextDue, ScheduledJob};
use store::{Claimant, CompanyKey};

#[test]
fn connecting_records_company_name_and_edition() {
    let world = World::new(WorldOptions::default());
    assert_eq!(world.connect(), SignInResult::Connected);
    let connection = world.connection();
    let company = connection.company.as_ref().unwrap();
    assert_eq!(
        (company.name.as_str(), company.edition.as_deref()),
        ("Harbor Electric LLC", Some("Plus"))
    );
    assert_eq!(connection.status, ConnectionStatus::Connected);
}

#[test]
fn connecting_again_is_a_reconnect() {
    let world = World::connected();
    assert_eq!(world.connect(), SignInResult::Reconnected);
}

#[test]
fn cancelled_sign_in_leaves_firm_disconnected() {
    let world = World::new(WorldOptions::default());
    let params = world.decide_at_intuit(ConsentDecision::Cancel);
    assert_eq!(world.finish_sign_in(&params), SignInResult::Denied);
    assert_eq!(world.connection().status, ConnectionStatus::Disconnected);
}

#[test]
fn callback_works_once_from_starting_browser() {
    let world = World::new(WorldOptions::default());
    let params = world.decide_at_intuit(ConsentDecision::Connect);
    let from_other_browser = CallbackParams {
        browser: Some("another".into()),
        ..params.clone()
    };
    assert_eq!(
        world.finish_sign_in(&from_other_browser),
        SignInResult::Failed(ConnectFailure::OtherBrowser)
    );
    assert_eq!(world.finish_sign_in(&params), SignInResult::Connected);
    assert_eq!(
        world.finish_sign_in(&params),
        SignInResult::Failed(ConnectFailure::UsedState)
    );
}

#[test]
fn only_due_token_is_refreshed() {
    let world = World::connected();
    assert_eq!(world.refresh_tokens(), DueReport::default());
    world.advance(SignedDuration::from_mins(50));
    assert_eq!(
        world.refresh_tokens(),
        DueReport {
            due: 1,
            refreshed: 1,
            ..DueReport::default()
        }
    );
    assert_eq!(world.refresh_tokens(), DueReport::default());
}

#[test]
fn revoked_grant_needs_reauthorization_without_retry() {
    let world = World::connected();
    world.person(|person| person.disconnect_app());
    world.advance(SignedDuration::from_mins(50));
    let report = world.refresh_tokens();
    assert_eq!((report.due, report.needs_reauthorization), (1, 1));
    let status = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::GrantRefused);
    assert_eq!(world.connection().status, status);
    assert_eq!(world.refresh_tokens(), DueReport::default());
}

#[test]
fn store_contains_no_readable_secret() {
    let world = World::connected();
    world.advance(SignedDuration::from_mins(50));
    world.refresh_tokens();
    let secrets = world.simulator().issued_secrets();
    assert!(secrets.len() >= 5, "{}", secrets.len());
    for (key, value) in world.memory.content() {
        let value = String::from_utf8_lossy(&value).into_owned();
        for secret in &secrets {
            assert!(!value.contains(secret.as_str()), "{key}");
        }
        assert!(
            !value.contains(&world.realm) && !key.contains(&world.realm),
            "{key}"
        );
    }
}

#[test]
fn late_refresh_keeps_grant_of_reconnect() {
    let world = World::connected();
    let stale = world.connection().grant.unwrap();
    world.disconnect();
    world.connect();
    let fresh = world.connection().grant.unwrap();
    let saving = world.services.store.save_refreshed_grant(
        &world.firm,
        stale.generation,
        &stale,
        world.now(),
    );
    assert_eq!(block_on(saving).unwrap().grant, Some(fresh));
}

#[test]
fn different_company_is_refused_without_changing_connection() {
    let mut world = World::connected();
    let (before, first) = (world.connection(), world.realm.clone());
    let other = Company::new("Harbor Holdings Inc");
    let other = world.simulator().add_company(other);
    world.realm.clone_from(&other);
    let refused = SignInResult::Failed(ConnectFailure::OtherCompany);
    assert_eq!(world.connect(), refused);
    let mut after = world.connection();
    let attempt = after.attempt.take().unwrap();
    after.pending_sign_ins.clone_from(&before.pending_sign_ins);
    assert_eq!(after, before);
    assert_eq!(attempt.code, "other_company");
    for name in ["Harbor Electric LLC", "Harbor Holdings Inc"] {
        assert!(attempt.message.contains(name), "{}", attempt.message);
    }
    assert_eq!(
        world.as_firm("firm_other", World::connect),
        SignInResult::Connected
    );
    assert_eq!(world.connection().company.unwrap().realm_id, first);
    assert_ne!(first, other);
}

#[test]
fn company_of_another_firm_is_refused() {
    let mut world = World::connected();
    let before = world.connection();
    let taken = SignInResult::Failed(ConnectFailure::CompanyTaken);
    assert_eq!(world.as_firm("firm_other", World::connect), taken);
    let attempt = world.as_firm("firm_other", |world| world.connection().attempt.unwrap());
    assert!(!attempt.message.contains("Harbor") && !attempt.message.contains("firm_harbor"));
    assert_eq!(world.connection(), before);
    world.advance(SignedDuration::from_mins(50));
    assert_eq!(world.refresh_tokens().refreshed, 1);
}

#[test]
fn concurrent_sign_in_for_company_is_refused() {
    let world = World::new(WorldOptions::default());
    let store = &world.services.store;
    let (company, claimant) = (
        CompanyKey {
            firm: &world.firm,
            realm_id: &world.realm,
        },
        Claimant {
            owner: "another tab",
            now: world.now(),
        },
    );
    block_on(store.claim_company(company, claimant)).unwrap();
    assert_eq!(
        world.connect(),
        SignInResult::Failed(ConnectFailure::TryAgain)
    );
    world.advance(SignedDuration::from_mins(2));
    assert_eq!(world.connect(), SignInResult::Connected);
}

#[test]
fn company_bound_by_dead_sign_in_is_free() {
    let mut world = World::new(WorldOptions::default());
    let (store, realm) = (&world.services.store, &world.realm);
    let company = CompanyKey {
        firm: &world.firm,
        realm_id: realm,
    };
    let claimant = Claimant {
        owner: "crashed",
        now: world.now(),
    };
    block_on(store.claim_company(company, claimant)).unwrap();
    assert_eq!(block_on(store.bind_company(company, "crashed")), Ok(true));
    let claimed = SignInResult::Failed(ConnectFailure::TryAgain);
    assert_eq!(world.as_firm("firm_other", World::connect), claimed);
    world.advance(SignedDuration::from_mins(2));
    assert_eq!(
        world.as_firm("firm_other", World::connect),
        SignInResult::Connected
    );
    assert_eq!(
        world.connect(),
        SignInResult::Failed(ConnectFailure::CompanyTaken)
    );
}

#[test]
fn second_tab_cannot_replace_connected_company() {
    let mut world = World::new(WorldOptions::default());
    let first = world.decide_at_intuit(ConsentDecision::Connect);
    let other = Company::new("Harbor Holdings Inc");
    let other = world.simulator().add_company(other);
    world.realm.clone_from(&other);
    let second = world.decide_at_intuit(ConsentDecision::Connect);
    assert_eq!(world.finish_sign_in(&first), SignInResult::Connected);
    assert_eq!(
        world.finish_sign_in(&second),
        SignInResult::Failed(ConnectFailure::OtherCompany)
    );
    world.advance(SignedDuration::from_mins(50));
    assert_eq!(world.refresh_tokens().refreshed, 1);
}

#[test]
fn reading_reseals_record_with_current_key() {
    let world = World::connected();
    let sealed_with = |key: &str| {
        let content = world.memory.content();
        let (_, record) = content
            .iter()
            .find(|(name, _)| name.contains(":connection:"))
            .unwrap();
        String::from_utf8_lossy(record).contains(&format!("\"{key}."))
    };
    let rotated = world.new_instance_with_keys(&["k2", "k1"]);
    assert!(sealed_with("k1") && !sealed_with("k2"));
    block_on(rotated.store.connection(&world.firm)).unwrap();
    assert!(sealed_with("k2") && !sealed_with("k1"));
    let retired = world.new_instance_with_keys(&["k2"]);
    let read = block_on(retired.store.connection(&world.firm)).unwrap();
    assert!(read.grant.is_some());
}

/// An instance crashes between its turn and the creation of the record. Another instance gets a turn two minutes later,
/// even if others tried in between.
#[test]
fn record_creation_resumes_two_minutes_after_crash() {
    let world = World::new(WorldOptions::default());
    let key = "rivet-books:connection:firm_harbor";
    let minute = world.now().as_second() / 60;
    block_on(async {
        let record = digest(key);
        let tries = format!("rivet-books:creations:{record}:{minute}");
        world.memory.increment(&tries, 1).await.unwrap();
        let turn = format!("rivet-books:turns:{record}:{minute}");
        world.memory.set(&turn, b"1").await.unwrap();
    });
    let prepare = || block_on(world.services.store.prepare_connection(&world.firm));
    for _ in 0..4 {
        assert!(prepare().is_err());
        world.advance(SignedDuration::from_secs(30));
    }
    assert_eq!(prepare(), Ok(()));
    assert_eq!(world.connect(), SignInResult::Connected);
}

/// The firm reconnects after the run loaded it and before the run corrects its due hint.
#[test]
fn reconnect_during_scheduled_run_keeps_due_hint() {
    let world = World::connected();
    let (store, shard) = (&world.services.store, DueIndex::shard_of(&world.firm));
    world.advance(SignedDuration::from_mins(50));
    let until = world.now() + SignedDuration::from_secs(80);
    let claiming = store.claim_due(shard, ScheduledJob::Connection, world.now(), until);
    assert_eq!(block_on(claiming).unwrap().firms.len(), 1);
    world.connect();
    let found = [NextDue {
        firm: world.firm.clone(),
        at: None,
    }];
    block_on(store.finish_due(shard, ScheduledJob::Connection, until, &found)).unwrap();
    world.advance(SignedDuration::from_mins(50));
    assert_eq!(world.refresh_tokens().refreshed, 1);
}

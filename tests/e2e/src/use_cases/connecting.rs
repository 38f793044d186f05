use crate::support::world::{Given, World};
use bridge::callback::{Arrival, Landing, NotConnected};
use bridge::connection::{Lapse, Standing};
use bridge::disconnect::disconnect;
use bridge::refresh::{DueReport, refresh_due};
use futures::executor::block_on;
use jiff::SignedDuration;
use simulator::Decision;

fn refresh(world: &World) -> DueReport {
    block_on(refresh_due(
        &world.bridge.grants(),
        &mut world.entropy(),
        || world.now(),
    ))
    .unwrap()
}

#[test]
fn a_firm_connects_and_its_company_is_known_by_name_and_edition() {
    let world = World::new(Given::default());
    assert_eq!(world.connect(), Landing::Connected);
    let connection = world.connection();
    let company = connection.company.as_ref().unwrap();
    assert_eq!(
        (company.name.as_str(), company.edition.as_deref()),
        ("Harbor Electric LLC", Some("Plus"))
    );
    assert_eq!(connection.standing, Standing::Connected);
}

#[test]
fn connecting_again_is_a_reconnect() {
    let world = World::new(Given::default());
    world.connect();
    assert_eq!(world.connect(), Landing::Reconnected);
}

#[test]
fn declining_leaves_nothing_behind() {
    let world = World::new(Given::default());
    let arrival = world.at_intuit(Decision::Cancel);
    assert_eq!(world.land(&arrival), Landing::Denied);
    assert_eq!(world.connection().standing, Standing::Disconnected);
}

#[test]
fn an_answer_is_taken_once_and_only_from_the_browser_that_left() {
    let world = World::new(Given::default());
    let arrival = world.at_intuit(Decision::Connect);
    let stolen = Arrival {
        browser: Some("another".into()),
        ..arrival.clone()
    };
    assert_eq!(
        world.land(&stolen),
        Landing::Failed(NotConnected::OtherBrowser)
    );
    assert_eq!(world.land(&arrival), Landing::Connected);
    assert_eq!(
        world.land(&arrival),
        Landing::Failed(NotConnected::Replayed)
    );
}

#[test]
fn a_due_token_is_refreshed_and_a_fresh_one_is_left_alone() {
    let world = World::new(Given::default());
    world.connect();
    assert_eq!(refresh(&world), DueReport::default());
    world.advance(SignedDuration::from_mins(50));
    assert_eq!(
        refresh(&world),
        DueReport {
            due: 1,
            refreshed: 1,
            ..DueReport::default()
        }
    );
    assert_eq!(refresh(&world), DueReport::default());
}

#[test]
fn a_revoked_grant_needs_a_person_and_is_not_tried_again() {
    let world = World::new(Given::default());
    world.connect();
    let realm = world.realm.clone();
    world.simulator().person(&realm).unwrap().disconnect_app();
    world.advance(SignedDuration::from_mins(50));
    let report = refresh(&world);
    assert_eq!((report.due, report.needs_reauthorization), (1, 1));
    let standing = Standing::NeedsReauthorization(Lapse::GrantRefused);
    assert_eq!(world.connection().standing, standing);
    assert_eq!(refresh(&world), DueReport::default());
}

#[test]
fn no_secret_that_was_issued_lies_readable_in_the_store() {
    let world = World::new(Given::default());
    world.connect();
    world.advance(SignedDuration::from_mins(50));
    refresh(&world);
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
fn a_refresh_from_before_a_disconnect_does_not_overwrite_the_grant_after_it() {
    let world = World::new(Given::default());
    world.connect();
    let stale = world.connection().grant.unwrap();
    let origin = "https://developer.api.intuit.com";
    block_on(disconnect(&world.bridge, &world.firm, origin)).unwrap();
    world.connect();
    let fresh = world.connection().grant.unwrap();
    let late = world
        .bridge
        .store
        .save_refreshed(&world.firm, stale.generation, &stale);
    assert_eq!(block_on(late).unwrap().grant, Some(fresh));
}

//! Several sign-ins to new companies at the same time: of one firm, and of two firms.

use super::{CONNECTED, holds_grant, minutes, revocations, world};
use crate::support::world::World;
use connection::confirm::{ConfirmRefusal, ConfirmResult};
use simulator::Company;

const fn refused(why: ConfirmRefusal) -> ConfirmResult {
    ConfirmResult::Refused(why)
}

/// Checks that the token of the firm still works an hour later.
fn assert_works(world: &World) {
    world.advance(minutes(50));
    assert_eq!(world.refresh_tokens().refreshed, 1);
}

#[test]
fn later_sign_in_of_firm_supersedes_earlier() {
    let world = world();
    let (first, second) = (world.offer(), world.offer());
    assert_eq!(world.confirm(&first), refused(ConfirmRefusal::Superseded));
    assert_eq!(revocations(&world), 0);
    assert_eq!(world.confirm(&second), CONNECTED);
    assert_works(&world);
    assert!(!holds_grant(&world));
}

#[test]
fn expiry_of_earlier_sign_in_spares_later() {
    let world = world();
    world.offer();
    world.advance(minutes(9));
    let second = world.offer();
    world.advance(minutes(2));
    world.refresh_tokens();
    assert_eq!(revocations(&world), 0);
    assert_eq!(world.confirm(&second), CONNECTED);
    assert_works(&world);
}

#[test]
fn abandoned_sign_ins_are_revoked_once() {
    let world = world();
    world.offer();
    world.advance(minutes(9));
    world.offer();
    world.advance(minutes(20));
    world.refresh_tokens();
    assert_eq!((revocations(&world), holds_grant(&world)), (1, false));
}

#[test]
fn second_company_is_refused_after_the_first() {
    let mut world = world();
    let (first, own) = (world.offer(), world.realm.clone());
    let other = Company::new("Harbor Holdings Inc");
    let other = world.simulator().add_company(other);
    world.realm = other;
    let second = world.offer();
    assert_eq!(world.confirm(&first), CONNECTED);
    assert_eq!(
        world.confirm(&second),
        refused(ConfirmRefusal::OtherCompany)
    );
    assert_eq!((revocations(&world), holds_grant(&world)), (1, false));
    assert_eq!(world.connection().attempt.unwrap().code, "other_company");
    assert_eq!(world.connection().company.unwrap().realm_id, own);
    assert_works(&world);
}

#[test]
fn firm_that_confirms_first_gets_the_company() {
    let mut world = world();
    let own = world.offer();
    let theirs = world.as_firm("firm_other", World::offer);
    assert_eq!(
        world.as_firm("firm_other", |world| world.confirm(&theirs)),
        CONNECTED
    );
    assert_eq!(world.confirm(&own), refused(ConfirmRefusal::CompanyTaken));
    assert_eq!(revocations(&world), 0, "both have one grant at Intuit");
    assert_eq!(world.connection().company, None);
    world.as_firm("firm_other", assert_works);
    assert!(!holds_grant(&world));
}

#[test]
fn grant_that_another_firm_replaced_connects_nothing() {
    let mut world = world();
    let own = world.offer();
    let theirs = world.as_firm("firm_other", World::offer);
    assert_eq!(world.confirm(&own), refused(ConfirmRefusal::Superseded));
    assert_eq!(
        world.as_firm("firm_other", |world| world.confirm(&theirs)),
        CONNECTED
    );
    world.as_firm("firm_other", assert_works);
}

#[test]
fn firm_has_sixteen_sign_ins_at_most() {
    use crate::support::connections::SignInResult;
    use connection::callback::ConnectFailure;
    let world = world();
    for _ in 0..16 {
        world.offer();
    }
    let busy = SignInResult::Failed(ConnectFailure::TryAgain);
    assert_eq!(world.connect(), busy);
    world.advance(minutes(11));
    world.refresh_tokens();
    assert_eq!(world.connect(), SignInResult::Connected);
}

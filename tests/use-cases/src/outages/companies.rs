//! Companies outside the United States.

use crate::support::connections::SignInResult;
use crate::support::usual_bill::BILL;
use crate::support::world::{World, WorldOptions};
use connection::callback::ConnectFailure;
use simulator::CallClass;
use store::connection::ConnectionStatus;

fn of_country(country: &str) -> World {
    World::new(WorldOptions::with_company(|company| {
        company.country(country)
    }))
}

#[test]
fn company_outside_the_united_states_is_refused() {
    let world = of_country("CA");
    let refused = SignInResult::Failed(ConnectFailure::CountryNotSupported);
    assert_eq!(world.connect(), refused);
    let connection = world.connection();
    assert_eq!(
        (connection.status, connection.grant),
        (ConnectionStatus::Disconnected, None)
    );
    let attempt = connection.attempt.unwrap();
    assert_eq!(attempt.code, "country_not_supported");
    assert!(attempt.message.contains("Harbor Electric LLC") && attempt.message.contains("CA"));
    // The grant was given back, and the company is free for others.
    let revoked = |world: &World| {
        let simulator = world.simulator();
        simulator
            .traffic()
            .iter()
            .any(|seen| seen.class == CallClass::Revoke)
    };
    assert!(revoked(&world));
    world.person(|person| person.set_country("US"));
    assert_eq!(world.connect(), SignInResult::Connected);
}

#[test]
fn each_name_of_the_united_states_connects() {
    for country in ["US", "USA", ""] {
        assert_eq!(
            of_country(country).connect(),
            SignInResult::Connected,
            "{country}"
        );
    }
}

/// No entry may stand in the books whose invoice QuickBooks refuses.
#[test]
fn company_that_moved_abroad_holds_its_documents() {
    let world = World::configured();
    world.person(|person| person.set_country("CA"));
    world.press_sync_now();
    world.bill();
    let view = world.view(BILL);
    assert_eq!(
        (&view["state"], &view["reason"]["code"]),
        (&"held".into(), &"country_not_supported".into())
    );
    assert_eq!(world.invoices_and_entries(), (0, 0));
    world.person(|person| person.set_country("US"));
    world.press_sync_now();
    assert_eq!(world.view(BILL)["state"], "posted");
}

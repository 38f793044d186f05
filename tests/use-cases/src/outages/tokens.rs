//! Answers of the token endpoint whose members are missing, added or misspelled.

use crate::support::connections::SignInResult;
use crate::support::usual_bill::BILL;
use crate::support::world::World;
use jiff::SignedDuration;
use simulator::TokenLifetimes;
use store::connection::ConnectionStatus;

const SPELLINGS: [TokenLifetimes; 4] = [
    TokenLifetimes::Number,
    TokenLifetimes::Text,
    TokenLifetimes::Unreadable,
    TokenLifetimes::Missing,
];

/// The new refresh token is kept whatever the lifetimes look like: the connection outlives a day of refreshes.
#[test]
fn odd_token_answer_costs_no_refresh_token() {
    for spelling in SPELLINGS {
        let world = World::new(crate::support::world::WorldOptions::default());
        world.simulator().switches_mut().token_lifetimes = spelling;
        world.simulator().switches_mut().should_add_token_members = true;
        assert_eq!(world.connect(), SignInResult::Connected, "{spelling:?}");
        world.save_settings(|_| {});
        world.run_schedules(48, SignedDuration::from_mins(30));
        let connection = world.connection();
        assert_eq!(
            connection.status,
            ConnectionStatus::Connected,
            "{spelling:?}"
        );
        assert!(connection.grant.unwrap().generation > 20, "{spelling:?}");
        world.bill();
        assert_eq!(world.view(BILL)["state"], "posted", "{spelling:?}");
    }
}

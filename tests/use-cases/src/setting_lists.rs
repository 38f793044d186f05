//! The lists of a settings page: what they show, what they cost, and that they leave room for posting.

use crate::support::usual_bill::BILL;
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use bridge::error::Error;
use bridge::setting_options::{self, SettingOption};
use bridge::views;
use bridge::views::activity::{ActivityFilter, PageRequest};
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::AccountPurpose;
use serde_json::json;
use simulator::ClassTracking;
use store::activity::STATES;

impl World {
    /// Returns the customers that a settings page offers for these words.
    pub fn offered_customers(&self, words: &str) -> Result<Vec<String>, Error> {
        let asking = setting_options::customers(&self.services, &self.firm, words, self.claimant());
        Ok(names(block_on(asking)?))
    }

    fn offered_accounts(&self, purpose: AccountPurpose) -> Vec<String> {
        let asking =
            setting_options::accounts(&self.services, &self.firm, purpose, self.claimant());
        names(block_on(asking).unwrap())
    }

    fn company_calls(&self) -> usize {
        self.simulator().traffic().len()
    }
}

fn names(options: Vec<SettingOption>) -> Vec<String> {
    options.into_iter().map(|option| option.name).collect()
}

/// Returns a firm whose company has these customers, with its calls counted from now on.
fn world_with(customers: &[&str]) -> World {
    let world = World::configured();
    for name in customers {
        world.enter("Customer", json!({ "DisplayName": name }));
    }
    world.simulator().clear_traffic();
    world
}

#[test]
fn sixty_requests_cost_three_reads() {
    let world = world_with(&["Harbor Builders", "Turner Bay"]);
    world.simulator().switches_mut().requests_per_second = Some(10);
    let before = world.reads_this_month();
    for _ in 0..20 {
        for words in ["har", "turn", "x"] {
            world.offered_customers(words).unwrap();
        }
    }
    assert_eq!(world.company_calls(), 3);
    assert_eq!(world.reads_this_month(), before + 3);
    assert_eq!(world.bill(), Outcome::Posted);
}

#[test]
fn flood_of_words_is_refused_and_posting_goes_on() {
    let world = world_with(&["Harbor Builders"]);
    let answers = (0..200).map(|number| world.offered_customers(&number.to_string()));
    let refused = answers.filter(|answer| matches!(answer, Err(Error::TooManyRequests(1..=30))));
    assert!(refused.count() > 150);
    assert!(world.company_calls() < 30, "{}", world.company_calls());
    assert_eq!(world.bill(), Outcome::Posted);
}

#[test]
fn list_is_asked_again_after_a_minute() {
    let world = world_with(&["Harbor Builders"]);
    world.offered_customers("har").unwrap();
    world.enter("Customer", json!({ "DisplayName": "Harbor East" }));
    assert_eq!(world.offered_customers("HAR ").unwrap().len(), 1);
    world.advance(SignedDuration::from_mins(1));
    assert_eq!(world.offered_customers("har").unwrap().len(), 2);
    assert_eq!(world.company_calls(), 2);
}

#[test]
fn accounts_of_all_purposes_cost_one_read() {
    let world = world_with(&[]);
    for purpose in AccountPurpose::ALL {
        assert!(!world.offered_accounts(purpose).is_empty());
    }
    assert_eq!(world.company_calls(), 1);
}

#[test]
fn saved_account_is_checked_anew() {
    let world = world_with(&[]);
    world.offered_accounts(AccountPurpose::Retainage);
    let body = json!({"Name": "Held Back", "AccountType": "Other Current Asset", "AccountSubType": "OtherCurrentAssets"});
    let account = world.enter("Account", body);
    world.save_settings(|settings| settings.accounts.retainage = Some(account.clone()));
    assert_eq!(world.company_calls(), 2);
}

#[test]
fn typed_quotes_and_letters_find_customers() {
    let customers = [
        "O’Brien Builders",
        "O'Brian Co",
        "Mały Dom",
        "Mall Owners",
        "50% Co",
        "500 Co",
    ];
    let world = world_with(&customers);
    let offered = |words: &str| world.offered_customers(words).unwrap();
    assert_eq!(offered("O’B"), ["O’Brien Builders"]);
    assert_eq!(offered("o'b"), ["O'Brian Co"]);
    assert_eq!(offered("MAŁ"), ["Mały Dom"]);
    assert_eq!(offered("50%"), ["50% Co"]);
    assert_eq!(offered("\tmały \n dom"), ["Mały Dom"]);
}

#[test]
fn typed_letters_are_looked_for_on_all_pages() {
    let world = world_with(&[]);
    for number in 0..1001 {
        world.enter(
            "Customer",
            json!({ "DisplayName": format!("Mall {number}") }),
        );
    }
    world.enter("Customer", json!({ "DisplayName": "Small Mały Dom" }));
    world.simulator().clear_traffic();
    assert_eq!(world.offered_customers("mał").unwrap(), ["Small Mały Dom"]);
    assert_eq!(world.company_calls(), 2);
}

#[test]
fn disconnected_firm_gets_no_kept_list() {
    let world = world_with(&["Harbor Builders"]);
    world.offered_customers("har").unwrap();
    world.disconnect();
    let answer = world.offered_customers("har");
    assert!(matches!(answer, Err(Error::NotConnected(_))), "{answer:?}");
}

#[test]
fn class_list_is_kept_too() {
    let options =
        WorldOptions::with_company(|company| company.class_tracking(ClassTracking::PerLine));
    let world = World::configured_with(options, |_| {});
    world.enter("Class", json!({ "Name": "Łódź" }));
    world.simulator().clear_traffic();
    for _ in 0..5 {
        let asking = setting_options::classes(&world.services, &world.firm, world.claimant());
        assert_eq!(names(block_on(asking).unwrap()), ["Łódź"]);
    }
    assert_eq!(world.company_calls(), 1);
}

#[test]
fn unknown_activity_state_is_refused() {
    let world = World::configured();
    world.bill();
    let listed = |state: &str| {
        let page = PageRequest {
            limit: 10,
            filter: ActivityFilter {
                state: Some(state.into()),
                ..ActivityFilter::default()
            },
            cursor: None,
        };
        block_on(views::activity(&world.services.store, &world.firm, &page))
    };
    for state in ["happy", "", "Posted", "posted "] {
        let refused = listed(state);
        assert!(
            matches!(refused, Err(Error::Field { field, .. }) if field == "state"),
            "{state}"
        );
    }
    assert!(STATES.iter().all(|state| listed(state).is_ok()));
    assert_eq!(listed("posted").unwrap().activity.len(), 1);
    assert_eq!(world.view(BILL)["state"], "posted");
}

//! The check-up of a company: what each check finds, what it costs, and when the company is asked again.

mod cases;

use self::cases::account_edit;
use crate::support::usual_bill::BILL;
use crate::support::world::{World, WorldOptions};
use CheckState::{Pass, Warn};
use bridge::accept_event::Outcome;
use bridge::checkup::{self, CheckState, Checkup};
use bridge::error::Error;
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::Settings;
use serde_json::{Value, json};
use simulator::{Company, Edition, Effect, Injection, RequestKind, Subscription};

impl World {
    /// Returns the check-up that a person of the firm sees.
    fn checkup(&self) -> Result<Checkup, Error> {
        block_on(checkup::checkup(
            &self.services,
            &self.firm,
            self.claimant(),
        ))
    }

    /// Returns the state of one check.
    fn check_state(&self, code: &str) -> CheckState {
        let checkup = self.checkup().unwrap();
        let check = checkup.checks.iter().find(|check| check.code == code);
        check.expect(code).state
    }

    /// Returns the codes of the checks that do not pass.
    fn unwell(&self) -> Vec<&'static str> {
        let checks = self.checkup().unwrap().checks.into_iter();
        let unwell = checks.filter(|check| check.state != Pass);
        unwell.map(|check| check.code).collect()
    }

    /// Returns the calls that the check-up makes, and the reads that it counts.
    fn checkup_cost(&self) -> [u64; 2] {
        self.simulator().clear_traffic();
        let before = self.reads_this_month();
        self.checkup().unwrap();
        let simulator = self.simulator();
        let calls = simulator.traffic().iter();
        let calls = calls.filter(|call| call.realm.is_some()).count();
        drop(simulator);
        [calls as u64, self.reads_this_month() - before]
    }
}

/// Returns the usual firm, whose company passes each check and announces every change.
fn world() -> World {
    world_of(|company| company.warn_duplicate_numbers(true), |_| {})
}

/// Returns a firm with complete settings and a company that announces every change.
fn world_of(
    company: impl FnOnce(Company) -> Company,
    settings: impl FnOnce(&mut Settings),
) -> World {
    let world = World::configured_with(WorldOptions::with_company(company), settings);
    let subscription = Subscription::new("https://books.example/", "verifier");
    world.simulator().subscribe(subscription);
    world
}

#[test]
fn usual_company_passes_each_check() {
    let world = world();
    assert_eq!(world.unwell(), Vec::<&str>::new());
    world.bill();
    world.deliver_events_and_scan();
    assert_eq!(world.unwell(), Vec::<&str>::new());
}

#[test]
fn editions_without_classes_are_told() {
    for (edition, expected) in [(Edition::Essentials, "Essentials"), (Edition::Plus, "Plus")] {
        let world = world_of(|company| company.edition(edition), |_| {});
        let checkup = world.checkup().unwrap();
        let found = checkup.checks.iter().find(|check| check.code == "edition");
        assert!(found.unwrap().title.contains(expected));
    }
}

#[test]
fn checkup_costs_one_call_and_four_reads() {
    let world = world();
    assert_eq!(world.checkup_cost(), [1, 3]);
    world.bill();
    world.deliver_events_and_scan();
    assert_eq!(world.checkup_cost(), [1, 4]);
    assert_eq!(world.checkup_cost(), [0, 0]);
}

#[test]
fn kept_answer_serves_for_a_day() {
    let world = world();
    let first = world.checkup().unwrap();
    world.advance(SignedDuration::from_hours(23));
    assert_eq!(world.checkup_cost(), [0, 0]);
    assert_eq!(world.checkup().unwrap().checked_at, first.checked_at);
    world.advance(SignedDuration::from_hours(1));
    assert_eq!(world.checkup_cost(), [1, 3]);
    assert_eq!(world.checkup().unwrap().checked_at, world.now());
}

#[test]
fn announced_changes_are_read_again() {
    let edits: [fn(&World); 3] = [
        |world| world.person(|person| person.set_auto_apply_credit(true)),
        |world| {
            account_edit(
                world,
                "Retainage Receivable",
                json!({ "Name": "Held Back" }),
            )
        },
        |world| world.edit_item(json!({ "Description": "Work" })),
    ];
    for edit in edits {
        let world = world();
        world.bill();
        world.deliver_events();
        world.checkup().unwrap();
        edit(&world);
        assert_eq!(world.checkup_cost(), [0, 0]);
        world.deliver_events();
        assert_eq!(world.checkup_cost(), [1, 4]);
        assert_eq!(world.checkup_cost(), [0, 0]);
    }
}

#[test]
fn announced_invoice_leaves_answer_kept() {
    let world = world();
    world.bill();
    world.deliver_events();
    world.checkup().unwrap();
    world.edit_last("Invoice", |invoice| {
        invoice["CustomerMemo"] = json!({ "value": "Thanks" })
    });
    world.deliver_events();
    assert_eq!(world.checkup_cost(), [0, 0]);
}

#[test]
fn change_during_the_call_is_read_again() {
    let world = world();
    world.checkup().unwrap();
    world.person(|person| person.set_auto_apply_credit(true));
    world.deliver_events();
    world.checkup().unwrap();
    world.person(|person| person.set_auto_apply_credit(false));
    assert_eq!(world.check_state("automatic_credits"), Warn);
    world.deliver_events();
    assert_eq!(world.check_state("automatic_credits"), Pass);
}

#[test]
fn saved_settings_are_checked_at_once() {
    let world = world();
    world.checkup().unwrap();
    world.save_settings(|settings| settings.invoice_lines = mapping::InvoiceLines::BySovItem);
    assert_eq!(world.checkup_cost(), [1, 3]);
}

#[test]
fn reconnected_company_is_asked_again() {
    let world = world();
    world.checkup().unwrap();
    world.advance(SignedDuration::from_mins(1));
    world.connect();
    assert_eq!(world.checkup_cost(), [1, 3]);
}

#[test]
fn disconnected_firm_has_no_checkup() {
    let world = world();
    world.checkup().unwrap();
    world.disconnect();
    assert!(matches!(world.checkup(), Err(Error::NotConnected(_))));
    let unknown = World::new(WorldOptions::default());
    assert!(matches!(unknown.checkup(), Err(Error::NotConnected(_))));
}

#[test]
fn unanswered_part_is_told_and_read_again() {
    let world = world();
    world.bill();
    let item = world.last_id("Item");
    world.person(|person| person.break_row(&item));
    assert_eq!(world.unwell(), ["items"]);
    assert_eq!(world.checkup_cost(), [0, 0]);
    world.person(|person| person.mend_row(&item));
    world.advance(SignedDuration::from_mins(1));
    assert_eq!(world.unwell(), Vec::<&str>::new());
}

#[test]
fn outage_is_an_error_and_no_finding() {
    let world = world();
    world
        .simulator()
        .inject(Injection::new(Effect::Unavailable).kind(RequestKind::Batch));
    let answer = world.checkup();
    assert!(
        matches!(answer, Err(Error::Throttled(_) | Error::QuickBooks(_))),
        "{answer:?}"
    );
    assert_eq!(world.unwell(), Vec::<&str>::new());
}

#[test]
fn used_up_reads_show_last_answer() {
    let world = world();
    let first = world.checkup().unwrap();
    world.person(|person| person.set_auto_apply_credit(true));
    world.deliver_events();
    for number in 0..40 {
        let _ = world.offered_customers(&number.to_string());
    }
    assert_eq!(world.checkup_cost(), [0, 0]);
    assert_eq!(world.checkup().unwrap().checked_at, first.checked_at);
    world.save_settings(|settings| settings.invoice_lines = mapping::InvoiceLines::BySovItem);
    assert!(matches!(world.checkup(), Err(Error::TooManyRequests(_))));
}

#[test]
fn posting_goes_on_beside_checkup() {
    let world = world();
    world.simulator().switches_mut().requests_per_second = Some(10);
    world.checkup().unwrap();
    assert_eq!(world.bill(), Outcome::Posted);
    assert_eq!(world.view(BILL)["state"], "posted");
}

#[test]
fn retainage_of_earlier_postings_is_compared() {
    let world = world();
    world.bill();
    world.release(1, "850.00");
    world.deliver_events_and_scan();
    let checkup = world.checkup().unwrap();
    let check = checkup
        .checks
        .iter()
        .find(|check| check.code == "retainage_account");
    let check = check.unwrap();
    assert_eq!(check.state, Pass);
    assert!(
        check.title.ends_with("RIVET knows: 4000.00."),
        "{}",
        check.title
    );
}

#[test]
fn checkup_has_the_contracts_shape() {
    let world = world_of(|company| company.auto_apply_credit(true), |_| {});
    let answer = serde_json::to_value(world.checkup().unwrap()).unwrap();
    assert_eq!(answer["checked_at"], "2026-03-02T15:00:00Z");
    let members =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(members(&answer), ["checked_at", "checks"]);
    for check in answer["checks"].as_array().unwrap() {
        let expected = ["action", "code", "detail", "link", "state", "title"];
        assert_eq!(members(check), expected);
        assert!(["pass", "warn", "fail"].contains(&check["state"].as_str().unwrap()));
        let link = check["link"]
            .as_str()
            .unwrap_or("https://app.qbo.intuit.com/app/");
        assert!(link.starts_with("https://app.qbo.intuit.com/app/"));
        let needs_action = check["state"] != "pass";
        assert_eq!(check["action"].is_string(), needs_action, "{check}");
    }
}

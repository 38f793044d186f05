//! The retainage schedule.

use super::{account, amount, compared};
use crate::support::bookkeeper::number;
use crate::support::usual_bill::{Figures, pay_app};
use crate::support::world::World;
use mapping::settings::OpeningAmount;
use mapping::{RetainageMethod, SyncMode};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Delivers a pay app of a day, with a tenth of the amount withheld.
fn bill_on(world: &World, number: u32, day: &str) {
    let figures = Figures {
        billed: "1000.00",
        retainage: "100.00",
    };
    let mut bill = pay_app(number, figures);
    bill["period_end"] = day.into();
    world.deliver_pay_app("pay_app.approved", &bill);
}

/// Returns a firm with three pay apps and a release of 150.00 on 2026-06-15.
fn world_of(method: RetainageMethod) -> World {
    let world = World::configured();
    world.save_settings(|settings| settings.retainage_method = method);
    for (number, day) in [(1, "2026-03-31"), (2, "2026-04-30"), (3, "2026-05-31")] {
        bill_on(&world, number, day);
    }
    world.release(1, "150.00");
    world
}

impl World {
    /// Types the retainage from before RIVET as a bookkeeper does: on the day before the first bill, without a customer.
    fn type_opening(&self, retainage: &str, amount: &str) {
        let equity = self
            .simulator()
            .find(&self.realm, "Account", "Opening Balance Equity")
            .unwrap();
        let line = |account: &str, side: &str| {
            json!({ "DetailType": "JournalEntryLineDetail", "Amount": number(amount),
                "JournalEntryLineDetail": { "PostingType": side, "AccountRef": { "value": account } } })
        };
        let lines = [line(retainage, "Debit"), line(&equity, "Credit")];
        self.enter(
            "JournalEntry",
            json!({ "TxnDate": "2025-12-31", "Line": lines }),
        );
    }
}

fn totals(world: &World, as_of: &str) -> Value {
    let schedule = serde_json::to_value(world.schedule(as_of)).unwrap();
    schedule["totals"].clone()
}

#[test]
fn schedule_ages_what_releases_leave() {
    for method in [RetainageMethod::JournalEntry, RetainageMethod::InvoiceLine] {
        let world = world_of(method);
        let schedule = serde_json::to_value(world.schedule("2026-06-30")).unwrap();
        let row = &schedule["customers"][0]["projects"][0];
        assert_eq!(row["project"]["number"], "1042");
        assert_eq!(
            (&row["withheld"], &row["released"], &row["held"]),
            (&json!("300.00"), &json!("150.00"), &json!("150.00"))
        );
        assert_eq!(row["oldest_day"], "2026-04-30");
        let ages = json!({ "days_0_30": "100.00", "days_31_60": "0.00", "days_61_90": "50.00", "over_90": "0.00" });
        assert_eq!(row["ageing"], ages);
        assert_eq!(schedule["totals"]["held"], "150.00");
    }
}

#[test]
fn schedule_of_a_past_day_is_of_that_day() {
    let world = world_of(RetainageMethod::JournalEntry);
    let held = |day| totals(&world, day)["held"].clone();
    let found = [
        "2026-03-30",
        "2026-03-31",
        "2026-05-31",
        "2026-06-14",
        "2026-06-15",
    ]
    .map(held);
    assert_eq!(found, ["0.00", "100.00", "300.00", "300.00", "150.00"]);
}

#[test]
fn void_of_a_closed_month_counts_from_its_day() {
    for method in [RetainageMethod::JournalEntry, RetainageMethod::InvoiceLine] {
        let world = World::configured();
        world.save_settings(|settings| settings.retainage_method = method);
        bill_on(&world, 1, "2026-03-31");
        world.close_books("2026-03-31");
        world.void_bill("pa_1", "2026-04-15");
        assert_eq!(
            world.view("pa_1")["state"],
            "voided",
            "{:#}",
            world.view("pa_1")
        );
        let held = |day| totals(&world, day)["held"].clone();
        assert_eq!(
            ["2026-03-31", "2026-04-14", "2026-04-15"].map(held),
            ["100.00", "100.00", "0.00"]
        );
        let view = world.tie_out();
        assert_eq!(view["tied_out"], true, "{view:#}");
    }
}

#[test]
fn schedule_equals_retainage_of_the_tie_out() {
    let world = world_of(RetainageMethod::JournalEntry);
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    bill_on(&world, 4, "2026-06-30");
    let totals = totals(&world, "2026-06-30");
    let view = world.tie_out();
    let rivet = &account(&view, "retainage")["rivet"];
    assert_eq!(amount(&totals["held"]), amount(rivet));
    assert_eq!(totals["not_posted"], "100.00");
}

#[test]
fn schedule_works_without_connection() {
    let world = World::new(Default::default());
    bill_on(&world, 1, "2026-03-31");
    let totals = totals(&world, "2026-06-30");
    assert_eq!(
        (&totals["held"], &totals["not_posted"]),
        (&json!("100.00"), &json!("100.00"))
    );
}

#[test]
fn opening_is_held_before_everything() {
    let world = world_of(RetainageMethod::JournalEntry);
    world.save_settings(|settings| {
        let opening = OpeningAmount(Decimal::from(1_000));
        settings
            .retainage_opening
            .insert("prj_1042".into(), opening);
    });
    let totals = totals(&world, "2026-06-30");
    let figures = ["opening", "withheld", "released", "held"].map(|name| totals[name].clone());
    assert_eq!(figures, ["1000.00", "300.00", "150.00", "1150.00"]);
    assert_eq!(
        (&totals["oldest_day"], &totals["ageing"]["over_90"]),
        (&json!(null), &json!("950.00"))
    );
    let accounts = world.accounts();
    world.type_opening(&accounts.retainage, "1000.00");
    assert_eq!(world.tie_out()["tied_out"], true);
}

#[test]
fn cash_basis_firm_holds_retainage_in_rivet_alone() {
    let world = world_of(RetainageMethod::BilledOnRelease);
    assert_eq!(totals(&world, "2026-06-30")["held"], "150.00");
    let view = world.tie_out();
    assert_eq!(view["tied_out"], true, "{view:#}");
    assert_eq!(
        compared(account(&view, "retainage")),
        ["0.00", "0.00", "0.00"]
    );
    assert_eq!(
        compared(account(&view, "contract_revenue")),
        ["2850.00", "2850.00", "0.00"]
    );
    let project = &view["projects"][0];
    assert_eq!(
        (&project["billed"], &project["retained"]),
        (&json!("3000.00"), &json!("150.00"))
    );
}

#[test]
fn csv_has_a_row_a_project_and_totals() {
    let world = World::configured();
    let figures = Figures {
        billed: "1000.00",
        retainage: "100.00",
    };
    let mut bill = pay_app(1, figures);
    bill["project"]["name"] = "=1+1, \"Tower\"".into();
    world.deliver_pay_app("pay_app.approved", &bill);
    let csv = world.schedule("2026-06-30").to_csv();
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "Customer,Project number,Project,Opening,Withheld,Released,Held,Not posted,Oldest day,0-30 days,31-60 days,61-90 days,Over 90 days,Currency",
            "Harbor Builders,1042,\"'=1+1, \"\"Tower\"\"\",0.00,100.00,0.00,100.00,0.00,2026-03-31,0.00,0.00,0.00,100.00,USD",
            "Total,,,0.00,100.00,0.00,100.00,0.00,2026-03-31,0.00,0.00,0.00,100.00,USD",
            ""
        ]
    );
}

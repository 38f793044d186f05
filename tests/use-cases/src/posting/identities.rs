//! The identities that hold in the books after every act, whatever the method, with classes and jobs.

use crate::posting::METHODS;
use crate::support::usual_bill::{Figures, customer, pay_app, project};
use crate::support::world::{World, WorldOptions};
use mapping::{ClassMode, ClosedBooks, JobMode, RetainageMethod};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulator::ClassTracking;
use std::collections::BTreeMap;

/// The figures of the documents that stand, and of the payments.
#[derive(Default)]
struct Standing {
    /// Billed and withheld amounts, by pay app.
    bills: BTreeMap<u32, [Decimal; 2]>,
    /// Released amounts.
    releases: BTreeMap<u32, Decimal>,
    /// Received amounts.
    payments: BTreeMap<u32, Decimal>,
}

impl Standing {
    fn receivable(&self) -> Decimal {
        let net: Decimal = self
            .bills
            .values()
            .map(|[billed, held]| billed - held)
            .sum();
        net + self.released() - self.payments.values().sum::<Decimal>()
    }

    fn released(&self) -> Decimal {
        self.releases.values().sum()
    }

    fn billed(&self) -> Decimal {
        self.bills.values().map(|[billed, _]| billed).sum()
    }

    fn held(&self) -> Decimal {
        self.bills.values().map(|[_, held]| held).sum::<Decimal>() - self.released()
    }
}

/// An act of RIVET or the bookkeeper.
#[derive(Clone, Copy, Debug)]
enum Act {
    Bill(u32, Figures),
    Revise(u32, u32, Figures),
    VoidBill(u32),
    Release(u32, &'static str),
    VoidRelease(u32),
    Pay(u32, &'static str),
    VoidPayment(u32),
    Close(&'static str),
}

const fn figures(billed: &'static str, retainage: &'static str) -> Figures {
    Figures { billed, retainage }
}

/// A story with each kind of act in open and in closed months.
const STORY: [Act; 19] = [
    Act::Bill(1, figures("48500.00", "4850.00")),
    Act::Bill(2, figures("12000.01", "1200.01")),
    Act::Revise(2, 2, figures("11999.99", "1199.99")),
    Act::Bill(3, figures("-2400.00", "-120.00")),
    Act::Pay(1, "43650.00"),
    Act::Release(1, "1000.00"),
    Act::Bill(4, figures("500.00", "500.00")),
    Act::VoidBill(3),
    Act::Close("2026-03-31"),
    Act::Revise(2, 3, figures("12100.00", "1210.00")),
    Act::VoidBill(2),
    Act::Bill(5, figures("900.00", "-350.00")),
    Act::Release(2, "2000.00"),
    Act::VoidRelease(1),
    Act::Close("2026-06-30"),
    Act::VoidPayment(1),
    Act::VoidRelease(2),
    Act::Pay(2, "100.00"),
    Act::Bill(6, figures("0.00", "-250.00")),
];

fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Delivers an act, and returns the id of its document.
fn play(world: &World, standing: &mut Standing, act: Act) -> Option<String> {
    let in_july = "2026-07-02";
    match act {
        Act::Bill(number, figures) | Act::Revise(number, _, figures) => {
            let mut bill = pay_app(number, figures);
            let mut event = "pay_app.approved";
            if let Act::Revise(_, revision, _) = act {
                bill["revision"] = json!(revision);
                event = "pay_app.revised";
            }
            world.deliver_pay_app(event, &bill);
            let amounts = [figures.billed, figures.retainage].map(amount);
            standing.bills.insert(number, amounts);
            Some(format!("pa_{number}"))
        }
        Act::VoidBill(number) => {
            let id = format!("pa_{number}");
            let data = json!({ "pay_app_id": id, "revision": 9, "voided_on": in_july });
            world.deliver_data("pay_app.voided", data);
            standing.bills.remove(&number);
            Some(id)
        }
        Act::Release(number, text) => {
            let id = format!("rel_{number}");
            let release = json!({ "id": id, "released_on": "2026-06-15", "amount": text,
                "project": project(), "customer": customer() });
            world.deliver_data("retainage.released", json!({ "release": release }));
            standing.releases.insert(number, amount(text));
            Some(id)
        }
        Act::VoidRelease(number) => {
            let id = format!("rel_{number}");
            let data = json!({ "release_id": id, "voided_on": in_july });
            world.deliver_data("retainage.release_voided", data);
            standing.releases.remove(&number);
            Some(id)
        }
        Act::Pay(..) | Act::VoidPayment(_) => Some(play_payment(world, standing, act)),
        Act::Close(day) => {
            world.close_books(day);
            None
        }
    }
}

fn play_payment(world: &World, standing: &mut Standing, act: Act) -> String {
    match act {
        Act::Pay(number, text) => {
            let id = format!("pay_{number}");
            let applied = json!([{ "kind": "pay_app", "id": "pa_1", "amount": text }]);
            let payment = json!({ "id": id, "received_on": "2026-04-28", "amount": text,
                "customer": customer(), "applied": applied });
            world.deliver_data("payment.recorded", json!({ "payment": payment }));
            standing.payments.insert(number, amount(text));
            id
        }
        Act::VoidPayment(number) => {
            let id = format!("pay_{number}");
            let data = json!({ "payment_id": id, "voided_on": "2026-07-02" });
            world.deliver_data("payment.voided", data);
            standing.payments.remove(&number);
            id
        }
        other => panic!("{other:?} is about no payment"),
    }
}

/// Asserts the identities of customer and project.
fn assert_identities(world: &World, standing: &Standing, label: &str) {
    let by_release = label.starts_with("BilledOnRelease");
    let accounts = world.accounts();
    let simulator = world.simulator();
    let ledger = simulator.ledger(&world.realm);
    let class = simulator.find(&world.realm, "Class", "1042 Harbor Point Tower");
    let class = class.unwrap();
    let held = standing.held();
    let (on_account, earned) = match by_release {
        true => (Decimal::ZERO, standing.billed() - held),
        false => (held, standing.billed()),
    };
    let receivable = ledger.balance(&accounts.receivable);
    assert_eq!(receivable, standing.receivable(), "A/R after {label}");
    let retainage = ledger.class_balance(&accounts.retainage, &class);
    assert_eq!(retainage, on_account, "retainage after {label}");
    let revenue = -ledger.class_balance(&accounts.revenue, &class);
    assert_eq!(revenue, earned, "revenue after {label}");
    for account in [accounts.receivable, accounts.retainage, accounts.revenue] {
        let nobodys = ledger.by_customer(&account);
        let nobodys = nobodys.get("").copied().unwrap_or_default();
        assert_eq!(nobodys, Decimal::ZERO, "without customer after {label}");
    }
}

/// Returns the balances of A/R, retainage and revenue that the transactions of one document come to.
fn figures_of(world: &World, document: &str) -> [Decimal; 3] {
    let accounts = world.accounts();
    let simulator = world.simulator();
    let mark = format!(" {document} revision ");
    let is_ours = |transaction: &Value| {
        let note = transaction["PrivateNote"].as_str().unwrap_or_default();
        note.contains(&mark)
    };
    let ledger = simulator.ledger(&world.realm);
    let kinds = ["Invoice", "CreditMemo", "JournalEntry", "Payment"];
    let lines = kinds.into_iter().flat_map(|kind| {
        let ours = simulator
            .entities(&world.realm, kind)
            .filter(|one| is_ours(one));
        ours.flat_map(move |one| ledger.lines_of(kind, one["Id"].as_str().unwrap()))
    });
    let lines: Vec<_> = lines.collect();
    [accounts.receivable, accounts.retainage, accounts.revenue].map(|account| {
        let of_account = lines.iter().filter(|line| line.entry.account == account);
        of_account.map(|line| line.entry.amount).sum()
    })
}

/// Asserts that the transactions of each document come to the document, and those of a voided one to nothing.
fn assert_each_document(world: &World, standing: &Standing, label: &str) {
    let by_release = label.starts_with("BilledOnRelease");
    for number in 1..=6 {
        let [billed, held] = standing.bills.get(&number).copied().unwrap_or_default();
        let expected = match by_release {
            true => [billed - held, Decimal::ZERO, held - billed],
            false => [billed - held, held, -billed],
        };
        let found = figures_of(world, &format!("pa_{number}"));
        assert_eq!(found, expected, "pay app {number} after {label}");
        let released = standing.releases.get(&number).copied().unwrap_or_default();
        let expected = match by_release {
            true => [released, Decimal::ZERO, -released],
            false => [released, -released, Decimal::ZERO],
        };
        let found = figures_of(world, &format!("rel_{number}"));
        assert_eq!(found, expected, "release {number} after {label}");
        let paid = standing.payments.get(&number).copied().unwrap_or_default();
        let [receivable, ..] = figures_of(world, &format!("pay_{number}"));
        assert_eq!(receivable, -paid, "payment {number} after {label}");
    }
}

fn world_of(method: RetainageMethod) -> World {
    let options =
        WorldOptions::with_company(|company| company.class_tracking(ClassTracking::PerLine));
    World::configured_with(options, |settings| {
        settings.retainage_method = method;
        settings.class_tracking.mode = ClassMode::AutoCreate;
        settings.customers.jobs = JobMode::AutoCreate;
        settings.sync.closed_books = ClosedBooks::FirstOpenDay;
    })
}

#[test]
fn identities_hold_after_every_act() {
    for method in METHODS {
        let world = world_of(method);
        let mut standing = Standing::default();
        for act in STORY {
            let label = format!("{method:?} {act:?}");
            if let Some(id) = play(&world, &mut standing, act) {
                let view = world.view(&id);
                let state = view["state"].as_str().unwrap();
                assert!(["posted", "voided"].contains(&state), "{label}: {view:#}");
            }
            assert_identities(&world, &standing, &label);
            assert_each_document(&world, &standing, &label);
        }
    }
}

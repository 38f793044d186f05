//! Voids of pay apps and releases, in open and in closed books.

use crate::posting::METHODS;
use crate::support::usual_bill::{BILL, Figures, USUAL};
use crate::support::world::World;
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use mapping::RetainageMethod;
use rust_decimal::Decimal;
use serde_json::json;
use simulator::{Commit, Effect, Injection, RequestKind};
use store::document::decision::DecisionKind;

/// A pay app of negative net: work that is taken back.
const CREDIT: Figures = Figures {
    billed: "-2400.00",
    retainage: "-120.00",
};

/// Asserts that nothing of the firm's documents is left in total, and nothing in this month.
fn assert_nothing_left(world: &World, month: &str) {
    let accounts = world.accounts();
    for account in [accounts.receivable, accounts.retainage, accounts.revenue] {
        assert_eq!(world.balance(&account), Decimal::ZERO, "{account} in total");
        let left = world.month_balance(&account, month);
        assert_eq!(left, Decimal::ZERO, "{account} of {month}");
    }
}

/// Asserts the balances of A/R, retainage and revenue in one month.
fn assert_month(world: &World, month: &str, expected: [&str; 3]) {
    let accounts = world.accounts();
    let all = [accounts.receivable, accounts.retainage, accounts.revenue];
    let found = all.map(|account| world.month_balance(&account, month).to_string());
    assert_eq!(found, expected, "{month}");
}

/// Returns a world whose usual bill is posted and whose March is closed.
fn closed_bill() -> World {
    let world = World::configured();
    world.bill();
    world.close_books("2026-03-31");
    world
}

#[test]
fn void_of_open_month_leaves_nothing_in_it() {
    let world = World::configured();
    world.bill();
    assert_eq!(world.void_bill(BILL, "2026-07-02"), Outcome::Posted);
    assert_nothing_left(&world, "2026-03");
    assert_nothing_left(&world, "2026-07");
    assert_eq!(world.count("CreditMemo"), 0);
}

#[test]
fn void_of_closed_month_is_dated_when_voided() {
    let world = closed_bill();
    assert_eq!(world.void_bill(BILL, "2026-07-02"), Outcome::Posted);
    assert_eq!(world.view(BILL)["state"], "voided");
    assert_month(&world, "2026-03", ["43650.00", "4850.00", "-48500.00"]);
    assert_month(&world, "2026-07", ["-43650.00", "-4850.00", "48500.00"]);
    let credit = world.last("CreditMemo");
    assert_eq!(world.open_amount("Invoice"), "0.00");
    assert_eq!(world.open_amount("CreditMemo"), "0.00");
    assert_eq!(credit["DocNumber"], "1042-1V");
    assert_eq!(credit["TxnDate"], "2026-07-02");
    let payment = world.last("Payment");
    assert_eq!(payment["TotalAmt"].to_string(), "0.00");
    assert_eq!(payment["TxnDate"], "2026-07-02");
    assert_eq!(world.void_bill(BILL, "2026-07-02"), Outcome::Duplicate);
    assert_eq!(world.count("CreditMemo"), 1);
}

#[test]
fn void_dated_in_closed_books_moves_on() {
    let world = closed_bill();
    assert_eq!(world.void_bill(BILL, "2026-03-31"), Outcome::Posted);
    assert_month(&world, "2026-04", ["-43650.00", "-4850.00", "48500.00"]);
    assert_eq!(world.last("CreditMemo")["TxnDate"], "2026-04-01");
    let note = world.last("CreditMemo")["PrivateNote"].clone();
    let reason = "posted on 2026-04-01, because the books are closed through 2026-03-31";
    assert_eq!(
        note,
        format!("{reason} · RIVET pay_app pa_1 revision 1 reversed")
    );
}

#[test]
fn gross_invoice_of_closed_month_is_reversed() {
    let world = World::configured();
    world.save_settings(|settings| settings.retainage_method = RetainageMethod::InvoiceLine);
    world.bill();
    world.close_books("2026-03-31");
    assert_eq!(world.void_bill(BILL, "2026-07-02"), Outcome::Posted);
    assert_month(&world, "2026-07", ["-43650.00", "-4850.00", "48500.00"]);
}

#[test]
fn void_follows_unexpectedly_closed_books() {
    let world = World::configured();
    world.bill();
    world.set_closing_date(Some("2026-03-31"));
    assert_eq!(world.void_bill(BILL, "2026-07-02"), Outcome::Queued);
    world.run_next_sync();
    assert_eq!(world.view(BILL)["state"], "voided");
    assert_month(&world, "2026-07", ["-43650.00", "-4850.00", "48500.00"]);
}

#[test]
fn credit_of_open_month_is_set_to_zero() {
    let world = World::configured();
    world.bill_next(1, CREDIT);
    assert_eq!(world.void_bill(BILL, "2026-07-02"), Outcome::Posted);
    assert_nothing_left(&world, "2026-03");
    let note = world.last("CreditMemo")["PrivateNote"].clone();
    assert_eq!(note, "RIVET pay_app pa_1 revision 1 voided");
}

#[test]
fn credit_of_closed_month_gets_an_invoice() {
    let world = World::configured();
    world.bill_next(1, CREDIT);
    world.close_books("2026-03-31");
    assert_eq!(world.void_bill(BILL, "2026-07-02"), Outcome::Posted);
    assert_month(&world, "2026-07", ["2280.00", "120.00", "-2400.00"]);
    let open = ["Invoice", "CreditMemo"].map(|kind| world.open_amount(kind));
    assert_eq!(open, ["0.00", "0.00"]);
}

#[test]
fn paid_bill_of_closed_month_is_not_voided() {
    let world = World::configured();
    world.bill();
    world.pay(BILL, "1000.00");
    world.close_books("2026-03-31");
    assert_eq!(world.void_bill(BILL, "2026-07-02"), Outcome::Held);
    assert_eq!(world.view(BILL)["reason"]["code"], "payments_applied");
    assert_eq!(world.count("CreditMemo"), 0);
}

#[test]
fn lost_answer_of_any_step_voids_once() {
    for kind in ["CreditMemo", "JournalEntry", "Payment"] {
        for commit in [Commit::Before, Commit::After] {
            let world = closed_bill();
            let path = format!("/{}", kind.to_lowercase());
            let lost = Injection::new(Effect::Dropped(commit)).kind(RequestKind::Write);
            world.simulator().inject(lost.path_containing(&path));
            world.void_bill(BILL, "2026-07-02");
            world.person(|person| person.forget_request_ids());
            (0..4).for_each(|_| world.run_next_sync());
            assert_eq!(world.view(BILL)["state"], "voided", "{kind} {commit:?}");
            assert_month(&world, "2026-07", ["-43650.00", "-4850.00", "48500.00"]);
            assert_eq!(world.open_amount("Invoice"), "0.00", "{kind} {commit:?}");
            let counts = ["CreditMemo", "JournalEntry", "Payment"].map(|kind| world.count(kind));
            assert_eq!(counts, [1, 2, 1], "{kind} {commit:?}");
        }
    }
}

#[test]
fn books_closed_during_void_leave_one_reversal() {
    let world = closed_bill();
    let action_world = world.realm.clone();
    let simulator = world.services.http.simulator.clone();
    world.before_next_write("/payment", move || {
        let mut simulator = simulator.borrow_mut();
        let mut person = simulator.person(&action_world).unwrap();
        person.close_books(Some("2026-07-31".parse().unwrap()));
    });
    world.void_bill(BILL, "2026-07-02");
    (0..3).for_each(|_| world.run_next_sync());
    assert_eq!(world.view(BILL)["state"], "voided");
    assert_month(&world, "2026-07", ["-43650.00", "-4850.00", "48500.00"]);
    assert_eq!(world.last("Payment")["TxnDate"], "2026-08-01");
    assert_eq!(world.open_amount("Invoice"), "0.00");
}

#[test]
fn deleted_reversal_is_noticed_and_decided() {
    let world = closed_bill();
    world.announce_changes();
    world.void_bill(BILL, "2026-07-02");
    world.advance(SignedDuration::from_mins(1));
    let payment = world.last_id("Payment");
    world
        .person(|person| person.delete("Payment", &payment))
        .unwrap();
    world.delete_last("CreditMemo");
    world.deliver_events_and_scan();
    assert_eq!(world.view(BILL)["state"], "conflict");
    let decision = world.decision(DecisionKind::KeepRivet);
    world.record_decision(BILL, &decision).unwrap();
    (0..2).for_each(|_| world.run_next_sync());
    assert_eq!(world.view(BILL)["state"], "voided");
    assert_month(&world, "2026-03", ["43650.00", "4850.00", "-48500.00"]);
    assert_eq!(world.balance(&world.accounts().receivable), Decimal::ZERO);
    assert_eq!(world.open_amount("Invoice"), "0.00");
}

/// Bills of every kind: the usual one, two credits, one that is withheld whole, and two that give retainage back.
const BILLS: [Figures; 6] = [
    USUAL,
    CREDIT,
    Figures {
        billed: "1000.00",
        retainage: "1000.00",
    },
    Figures {
        billed: "1000.00",
        retainage: "-500.00",
    },
    Figures {
        billed: "0.00",
        retainage: "-500.00",
    },
    Figures {
        billed: "-2400.00",
        retainage: "0.00",
    },
];

/// Returns what A/R, retainage and revenue hold in March.
fn march(world: &World) -> [Decimal; 3] {
    let accounts = world.accounts();
    [accounts.receivable, accounts.retainage, accounts.revenue]
        .map(|account| world.month_balance(&account, "2026-03"))
}

#[test]
fn every_bill_voids_to_nothing_by_each_method() {
    for method in METHODS {
        for figures in BILLS {
            for is_closed in [false, true] {
                let label = format!("{method:?} {figures:?}, closed: {is_closed}");
                let world = World::configured();
                world.save_settings(|settings| settings.retainage_method = method);
                // The retainage that some of the bills give back. It stays.
                world.bill_next(2, USUAL);
                let others = march(&world);
                world.bill_next(1, figures);
                let posted = march(&world);
                if is_closed {
                    world.close_books("2026-03-31");
                }
                world.void_bill(BILL, "2026-07-02");
                (0..2).for_each(|_| world.run_next_sync());
                let view = world.view(BILL);
                assert_eq!(view["state"], "voided", "{label} {view:#}");
                let accounts = world.accounts();
                let total = [accounts.receivable, accounts.retainage, accounts.revenue]
                    .map(|account| world.balance(&account));
                assert_eq!(total, others, "{label}");
                let expected = if is_closed { posted } else { others };
                assert_eq!(march(&world), expected, "{label}");
                for kind in ["Invoice", "CreditMemo"] {
                    assert_nothing_open(&world, kind, &label);
                }
            }
        }
    }
}

/// Asserts that no form but that of pay app 2 is open.
fn assert_nothing_open(world: &World, kind: &str, label: &str) {
    let simulator = world.simulator();
    let forms = simulator.entities(&world.realm, kind);
    let others = forms.filter(|form| form["DocNumber"] != "1042-2");
    for form in others {
        assert_eq!(form["Balance"].to_string(), "0.00", "{label} {form:#}");
    }
}

/// Delivers the void of a release.
fn void_release(world: &World, id: &str, voided_on: &str) -> Outcome {
    let data = json!({ "release_id": id, "voided_on": voided_on });
    world.deliver_data("retainage.release_voided", data)
}

#[test]
fn void_of_release_takes_it_back() {
    for method in [RetainageMethod::JournalEntry, RetainageMethod::InvoiceLine] {
        let world = World::configured();
        world.save_settings(|settings| settings.retainage_method = method);
        world.bill();
        world.release(1, "4850.00");
        assert_eq!(void_release(&world, "rel_1", "2026-07-02"), Outcome::Posted);
        assert_eq!(
            void_release(&world, "rel_1", "2026-07-02"),
            Outcome::Duplicate
        );
        let accounts = world.accounts();
        assert_eq!(
            world.month_balance(&accounts.receivable, "2026-06"),
            Decimal::ZERO
        );
        assert_eq!(
            world.month_balance(&accounts.receivable, "2026-07"),
            Decimal::ZERO
        );
        assert_eq!(world.balance(&accounts.retainage), Decimal::new(485_000, 2));
    }
}

#[test]
fn closed_release_is_reversed_on_void_day() {
    for method in [RetainageMethod::JournalEntry, RetainageMethod::InvoiceLine] {
        let world = World::configured();
        world.save_settings(|settings| settings.retainage_method = method);
        world.bill();
        world.release(1, "4850.00");
        world.close_books("2026-06-30");
        assert_eq!(void_release(&world, "rel_1", "2026-07-02"), Outcome::Posted);
        let accounts = world.accounts();
        let july = |account| world.month_balance(account, "2026-07").to_string();
        assert_eq!(july(&accounts.receivable), "-4850.00");
        assert_eq!(july(&accounts.retainage), "4850.00");
        assert_eq!(world.view("rel_1")["state"], "voided");
    }
}

#[test]
fn void_before_its_release_posts_nothing() {
    let world = World::configured();
    world.bill();
    assert_eq!(void_release(&world, "rel_1", "2026-07-02"), Outcome::Posted);
    assert_eq!(world.release(1, "4850.00"), Outcome::Duplicate);
    assert_eq!(world.count("JournalEntry"), 1);
}

#[test]
fn paid_release_is_not_voided() {
    let world = World::configured();
    world.bill();
    world.release(1, "4850.00");
    world.pay("rel_1", "4850.00");
    assert_eq!(void_release(&world, "rel_1", "2026-07-02"), Outcome::Held);
    assert_eq!(world.view("rel_1")["reason"]["code"], "payments_applied");
}

//! Documents whose own day is in closed books.

use crate::support::usual_bill::{BILL, Figures, USUAL, pay_app};
use crate::support::world::World;
use bridge::accept_event::Outcome;
use bridge::error::Error;
use mapping::ClosedBooks;
use rust_decimal::Decimal;
use serde_json::json;
use simulator::{Commit, Effect, Injection, RequestKind};
use store::document::decision::DecisionKind;

/// The words that stand in memo and note of what is posted after the close of June.
const MOVED: &str = "posted on 2026-07-01, because the books are closed through 2026-06-30";

/// Returns a world with books that are closed through June.
fn closed_world() -> World {
    let world = World::configured();
    world.close_books("2026-06-30");
    world
}

/// Asserts that the usual bill stands on one day, complete.
fn assert_bill_on(world: &World, day: &str) {
    assert_eq!(world.view(BILL)["state"], "posted");
    for kind in ["Invoice", "JournalEntry"] {
        assert_eq!(world.last(kind)["TxnDate"], day, "{kind}");
    }
    let accounts = world.accounts();
    let month = &day[..7];
    let balance = |account| world.month_balance(account, month).to_string();
    assert_eq!(balance(&accounts.receivable), "43650.00");
    assert_eq!(balance(&accounts.retainage), "4850.00");
    assert_eq!(balance(&accounts.revenue), "-48500.00");
}

#[test]
fn closed_month_holds_by_default() {
    let world = closed_world();
    assert_eq!(world.bill(), Outcome::Held);
    assert_eq!(world.view(BILL)["reason"]["code"], "books_closed");
    assert_eq!(world.invoices_and_entries(), (0, 0));
}

#[test]
fn setting_posts_on_first_open_day() {
    let world = closed_world();
    world.treat_closed_books(ClosedBooks::FirstOpenDay);
    assert_eq!(world.bill(), Outcome::Posted);
    assert_bill_on(&world, "2026-07-01");
    let invoice = world.last("Invoice");
    let memo = invoice["CustomerMemo"]["value"].as_str().unwrap();
    assert!(
        memo.contains("2026-03-01 to 2026-03-31") && memo.ends_with(MOVED),
        "{memo}"
    );
    let note = invoice["PrivateNote"].as_str().unwrap();
    assert_eq!(note, format!("{MOVED} · RIVET pay_app pa_1 revision 1"));
    let entry = world.last("JournalEntry");
    assert_eq!(entry["PrivateNote"], format!("{note} retainage"));
}

#[test]
fn setting_releases_held_documents() {
    let world = closed_world();
    world.bill();
    world.treat_closed_books(ClosedBooks::FirstOpenDay);
    world.run_next_sync();
    assert_bill_on(&world, "2026-07-01");
}

#[test]
fn decision_posts_on_first_open_day() {
    let world = closed_world();
    world.bill();
    let decision = world.decision(DecisionKind::FirstOpenDay);
    world.record_decision(BILL, &decision).unwrap();
    world.run_next_sync();
    assert_bill_on(&world, "2026-07-01");
    assert_eq!(world.view(BILL)["decision"]["act"], "first_open_day");
}

#[test]
fn decision_needs_closed_books() {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = mapping::SyncMode::Manual);
    world.bill();
    let decision = world.decision(DecisionKind::FirstOpenDay);
    let refused = world.record_decision(BILL, &decision);
    assert!(
        matches!(refused, Err(Error::NotDecidable(_))),
        "{refused:?}"
    );
}

#[test]
fn release_and_payment_move_to_first_open_day() {
    let world = World::configured();
    world.bill();
    world.close_books("2026-06-30");
    world.treat_closed_books(ClosedBooks::FirstOpenDay);
    assert_eq!(world.release(1, "4850.00"), Outcome::Posted);
    assert_eq!(world.pay(BILL, "43650.00"), Outcome::Posted);
    assert_eq!(world.last("JournalEntry")["TxnDate"], "2026-07-01");
    assert_eq!(world.last("Payment")["TxnDate"], "2026-07-01");
    assert_eq!(
        world.balance(&world.accounts().receivable),
        Decimal::new(485_000, 2)
    );
}

#[test]
fn revision_keeps_the_day_of_its_document() {
    let world = closed_world();
    world.bill();
    let decision = world.decision(DecisionKind::FirstOpenDay);
    world.record_decision(BILL, &decision).unwrap();
    world.run_next_sync();
    let figures = Figures {
        billed: "50000.00",
        retainage: "5000.00",
    };
    // Open books do not move the document back.
    world.open_books();
    assert_eq!(world.revise_bill(figures), Outcome::Posted);
    assert_eq!(world.last("Invoice")["TxnDate"], "2026-07-01");
    assert_eq!(world.last("JournalEntry")["TxnDate"], "2026-07-01");
    assert_eq!(world.invoices_and_entries(), (1, 1));
    // Nor do closed books hold it, since its day is open.
    world.close_books("2026-06-30");
    let mut third = pay_app(1, USUAL);
    third["revision"] = json!(3);
    assert_eq!(
        world.deliver_pay_app("pay_app.revised", &third),
        Outcome::Posted
    );
    assert_bill_on(&world, "2026-07-01");
}

#[test]
fn revision_of_closed_month_waits_for_decision() {
    let world = World::configured();
    world.bill();
    world.close_books("2026-06-30");
    let figures = Figures {
        billed: "50000.00",
        retainage: "5000.00",
    };
    assert_eq!(world.revise_bill(figures), Outcome::Held);
    assert_eq!(world.view(BILL)["reason"]["code"], "books_closed");
    let decision = world.decision(DecisionKind::FirstOpenDay);
    world.record_decision(BILL, &decision).unwrap();
    world.run_next_sync();
    assert_eq!(world.view(BILL)["state"], "posted");
    let accounts = world.accounts();
    let balance = |account: &str, month| world.month_balance(account, month).to_string();
    assert_eq!(balance(&accounts.receivable, "2026-03"), "43650.00");
    assert_eq!(balance(&accounts.receivable, "2026-07"), "1350.00");
    assert_eq!(balance(&accounts.retainage, "2026-07"), "150.00");
    assert_eq!(balance(&accounts.revenue, "2026-07"), "-1500.00");
    assert_eq!(
        world.balance(&accounts.receivable),
        Decimal::new(4_500_000, 2)
    );
}

#[test]
fn books_closed_before_sending_move_the_document() {
    let world = World::configured();
    world.treat_closed_books(ClosedBooks::FirstOpenDay);
    world.set_closing_date(Some("2026-06-30"));
    assert_eq!(world.bill(), Outcome::Queued);
    world.run_next_sync();
    assert_bill_on(&world, "2026-07-01");
}

#[test]
fn books_closed_between_steps_leave_one_day() {
    let world = World::configured();
    world.treat_closed_books(ClosedBooks::FirstOpenDay);
    // The invoice is taken, and the books are closed before the entry.
    world.refuse_item(1);
    world.bill();
    assert_eq!(world.invoices_and_entries(), (1, 0));
    world.close_books("2026-06-30");
    world.run_next_sync();
    assert_bill_on_with_reversal(&world);
}

/// Asserts that the invoice of March is reversed in July, where the bill now stands.
fn assert_bill_on_with_reversal(world: &World) {
    assert_eq!(world.view(BILL)["state"], "posted");
    let accounts = world.accounts();
    let balance = |account: &str, month| world.month_balance(account, month).to_string();
    assert_eq!(balance(&accounts.receivable, "2026-03"), "43650.00");
    assert_eq!(balance(&accounts.receivable, "2026-07"), "0.00");
    assert_eq!(balance(&accounts.retainage, "2026-07"), "4850.00");
    assert_eq!(balance(&accounts.revenue, "2026-07"), "-4850.00");
    assert_eq!(
        world.balance(&accounts.receivable),
        Decimal::new(4_365_000, 2)
    );
    assert_eq!(world.count("CreditMemo"), 1);
}

#[test]
fn lost_answer_of_moved_bill_is_looked_up() {
    for commit in [Commit::Before, Commit::After] {
        let world = closed_world();
        world.treat_closed_books(ClosedBooks::FirstOpenDay);
        world.lose_bill(commit);
        // Books that are closed further change nothing that began.
        (0..4).for_each(|_| world.run_next_sync());
        assert_bill_on(&world, "2026-07-01");
        assert_eq!(world.invoices_and_entries(), (1, 1));
    }
}

#[test]
fn books_closed_further_move_what_does_not_stand() {
    let world = closed_world();
    world.treat_closed_books(ClosedBooks::FirstOpenDay);
    world.lose_bill(Commit::Before);
    world.set_closing_date(Some("2026-07-31"));
    (0..5).for_each(|_| world.run_next_sync());
    assert_bill_on(&world, "2026-08-01");
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

#[test]
fn decided_day_survives_another_hold() {
    let world = closed_world();
    world.type_invoice(crate::support::bookkeeper::TYPED_BILL);
    world.bill();
    let decision = world.decision(DecisionKind::FirstOpenDay);
    world.record_decision(BILL, &decision).unwrap();
    world.run_next_sync();
    assert_eq!(world.view(BILL)["reason"]["code"], "already_in_quickbooks");
    let decision = world.decision(DecisionKind::PostAnyway);
    world.record_decision(BILL, &decision).unwrap();
    world.run_next_sync();
    assert_eq!(world.view(BILL)["state"], "posted");
    assert_eq!(world.last("Invoice")["TxnDate"], "2026-07-01");
}

#[test]
fn refused_write_without_closing_date_stays_held() {
    let world = World::configured();
    world.treat_closed_books(ClosedBooks::FirstOpenDay);
    let refused = Effect::Refused {
        code: "6210".into(),
        message: "Account Period Closed".into(),
        detail: "The account period has closed.".into(),
    };
    let refused = Injection::new(refused).kind(RequestKind::Write);
    world
        .simulator()
        .inject(refused.body_containing("JournalEntry"));
    world.bill();
    (0..3).for_each(|_| world.run_next_sync());
    assert_eq!(world.view(BILL)["reason"]["code"], "books_closed");
}

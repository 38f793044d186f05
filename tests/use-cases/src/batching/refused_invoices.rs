//! QuickBooks refuses an invoice whose retainage entry it took in the same batch.

use super::{hold_pay_apps, world};
use crate::support::events::event_body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use simulator::{Commit, Effect, Injection, RequestKind};

const PAY_APP: &str = "pa_1042_1";

/// Asserts that nothing of the documents is left in the books.
fn assert_nothing_is_left(world: &World) {
    let accounts = world.accounts();
    for account in [accounts.receivable, accounts.retainage, accounts.revenue] {
        assert!(world.balance(&account).is_zero(), "{account}");
    }
}

/// Returns a firm whose pay app's invoice was refused. The answer to the reversal of its entry is lost.
fn world_with_lost_reversal(commit: Commit) -> World {
    let world = world();
    world.refuse_item(0);
    let lost = Injection::new(Effect::Dropped(commit)).path_containing("/journalentry");
    world.simulator().inject(lost.kind(RequestKind::Write));
    world.deliver(event_body("03"));
    world
}

/// Makes QuickBooks refuse or take every invoice.
fn forbid(world: &World, kinds: &[&'static str]) {
    world.simulator().switches_mut().forbidden_kinds = kinds.to_vec();
}

#[test]
fn entry_of_refused_invoice_is_reversed_at_once() {
    let world = world();
    world.refuse_item(0);
    assert_eq!(world.deliver(event_body("03")), Outcome::Held);
    let view = world.view(PAY_APP);
    assert_eq!(view["state"], "failed");
    let message = view["reason"]["message"].as_str().unwrap();
    assert!(
        message.ends_with("nothing of it is left in the books; a retry posts both."),
        "{message}"
    );
    assert_nothing_is_left(&world);
    assert_eq!(world.invoices_and_entries(), (0, 2));
    assert_eq!(world.press_sync_now().posted, 1);
    assert_eq!(world.invoices_and_entries(), (1, 3));
}

#[test]
fn retry_of_refused_invoice_makes_no_entry() {
    let world = world();
    world.refuse_item(0);
    world.deliver(event_body("03"));
    forbid(&world, &["Invoice"]);
    for _ in 0..3 {
        world.press_sync_now();
        assert_eq!(world.view(PAY_APP)["state"], "failed");
        assert_eq!(world.invoices_and_entries(), (0, 2));
    }
}

#[test]
fn lost_reversal_of_entry_is_continued() {
    for commit in [Commit::Before, Commit::After] {
        let world = world_with_lost_reversal(commit);
        assert_eq!(world.view(PAY_APP)["state"], "uncertain", "{commit:?}");
        world.run_next_sync();
        let view = world.view(PAY_APP);
        assert_eq!(
            (&view["state"], &view["reason"]["code"]),
            (&"failed".into(), &"refused_by_quickbooks".into())
        );
        assert_nothing_is_left(&world);
        assert_eq!(world.invoices_and_entries(), (0, 2), "{commit:?}");
    }
}

/// A request counts after the doubt, as it does after every other one.
#[test]
fn retry_during_lost_reversal_posts_both() {
    for commit in [Commit::Before, Commit::After] {
        let world = world_with_lost_reversal(commit);
        world.press_retry(PAY_APP);
        assert_eq!(world.view(PAY_APP)["state"], "uncertain", "{commit:?}");
        (0..2).for_each(|_| world.run_next_sync());
        assert_eq!(world.view(PAY_APP)["state"], "posted", "{commit:?}");
        assert_eq!(world.invoices_and_entries(), (1, 3), "{commit:?}");
    }
}

#[test]
fn postponed_reversal_of_entry_is_continued() {
    let world = world();
    world.refuse_item(0);
    let throttled = Injection::new(Effect::Throttled).path_containing("/journalentry");
    world.simulator().inject(throttled);
    world.deliver(event_body("03"));
    (0..3).for_each(|_| world.run_next_sync());
    assert_eq!(world.view(PAY_APP)["state"], "failed");
    assert_nothing_is_left(&world);
}

#[test]
fn refused_invoices_leave_no_entries_in_a_run() {
    let world = world();
    let ids = hold_pay_apps(&world, 24);
    forbid(&world, &["Invoice"]);
    assert_eq!(world.press_sync_now().posted, 0);
    (0..4).for_each(|_| world.run_next_sync());
    for id in &ids {
        assert_eq!(world.view(id)["state"], "failed", "{id}");
    }
    assert_nothing_is_left(&world);
    assert_eq!(world.invoices_and_entries(), (0, 30));
    forbid(&world, &[]);
    world.press_sync_now();
    (0..4).for_each(|_| world.run_next_sync());
    assert!(ids.iter().all(|id| world.view(id)["state"] == "posted"));
    assert_eq!(world.invoices_and_entries(), (24, 54));
}

#[test]
fn one_refused_invoice_keeps_the_batches() {
    let world = world();
    hold_pay_apps(&world, 24);
    world.refuse_item(0);
    world.simulator().clear_traffic();
    assert_eq!(world.press_sync_now().posted, 23);
    let writes = world
        .simulator()
        .traffic()
        .iter()
        .filter(|seen| seen.class.can_write())
        .count();
    // The item, two batches and the reversal.
    assert_eq!(writes, 4);
}

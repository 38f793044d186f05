//! The store is set back to a state in which a product was in doubt that RIVET created since.

use super::table::field_world;
use crate::support::usual_bill::BILL;
use jiff::SignedDuration;
use simulator::{Commit, Effect, Injection, RequestKind};

#[test]
fn product_created_since_is_awaited_after_restore() {
    let world = field_world();
    world.simulator().switches_mut().index_lag = SignedDuration::from_secs(100);
    let write = Injection::new(Effect::Dropped(Commit::Before)).kind(RequestKind::Write);
    let lost = write.body_containing("IncomeAccountRef");
    world.simulator().inject(lost);
    world.bill();
    world.simulator().clear_injections();
    assert_eq!(world.count("Invoice"), 0);
    world.advance(SignedDuration::from_mins(2));
    let snapshot = world.snapshot();
    world.run_scheduled_sync();
    assert_eq!(world.view(BILL)["state"], "posted");
    let products = world.count("Item");
    world.put_back(&snapshot);
    world.tell_of_restore(&snapshot);
    world.run_scheduled_sync();
    let view = world.view(BILL);
    assert_eq!(view["state"], "uncertain", "{view:#}");
    world.run_next_sync();
    world.run_next_sync();
    let view = world.view(BILL);
    assert_eq!(view["state"], "posted", "{view:#}");
    assert_eq!(world.count("Item"), products);
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

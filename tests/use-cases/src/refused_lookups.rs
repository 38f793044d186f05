//! Look-ups, and looks before the first posting, that QuickBooks refuses: only their documents wait, and a person is told.

use crate::support::usual_bill::BILL;
use crate::support::world::World;
use jiff::SignedDuration;
use mapping::SyncMode;
use serde_json::{Value, json};
use simulation::seeds::stride;
use simulator::{Commit, Effect, Injection, Outage, RequestKind};

/// Returns the types of the notifications about documents that RIVET got.
fn told(world: &World) -> Vec<Value> {
    world.refresh_tokens();
    let rivet = world.rivet();
    let told = rivet.notifications.iter();
    let about_documents = told.filter(|told| told.id.starts_with("doc"));
    about_documents
        .map(|told| told.body["type"].clone())
        .collect()
}

fn reason(world: &World) -> Value {
    world.view(BILL)["reason"].clone()
}

/// The answer to the bill is lost, or the look before it is refused.
#[test]
fn lookup_refused_for_ever_is_told_once() {
    for is_sent in [true, false] {
        let world = World::configured();
        if is_sent {
            world.lose_bill(Commit::After);
        }
        world.simulator().switches_mut().refused_queries = vec!["DocNumber".into()];
        world.bill();
        let mut codes = Vec::new();
        for _ in 0..100 {
            world.advance(SignedDuration::from_mins(5));
            world.run_scheduled_sync();
            assert_eq!(world.bill_state(), "uncertain");
            codes.push(reason(&world)["code"].clone());
        }
        codes.dedup();
        assert_eq!(codes, ["outcome_unknown", "lookup_refused"], "{is_sent}");
        let reason = reason(&world);
        assert_eq!(reason["action"], "contact_support");
        assert!(reason["message"].as_str().unwrap().contains("intuit_tid"));
        assert_eq!(told(&world), ["document.failed"], "{is_sent}");
        world.simulator().switches_mut().refused_queries.clear();
        world.run_half_minutes(40);
        assert_eq!(world.bill_state(), "posted", "{is_sent}");
        assert_eq!(world.invoices_and_entries(), (1, 1), "{is_sent}");
    }
}

#[test]
fn refused_look_of_one_project_delays_no_other() {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    world.bill();
    world.bill_with(|bill| {
        bill["id"] = json!("pa_other");
        bill["project"] = json!({ "id": "prj_2", "number": "2000", "name": "Pier" });
    });
    world.simulator().switches_mut().refused_queries = vec!["1042".into()];
    world.press_sync_now();
    assert_eq!(
        (world.bill_state(), &world.view("pa_other")["state"]),
        (json!("uncertain"), &json!("posted")),
        "{}",
        world.view(BILL)
    );
}

/// Runs the schedule every twenty minutes for ten hours, while Sync Now is pressed and QuickBooks answers its reads of the company.
fn wait_for_long(world: &World) -> Vec<Value> {
    let mut codes = Vec::new();
    for _ in 0..30 {
        world.advance(SignedDuration::from_mins(20));
        world.press_sync_now();
        world.run_scheduled_sync();
        codes.push(reason(world)["code"].clone());
    }
    codes.dedup();
    codes
}

/// The answer to the bill is lost, or the look before it is not answered. QuickBooks answers everything else.
#[test]
fn unread_lookup_for_ever_is_told_once() {
    let outage = |outage| Effect::Outage(outage, Commit::Before);
    let outages = [
        Effect::Throttled,
        outage(Outage::Empty { status: 400 }),
        outage(Outage::Page { status: 403 }),
        outage(Outage::FaultInfo),
        outage(Outage::InternalError { status: 200 }),
    ];
    for outage in outages.into_iter().step_by(stride()) {
        for is_sent in [true, false] {
            let world = World::configured();
            if is_sent {
                world.lose_bill(Commit::After);
            }
            world.refuse_queries(outage.clone());
            world.bill();
            let before = if is_sent {
                json!("outcome_unknown")
            } else {
                Value::Null
            };
            let when = format!("{outage:?} {is_sent}");
            assert_eq!(
                wait_for_long(&world),
                [before, json!("lookup_refused")],
                "{when}"
            );
            let reason = reason(&world);
            assert_eq!(reason["action"], "contact_support");
            let message = reason["message"].as_str().unwrap();
            assert!(message.contains("intuit_tid"), "{when}: {message}");
            assert_eq!(told(&world), ["document.failed"], "{when}");
            world.simulator().clear_injections();
            world.run_half_minutes(40);
            assert_eq!(world.bill_state(), "posted", "{when}");
            assert_eq!(world.invoices_and_entries(), (1, 1), "{when}");
        }
    }
}

/// RIVET reads the invoice before a revision changes it.
#[test]
fn unread_invoice_for_ever_is_told_once() {
    let world = World::configured();
    world.bill();
    let empty = Effect::Outage(Outage::Empty { status: 400 }, Commit::Before);
    let unread = Injection::new(empty)
        .kind(RequestKind::Read)
        .path_containing("/invoice/");
    world.simulator().inject(unread.always());
    world.edit_last("Invoice", |invoice| {
        invoice["CustomerMemo"] = json!({ "value": "seen" })
    });
    world.revise_bill(crate::support::usual_bill::Figures {
        billed: "50000.00",
        retainage: "5000.00",
    });
    assert_eq!(
        wait_for_long(&world),
        [Value::Null, json!("lookup_refused")]
    );
    assert_eq!(told(&world), ["document.posted", "document.failed"]);
}

/// QuickBooks answers nothing at all, so the connection says so.
#[test]
fn unread_lookup_in_an_outage_is_not_told() {
    let world = World::configured();
    world.lose_bill(Commit::After);
    world.disturb_always(Effect::Outage(
        Outage::Empty { status: 400 },
        Commit::Before,
    ));
    assert_eq!(wait_for_long(&world), [json!("outcome_unknown")]);
    assert_eq!(told(&world), Vec::<Value>::new());
}

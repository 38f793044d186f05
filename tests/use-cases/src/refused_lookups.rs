//! Look-ups, and looks before the first posting, that QuickBooks refuses: only their documents wait, and a person is told.

use crate::support::usual_bill::BILL;
use crate::support::world::World;
use jiff::SignedDuration;
use mapping::SyncMode;
use serde_json::{Value, json};
use simulator::Commit;

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

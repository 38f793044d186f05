//! Documents that QuickBooks does not have yet.

use super::{account, compared, only_entry};
use crate::support::usual_bill::{BILL, Figures, USUAL};
use crate::support::world::World;
use mapping::SyncMode;
use serde_json::json;

#[test]
fn held_document_is_only_in_rivet_with_reason() {
    let world = World::configured();
    world.bill();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    world.bill_next(
        2,
        Figures {
            billed: "100.00",
            retainage: "10.00",
        },
    );
    let view = world.tie_out();
    let entry = only_entry(&view, "only_in_rivet");
    assert_eq!(
        entry["document"],
        json!({ "kind": "pay_app", "id": "pa_2" })
    );
    assert_eq!(
        (&entry["state"], &entry["reason"]["code"]),
        (&json!("held"), &json!("manual"))
    );
    assert_eq!(
        (&entry["number"], &entry["type"]),
        (&json!("1042-2"), &json!(null))
    );
    assert_eq!(compared(&entry["receivable"]), ["90.00", "0.00", "-90.00"]);
    assert_eq!(
        compared(account(&view, "retainage")),
        ["4860.00", "4850.00", "-10.00"]
    );
    let sentence = entry["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with("It is not in QuickBooks yet. "),
        "{sentence}"
    );
}

#[test]
fn held_revision_and_void_are_different() {
    let world = World::configured();
    world.bill();
    world.bill_next(2, USUAL);
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    world.revise_bill(Figures {
        billed: "48000.00",
        retainage: "4850.00",
    });
    world.void_bill("pa_2", "2026-04-02");
    let view = world.tie_out();
    let different = view["different"].as_array().unwrap();
    let sums: Vec<_> = different
        .iter()
        .map(|entry| compared(&entry["receivable"]))
        .collect();
    assert_eq!(
        sums,
        [
            ["43150.00", "43650.00", "500.00"],
            ["0.00", "43650.00", "43650.00"]
        ]
    );
    let sentence = |at: usize| different[at]["sentence"].as_str().unwrap();
    assert!(sentence(0).starts_with("QuickBooks has an earlier revision. "));
    assert!(sentence(1).starts_with("It is void in RIVET, and QuickBooks still has it. "));
}

#[test]
fn half_posted_document_is_no_work_of_others() {
    let world = World::configured();
    world.refuse_item(1);
    world.bill();
    let view = world.tie_out();
    assert_eq!(view["only_in_quickbooks"], json!([]), "{view:#}");
    let different = &view["different"][0];
    assert_eq!(different["document"]["id"], BILL);
    assert_eq!(
        compared(&different["revenue"]),
        ["48500.00", "43650.00", "-4850.00"]
    );
}

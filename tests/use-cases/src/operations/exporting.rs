//! The export of a firm: it has every record, opened, and none of another firm.

use super::{own_bill, two_firms};
use bridge::operations::{export, firm};
use futures::executor::block_on;
use serde_json::Value;

#[test]
fn export_has_each_record_of_firm() {
    let world = two_firms();
    let exported = block_on(export::export(
        &world.services.store,
        &world.firm,
        world.now(),
    ))
    .unwrap();
    let exported = serde_json::to_value(exported).unwrap();
    for key in world.memory.content().into_keys() {
        let mut parts = key.splitn(3, ':').skip(1);
        let (kind, name) = (parts.next().unwrap(), parts.next().unwrap());
        let is_own = name == "firm_harbor" || name.starts_with("firm_harbor:");
        let found = &exported["records"][kind][name];
        assert!(!is_own || !found.is_null(), "{key}");
    }
    assert!(!exported.to_string().contains("firm_otter"));
}

#[test]
fn exported_records_are_opened() {
    let world = two_firms();
    let exported = block_on(export::export(
        &world.services.store,
        &world.firm,
        world.now(),
    ))
    .unwrap();
    let exported = serde_json::to_value(exported).unwrap();
    let grant = world.connection().grant.unwrap();
    let connection = &exported["records"]["connection"]["firm_harbor"];
    let token: &Value = &connection["grant"]["refresh_token"];
    assert_eq!(token.as_str(), Some(grant.refresh_token.0.as_str()));
    assert_eq!(connection["company"]["realm_id"], world.realm.as_str());
    let received = &exported["records"]["received"]["firm_harbor:pay_app:pa_only_here_3:1"];
    let sent = own_bill(3);
    assert_eq!(received["pay_app"]["totals"]["net"], sent["totals"]["net"]);
}

#[test]
fn overview_counts_records_by_kind() {
    let world = two_firms();
    let overview = block_on(firm::overview(&world.services.store, &world.firm)).unwrap();
    let overview = serde_json::to_value(overview).unwrap();
    assert_eq!(overview["status"], "connected");
    assert_eq!(overview["company"], "Harbor Electric LLC");
    assert_eq!(overview["records"]["document"], 72);
    assert_eq!(overview["records"]["customer-details"], 2);
    assert_eq!(overview["erasure"], Value::Null);
}

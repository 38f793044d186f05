//! Notices that are lost, while others about the same document arrive.

use super::cases::firm_with_documents;
use super::edits::INVOICE;
use crate::support::world::World;
use futures::executor::block_on;
use inbound::webhook_intake::receive;
use mapping::RetainageMethod;
use serde_json::json;

impl World {
    /// Delivers the notice of a new payment alone.
    fn announce_payment(&self, id: &str) {
        let entity = json!({ "name": "Payment", "id": id, "operation": "Create", "lastUpdated": self.now().to_string() });
        let body = json!({ "eventNotifications": [{ "realmId": self.realm, "dataChangeEvent": { "entities": [entity] } }] });
        let body = body.to_string();
        block_on(receive(&self.services.store, body.as_bytes(), self.now())).unwrap();
    }
}

#[test]
fn payment_of_invoice_edited_unnoticed_tells_edit() {
    let world = firm_with_documents(RetainageMethod::JournalEntry);
    world.simulator().unsubscribe();
    world.change_object(INVOICE, json!({ "TxnDate": "2026-04-02" }));
    let payment = world.enter_payment(INVOICE, "100.00", &[(INVOICE, "100.00")]);
    world.announce_payment(&payment);
    world.run_scheduled_sync();
    let told = || {
        let entries = world.notified_entries().into_iter();
        entries.map(|entry| entry.detail).collect::<Vec<_>>()
    };
    let expected = [
        "Somebody changed the date of Invoice 1057-1 in QuickBooks. Choose which version to keep.",
        "Partly paid in QuickBooks: 100.00 of 8106.65.",
    ];
    assert_eq!(told(), expected);
    assert_eq!(
        world.unposted_documents(),
        "pa_1057_1 conflict, Invoice: state date balance"
    );
    world.run_next_day();
    assert_eq!(told(), expected);
}

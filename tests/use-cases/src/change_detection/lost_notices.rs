//! Notices that are lost, while others about the same document arrive.

use super::cases::firm_with_documents;
use super::edits::INVOICE;
use crate::support::usual_bill::BILL;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use futures::executor::block_on;
use inbound::webhook_intake::receive;
use jiff::SignedDuration;
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

/// The retry takes over the number that QuickBooks assigned, which is no write.
#[test]
fn invoice_deleted_before_its_rest_is_posted_is_told() {
    for custom_numbers in [true, false] {
        let world = World::configured();
        world.announce_changes();
        world.person(|person| person.set_custom_numbers(custom_numbers));
        world.refuse_item(1);
        assert_eq!(world.bill(), Outcome::Held);
        world.delete_last("Invoice");
        world.deliver_events_and_scan();
        world.advance(SignedDuration::from_mins(5));
        assert_eq!(world.press_sync_now().posted, 1);
        world.run_half_minutes(4);
        let view = world.view(BILL);
        assert_eq!(view["state"], "conflict", "{custom_numbers}: {view}");
    }
}

//! Details of customers that RIVET sends without a document.

use crate::support::usual_bill::customer;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use serde_json::json;

impl World {
    /// Delivers the usual customer with this e-mail address, as RIVET knew it at that time.
    fn tell_email(&self, email: &str, at: &str) {
        let mut told = customer();
        told["email"] = json!(email);
        let data = json!({ "firm_id": self.firm, "plan": "pro", "customer": told });
        let event = json!({ "type": "customer.updated", "timestamp": at, "data": data });
        assert_eq!(self.deliver(&event.to_string()), Outcome::Ignored);
    }
}

#[test]
fn older_customer_update_changes_nothing() {
    let world = World::configured();
    world.tell_email("first@turner.example", "2026-03-01T09:00:00Z");
    world.tell_email("newest@turner.example", "2026-03-01T11:00:00Z");
    let before = world.memory.writes();
    world.tell_email("late@turner.example", "2026-03-01T10:00:00Z");
    world.tell_email("newest@turner.example", "2026-03-01T11:00:00Z");
    assert_eq!(world.memory.writes(), before, "neither is news");
    world.bill();
    let simulator = world.simulator();
    let created = simulator.entities(&world.realm, "Customer").next().unwrap();
    assert_eq!(
        created["PrimaryEmailAddr"]["Address"],
        "newest@turner.example"
    );
}

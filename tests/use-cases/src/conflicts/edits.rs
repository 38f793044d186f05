//! Edits of a posted pay app in QuickBooks, each with the balances after it.

use crate::support::world::World;
use serde_json::json;

/// Balances of A/R, retainage and revenue in the company's ledger, and the retainage in our record of the project.
pub type Balances = [&'static str; 4];

pub const FIRST: Balances = ["8106.65", "426.67", "8533.32", "426.67"];
pub const SECOND: Balances = ["7789.99", "410.00", "8199.99", "410.00"];
pub const NOTHING: Balances = ["0.00", "0.00", "0.00", "0.00"];

/// An edit of the pay app by a person in QuickBooks, and the balances after it.
#[derive(Clone, Copy)]
pub struct Edit {
    pub name: &'static str,
    pub apply: fn(&World),
    pub balances: Balances,
}

pub const NOTE_CHANGED: Edit = Edit {
    name: "note changed",
    apply: |world| world.edit_last("Invoice", |form| form["PrivateNote"] = json!("see Bob")),
    balances: FIRST,
};

pub const AMOUNT_CHANGED: Edit = Edit {
    name: "amount changed",
    apply: |world| set_amounts(world, "Invoice", "9000.00"),
    balances: ["9000.00", "426.67", "9426.67", "426.67"],
};

pub const INVOICE_VOIDED: Edit = Edit {
    name: "invoice voided",
    apply: |world| world.void_last("Invoice"),
    balances: ["0.00", "426.67", "426.67", "426.67"],
};

pub const INVOICE_DELETED: Edit = Edit {
    name: "invoice deleted",
    apply: |world| world.delete_last("Invoice"),
    balances: ["0.00", "426.67", "426.67", "426.67"],
};

pub const RETAINAGE_CHANGED: Edit = Edit {
    name: "retainage changed",
    apply: |world| set_amounts(world, "JournalEntry", "500.00"),
    balances: ["8106.65", "500.00", "8606.65", "500.00"],
};

pub const ENTRY_DELETED: Edit = Edit {
    name: "entry deleted",
    apply: |world| world.delete_last("JournalEntry"),
    balances: ["8106.65", "0.00", "8106.65", "0.00"],
};

pub const BOTH_DELETED: Edit = Edit {
    name: "invoice and entry deleted",
    apply: |world| {
        ["Invoice", "JournalEntry"]
            .into_iter()
            .for_each(|kind| world.delete_last(kind))
    },
    balances: NOTHING,
};

pub const EDITS: [Edit; 7] = [
    NOTE_CHANGED,
    AMOUNT_CHANGED,
    INVOICE_VOIDED,
    INVOICE_DELETED,
    RETAINAGE_CHANGED,
    ENTRY_DELETED,
    BOTH_DELETED,
];

/// Sets the amount of every line of the last object of this kind.
pub fn set_amounts(world: &World, kind: &str, amount: &str) {
    world.edit_last(kind, |object| {
        let lines = object["Line"].as_array_mut().unwrap();
        lines.retain(|line| line["DetailType"] != "SubTotalLineDetail");
        for line in lines {
            line["Amount"] = serde_json::from_str(amount).unwrap();
        }
    });
}

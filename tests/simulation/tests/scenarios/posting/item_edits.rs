//! People who change the products and services that RIVET posts on.

use crate::posting::given::COMPANIES;
use crate::posting::scenario::{EditedItem, Run};
use serde_json::{Value, json};

/// Gives an item of RIVET's another account, or makes it taxable or inactive.
pub fn act(run: &Run, which: usize) {
    let (realm, world) = (COMPANIES[which], &run.deployment.world);
    let mut intuit = run.deployment.intuit.borrow_mut();
    let is_rivets = |item: &&Value| {
        item["Name"]
            .as_str()
            .unwrap_or_default()
            .starts_with("RIVET")
    };
    let items: Vec<Value> = intuit
        .entities(realm, "Item")
        .filter(is_rivets)
        .cloned()
        .collect();
    if items.is_empty() {
        return;
    }
    let item = world.pick(&items);
    let account = &item["IncomeAccountRef"]["value"];
    let is_other = |other: &&Value| other["AccountType"] == "Income" && other["Id"] != *account;
    let other = intuit.entities(realm, "Account").find(is_other);
    let other = other.map_or_else(|| account.clone(), |other| other["Id"].clone());
    let changes = [
        json!({ "IncomeAccountRef": { "value": other } }),
        json!({ "Taxable": true }),
        json!({ "Active": false }),
    ];
    let (change, id) = (
        world.pick(&changes),
        item["Id"].as_str().unwrap_or_default().to_owned(),
    );
    let edited = intuit
        .person(realm)
        .unwrap()
        .edit("Item", &id, change.clone());
    world.trace(|| format!("a person edits item {id} of {realm}: {change} {edited:?}"));
    if edited.is_ok() {
        run.altered.borrow_mut().extend(["Invoice", "CreditMemo"]);
        let before = json!({
            "IncomeAccountRef": { "value": account }, "Taxable": item["Taxable"], "Active": item["Active"],
        });
        let edited = EditedItem { which, id, before };
        run.edited_items.borrow_mut().push(edited);
    }
}

/// Puts all items back, newest edit first.
pub fn undo(run: &Run) {
    let mut intuit = run.deployment.intuit.borrow_mut();
    for item in run.edited_items.borrow().iter().rev() {
        let mut person = intuit.person(COMPANIES[item.which]).unwrap();
        person.edit("Item", &item.id, item.before.clone()).unwrap();
    }
}

//! People who edit the QuickBooks companies by hand and decide conflicts in RIVET.

use crate::posting::actions;
use crate::posting::given::{COMPANIES, FIRMS, firm_id};
use crate::posting::ledger_checks::{ready_value, records};
use crate::posting::scenario::{EmptyEdit, InactiveCustomer, MadeDecision, ManualPayment, Run};
use crate::posting::{item_edits, typed_documents};
use mapping::PostedObject;
use serde_json::{Value, json};
use store::document::decision::DecisionKind;
use store::document::status::DocumentStatus;
use store::queue::entry::EntryState;

/// Makes a random edit in one of the companies, if the edit is possible there.
pub fn act(run: &Run) {
    let world = &run.deployment.world;
    let which = usize::from(world.one_in(4));
    run.deployment.intuit.borrow_mut().set_now(world.now());
    run.deployment
        .intuit
        .borrow_mut()
        .switches_mut()
        .alterations
        .clear();
    if run.given.has_typed_documents && world.one_in(4) {
        return typed_documents::act(run, which);
    }
    if run.given.customs.has_item_edits && world.one_in(8) {
        return item_edits::act(run, which);
    }
    match world.below(13) {
        0..=3 => edit(run, which),
        4 | 5 => remove(run, which),
        6 | 7 => change_payment(run, which),
        8 => rename(run, which),
        9 => deactivate_customer(run, which),
        10 => create_invoice(run, which),
        _ => decide_conflict(run, which),
    }
}

/// Picks an object of a posted document.
pub fn posted(run: &Run, which: usize) -> Option<PostedObject> {
    let records = records(&run.deployment, which);
    let finished = records
        .iter()
        .filter(|record| record.status == DocumentStatus::Posted);
    let objects: Vec<_> = finished
        .flat_map(|record| record.active_objects().cloned())
        .collect();
    (!objects.is_empty()).then(|| run.deployment.world.pick(&objects))
}

fn object(run: &Run, which: usize, posted: &PostedObject) -> Option<Value> {
    let (intuit, kind) = (run.deployment.intuit.borrow(), format!("{:?}", posted.kind));
    let mut all = intuit.entities(COMPANIES[which], &kind);
    all.find(|object| object["Id"] == *posted.id).cloned()
}

fn edit(run: &Run, which: usize) {
    let Some(posted) = posted(run, which) else {
        return;
    };
    let Some(object) = object(run, which, &posted) else {
        return;
    };
    let kind = format!("{:?}", posted.kind);
    let change = match run.deployment.world.below(5) {
        0 => json!({ "PrivateNote": "checked by hand" }),
        1 => json!({ "CustomerMemo": { "value": "Thank you" } }),
        2 => json!({ "TxnDate": "2026-04-15" }),
        3 if kind != "JournalEntry" => {
            json!({ "CustomerRef": { "value": other_customer(run, which) } })
        }
        _ => doubled(&object),
    };
    let realm = COMPANIES[which];
    let edited = {
        let mut intuit = run.deployment.intuit.borrow_mut();
        let mut person = intuit.person(realm).unwrap();
        person.edit(&kind, &posted.id, change.clone())
    };
    let id = &posted.id;
    let world = &run.deployment.world;
    world.trace(|| format!("a person edits {kind} {id} of {realm}: {change} {edited:?}"));
    let after = self::object(run, which, &posted);
    if edited.is_ok() && after.is_some_and(|after| content(after) == content(object)) {
        let posted = (kind, posted.id);
        run.empty_edits.borrow_mut().push(EmptyEdit {
            which,
            posted,
            edited_at: world.now(),
        });
    }
}

/// Returns what a transaction says, without its version, and without what QuickBooks says of the transactions that a payment pays.
fn content(mut object: Value) -> Value {
    object["SyncToken"].take();
    object["MetaData"].take();
    let lines = object["Line"].as_array_mut().into_iter().flatten();
    for line in lines {
        line["LineEx"].take();
    }
    object
}

/// Returns a change that doubles the amount of every line.
fn doubled(object: &Value) -> Value {
    let mut lines = object["Line"].as_array().cloned().unwrap_or_default();
    lines.retain(|line| line["DetailType"] != "SubTotalLineDetail");
    for line in &mut lines {
        let amount = line["Amount"].as_f64().unwrap_or_default();
        line["Amount"] = json!(amount * 2.0);
    }
    json!({ "Line": lines })
}

fn other_customer(run: &Run, which: usize) -> String {
    const NAME: &str = "Walk-in";
    let mut intuit = run.deployment.intuit.borrow_mut();
    let known = intuit.find(COMPANIES[which], "Customer", NAME);
    known.unwrap_or_else(|| {
        let mut person = intuit.person(COMPANIES[which]).unwrap();
        let walk_in = json!({ "DisplayName": NAME });
        person.create("Customer", walk_in).unwrap()
    })
}

fn remove(run: &Run, which: usize) {
    let Some(posted) = posted(run, which) else {
        return;
    };
    let (realm, kind) = (COMPANIES[which], format!("{:?}", posted.kind));
    let mut intuit = run.deployment.intuit.borrow_mut();
    let mut person = intuit.person(realm).unwrap();
    let done = match run.deployment.world.below(2) {
        0 => person.void(&kind, &posted.id),
        _ => person.delete(&kind, &posted.id),
    };
    let id = &posted.id;
    run.deployment
        .world
        .trace(|| format!("a person voids or deletes {kind} {id} of {realm}: {done:?}"));
}

/// Applies a payment that RIVET does not know, or deletes such a payment.
fn change_payment(run: &Run, which: usize) {
    let (realm, world) = (COMPANIES[which], &run.deployment.world);
    let mut paid = run.paid.borrow_mut();
    let ours = paid
        .iter()
        .position(|payment| payment.which == which && !payment.id.is_empty());
    if let Some(ours) = ours.filter(|_| world.one_in(2)) {
        let payment = paid[ours].id.clone();
        let mut intuit = run.deployment.intuit.borrow_mut();
        if intuit
            .person(realm)
            .unwrap()
            .delete("Payment", &payment)
            .is_ok()
        {
            world.trace(|| format!("a person removes payment {payment} of {realm}"));
            paid[ours].id.clear();
        }
        return;
    }
    let Some(posted) = posted(run, which) else {
        return;
    };
    let Some(invoice) = object(run, which, &posted) else {
        return;
    };
    let amount = json!(1.0);
    let payment = json!({
        "CustomerRef": invoice["CustomerRef"], "TotalAmt": amount,
        "Line": [{"Amount": amount, "LinkedTxn": [{"TxnId": posted.id, "TxnType": format!("{:?}", posted.kind)}]}],
    });
    let mut intuit = run.deployment.intuit.borrow_mut();
    if let Ok(payment) = intuit.person(realm).unwrap().create("Payment", payment) {
        world.trace(|| {
            format!(
                "a person applies payment {payment} to {} of {realm}",
                posted.id
            )
        });
        paid.push(ManualPayment {
            which,
            id: payment,
            applied_to: posted.id,
        });
    }
}

fn rename(run: &Run, which: usize) {
    let world = &run.deployment.world;
    let kind = world.pick(&["Customer", "Class"]);
    let (realm, mut intuit) = (COMPANIES[which], run.deployment.intuit.borrow_mut());
    let first = intuit
        .entities(realm, kind)
        .find_map(|entity| entity["Id"].as_str().map(str::to_owned));
    if let Some(id) = first {
        let name = format!("Renamed {}", world.below(1000));
        let renamed = intuit.person(realm).unwrap().rename(kind, &id, &name);
        world.trace(|| format!("a person renames {kind} {id} of {realm}: {renamed:?}"));
    }
}

fn deactivate_customer(run: &Run, which: usize) {
    let (realm, mut intuit) = (COMPANIES[which], run.deployment.intuit.borrow_mut());
    let first = intuit
        .entities(realm, "Customer")
        .find_map(|entity| entity["Id"].as_str().map(str::to_owned));
    if let Some(id) = first {
        let done = intuit
            .person(realm)
            .unwrap()
            .set_active("Customer", &id, false);
        run.deployment
            .world
            .trace(|| format!("a person makes customer {id} of {realm} inactive: {done:?}"));
        run.inactive
            .borrow_mut()
            .push(InactiveCustomer { which, id });
    }
}

/// Makes all customers active again.
pub fn reactivate_customers(run: &Run) {
    let mut intuit = run.deployment.intuit.borrow_mut();
    for customer in run.inactive.borrow().iter() {
        let mut person = intuit.person(COMPANIES[customer.which]).unwrap();
        person.set_active("Customer", &customer.id, true).unwrap();
    }
}

/// Creates an invoice of the firm with a number that RIVET will use.
fn create_invoice(run: &Run, which: usize) {
    let (realm, world) = (COMPANIES[which], &run.deployment.world);
    let mut intuit = run.deployment.intuit.borrow_mut();
    let first = |kind: &str| {
        let mut all = intuit.entities(realm, kind);
        all.find_map(|entity| entity["Id"].as_str().map(str::to_owned))
    };
    let (Some(customer), Some(item)) = (first("Customer"), first("Item")) else {
        return;
    };
    let number = format!("10{}-{}", world.below(2), 1 + world.below(3));
    let line = json!({"DetailType": "SalesItemLineDetail", "Amount": 100.0,
        "SalesItemLineDetail": {"ItemRef": {"value": item}}});
    let invoice = json!({"CustomerRef": {"value": customer}, "DocNumber": number, "Line": [line]});
    let billed = intuit.person(realm).unwrap().create("Invoice", invoice);
    world.trace(|| format!("a person bills {number} in {realm}: {billed:?}"));
}

/// Decides one of the conflicts of a firm.
pub fn decide_conflict(run: &Run, which: usize) {
    let (deployment, world) = (&run.deployment, &run.deployment.world);
    let firm = firm_id(FIRMS[which]);
    let queue = ready_value(deployment.direct_store().queue(&firm));
    let entry = queue.unwrap_or_default().entries;
    let conflicts: Vec<_> = entry
        .into_iter()
        .filter(|entry| entry.state == EntryState::Conflict)
        .map(|entry| entry.document)
        .collect();
    if conflicts.is_empty() {
        return;
    }
    let document = world.pick(&conflicts);
    let kind = world.pick(&[
        DecisionKind::KeepRivet,
        DecisionKind::KeepQuickbooks,
        DecisionKind::Ignore,
    ]);
    let about = format!("{firm} {document}");
    run.decisions.borrow_mut().push(MadeDecision {
        about,
        kind,
        decided_at: world.now(),
    });
    actions::decide(deployment, firm, document, kind);
}

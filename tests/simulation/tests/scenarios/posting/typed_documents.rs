//! People who type or copy a document that RIVET posts too, and a QuickBooks that alters what it saves.

use crate::posting::billing_events::customer_name;
use crate::posting::given::{COMPANIES, FIRMS};
use crate::posting::ledger_checks::records;
use crate::posting::manual_edits::posted;
use crate::posting::scenario::{CopiedInvoice, DeletedInvoice, Run, TypedInvoice};
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulator::{Actor, Alteration, AlteredField, Operation, Typed};

/// Longer than an answer takes, and than the record of an answer.
const ANSWERED: SignedDuration = SignedDuration::from_secs(60);

/// Types the first pay app of a project before RIVET sends it, with another amount. The index lists it by the time RIVET looks, because
/// nobody finds what QuickBooks does not list yet.
pub fn type_first(run: &Run) {
    let (which, number) = (0, "100-1");
    let mut intuit = run.deployment.intuit.borrow_mut();
    let listed_by = run.deployment.world.now();
    intuit.set_now(listed_by - run.given.behaviour.index_lag);
    let mut person = intuit.person(COMPANIES[which]).unwrap();
    let id = match run.given.customs.has_wide_names {
        true => "gc_w0",
        false => "gc_0",
    };
    let body = json!({ "DisplayName": customer_name(id) });
    let customer = person.create("Customer", body).unwrap();
    let typed = Typed {
        customer: &customer,
        number,
        date: "2026-01-28",
        amount: Decimal::from(77),
    };
    person.bill("Invoice", &typed).unwrap();
    run.typed_first.borrow_mut().push(TypedInvoice {
        which,
        customer,
        number,
    });
}

/// Types or copies a document, or lets QuickBooks alter the next ones.
pub fn act(run: &Run, which: usize) {
    match run.deployment.world.below(5) {
        0 => copy(run, which),
        4 => touch_unfinished(run, which),
        1 => type_invoice(run, which),
        2 => type_payment(run, which),
        _ => alter_next(run),
    }
}

/// Copies an object of a posted document, with the note by which RIVET finds its own.
fn copy(run: &Run, which: usize) {
    let Some(posted) = posted(run, which) else {
        return;
    };
    let (realm, kind) = (COMPANIES[which], format!("{:?}", posted.kind));
    let mut intuit = run.deployment.intuit.borrow_mut();
    let copy = intuit.person(realm).unwrap().copy(&kind, &posted.id);
    let (world, id) = (&run.deployment.world, &posted.id);
    world.trace(|| format!("a person copies {kind} {id} of {realm}: {copy:?}"));
}

/// Deletes or copies an invoice whose document RIVET has not finished, because an answer was lost.
fn touch_unfinished(run: &Run, which: usize) {
    let (realm, world) = (COMPANIES[which], &run.deployment.world);
    let records = records(&run.deployment, which);
    let is_known = |id: &str| {
        let mut posted = records.iter().flat_map(|record| &record.posted);
        posted.any(|posted| posted.id == id)
    };
    let mut intuit = run.deployment.intuit.borrow_mut();
    let unfinished: Vec<(String, Value)> = intuit
        .changes(realm)
        .iter()
        .filter(|change| change.by == Actor::Api && change.operation == Operation::Create)
        .filter(|change| change.entity == "Invoice" && !is_known(&change.id))
        .filter(|change| world.now().duration_since(change.changed_at) > ANSWERED)
        .filter_map(|change| {
            let mut all = intuit.entities(realm, "Invoice");
            let found = all.find(|invoice| invoice["Id"] == *change.id)?;
            Some((change.id.clone(), found["DocNumber"].clone()))
        })
        .collect();
    if unfinished.is_empty() {
        return;
    }
    let (id, number) = world.pick(&unfinished);
    let mut person = intuit.person(realm).unwrap();
    if world.one_in(2) {
        let deleted = person.delete("Invoice", &id).is_ok();
        world.trace(|| format!("a person deletes unfinished invoice {id} of {realm}: {deleted}"));
        let deleted = deleted.then(|| DeletedInvoice {
            which,
            id,
            unlisted_from: world.now() + run.given.behaviour.index_lag,
        });
        run.deleted.borrow_mut().extend(deleted);
    } else if let Ok(copy) = person.copy("Invoice", &id) {
        let numbered = person.edit("Invoice", &copy, json!({ "DocNumber": number }));
        world.trace(|| format!("a person copies unfinished invoice {id} of {realm}: {numbered:?}"));
        run.copies.borrow_mut().push(CopiedInvoice {
            which,
            id: copy,
            original: id,
        });
    }
}

/// Types an invoice with a number of a pay app: for its customer or another, of some amount.
fn type_invoice(run: &Run, which: usize) {
    let world = &run.deployment.world;
    let between = world.pick(&["-", " - ", "-0"]);
    let number = format!("10{}{between}{}", world.below(2), 1 + world.below(3));
    let amount = Decimal::from(1 + world.below(500));
    enter(run, which, |person, customer| {
        let typed = Typed {
            customer,
            number: &number,
            date: "2026-01-28",
            amount,
        };
        person.bill("Invoice", &typed)
    });
}

/// Types the amount of a payment that RIVET records too, without applying it.
fn type_payment(run: &Run, which: usize) {
    let documents = run.billing_events.documents.iter();
    let amounts: Vec<Decimal> = documents
        .filter(|(name, [.., deposit])| name.starts_with(FIRMS[which]) && !deposit.is_zero())
        .map(|(_, [.., deposit])| *deposit)
        .collect();
    if amounts.is_empty() {
        return;
    }
    let amount = run.deployment.world.pick(&amounts);
    enter(run, which, |person, customer| {
        person.receive(&Typed {
            customer,
            number: "cheque 9",
            date: "2026-05-04",
            amount,
        })
    });
}

/// Enters something for a customer of the company, if it has one.
fn enter(
    run: &Run,
    which: usize,
    entry: impl Fn(&mut simulator::Person<'_>, &str) -> Result<String, simulator::Error>,
) {
    let (realm, world) = (COMPANIES[which], &run.deployment.world);
    let mut intuit = run.deployment.intuit.borrow_mut();
    let customers: Vec<String> = intuit
        .entities(realm, "Customer")
        .filter_map(|customer| customer["Id"].as_str().map(str::to_owned))
        .collect();
    if customers.is_empty() {
        return;
    }
    let customer = world.pick(&customers);
    let entered = entry(&mut intuit.person(realm).unwrap(), &customer);
    world.trace(|| format!("a person enters {entered:?} for customer {customer} of {realm}"));
}

/// Lets QuickBooks save something else than what RIVET sends, until people act again.
fn alter_next(run: &Run) {
    let cent = Decimal::new(1, 2);
    let alteration = run.deployment.world.pick(&[
        ("Invoice", AlteredField::Amount(cent)),
        ("JournalEntry", AlteredField::Amount(cent)),
        ("Payment", AlteredField::Amount(cent)),
        ("Payment", AlteredField::Unapplied),
    ]);
    let (kind, field) = alteration;
    run.altered.borrow_mut().insert(kind);
    let alteration = Alteration { kind, field };
    run.deployment
        .world
        .trace(|| format!("QuickBooks alters: {alteration:?}"));
    let mut intuit = run.deployment.intuit.borrow_mut();
    intuit.switches_mut().alterations.push(alteration);
}

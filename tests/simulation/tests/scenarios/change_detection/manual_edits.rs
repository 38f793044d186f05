//! People who edit the companies by hand: objects that RIVET posted, and others.

use crate::change_detection::scenario::Run;
use crate::change_detection::transaction;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulation::firms::COMPANIES;
use simulation::world::{Place, TaskId};
use simulator::{Edit, Error, Simulator};

/// The most attempts to find an edit that is possible.
const TRIES: usize = 8;

/// Makes a random edit in one of the companies, if one is possible.
pub fn act(run: &Run) -> TaskId {
    let run = run.clone();
    let world = run.deployment.world.clone();
    // A separate task: its end wakes the task that delivers webhooks.
    world.spawn(Place::Outside, "person", async move {
        let which = run.deployment.world.below(run.billing_firms);
        run.deployment
            .intuit
            .borrow_mut()
            .set_now(run.deployment.world.now());
        for _ in 0..TRIES {
            if try_edit(&run, which) {
                break;
            }
        }
        run.change_log.record_changes();
    })
}

fn try_edit(run: &Run, which: usize) -> bool {
    let (world, realm) = (&run.deployment.world, COMPANIES[which]);
    let mut intuit = run.deployment.intuit.borrow_mut();
    let mut pick = |end: usize| world.below(end);
    let own = pick(8);
    let (what, done) = if own < OTHER_EDITS.len() {
        let (name, act) = OTHER_EDITS[own];
        (name.to_owned(), act(&mut intuit, realm, &mut pick))
    } else {
        let mut edits = Edit::all();
        if pick(4) > 0 {
            edits.retain(is_of_a_transaction);
        }
        let edit = edits[pick(edits.len())];
        let done = intuit.person(realm).unwrap().attempt(edit, &mut pick);
        (format!("{edit:?}"), done)
    };
    world.trace(|| format!("a person in {realm}: {what}: {done:?}"));
    done.unwrap_or(false)
}

fn is_of_a_transaction(edit: &Edit) -> bool {
    !matches!(
        edit,
        Edit::Rename(_)
            | Edit::Merge(_)
            | Edit::Inactivate(_)
            | Edit::Reactivate(_)
            | Edit::RetypeAccount
            | Edit::ClassTracking
            | Edit::ClosingDate
            | Edit::CustomNumbers
            | Edit::RenameCompany
    )
}

type OtherEdit = fn(&mut Simulator, &str, &mut dyn FnMut(usize) -> usize) -> Result<bool, Error>;

/// The actions of people that the simulator has no edit for.
const OTHER_EDITS: [(&str, OtherEdit); 3] = [
    ("bills for itself", create_invoice),
    ("gives credit", create_credit_memo),
    ("pays an entry", pay_journal_entry),
];

/// Creates an invoice that RIVET does not know.
fn create_invoice(
    intuit: &mut Simulator,
    realm: &str,
    pick: &mut dyn FnMut(usize) -> usize,
) -> Result<bool, Error> {
    create_sale(intuit, realm, ("Invoice", pick))
}

fn create_credit_memo(
    intuit: &mut Simulator,
    realm: &str,
    pick: &mut dyn FnMut(usize) -> usize,
) -> Result<bool, Error> {
    create_sale(intuit, realm, ("CreditMemo", pick))
}

fn create_sale(
    intuit: &mut Simulator,
    realm: &str,
    (kind, pick): (&str, &mut dyn FnMut(usize) -> usize),
) -> Result<bool, Error> {
    let first = |kind: &str| {
        let mut all = intuit.entities(realm, kind);
        all.find_map(|entity| entity["Id"].as_str().map(str::to_owned))
    };
    let (Some(customer), Some(item)) = (first("Customer"), first("Item")) else {
        return Ok(false);
    };
    let amount = 1 + pick(100_000);
    let line = json!({"DetailType": "SalesItemLineDetail", "Amount": amount,
        "SalesItemLineDetail": {"ItemRef": {"value": item}}});
    let body = json!({"CustomerRef": {"value": customer}, "Line": [line]});
    intuit.person(realm)?.create(kind, body).map(|_| true)
}

/// Pays a journal entry that debits Accounts Receivable, in part or in full.
fn pay_journal_entry(
    intuit: &mut Simulator,
    realm: &str,
    pick: &mut dyn FnMut(usize) -> usize,
) -> Result<bool, Error> {
    let mut found = Vec::new();
    for body in intuit.entities(realm, "JournalEntry") {
        for line in transaction::of("JournalEntry", body).lines {
            if line.is_receivable && line.amount > Decimal::ZERO {
                found.push((transaction::text(&body["Id"]), line));
            }
        }
    }
    if found.is_empty() {
        return Ok(false);
    }
    let (id, line) = found.swap_remove(pick(found.len()));
    let half = (line.amount / Decimal::TWO).round_dp(2);
    let amount = if pick(2) == 0 { line.amount } else { half };
    let amount = Value::Number(amount.to_string().parse().unwrap());
    let body = json!({
        "CustomerRef": {"value": line.customer}, "TotalAmt": amount,
        "Line": [{"Amount": amount, "LinkedTxn": [{"TxnId": id, "TxnType": "JournalEntry"}]}],
    });
    intuit.person(realm)?.create("Payment", body).map(|_| true)
}

/// Undoes the edits of lists and company settings that hold documents.
pub fn restore_lists(run: &Run) {
    let mut intuit = run.deployment.intuit.borrow_mut();
    intuit.set_now(run.deployment.world.now());
    for realm in COMPANIES {
        intuit.person(realm).unwrap().close_books(None);
        for kind in ["Customer", "Class", "Item", "Account"] {
            let all = intuit.entities(realm, kind);
            let away = all.filter(|entry| entry["Active"] == false);
            let away: Vec<_> = away.map(|entry| transaction::text(&entry["Id"])).collect();
            for id in away {
                let _ = intuit.person(realm).unwrap().set_active(kind, &id, true);
            }
        }
    }
    drop(intuit);
    run.change_log.record_changes();
}

//! People who work in the companies by hand, on what RIVET posted and beside it.

use crate::story::Play;
use crate::view;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulation::firms::COMPANIES;
use simulation::world::{Place, TaskId};
use simulator::{Edit, Error, Simulator};

/// Edits of which there may be nothing to make them to.
const TRIES: usize = 8;

/// Somebody does something in one of the companies, if it can be done there.
pub fn act(play: &Play) -> TaskId {
    let play = play.clone();
    let world = play.stage.world.clone();
    // A task of its own, so that whoever carries webhooks hears of it.
    world.spawn(Place::Outside, "person", async move {
        let which = play.stage.world.below(play.billing);
        play.stage
            .intuit
            .borrow_mut()
            .set_now(play.stage.world.now());
        for _ in 0..TRIES {
            if tries(&play, which) {
                break;
            }
        }
        play.scribe.look();
    })
}

fn tries(play: &Play, which: usize) -> bool {
    let (world, realm) = (&play.stage.world, COMPANIES[which]);
    let mut intuit = play.stage.intuit.borrow_mut();
    let mut pick = |end: usize| world.below(end);
    let own = pick(8);
    let (what, done) = if own < OWN.len() {
        let (name, act) = OWN[own];
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
    world.note(|| format!("a person in {realm}: {what}: {done:?}"));
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

type Own = fn(&mut Simulator, &str, &mut dyn FnMut(usize) -> usize) -> Result<bool, Error>;

/// What people do that no kind of edit is.
const OWN: [(&str, Own); 3] = [
    ("bills for itself", bills),
    ("gives credit", credits),
    ("pays an entry", pays_an_entry),
];

/// An invoice of the firm's own.
fn bills(
    intuit: &mut Simulator,
    realm: &str,
    pick: &mut dyn FnMut(usize) -> usize,
) -> Result<bool, Error> {
    sells(intuit, realm, ("Invoice", pick))
}

fn credits(
    intuit: &mut Simulator,
    realm: &str,
    pick: &mut dyn FnMut(usize) -> usize,
) -> Result<bool, Error> {
    sells(intuit, realm, ("CreditMemo", pick))
}

fn sells(
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

/// An entry that debits Accounts Receivable is paid like an invoice, in part or as a whole.
fn pays_an_entry(
    intuit: &mut Simulator,
    realm: &str,
    pick: &mut dyn FnMut(usize) -> usize,
) -> Result<bool, Error> {
    let mut found = Vec::new();
    for body in intuit.entities(realm, "JournalEntry") {
        for line in view::of("JournalEntry", body).lines {
            if line.is_receivable && line.amount > Decimal::ZERO {
                found.push((view::text(&body["Id"]), line));
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

/// What people did to the lists and to the company is undone, as far as documents would wait for it.
pub fn put_in_order(play: &Play) {
    let mut intuit = play.stage.intuit.borrow_mut();
    intuit.set_now(play.stage.world.now());
    for realm in COMPANIES {
        intuit.person(realm).unwrap().close_books(None);
        for kind in ["Customer", "Class", "Item", "Account"] {
            let all = intuit.entities(realm, kind);
            let away = all.filter(|entry| entry["Active"] == false);
            let away: Vec<_> = away.map(|entry| view::text(&entry["Id"])).collect();
            for id in away {
                let _ = intuit.person(realm).unwrap().set_active(kind, &id, true);
            }
        }
    }
    drop(intuit);
    play.scribe.look();
}

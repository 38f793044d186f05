//! People who work in QuickBooks by hand, on what RIVET posted and beside it, and what they decide about conflicts in RIVET.

use crate::actions;
use crate::books::records;
use crate::given::{COMPANIES, FIRMS, firm_id};
use crate::story::Play;
use mapping::PostedObject;
use serde_json::{Value, json};
use store::document::decision::DecisionKind;
use store::document::status::DocumentStatus;
use store::queue::entry::EntryState;

/// Somebody does something in one of the companies, if it can be done there.
pub fn acts(play: &Play) {
    let world = &play.stage.world;
    let which = usize::from(world.one_in(4));
    play.stage.intuit.borrow_mut().set_now(world.now());
    match world.below(13) {
        0..=3 => edits(play, which),
        4 | 5 => removes(play, which),
        6 | 7 => pays(play, which),
        8 => renames(play, which),
        9 => deactivates(play, which),
        10 => bills(play, which),
        _ => decides(play, which),
    }
}

/// Something that RIVET posted and has finished with.
fn posted(play: &Play, which: usize) -> Option<PostedObject> {
    let records = records(&play.stage, which);
    let finished = records
        .iter()
        .filter(|record| record.status == DocumentStatus::Posted);
    let objects: Vec<_> = finished
        .flat_map(|record| record.active_objects().cloned())
        .collect();
    (!objects.is_empty()).then(|| play.stage.world.pick(&objects))
}

fn object(play: &Play, which: usize, posted: &PostedObject) -> Option<Value> {
    let (intuit, kind) = (play.stage.intuit.borrow(), format!("{:?}", posted.kind));
    let mut all = intuit.entities(COMPANIES[which], &kind);
    all.find(|object| object["Id"] == *posted.id).cloned()
}

fn edits(play: &Play, which: usize) {
    let Some(posted) = posted(play, which) else {
        return;
    };
    let Some(object) = object(play, which, &posted) else {
        return;
    };
    let kind = format!("{:?}", posted.kind);
    let change = match play.stage.world.below(5) {
        0 => json!({ "PrivateNote": "checked by hand" }),
        1 => json!({ "CustomerMemo": { "value": "Thank you" } }),
        2 => json!({ "TxnDate": "2026-04-15" }),
        3 if kind != "JournalEntry" => json!({ "CustomerRef": { "value": stranger(play, which) } }),
        _ => doubled(&object),
    };
    let realm = COMPANIES[which];
    let mut intuit = play.stage.intuit.borrow_mut();
    let edited = intuit
        .person(realm)
        .unwrap()
        .edit(&kind, &posted.id, change.clone());
    let id = &posted.id;
    play.stage
        .world
        .note(|| format!("a person edits {kind} {id} of {realm}: {change} {edited:?}"));
}

/// Every line with twice its amount.
fn doubled(object: &Value) -> Value {
    let mut lines = object["Line"].as_array().cloned().unwrap_or_default();
    lines.retain(|line| line["DetailType"] != "SubTotalLineDetail");
    for line in &mut lines {
        let amount = line["Amount"].as_f64().unwrap_or_default();
        line["Amount"] = json!(amount * 2.0);
    }
    json!({ "Line": lines })
}

fn stranger(play: &Play, which: usize) -> String {
    const NAME: &str = "Walk-in";
    let mut intuit = play.stage.intuit.borrow_mut();
    let known = intuit.find(COMPANIES[which], "Customer", NAME);
    known.unwrap_or_else(|| {
        let mut person = intuit.person(COMPANIES[which]).unwrap();
        let walk_in = json!({ "DisplayName": NAME });
        person.create("Customer", walk_in).unwrap()
    })
}

fn removes(play: &Play, which: usize) {
    let Some(posted) = posted(play, which) else {
        return;
    };
    let (realm, kind) = (COMPANIES[which], format!("{:?}", posted.kind));
    let mut intuit = play.stage.intuit.borrow_mut();
    let mut person = intuit.person(realm).unwrap();
    let done = match play.stage.world.below(2) {
        0 => person.void(&kind, &posted.id),
        _ => person.delete(&kind, &posted.id),
    };
    let id = &posted.id;
    play.stage
        .world
        .note(|| format!("a person voids or deletes {kind} {id} of {realm}: {done:?}"));
}

/// A payment that RIVET does not know, or the end of one.
fn pays(play: &Play, which: usize) {
    let (realm, world) = (COMPANIES[which], &play.stage.world);
    let mut paid = play.paid.borrow_mut();
    let ours = paid
        .iter()
        .position(|(of, payment, _)| *of == which && !payment.is_empty());
    if let Some(ours) = ours.filter(|_| world.one_in(2)) {
        let payment = paid[ours].1.clone();
        let mut intuit = play.stage.intuit.borrow_mut();
        if intuit
            .person(realm)
            .unwrap()
            .delete("Payment", &payment)
            .is_ok()
        {
            world.note(|| format!("a person removes payment {payment} of {realm}"));
            paid[ours].1.clear();
        }
        return;
    }
    let Some(posted) = posted(play, which) else {
        return;
    };
    let Some(invoice) = object(play, which, &posted) else {
        return;
    };
    let amount = json!(1.0);
    let payment = json!({
        "CustomerRef": invoice["CustomerRef"], "TotalAmt": amount,
        "Line": [{"Amount": amount, "LinkedTxn": [{"TxnId": posted.id, "TxnType": format!("{:?}", posted.kind)}]}],
    });
    let mut intuit = play.stage.intuit.borrow_mut();
    if let Ok(payment) = intuit.person(realm).unwrap().create("Payment", payment) {
        world.note(|| {
            format!(
                "a person applies payment {payment} to {} of {realm}",
                posted.id
            )
        });
        paid.push((which, payment, posted.id));
    }
}

fn renames(play: &Play, which: usize) {
    let world = &play.stage.world;
    let kind = world.pick(&["Customer", "Class"]);
    let (realm, mut intuit) = (COMPANIES[which], play.stage.intuit.borrow_mut());
    let first = intuit
        .entities(realm, kind)
        .find_map(|entity| entity["Id"].as_str().map(str::to_owned));
    if let Some(id) = first {
        let name = format!("Renamed {}", world.below(1000));
        let renamed = intuit.person(realm).unwrap().rename(kind, &id, &name);
        world.note(|| format!("a person renames {kind} {id} of {realm}: {renamed:?}"));
    }
}

fn deactivates(play: &Play, which: usize) {
    let (realm, mut intuit) = (COMPANIES[which], play.stage.intuit.borrow_mut());
    let first = intuit
        .entities(realm, "Customer")
        .find_map(|entity| entity["Id"].as_str().map(str::to_owned));
    if let Some(id) = first {
        let done = intuit
            .person(realm)
            .unwrap()
            .set_active("Customer", &id, false);
        play.stage
            .world
            .note(|| format!("a person makes customer {id} of {realm} inactive: {done:?}"));
        play.inactive.borrow_mut().push((which, id));
    }
}

/// All customers are active again.
pub fn reactivates(play: &Play) {
    let mut intuit = play.stage.intuit.borrow_mut();
    for (which, id) in play.inactive.borrow().iter() {
        let mut person = intuit.person(COMPANIES[*which]).unwrap();
        person.set_active("Customer", id, true).unwrap();
    }
}

/// An invoice of the firm's own, with a number that RIVET will want.
fn bills(play: &Play, which: usize) {
    let (realm, world) = (COMPANIES[which], &play.stage.world);
    let mut intuit = play.stage.intuit.borrow_mut();
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
    world.note(|| format!("a person bills {number} in {realm}: {billed:?}"));
}

/// Somebody looks at a conflict and decides.
pub fn decides(play: &Play, which: usize) {
    let (stage, world) = (&play.stage, &play.stage.world);
    let firm = firm_id(FIRMS[which]);
    let desk = futures_now(stage.records().queue(&firm));
    let waiting = desk.unwrap_or_default().entries;
    let conflicts: Vec<_> = waiting
        .into_iter()
        .filter(|waiting| waiting.state == EntryState::Conflict)
        .map(|waiting| waiting.document)
        .collect();
    if conflicts.is_empty() {
        return;
    }
    let document = world.pick(&conflicts);
    let act = world.pick(&[
        DecisionKind::KeepRivet,
        DecisionKind::KeepQuickbooks,
        DecisionKind::Ignore,
    ]);
    let about = format!("{firm} {document}");
    play.decisions.borrow_mut().push((about, act, world.now()));
    actions::decide(stage, firm, document, act);
}

/// The store that nobody watches answers at once.
fn futures_now<T>(answer: impl Future<Output = T>) -> T {
    let mut answer = std::pin::pin!(answer);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match answer.as_mut().poll(&mut context) {
        std::task::Poll::Ready(answer) => answer,
        std::task::Poll::Pending => panic!("the store makes one wait"),
    }
}

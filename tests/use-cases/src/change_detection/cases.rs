//! Cases: one edit in QuickBooks each, with the conflicts, activity and calls that must follow.

use crate::support::events::event_body;
use crate::support::saved_world::SavedWorld;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::{InvoiceLines, RetainageMethod};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulator::{Actor, CallClass, Subscription};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use store::activity::{ActivityEntry, DocumentNotification};

/// The documents in QuickBooks when a case begins: two pay apps and a back-charge of Ashgrove, a pay app of Turner Bay with a
/// payment of 20 000.00 by RIVET, and a release of 1 000.00.
pub const DOCUMENTS: [&str; 6] = [
    "pa_1057_1",
    "pa_1057_2",
    "pa_1057_3",
    "pa_1042_1",
    "rel_1042_1",
    "pay_0001",
];

/// An edit and its expected result.
pub struct EditCase {
    /// The edit in a bookkeeper's words.
    pub name: &'static str,
    pub edit: fn(&World),
    /// The documents in another state than posted, with the differing fields of each.
    pub unposted: &'static str,
    /// The new activity, as `describe` writes it.
    pub activity: &'static [&'static str],
    /// Calls to QuickBooks: by webhook, and by nightly scan.
    pub calls: [usize; 2],
}

/// The way in which RIVET learns of an edit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Detection {
    /// The company announces the edit.
    Webhook,
    /// All webhooks are lost, and the nightly scan finds the edit.
    NightlyScan,
}

/// Returns a firm with all these documents, whose company announces every change. They are posted once for each method.
pub fn firm_with_documents(method: RetainageMethod) -> World {
    static SAVED: Mutex<Vec<(RetainageMethod, SavedWorld)>> = Mutex::new(Vec::new());
    let mut saved = SAVED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, saved)) = saved.iter().find(|(known, _)| *known == method) {
        return saved.begin();
    }
    let world = post_documents(method);
    saved.push((method, SavedWorld::of(&world)));
    world
}

fn post_documents(method: RetainageMethod) -> World {
    let world = World::with_classes(|settings| {
        settings.invoice_lines = InvoiceLines::BySovItem;
        settings.retainage_method = method;
    });
    world
        .simulator()
        .subscribe(Subscription::new("https://books.example/", "verifier"));
    let changed = |event: &'static str, change: fn(&mut Value)| {
        assert_eq!(
            world.deliver_changed(event, change),
            Outcome::Posted,
            "{event}"
        );
    };
    for event in ["03", "04", "11", "13"] {
        world.advance(SignedDuration::from_mins(1));
        assert_eq!(world.deliver(event_body(event)), Outcome::Posted);
    }
    changed("09", |data| data["release"]["amount"] = json!("1000.00"));
    world.advance(SignedDuration::from_mins(1));
    changed("05", |data| {
        data["payment"]["amount"] = json!("20000.00");
        data["payment"]["applied"][0]["amount"] = json!("20000.00");
    });
    world.deliver_events_and_scan();
    world
}

impl World {
    /// Returns all activity so far.
    pub fn activity(&self) -> Vec<ActivityEntry> {
        let queue = block_on(self.services.store.queue(&self.firm)).unwrap();
        assert_eq!(queue.activity_pages, 0);
        queue.recent_activity
    }

    /// Returns the documents in another state than posted, with the differing fields of each.
    pub fn unposted_documents(&self) -> String {
        let views = DOCUMENTS.map(|id| (id, self.view(id)));
        let others = views.iter().filter(|(_, view)| view["state"] != "posted");
        let others = others.map(|(id, view)| {
            let state = view["state"].as_str().unwrap();
            let objects = view["conflict"]["objects"].as_array().cloned();
            let objects: Vec<_> = objects
                .unwrap_or_default()
                .iter()
                .map(describe_conflict)
                .collect();
            format!("{id} {state}, {}", objects.join(", "))
        });
        others.collect::<Vec<_>>().join("; ")
    }

    pub fn ledger(&self) -> BTreeMap<String, Decimal> {
        self.simulator().ledger(&self.realm).trial_balance().clone()
    }

    /// Returns the number of calls to QuickBooks, none of which may write.
    pub fn calls_made(&self) -> usize {
        let simulator = self.simulator();
        let seen = simulator.traffic().iter();
        let calls =
            seen.filter(|seen| matches!(seen.class, CallClass::Read | CallClass::Batch { .. }));
        assert!(
            simulator
                .traffic()
                .iter()
                .all(|seen| !seen.class.can_write())
        );
        calls.count()
    }

    /// Ends webhooks if only the nightly scan may find changes.
    pub fn allow_only(&self, detection: Detection) {
        if detection == Detection::NightlyScan {
            self.simulator().unsubscribe();
        }
    }

    /// Lets RIVET learn of the edits so far.
    pub fn detect_by(&self, detection: Detection) {
        match detection {
            Detection::Webhook => self.deliver_events_and_scan(),
            Detection::NightlyScan => self.run_next_day(),
        }
    }

    pub fn run_next_day(&self) {
        self.advance(SignedDuration::from_hours(24));
        self.deliver_events_and_scan();
    }
}

/// Returns `Invoice: total lines`, or `Invoice gone` and `Invoice voided`.
fn describe_conflict(object: &Value) -> String {
    let kind = object["type"].as_str().unwrap();
    let differs = object["differs"].as_array().unwrap().iter();
    let differs: Vec<_> = differs.map(|field| field.as_str().unwrap()).collect();
    match object["quickbooks"]["state"].as_str().unwrap() {
        state @ ("gone" | "voided") => format!("{kind} {state}"),
        _ => format!("{kind}: {}", differs.join(" ")),
    }
}

/// Returns document, notification and detail of an activity entry in one line.
pub fn describe(entry: &ActivityEntry) -> String {
    let ActivityEntry {
        document,
        detail,
        notification,
        ..
    } = entry;
    let id = &document.id;
    match notification {
        None => format!("{id} noted: {detail}"),
        Some(DocumentNotification::Paid(payment)) => {
            let parts = payment.payments.iter().map(|part| part.amount.as_str());
            let parts = parts.collect::<Vec<_>>().join(" + ");
            format!("{id} paid: {detail} [{parts}; {} open]", payment.balance)
        }
        Some(notification) => {
            let detail = detail.trim_end_matches(" Choose which version to keep.");
            format!("{id} {}: {detail}", String::from(notification.clone()))
        }
    }
}

/// The result of a case: conflicts, activity and calls, and any unexpected change on later days.
#[derive(PartialEq)]
struct CaseResult {
    unposted: String,
    activity: Vec<String>,
    calls: usize,
    later: String,
}

impl std::fmt::Debug for CaseResult {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (activity, calls) = (self.activity.join("\n    "), self.calls);
        writeln!(
            formatter,
            "{calls} calls: {}\n    {activity}{}",
            self.unposted, self.later
        )
    }
}

impl EditCase {
    /// Returns a case that costs these calls and changes nothing.
    pub const fn without_difference(
        name: &'static str,
        edit: fn(&World),
        calls: [usize; 2],
    ) -> Self {
        Self {
            name,
            edit,
            unposted: "",
            activity: &[],
            calls,
        }
    }

    /// Makes the edit, lets RIVET detect it, and checks on the following days that nothing is detected twice.
    fn run(&self, method: RetainageMethod, detection: Detection) -> CaseResult {
        let world = firm_with_documents(method);
        let before = world.activity().len();
        world.allow_only(detection);
        (self.edit)(&world);
        let changes = world.simulator().changes(&world.realm).len();
        let ledger = world.ledger();
        world.simulator().clear_traffic();
        world.detect_by(detection);
        let (unposted, calls) = (world.unposted_documents(), world.calls_made());
        let activity: Vec<_> = world.activity()[before..].iter().map(describe).collect();
        world.simulator().clear_traffic();
        world.deliver_events_and_scan();
        let calls_of_next_scan = world.calls_made();
        world.run_next_day();
        world.run_next_day();
        let mut later = String::new();
        let later_activity = &world.activity()[before + activity.len()..];
        for line in later_activity.iter().map(describe) {
            later.push_str(&format!("\n    later: {line}"));
        }
        if (calls_of_next_scan, world.calls_made()) != (0, 2)
            || world.unposted_documents() != unposted
        {
            later.push_str(&format!(
                "\n    later: {calls_of_next_scan} + {} calls, {}",
                world.calls_made(),
                world.unposted_documents()
            ));
        }
        assert_eq!(world.ledger(), ledger, "{}", self.name);
        let simulator = world.simulator();
        let mut since = simulator.changes(&world.realm)[changes..].iter();
        assert!(since.all(|change| change.by != Actor::Api), "{}", self.name);
        CaseResult {
            unposted,
            activity,
            calls,
            later,
        }
    }

    fn expected(&self, calls: usize) -> CaseResult {
        CaseResult {
            unposted: self.unposted.to_owned(),
            activity: self
                .activity
                .iter()
                .map(|line| (*line).to_owned())
                .collect(),
            calls,
            later: String::new(),
        }
    }
}

/// Checks that each case has its expected result.
pub fn check(cases: &[EditCase], method: RetainageMethod) {
    let mut failures = String::new();
    for case in cases {
        for (detection, calls) in [Detection::Webhook, Detection::NightlyScan]
            .into_iter()
            .zip(case.calls)
        {
            let result = case.run(method, detection);
            if result != case.expected(calls) {
                failures.push_str(&format!("{}, {detection:?}: {result:?}", case.name));
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

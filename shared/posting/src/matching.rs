//! From RIVET's names to QuickBooks ids: remembered, matched, or created; in this order.
//!
//! What a whole round of documents needs is looked for together, so that it takes a few calls and not a few for each. Creating is
//! safe to repeat: every attempt looks the name up first, and QuickBooks lets no name be taken twice.

pub mod batched_search;
pub mod missing;
pub mod names;
pub mod requirements;
pub mod search;

use crate::context::WorkerContext;
use crate::error::Halt;
use billing::Id;
use billing::{Customer, Document, DocumentRef, Project};
use connection::call_outcome::Setback;
use jiff::Timestamp;
use mapping::{ClassMode, Ids, PostingPlan};
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use quickbooks::Kind;
use quickbooks::entity;
use std::collections::BTreeMap;
use store::document::status::DocumentStatus;
use store::object_index::entry::{IndexEntry, Subject};
use store::reason::hold::HoldReason;
use store::reason::{Action, Reason};

/// The transactions that the payments of a plan are applied to.
pub type Targets = BTreeMap<DocumentRef, (entity::TxnType, String)>;

/// A document and its plan: what is to be looked for.
pub type PlannedDocument<'a> = (&'a Document, &'a PostingPlan);

/// Looks for all customers, classes and items that plans need and that are not known yet. What is found is remembered; what is
/// not is told by [`WorkerContext::resolve`]. `creates`: customers may be made.
pub async fn acquaint<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    wanting: &[PlannedDocument<'_>],
    creates: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut searches = Vec::new();
    for (document, plan) in wanting {
        requirements::want_customer(office, &mut searches, (document.customer(), plan), creates)
            .await?;
        if let Some(project) = document.project().filter(|_| plan.class().is_some()) {
            requirements::want_class(office, &mut searches, project).await?;
        }
        for account in plan.items() {
            requirements::want_item(office, &mut searches, account);
        }
    }
    let asked = batched_search::ask_all(office, &mut searches, now).await;
    for search in searches {
        requirements::remember(office, search).await?;
    }
    asked
}

/// The ids that a plan needs, of what [`WorkerContext::acquaint`] looked for.
pub fn resolve<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    (document, plan): PlannedDocument<'_>,
    targets: Targets,
) -> Result<Ids, Halt> {
    let customer = found_as(office, &customer_key(document.customer()))?;
    let project = document.project().filter(|_| plan.class().is_some());
    let class = match project {
        Some(project) => class(office, project)?,
        None => None,
    };
    let mut items = BTreeMap::new();
    for account in plan.items() {
        let id = match office.items.by_account.get(&account.id) {
            Some(id) => id.clone(),
            None => found_as(office, &item_key(&account.id))?,
        };
        items.insert(account.id, id);
    }
    Ok(Ids {
        customer,
        class,
        items,
        targets,
    })
}

fn found_as<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    key: &str,
) -> Result<String, Halt> {
    let mut found = office.found.iter();
    match found.find(|(named, _)| named == key) {
        Some((_, Ok(id))) => Ok(id.clone()),
        Some((_, Err(setback))) => Err(Halt::Setback(setback.clone())),
        None => Err(unresolved(key)),
    }
}

fn class<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    project: &Project,
) -> Result<Option<String>, Halt> {
    let tracking = &office.settings.class_tracking;
    if tracking.mode == ClassMode::Off {
        return Ok(None);
    }
    if let Some(chosen) = tracking.projects.get(project.id.as_ref()) {
        return Ok(Some(chosen.clone()));
    }
    if tracking.mode == ClassMode::Manual {
        let field = format!("class_tracking.projects.{}", project.id);
        return Err(held(HoldReason::SettingsIncomplete(vec![field])));
    }
    found_as(office, &class_key(project)).map(Some)
}

/// What the payments of a plan are applied to.
pub async fn targets<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    plan: &PostingPlan,
) -> Result<Targets, Halt> {
    let mut targets = Targets::new();
    for document in plan.targets() {
        let record = office.bridge.store.document(office.firm, &document).await?;
        let waits = || held(HoldReason::WaitingFor(document.clone()));
        let record = record
            .filter(|record| record.status.is_final())
            .ok_or_else(waits)?;
        let receivable = record
            .active_objects()
            .find(|posted| posted.is_receivable());
        let target = receivable.ok_or_else(|| nothing_owed(&document))?;
        targets.insert(document, (target.kind, target.id.clone()));
    }
    Ok(targets)
}

fn customer_key(customer: &Customer) -> String {
    format!("customer {}", customer.id)
}

fn class_key(project: &Project) -> String {
    format!("class {}", project.id)
}

fn item_key(account: &str) -> String {
    format!("item {account}")
}

fn held(hold: HoldReason) -> Halt {
    Halt::Setback(Setback::Settle(DocumentStatus::Held(hold)))
}

/// The calls ended before it was looked for.
fn unresolved(key: &str) -> Halt {
    let message = format!("The {key} could not be looked for.");
    let reason = Reason::new("unresolved", Action::ContactSupport, message);
    Halt::Setback(Setback::Settle(DocumentStatus::Failed(reason)))
}

fn nothing_owed(document: &DocumentRef) -> Halt {
    let message = format!("{document} has nothing in QuickBooks that a payment can be applied to.");
    let reason = Reason::new("nothing_owed", Action::FixDocument, message);
    Halt::Setback(Setback::Settle(DocumentStatus::Failed(reason)))
}

/// Has the register know what a customer is matched with.
pub fn note_match<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    customer: &Id,
    id: &str,
) {
    office.matched.push(IndexEntry {
        kind: Kind::Customer,
        id: id.to_owned(),
        subject: Subject::Customer(customer.clone()),
        version: String::from("0"),
        at: office.now().as_second(),
    });
}

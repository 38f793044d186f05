use serde_json::json;

use super::{Context, Plan};
use crate::changes::{Actor, Change, Operation};
use crate::company_state::{CompanyState, Target};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::Transaction;
use crate::{entity, time_format};

/// How many fields [`stamp`] gives every entity.
pub(crate) const ENVELOPE_FIELDS: usize = 5;

pub(super) fn commit(company: &mut CompanyState, context: &Context<'_>, plan: Plan) {
    let kind = plan.kind;
    let transaction = Transaction {
        kind: kind.name(),
        id: plan.id.clone(),
    };
    let mut affected = Affected::default();
    affected.note(company, &transaction);
    match plan.date {
        Some(date) => company
            .ledger
            .post(&transaction, date, plan.posting.entries),
        None => company.ledger.unpost(&transaction),
    }
    affected.note(company, &transaction);
    let touched = company.links.replace(&plan.id, plan.posting.applications);
    if plan.operation == Operation::Create {
        company.take_id(kind);
        company.take_number(
            plan.body
                .as_ref()
                .and_then(|body| json::text(body, "DocNumber")),
        );
    }
    match plan.body {
        Some(body) => keep(company, context, kind, &plan.id, body),
        None => drop(company.records.remove(kind, &plan.id)),
    }
    log(company, context, (kind, &plan.id), plan.operation, plan.by);
    affected.refresh(company);
    if kind == Kind::Account {
        entity::refresh_account(company, &plan.id);
    }
    for target in touched {
        settle_target(company, context, &target);
    }
}

/// Keeps the one entity of a kind such as `Preferences`, which has the id 1.
pub(crate) fn put_single(
    company: &mut CompanyState,
    kind: Kind,
    body: Object,
    now: jiff::Timestamp,
) {
    let switches = crate::Switches::default();
    let context = Context {
        now,
        switches: &switches,
    };
    let operation = match company.records.get(kind, "1") {
        Some(_) => Operation::Update,
        None => Operation::Create,
    };
    keep(company, &context, kind, "1", body);
    log(company, &context, (kind, "1"), operation, Actor::Person);
}

/// Writes the survivor of a merge anew.
pub(crate) fn put_merged(
    company: &mut CompanyState,
    kind: Kind,
    (from, into): (&str, &str),
    now: jiff::Timestamp,
) {
    let switches = crate::Switches::default();
    let context = Context {
        now,
        switches: &switches,
    };
    if let Some(body) = company.records.get(kind, into).cloned() {
        keep(company, &context, kind, into, body);
    }
    log(
        company,
        &context,
        (kind, into),
        Operation::Merge,
        Actor::Person,
    );
    if let Some(change) = company.changes.last_mut() {
        change.deleted_id = Some(from.to_owned());
    }
}

fn keep(company: &mut CompanyState, context: &Context<'_>, kind: Kind, id: &str, mut body: Object) {
    let before = company.records.get(kind, id);
    let renamed = before.is_some_and(|before| full_name(kind, before) != full_name(kind, &body));
    stamp(before, context, id, &mut body);
    company.records.put(kind, id, body);
    if renamed {
        entity::rename_everywhere(company, kind, id);
    }
}

fn full_name(kind: Kind, body: &Object) -> Option<&str> {
    json::text(body, "FullyQualifiedName").or_else(|| json::text(body, kind.name_field()))
}

fn stamp(before: Option<&Object>, context: &Context<'_>, id: &str, body: &mut Object) {
    let now = time_format::format_seconds(context.now);
    let created = before
        .and_then(|before| json::object(before, "MetaData"))
        .and_then(|meta| json::text(meta, "CreateTime"))
        .map_or_else(|| now.clone(), str::to_owned);
    let version = before.map_or(0, |before| version(before) + 1);
    json::set(body, "Id", id);
    json::set(body, "SyncToken", version.to_string());
    json::set(body, "domain", "QBO");
    json::set(body, "sparse", false);
    let meta = json!({ "CreateTime": created, "LastUpdatedTime": now });
    json::set(body, "MetaData", meta);
}

fn version(body: &Object) -> u64 {
    json::text(body, "SyncToken")
        .and_then(|token| token.parse().ok())
        .unwrap_or_default()
}

fn log(
    company: &mut CompanyState,
    context: &Context<'_>,
    (kind, id): (Kind, &str),
    operation: Operation,
    by: Actor,
) {
    let entity = company.records.get(kind, id);
    let change = Change {
        entity: kind.name(),
        id: id.to_owned(),
        operation,
        at: context.now,
        sync_token: entity.map(|entity| version(entity).to_string()),
        deleted_id: None,
        by,
    };
    company.changes.push(change);
}

/// Writes an entity anew as QuickBooks does by itself when something else changes it.
fn touch(company: &mut CompanyState, context: &Context<'_>, kind: Kind, id: &str) {
    let Some(body) = company.records.get(kind, id).cloned() else {
        return;
    };
    keep(company, context, kind, id, body);
    log(
        company,
        context,
        (kind, id),
        Operation::Update,
        Actor::System,
    );
}

fn settle_target(company: &mut CompanyState, context: &Context<'_>, target: &Target) {
    entity::refresh_links(company, target.kind, &target.id);
    if context.switches.links_touch_targets {
        touch(company, context, target.kind, &target.id);
    }
}

/// The accounts and customers whose balances a write may move.
#[derive(Default)]
struct Affected {
    accounts: Vec<String>,
    customers: Vec<String>,
}

impl Affected {
    fn note(&mut self, company: &CompanyState, transaction: &Transaction) {
        for line in company.ledger.of(transaction.kind, &transaction.id) {
            self.accounts.push(line.entry.account.clone());
            self.customers.extend(line.entry.customer.clone());
        }
    }

    fn refresh(mut self, company: &mut CompanyState) {
        self.accounts.sort();
        self.accounts.dedup();
        for account in self.accounts {
            entity::refresh_account(company, &account);
        }
        self.customers.sort();
        self.customers.dedup();
        for customer in self.customers {
            entity::refresh_customer(company, &customer);
        }
    }
}

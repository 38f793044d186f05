use serde_json::json;

use super::{CheckedWrite, Context, Merge};
use crate::changes::{Actor, Change, Operation};
use crate::company_state::{CompanyState, Target};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::Transaction;
use crate::{entity, time_format};

/// The number of fields that [`stamp`] sets on every entity.
pub(crate) const ENVELOPE_FIELDS: usize = 5;

/// Addresses one entity of a company.
#[derive(Clone, Copy)]
pub(super) struct EntityKey<'a> {
    pub(super) kind: Kind,
    pub(super) id: &'a str,
}

/// The reason and time of a change.
#[derive(Clone, Copy)]
struct Cause {
    operation: Operation,
    by: Actor,
    at: jiff::Timestamp,
}

/// Carries out a checked write: posts to the ledger, saves or removes the entity, and refreshes balances and links.
pub(super) fn commit(company: &mut CompanyState, context: &Context<'_>, write: CheckedWrite) {
    let kind = write.kind;
    let transaction = Transaction {
        kind: kind.name(),
        id: write.id.clone(),
    };
    let mut affected = Affected::default();
    affected.add(company, &transaction);
    match write.date {
        Some(date) => company
            .ledger
            .post(&transaction, date, write.posting.entries),
        None => company.ledger.unpost(&transaction),
    }
    affected.add(company, &transaction);
    let changed_targets = company.links.replace(&write.id, write.posting.applications);
    if write.operation == Operation::Create {
        company.take_id(kind);
        company.take_number(
            write
                .body
                .as_ref()
                .and_then(|body| json::text(body, "DocNumber")),
        );
    }
    let key = EntityKey {
        kind,
        id: &write.id,
    };
    match write.body {
        Some(body) => save(company, context.now, key, body),
        None => drop(company.records.remove(kind, &write.id)),
    }
    let cause = Cause {
        operation: write.operation,
        by: write.by,
        at: context.now,
    };
    record_change(company, key, cause);
    affected.refresh(company);
    if kind == Kind::Account {
        entity::refresh_account(company, &write.id);
    }
    for target in changed_targets {
        refresh_target(company, context, &target);
    }
}

/// Saves the only entity of a kind such as `Preferences`, which has the id 1.
pub(crate) fn put_single(
    company: &mut CompanyState,
    kind: Kind,
    body: Object,
    now: jiff::Timestamp,
) {
    let key = EntityKey { kind, id: "1" };
    let operation = match company.records.get(kind, "1") {
        Some(_) => Operation::Update,
        None => Operation::Create,
    };
    save(company, now, key, body);
    let cause = Cause {
        operation,
        by: Actor::Person,
        at: now,
    };
    record_change(company, key, cause);
}

/// Saves the survivor of a merge as a new version.
pub(crate) fn put_merged(company: &mut CompanyState, merge: &Merge<'_>, now: jiff::Timestamp) {
    let key = EntityKey {
        kind: merge.kind,
        id: merge.into,
    };
    if let Some(body) = company.records.get(key.kind, key.id).cloned() {
        save(company, now, key, body);
    }
    let cause = Cause {
        operation: Operation::Merge,
        by: Actor::Person,
        at: now,
    };
    record_change(company, key, cause);
    if let Some(change) = company.changes.last_mut() {
        change.deleted_id = Some(merge.from.to_owned());
    }
}

fn save(company: &mut CompanyState, now: jiff::Timestamp, key: EntityKey<'_>, mut body: Object) {
    let EntityKey { kind, id } = key;
    let before = company.records.get(kind, id);
    let is_renamed = before.is_some_and(|before| full_name(kind, before) != full_name(kind, &body));
    stamp(before, now, id, &mut body);
    company.records.put(kind, id, body);
    if is_renamed {
        entity::rename_everywhere(company, kind, id);
    }
}

fn full_name(kind: Kind, body: &Object) -> Option<&str> {
    json::text(body, "FullyQualifiedName").or_else(|| json::text(body, kind.name_field()))
}

/// Sets the fields that every entity has: id, version, domain and times.
fn stamp(before: Option<&Object>, now: jiff::Timestamp, id: &str, body: &mut Object) {
    let now = time_format::format_seconds(now);
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

/// Adds a change to the log of the company.
fn record_change(company: &mut CompanyState, key: EntityKey<'_>, cause: Cause) {
    let entity = company.records.get(key.kind, key.id);
    let change = Change {
        entity: key.kind.name(),
        id: key.id.to_owned(),
        operation: cause.operation,
        changed_at: cause.at,
        sync_token: entity.map(|entity| version(entity).to_string()),
        deleted_id: None,
        by: cause.by,
    };
    company.changes.push(change);
}

/// Saves a new version of an entity, as QuickBooks does when a linked transaction changes.
pub(super) fn save_as_system(company: &mut CompanyState, now: jiff::Timestamp, key: EntityKey<'_>) {
    let Some(body) = company.records.get(key.kind, key.id).cloned() else {
        return;
    };
    save(company, now, key, body);
    let cause = Cause {
        operation: Operation::Update,
        by: Actor::System,
        at: now,
    };
    record_change(company, key, cause);
}

/// Refreshes a transaction whose payments or credits changed.
fn refresh_target(company: &mut CompanyState, context: &Context<'_>, target: &Target) {
    entity::refresh_links(company, target.kind, &target.id);
    if context.switches.should_update_paid_invoice {
        let key = EntityKey {
            kind: target.kind,
            id: &target.id,
        };
        save_as_system(company, context.now, key);
    }
}

/// The accounts and customers whose balances a write may change.
#[derive(Default)]
struct Affected {
    accounts: Vec<String>,
    customers: Vec<String>,
}

impl Affected {
    /// Adds the accounts and customers of the ledger lines of a transaction.
    fn add(&mut self, company: &CompanyState, transaction: &Transaction) {
        for line in company.ledger.lines_of(transaction.kind, &transaction.id) {
            self.accounts.push(line.entry.account.clone());
            self.customers.extend(line.entry.customer.clone());
        }
    }

    /// Recomputes the balances of the accounts and customers.
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

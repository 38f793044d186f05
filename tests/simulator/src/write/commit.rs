use serde_json::json;

use super::{Context, Plan};
use crate::books::{Books, Target};
use crate::changes::{Actor, Change, Operation};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::Transaction;
use crate::{entity, moment};

/// How many fields [`stamp`] gives every entity.
pub(crate) const ENVELOPE_FIELDS: usize = 5;

pub(super) fn commit(books: &mut Books, context: &Context<'_>, plan: Plan) {
    let kind = plan.kind;
    let transaction = Transaction {
        kind: kind.name(),
        id: plan.id.clone(),
    };
    let mut affected = Affected::default();
    affected.note(books, &transaction);
    match plan.date {
        Some(date) => books.ledger.post(&transaction, date, plan.posting.entries),
        None => books.ledger.withdraw(&transaction),
    }
    affected.note(books, &transaction);
    let touched = books.links.replace(&plan.id, plan.posting.applications);
    if plan.operation == Operation::Create {
        books.take_id(kind);
        books.take_number(
            plan.body
                .as_ref()
                .and_then(|body| json::text(body, "DocNumber")),
        );
    }
    match plan.body {
        Some(body) => keep(books, context, kind, &plan.id, body),
        None => drop(books.records.remove(kind, &plan.id)),
    }
    log(books, context, (kind, &plan.id), plan.operation, plan.by);
    affected.refresh(books);
    if kind == Kind::Account {
        entity::refresh_account(books, &plan.id);
    }
    for target in touched {
        settle_target(books, context, &target);
    }
}

/// Keeps the one entity of a kind such as `Preferences`, which has the id 1.
pub(crate) fn put_single(books: &mut Books, kind: Kind, body: Object, now: jiff::Timestamp) {
    let switches = crate::Switches::default();
    let context = Context {
        now,
        switches: &switches,
    };
    let operation = match books.records.get(kind, "1") {
        Some(_) => Operation::Update,
        None => Operation::Create,
    };
    keep(books, &context, kind, "1", body);
    log(books, &context, (kind, "1"), operation, Actor::Person);
}

/// Writes the survivor of a merge anew.
pub(crate) fn put_merged(
    books: &mut Books,
    kind: Kind,
    (from, into): (&str, &str),
    now: jiff::Timestamp,
) {
    let switches = crate::Switches::default();
    let context = Context {
        now,
        switches: &switches,
    };
    if let Some(body) = books.records.get(kind, into).cloned() {
        keep(books, &context, kind, into, body);
    }
    log(
        books,
        &context,
        (kind, into),
        Operation::Merge,
        Actor::Person,
    );
    if let Some(change) = books.changes.last_mut() {
        change.deleted_id = Some(from.to_owned());
    }
}

fn keep(books: &mut Books, context: &Context<'_>, kind: Kind, id: &str, mut body: Object) {
    let before = books.records.get(kind, id);
    let renamed = before.is_some_and(|before| full_name(kind, before) != full_name(kind, &body));
    stamp(before, context, id, &mut body);
    books.records.put(kind, id, body);
    if renamed {
        entity::rename_everywhere(books, kind, id);
    }
}

fn full_name(kind: Kind, body: &Object) -> Option<&str> {
    json::text(body, "FullyQualifiedName").or_else(|| json::text(body, kind.name_field()))
}

fn stamp(before: Option<&Object>, context: &Context<'_>, id: &str, body: &mut Object) {
    let now = moment::stamp(context.now);
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
    books: &mut Books,
    context: &Context<'_>,
    (kind, id): (Kind, &str),
    operation: Operation,
    by: Actor,
) {
    let entity = books.records.get(kind, id);
    let change = Change {
        entity: kind.name(),
        id: id.to_owned(),
        operation,
        at: context.now,
        sync_token: entity.map(|entity| version(entity).to_string()),
        deleted_id: None,
        by,
    };
    books.changes.push(change);
}

/// Writes an entity anew as QuickBooks does by itself when something else changes it.
fn touch(books: &mut Books, context: &Context<'_>, kind: Kind, id: &str) {
    let Some(body) = books.records.get(kind, id).cloned() else {
        return;
    };
    keep(books, context, kind, id, body);
    log(books, context, (kind, id), Operation::Update, Actor::System);
}

fn settle_target(books: &mut Books, context: &Context<'_>, target: &Target) {
    entity::refresh_links(books, target.kind, &target.id);
    if context.switches.links_touch_targets {
        touch(books, context, target.kind, &target.id);
    }
}

/// The accounts and customers whose balances a write may move.
#[derive(Default)]
struct Affected {
    accounts: Vec<String>,
    customers: Vec<String>,
}

impl Affected {
    fn note(&mut self, books: &Books, transaction: &Transaction) {
        for line in books.ledger.of(transaction.kind, &transaction.id) {
            self.accounts.push(line.entry.account.clone());
            self.customers.extend(line.entry.customer.clone());
        }
    }

    fn refresh(mut self, books: &mut Books) {
        self.accounts.sort();
        self.accounts.dedup();
        for account in self.accounts {
            entity::refresh_account(books, &account);
        }
        self.customers.sort();
        self.customers.dedup();
        for customer in self.customers {
            entity::refresh_customer(books, &customer);
        }
    }
}

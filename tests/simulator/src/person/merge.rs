use jiff::Timestamp;
use serde_json::Value;

use crate::books::Books;
use crate::changes::{Actor, Change, Operation};
use crate::entity;
use crate::json;
use crate::kind::Kind;

/// Everything that names one customer names the other from now on.
pub(super) fn merge_customers(books: &mut Books, now: Timestamp, (from, into): (&str, &str)) {
    if from == into {
        return;
    }
    for body in books.records.every_mut() {
        repoint(body, from, into);
    }
    books.records.remove(Kind::Customer, from);
    books.ledger.move_customer(from, into);
    books.links.move_customer(from, into);
    entity::rename_everywhere(books, Kind::Customer, into);
    entity::refresh_customer(books, into);
    let survivor = books.records.get(Kind::Customer, into);
    let change = Change {
        entity: Kind::Customer.name(),
        id: into.to_owned(),
        operation: Operation::Merge,
        at: now,
        sync_token: survivor
            .and_then(|customer| json::text(customer, "SyncToken"))
            .map(str::to_owned),
        deleted_id: Some(from.to_owned()),
        by: Actor::Person,
    };
    books.changes.push(change);
}

/// Ids are unique in a company, so a reference to this id is a reference to this customer.
fn repoint(value: &mut Value, from: &str, into: &str) {
    match value {
        Value::Object(members) => {
            if members.contains_key("name") && json::text(members, "value") == Some(from) {
                json::set(members, "value", into);
            }
            members
                .values_mut()
                .for_each(|member| repoint(member, from, into));
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| repoint(value, from, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Bench;

    #[test]
    fn invoices_entries_and_balances_move() {
        let mut bench = Bench::new();
        let (from, invoice) = bench.invoice("Turner Bay", 100_00);
        let into = bench.customer("Turner Bay Constructors");
        let entry = bench.receivable_entry(&from, 50_00);
        bench.pay(&from, "Invoice", &invoice, 30_00);
        merge_customers(&mut bench.books, bench.now, (&from, &into));
        assert_eq!(
            bench.get("Invoice", &invoice)["CustomerRef"]["value"],
            *into
        );
        assert_eq!(
            bench.get("Invoice", &invoice)["CustomerRef"]["name"],
            "Turner Bay Constructors"
        );
        let line = &bench.get("JournalEntry", &entry)["Line"][0];
        assert_eq!(
            line["JournalEntryLineDetail"]["Entity"]["EntityRef"]["value"],
            *into
        );
        assert_eq!(
            bench.get("Customer", &into)["Balance"].to_string(),
            "120.00"
        );
        bench.pay(&into, "Invoice", &invoice, 70_00);
        let last = bench
            .books
            .changes
            .iter()
            .find(|change| change.operation == Operation::Merge);
        assert_eq!(last.unwrap().deleted_id.as_deref(), Some(from.as_str()));
        assert!(bench.books.records.get(Kind::Customer, &from).is_none());
    }
}

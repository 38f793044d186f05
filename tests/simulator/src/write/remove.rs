use serde_json::Value;

use super::prepare::{current, date, open_period};
use super::{Order, Plan, Posting};
use crate::books::Books;
use crate::changes::{Actor, Operation};
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::money;

pub(super) fn delete(books: &Books, order: &Order) -> Result<Plan, Fault> {
    if !order.kind.is_transaction() {
        return Err(Fault::unsupported_operation("delete"));
    }
    let before = current(books, order)?.ok_or_else(|| Fault::required("Id"))?;
    let id = loose(books, order, before)?;
    Ok(Plan {
        kind: order.kind,
        id,
        body: None,
        date: None,
        posting: Posting::default(),
        operation: Operation::Delete,
        by: order.by,
    })
}

/// Invoices and payments can be voided; credit memos and journal entries only on the page, the API has no void of them.
pub(super) fn void(books: &Books, order: &Order) -> Result<Plan, Fault> {
    let voidable = match order.kind {
        Kind::Invoice | Kind::Payment => true,
        Kind::CreditMemo | Kind::JournalEntry => order.by == Actor::Person,
        _ => false,
    };
    if !voidable {
        return Err(Fault::unsupported_operation("void"));
    }
    let before = current(books, order)?.ok_or_else(|| Fault::required("Id"))?;
    let id = loose(books, order, before)?;
    Ok(Plan {
        kind: order.kind,
        id,
        body: Some(voided(order.kind, before)),
        date: date(before),
        posting: Posting::default(),
        operation: Operation::Void,
        by: order.by,
    })
}

/// The id of a transaction that nothing holds on to.
fn loose(books: &Books, order: &Order, before: &Object) -> Result<String, Fault> {
    let id = json::text(before, "Id").unwrap_or_default();
    if order.kind == Kind::Payment && books.is_deposited(id) {
        return Err(Fault::deposited());
    }
    if books.links.payments(order.kind, id).next().is_some() {
        let settled = order.kind == Kind::Invoice && money::field(before, "Balance").is_zero();
        return Err(if settled {
            Fault::settled()
        } else {
            Fault::business("You can't do this while payments are applied to the transaction.")
        });
    }
    open_period(books, order, [date(before)])?;
    Ok(id.to_owned())
}

/// The number, customer and date stay; amounts and quantities become zero.
fn voided(kind: Kind, before: &Object) -> Object {
    let zero = || money::json(rust_decimal::Decimal::ZERO);
    let mut body = before.clone();
    let note = match json::text(before, "PrivateNote") {
        Some(note) if !note.is_empty() => format!("Voided - {note}"),
        _ => "Voided".to_owned(),
    };
    json::set(&mut body, "PrivateNote", note);
    json::set(&mut body, "TotalAmt", zero());
    if kind == Kind::Payment {
        json::set(&mut body, "UnappliedAmt", zero());
        json::set(&mut body, "Line", Value::Array(Vec::new()));
        return body;
    }
    for field in ["Balance", "RemainingCredit"] {
        if body.contains_key(field) {
            json::set(&mut body, field, zero());
        }
    }
    for line in json::list_mut(&mut body, "Line") {
        json::set(line, "Amount", zero());
        if let Some(Value::Object(detail)) = line.get_mut("SalesItemLineDetail")
            && detail.contains_key("Qty")
        {
            json::set(detail, "Qty", 0);
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;
    use rust_decimal::Decimal;

    #[test]
    fn a_void_invoice_is_zero_and_keeps_its_number() {
        let mut bench = Bench::new();
        let (_, invoice) = bench.invoice("Turner Bay", 43_650_00);
        bench.void("Invoice", &invoice).unwrap();
        let body = bench.get("Invoice", &invoice);
        assert_eq!(body["DocNumber"], "1042-1");
        assert_eq!(body["Balance"].to_string(), "0.00");
        assert_eq!(body["Line"][0]["Amount"].to_string(), "0.00");
        assert!(body["PrivateNote"].as_str().unwrap().starts_with("Voided"));
        assert_eq!(bench.books.ledger.lines().count(), 0);
    }

    #[test]
    fn what_payments_hold_on_to_cannot_be_voided_or_deleted() {
        let mut bench = Bench::new();
        let (customer, invoice) = bench.invoice("Turner Bay", 100_00);
        bench.pay(&customer, "Invoice", &invoice, 40_00);
        assert_eq!(bench.void("Invoice", &invoice).unwrap_err(), "6000");
        let second = bench.pay(&customer, "Invoice", &invoice, 60_00);
        assert_eq!(bench.void("Invoice", &invoice).unwrap_err(), "6450");
        assert_eq!(bench.delete("Invoice", &invoice).unwrap_err(), "6450");
        bench.void("Payment", &second).unwrap();
        assert_eq!(
            bench.get("Invoice", &invoice)["Balance"].to_string(),
            "60.00"
        );
    }

    #[test]
    fn a_void_payment_gives_the_money_back_to_the_invoice() {
        let mut bench = Bench::new();
        let (customer, invoice) = bench.invoice("Turner Bay", 100_00);
        let payment = bench.pay(&customer, "Invoice", &invoice, 100_00);
        bench.void("Payment", &payment).unwrap();
        let body = bench.get("Payment", &payment);
        assert_eq!(body["TotalAmt"].to_string(), "0.00");
        assert_eq!(body["Line"].as_array().unwrap().len(), 0);
        assert_eq!(bench.balance("Undeposited Funds"), Decimal::ZERO);
        assert_eq!(
            bench.balance("Accounts Receivable (A/R)"),
            Decimal::new(100_00, 2)
        );
        bench.delete("Invoice", &invoice).unwrap();
        assert_eq!(bench.books.ledger.lines().count(), 0);
    }

    #[test]
    fn entries_have_no_void_and_lists_no_delete() {
        let mut bench = Bench::new();
        let entry = bench.entry("2026-03-31");
        assert_eq!(bench.void("JournalEntry", &entry).unwrap_err(), "500");
        let customer = bench.customer("Turner Bay");
        assert_eq!(bench.delete("Customer", &customer).unwrap_err(), "500");
        bench.delete("JournalEntry", &entry).unwrap();
        assert_eq!(bench.delete("JournalEntry", &entry).unwrap_err(), "610");
    }

    #[test]
    fn closed_books_hold_what_is_in_them() {
        let mut bench = Bench::new();
        let (_, invoice) = bench.invoice("Turner Bay", 100_00);
        bench.books.closed_until = Some("2026-03-31".parse().unwrap());
        assert_eq!(bench.void("Invoice", &invoice).unwrap_err(), "6210");
        assert_eq!(bench.delete("Invoice", &invoice).unwrap_err(), "6210");
    }
}

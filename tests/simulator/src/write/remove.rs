use serde_json::Value;

use super::prepare::{check_open_period, date, find_current};
use super::{CheckedWrite, Posting, WriteRequest};
use crate::changes::{Actor, Operation};
use crate::company_state::CompanyState;
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::money;

/// Checks the deletion of a transaction.
pub(super) fn delete(
    company: &CompanyState,
    request: &WriteRequest,
) -> Result<CheckedWrite, Fault> {
    if !request.kind.is_transaction() {
        return Err(Fault::unsupported_operation("delete"));
    }
    let before = find_current(company, request)?.ok_or_else(|| Fault::required("Id"))?;
    let id = removable_id(company, request, before)?;
    Ok(CheckedWrite {
        kind: request.kind,
        id,
        body: None,
        date: None,
        posting: Posting::default(),
        operation: Operation::Delete,
        by: request.by,
    })
}

/// Checks the void of a transaction. The API voids invoices and payments alone; a person also voids credit memos and
/// journal entries.
pub(super) fn void(company: &CompanyState, request: &WriteRequest) -> Result<CheckedWrite, Fault> {
    let is_voidable = match request.kind {
        Kind::Invoice | Kind::Payment => true,
        Kind::CreditMemo | Kind::JournalEntry => request.by == Actor::Person,
        _ => false,
    };
    if !is_voidable {
        return Err(Fault::unsupported_operation("void"));
    }
    let before = find_current(company, request)?.ok_or_else(|| Fault::required("Id"))?;
    let id = removable_id(company, request, before)?;
    Ok(CheckedWrite {
        kind: request.kind,
        id,
        body: Some(void_body(request.kind, before)),
        date: date(before),
        posting: Posting::default(),
        operation: Operation::Void,
        by: request.by,
    })
}

/// Returns the id of a transaction, if no payment, deposit or closed period forbids its removal.
fn removable_id(
    company: &CompanyState,
    request: &WriteRequest,
    before: &Object,
) -> Result<String, Fault> {
    let id = json::text(before, "Id").unwrap_or_default();
    if request.kind == Kind::Payment && company.is_deposited(id) {
        return Err(Fault::deposited());
    }
    if company.links.payments(request.kind, id).next().is_some() {
        let is_paid = request.kind == Kind::Invoice && money::field(before, "Balance").is_zero();
        return Err(if is_paid {
            Fault::settled()
        } else {
            Fault::business("You can't do this while payments are applied to the transaction.")
        });
    }
    check_open_period(company, request, [date(before)])?;
    Ok(id.to_owned())
}

/// Returns the body of a void transaction: number, customer and date stay, amounts and quantities are zero.
fn void_body(kind: Kind, before: &Object) -> Object {
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
    if body.contains_key("TxnTaxDetail") {
        json::set(
            &mut body,
            "TxnTaxDetail",
            serde_json::json!({"TotalTax": 0}),
        );
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
    use crate::test_company::TestCompany;
    use rust_decimal::Decimal;

    #[test]
    fn void_invoice_is_zero_and_keeps_number() {
        let mut company = TestCompany::new();
        let (_, invoice) = company.invoice("Turner Bay", 43_650_00);
        company.void("Invoice", &invoice).unwrap();
        let body = company.get("Invoice", &invoice);
        assert_eq!(body["DocNumber"], "1042-1");
        assert_eq!(body["Balance"].to_string(), "0.00");
        assert_eq!(body["Line"][0]["Amount"].to_string(), "0.00");
        assert!(body["PrivateNote"].as_str().unwrap().starts_with("Voided"));
        assert_eq!(company.state.ledger.lines().count(), 0);
    }

    #[test]
    fn paid_invoice_cannot_be_voided_or_deleted() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        company.pay(&customer, "Invoice", &invoice, 40_00);
        assert_eq!(company.void("Invoice", &invoice).unwrap_err(), "6000");
        let second = company.pay(&customer, "Invoice", &invoice, 60_00);
        assert_eq!(company.void("Invoice", &invoice).unwrap_err(), "6450");
        assert_eq!(company.delete("Invoice", &invoice).unwrap_err(), "6450");
        company.void("Payment", &second).unwrap();
        assert_eq!(
            company.get("Invoice", &invoice)["Balance"].to_string(),
            "60.00"
        );
    }

    #[test]
    fn void_payment_reopens_its_invoice() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let payment = company.pay(&customer, "Invoice", &invoice, 100_00);
        company.void("Payment", &payment).unwrap();
        let body = company.get("Payment", &payment);
        assert_eq!(body["TotalAmt"].to_string(), "0.00");
        assert_eq!(body["Line"].as_array().unwrap().len(), 0);
        assert_eq!(company.balance("Undeposited Funds"), Decimal::ZERO);
        assert_eq!(
            company.balance("Accounts Receivable (A/R)"),
            Decimal::new(100_00, 2)
        );
        company.delete("Invoice", &invoice).unwrap();
        assert_eq!(company.state.ledger.lines().count(), 0);
    }

    #[test]
    fn entry_void_and_list_delete_are_unsupported() {
        let mut company = TestCompany::new();
        let entry = company.entry("2026-03-31");
        assert_eq!(company.void("JournalEntry", &entry).unwrap_err(), "500");
        let customer = company.customer("Turner Bay");
        assert_eq!(company.delete("Customer", &customer).unwrap_err(), "500");
        company.delete("JournalEntry", &entry).unwrap();
        assert_eq!(company.delete("JournalEntry", &entry).unwrap_err(), "610");
    }

    #[test]
    fn closed_books_refuse_void_and_delete() {
        let mut company = TestCompany::new();
        let (_, invoice) = company.invoice("Turner Bay", 100_00);
        company.state.closed_until = Some("2026-03-31".parse().unwrap());
        assert_eq!(company.void("Invoice", &invoice).unwrap_err(), "6210");
        assert_eq!(company.delete("Invoice", &invoice).unwrap_err(), "6210");
    }
}

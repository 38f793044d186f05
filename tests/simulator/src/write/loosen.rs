//! Payments that lose their link when the transaction that they pay is voided, deleted or moved.

use rust_decimal::Decimal;
use serde_json::Value;

use super::commit::{EntityKey, save_as_system};
use super::{Context, Verb, WriteRequest};
use crate::company_state::{Application, CompanyState};
use crate::entity;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::money;

/// Returns whether a write takes a paid invoice away from its payments.
pub(super) fn is_needed(
    company: &CompanyState,
    context: &Context<'_>,
    request: &WriteRequest,
) -> bool {
    let Some(id) = json::text(&request.body, "Id") else {
        return false;
    };
    let is_paid = company.links.payments(Kind::Invoice, id).next().is_some();
    if request.kind != Kind::Invoice || !is_paid {
        return false;
    }
    match request.verb {
        Verb::Void | Verb::Delete => !context.switches.should_refuse_void_of_paid,
        Verb::Save | Verb::Email => is_moved_in_family(company, &request.body, id),
    }
}

/// Returns whether an update moves an invoice to another customer below the same parent, or to the parent.
fn is_moved_in_family(company: &CompanyState, body: &Object, id: &str) -> bool {
    let owner = |body: &Object| {
        json::reference(body, "ProjectRef")
            .or_else(|| json::reference(body, "CustomerRef"))
            .map(str::to_owned)
    };
    let before = company.records.get(Kind::Invoice, id).and_then(owner);
    let (Some(before), Some(after)) = (before, owner(body)) else {
        return false;
    };
    before != after && company.lineage(&before).last() == company.lineage(&after).last()
}

/// Takes every payment away from an invoice. The payments keep their amounts, and the amounts become unapplied.
pub(super) fn unapply_all(company: &mut CompanyState, context: &Context<'_>, invoice: &str) {
    let payments: Vec<String> = company
        .links
        .payments(Kind::Invoice, invoice)
        .map(str::to_owned)
        .collect();
    for payment in payments {
        unapply(company, context, &payment, invoice);
    }
    entity::refresh_links(company, Kind::Invoice, invoice);
}

fn unapply(company: &mut CompanyState, context: &Context<'_>, payment: &str, invoice: &str) {
    let Some(body) = company.records.get_mut(Kind::Payment, payment) else {
        return;
    };
    let total = money::field(body, "TotalAmt");
    let settles =
        |line: &Value| line.pointer("/LinkedTxn/0/TxnId").and_then(Value::as_str) == Some(invoice);
    let mut freed = Decimal::ZERO;
    if let Some(Value::Array(lines)) = body.get_mut("Line") {
        let gone = lines.iter().filter(|line| settles(line));
        freed = gone
            .filter_map(Value::as_object)
            .map(|line| money::field(line, "Amount"))
            .sum();
        // A payment of zero sets a credit against the invoice: the credit is free again.
        lines.retain(|line| !total.is_zero() && !settles(line));
    }
    let unapplied = (money::field(body, "UnappliedAmt") + freed).min(total);
    json::set(body, "UnappliedAmt", money::json(unapplied));
    let kept: Vec<Application> = company
        .links
        .applications(payment)
        .into_iter()
        .filter(|paid| !total.is_zero() && paid.target.id != invoice)
        .collect();
    for target in company.links.replace(payment, kept) {
        entity::refresh_links(company, target.kind, &target.id);
    }
    let key = EntityKey {
        kind: Kind::Payment,
        id: payment,
    };
    save_as_system(company, context.now, key);
}

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use serde_json::json;

    #[test]
    fn void_of_paid_invoice_frees_payment() {
        let mut company = TestCompany::new();
        company.switches.should_refuse_void_of_paid = false;
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let payment = company.pay(&customer, "Invoice", &invoice, 100_00);
        company.void("Invoice", &invoice).unwrap();
        let body = company.get("Payment", &payment);
        assert_eq!(body["UnappliedAmt"].to_string(), "100.00");
        assert_eq!(body["Line"], json!([]));
        assert_eq!(body["SyncToken"], "1");
        let balance = &company.get("Customer", &customer)["Balance"];
        assert_eq!(balance.to_string(), "-100.00");
    }

    #[test]
    fn stale_void_leaves_payment_applied() {
        let mut company = TestCompany::new();
        company.switches.should_refuse_void_of_paid = false;
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let payment = company.pay(&customer, "Invoice", &invoice, 100_00);
        let stale = json!({"Id": invoice, "SyncToken": "0"});
        let outcome = company.try_write("Invoice", crate::write::Verb::Void, stale);
        assert_eq!(outcome.unwrap_err(), "5010");
        let body = company.get("Payment", &payment);
        assert_eq!(body["UnappliedAmt"].to_string(), "0.00");
    }

    #[test]
    fn invoice_moved_to_job_loses_payment() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let job = json!({"DisplayName": "Tower", "Job": true, "ParentRef": {"value": customer}});
        let job = company.save("Customer", job);
        let payment = company.pay(&customer, "Invoice", &invoice, 40_00);
        let token = company.get("Invoice", &invoice)["SyncToken"].clone();
        let moved = json!({"Id": invoice, "SyncToken": token, "sparse": true, "CustomerRef": {"value": job}});
        company.save("Invoice", moved);
        let body = company.get("Invoice", &invoice);
        assert_eq!(body["Balance"].to_string(), "100.00");
        assert_eq!(body["LinkedTxn"], json!([]));
        let body = company.get("Payment", &payment);
        assert_eq!(body["UnappliedAmt"].to_string(), "40.00");
        let parent = company.get("Customer", &customer);
        assert_eq!(parent["Balance"].to_string(), "-40.00");
        assert_eq!(parent["BalanceWithJobs"].to_string(), "60.00");
    }

    #[test]
    fn paid_invoice_moves_to_no_stranger() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let other = company.customer("Ashgrove");
        company.pay(&customer, "Invoice", &invoice, 40_00);
        let token = company.get("Invoice", &invoice)["SyncToken"].clone();
        let moved = json!({"Id": invoice, "SyncToken": token, "sparse": true, "CustomerRef": {"value": other}});
        assert_eq!(company.refusal_code("Invoice", moved), "620");
    }
}

use jiff::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;

use super::contact::{ADDRESS, EMAIL};
use super::sales_line::LINE;
use super::sales_total;
use crate::company_state::Target;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::schema::{Field, Shape, bool, reference, text};
use crate::write::{Draft, Posting};
use crate::{json, money};

pub(super) const FIELDS: &[Field] = &[
    text("DocNumber", 21).queryable(),
    Field::new("TxnDate", Shape::Date).queryable(),
    Field::new("DueDate", Shape::Date).queryable(),
    text("PrivateNote", 4000),
    Field::new("CustomerMemo", Shape::Object(&[text("value", 1000)])),
    reference("CustomerRef", Kind::Customer).queryable(),
    reference("ProjectRef", Kind::Customer),
    reference("ClassRef", Kind::Class),
    reference("DepartmentRef", Kind::Department),
    reference("SalesTermRef", Kind::Term).queryable(),
    Field::new("CurrencyRef", Shape::Code),
    Field::new("ExchangeRate", Shape::Number),
    Field::new("Line", Shape::List(LINE)),
    Field::new("BillAddr", Shape::Object(ADDRESS)),
    Field::new("ShipAddr", Shape::Object(ADDRESS)),
    Field::new("BillEmail", Shape::Object(EMAIL)),
    Field::new(
        "EmailStatus",
        Shape::OneOf(&["NotSet", "NeedToSend", "EmailSent"]),
    ),
    Field::new(
        "PrintStatus",
        Shape::OneOf(&["NotSet", "NeedToPrint", "PrintComplete"]),
    ),
    Field::new(
        "GlobalTaxCalculation",
        Shape::OneOf(&["TaxExcluded", "TaxInclusive", "NotApplicable"]),
    ),
    Field::new("CustomField", Shape::Anything),
    bool("ApplyTaxAfterDiscount"),
    bool("AllowIPNPayment"),
    bool("AllowOnlinePayment"),
    bool("AllowOnlineCreditCardPayment"),
    bool("AllowOnlineACHPayment"),
    Field::output("TxnTaxDetail", Shape::Anything),
    Field::output("TotalAmt", Shape::Amount).queryable(),
    Field::output("Balance", Shape::Amount).queryable(),
    Field::output("RemainingCredit", Shape::Amount).queryable(),
    Field::output("HomeBalance", Shape::Amount),
    Field::output("HomeTotalAmt", Shape::Amount),
    Field::output("Deposit", Shape::Amount),
    Field::output("LinkedTxn", Shape::Anything),
    Field::output("TxnRetainageDetail", Shape::Anything),
];

pub(super) fn complete(draft: &mut Draft<'_>) -> Result<Posting, Fault> {
    let sale = sales_total::complete(draft, Decimal::ONE)?;
    set_due_date(draft);
    if json::text(&draft.body, "EmailStatus") == Some("NeedToSend")
        && !draft.body.contains_key("BillEmail")
    {
        return Err(Fault::email_needed());
    }
    let target = Target {
        kind: Kind::Invoice,
        id: draft.id.clone(),
        customer: sale.customer,
    };
    let balance = open_amount(draft, &target, sale.total)?;
    let body = &mut draft.body;
    json::set(body, "Balance", money::json(balance));
    json::set(body, "Deposit", 0);
    json::set_default(body, "LinkedTxn", json!([]));
    for option in [
        "AllowIPNPayment",
        "AllowOnlinePayment",
        "AllowOnlineCreditCardPayment",
        "AllowOnlineACHPayment",
    ] {
        json::set_default(body, option, false);
    }
    Ok(Posting {
        entries: sale.entries,
        applications: Vec::new(),
    })
}

/// Returns the part of a total that its payments leave open.
///
/// The payments must not exceed the total and must belong to the same customer.
pub(super) fn open_amount(
    draft: &Draft<'_>,
    target: &Target,
    total: Decimal,
) -> Result<Decimal, Fault> {
    let mut open = total;
    for (settled, amount) in draft.company.links.settled_parts(target.kind, &target.id) {
        if settled.customer != target.customer {
            return Err(Fault::cannot_link(
                "payments of another customer are applied",
            ));
        }
        open -= amount;
    }
    if open < Decimal::ZERO {
        return Err(Fault::business(
            "The amount can't be less than the payments that are applied to it.",
        ));
    }
    Ok(open)
}

/// Sets a missing due date: the date plus the payment terms. Without terms the invoice is due on its date.
///
/// The terms of the invoice come before those of the customer.
fn set_due_date(draft: &mut Draft<'_>) {
    let date = draft.date();
    if draft.body.contains_key("DueDate") {
        return;
    }
    let term = term_days(draft).and_then(|days| Span::new().try_days(days).ok());
    let due: Date = date.saturating_add(term.unwrap_or_default());
    json::set(&mut draft.body, "DueDate", due.to_string());
}

fn term_days(draft: &Draft<'_>) -> Option<i64> {
    let records = &draft.company.records;
    let customer = || {
        let customer = json::reference(&draft.body, "CustomerRef")?;
        json::reference(records.get(Kind::Customer, customer)?, "SalesTermRef")
    };
    let term = json::reference(&draft.body, "SalesTermRef").or_else(customer)?;
    let term = records.get(Kind::Term, term)?;
    money::field(term, "DueDays").to_i64()
}

#[cfg(test)]
mod tests {
    use crate::kind::Kind;
    use crate::test_company::{TestCompany, line, payment};
    use serde_json::{Value, json};

    #[expect(
        clippy::needless_pass_by_value,
        reason = "calls read better with json!"
    )]
    fn invoice(company: &mut TestCompany, more: Value) -> crate::json::Object {
        let (customer, item) = (company.customer("Turner Bay"), company.work_item());
        let mut body = json!({
            "TxnDate": "2026-03-31", "CustomerRef": {"value": customer}, "Line": [line(&item, 100_00)],
        });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        let id = company.save("Invoice", body);
        company.get("Invoice", &id)
    }

    #[test]
    fn answer_has_the_fields_that_quickbooks_adds() {
        let invoice = invoice(&mut TestCompany::new(), json!({"DocNumber": "1042-1"}));
        insta::assert_snapshot!(serde_json::to_string_pretty(&invoice).unwrap());
    }

    #[test]
    fn due_date_follows_the_terms() {
        let mut company = TestCompany::new();
        let net_30 = company.id_of(Kind::Term, "Net 30");
        let with_term = invoice(&mut company, json!({"SalesTermRef": {"value": net_30}}));
        assert_eq!(with_term["DueDate"], "2026-04-30");
        let without = invoice(&mut TestCompany::new(), json!({}));
        assert_eq!(without["DueDate"], "2026-03-31");
        let given = invoice(&mut TestCompany::new(), json!({"DueDate": "2026-05-15"}));
        assert_eq!(given["DueDate"], "2026-05-15");
    }

    #[test]
    fn invoice_without_terms_uses_the_customers() {
        let mut company = TestCompany::new();
        let net_60 = company.id_of(Kind::Term, "Net 60");
        let customer = company.save(
            "Customer",
            json!({"DisplayName": "Slow", "SalesTermRef": {"value": net_60}, "BillAddr": {"Line1": "1 Ferry Plaza"}}),
        );
        let id = company.sale("Invoice", &customer, 100_00);
        let invoice = company.get("Invoice", &id);
        assert_eq!(invoice["DueDate"], "2026-05-30");
        assert_eq!(invoice["BillAddr"]["Line1"], "1 Ferry Plaza");
    }

    #[test]
    fn sending_by_email_needs_an_address() {
        let mut company = TestCompany::new();
        let (customer, item) = (company.customer("Turner Bay"), company.work_item());
        let body = json!({
            "CustomerRef": {"value": customer}, "Line": [line(&item, 1)], "EmailStatus": "NeedToSend",
        });
        assert_eq!(company.refusal_code("Invoice", body), "6420");
    }

    #[test]
    fn invoice_needs_customer_and_defaults_to_today() {
        let mut company = TestCompany::new();
        let item = company.work_item();
        let mut body = json!({"Line": [line(&item, 1)]});
        assert_eq!(company.refusal_code("Invoice", body.clone()), "2020");
        body["CustomerRef"] = json!({"value": company.customer("Turner Bay")});
        let id = company.save("Invoice", body);
        assert_eq!(company.get("Invoice", &id)["TxnDate"], "2026-03-02");
    }

    #[test]
    fn update_below_the_applied_payments_is_refused() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let item = company.work_item();
        let change = |token: &str, cents: i64| json!({"Id": invoice, "SyncToken": token, "sparse": true, "Line": [line(&item, cents)]});
        company.save("Invoice", change("0", 80_00));
        assert_eq!(
            company.get("Customer", &customer)["Balance"].to_string(),
            "80.00"
        );
        company.save("Payment", payment(&customer, "Invoice", &invoice, 50_00));
        let token = company.get("Invoice", &invoice)["SyncToken"].clone();
        let token = token.as_str().unwrap();
        assert_eq!(
            company.refusal_code("Invoice", change(token, 49_99)),
            "6000"
        );
        company.save("Invoice", change(token, 70_00));
        assert_eq!(
            company.get("Invoice", &invoice)["Balance"].to_string(),
            "20.00"
        );
    }

    #[test]
    fn paid_invoice_keeps_its_customer() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let other = company.customer("Ashgrove");
        company.pay(&customer, "Invoice", &invoice, 50_00);
        let token = company.get("Invoice", &invoice)["SyncToken"].clone();
        let body = json!({"Id": invoice, "SyncToken": token, "sparse": true, "CustomerRef": {"value": other}});
        assert_eq!(company.refusal_code("Invoice", body), "620");
    }
}

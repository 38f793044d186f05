use serde_json::{Value, json};

use super::{Context, WriteRequest, write};
use crate::changes::Actor;
use crate::company_state::{CompanyState, Target};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::money;

/// Applies credits if the preference *Automatically apply credits* is on. Open credits of a customer pay its new invoice,
/// and a new credit memo pays the open invoices of its customer.
pub(super) fn apply_credits(
    company: &mut CompanyState,
    context: &Context<'_>,
    kind: Kind,
    id: &str,
) {
    if !company.settings.auto_apply_credit || !matches!(kind, Kind::Invoice | Kind::CreditMemo) {
        return;
    }
    let Some(customer) = company
        .records
        .get(kind, id)
        .and_then(|entity| json::reference(entity, "CustomerRef"))
        .map(str::to_owned)
    else {
        return;
    };
    let new = Target {
        kind,
        id: id.to_owned(),
        customer,
    };
    if kind == Kind::CreditMemo {
        for invoice in open_transactions(company, Kind::Invoice, &new.customer) {
            offset(company, context, &invoice, &new);
        }
        return;
    }
    for credit in [Kind::CreditMemo, Kind::JournalEntry]
        .into_iter()
        .flat_map(|kind| open_transactions(company, kind, &new.customer))
        .collect::<Vec<_>>()
    {
        offset(company, context, &new, &credit);
    }
    for payment in unapplied_payments(company, &new.customer) {
        apply_payment(company, context, &payment, &new);
    }
}

/// Applies what is left of a new payment to open invoices of the payer and of its jobs, if the preference *Automatically apply
/// bill payments* is on.
pub(super) fn apply_remainder(
    company: &mut CompanyState,
    context: &Context<'_>,
    kind: Kind,
    id: &str,
) {
    if !company.settings.auto_apply_payments || kind != Kind::Payment {
        return;
    }
    let payer = |company: &CompanyState| {
        let payment = company.records.get(Kind::Payment, id)?;
        json::reference(payment, "CustomerRef").map(str::to_owned)
    };
    let Some(payer) = payer(company) else { return };
    let family: Vec<String> = company
        .records
        .objects(Kind::Customer)
        .filter_map(|customer| json::text(customer, "Id"))
        .filter(|customer| company.lineage(customer).contains(&payer))
        .map(str::to_owned)
        .collect();
    let open: Vec<Target> = family
        .iter()
        .flat_map(|customer| open_transactions(company, Kind::Invoice, customer))
        .collect();
    for invoice in open {
        if let Some(payment) = company.records.get(Kind::Payment, id).cloned() {
            apply_payment(company, context, &payment, &invoice);
        }
    }
}

/// Returns the transactions of a customer that are open, oldest first. Journal entries count if they are credits.
fn open_transactions(company: &CompanyState, kind: Kind, customer: &str) -> Vec<Target> {
    company
        .records
        .objects(kind)
        .filter_map(|entity| json::text(entity, "Id"))
        .map(|id| Target {
            kind,
            id: id.to_owned(),
            customer: customer.to_owned(),
        })
        .filter(|target| company.open_amount(target, "") > rust_decimal::Decimal::ZERO)
        .filter(|target| kind != Kind::JournalEntry || is_credit(company, target))
        .collect()
}

fn is_credit(company: &CompanyState, target: &Target) -> bool {
    company
        .receivable(target.kind, &target.id)
        .get(&target.customer)
        .is_some_and(rust_decimal::Decimal::is_sign_negative)
}

/// Saves a payment of zero that sets a credit against a debt.
fn offset(company: &mut CompanyState, context: &Context<'_>, debt: &Target, credit: &Target) {
    let amount = company
        .open_amount(debt, "")
        .min(company.open_amount(credit, ""));
    if amount.is_zero() {
        return;
    }
    let body = json!({
        "CustomerRef": {"value": debt.customer},
        "TotalAmt": 0,
        "Line": [linked_line(amount, debt), linked_line(amount, credit)],
    });
    save_payment(company, context, body);
}

/// Returns the payments of a customer that have an unapplied amount.
fn unapplied_payments(company: &CompanyState, customer: &str) -> Vec<Object> {
    company
        .records
        .objects(Kind::Payment)
        .filter(|payment| json::reference(payment, "CustomerRef") == Some(customer))
        .filter(|payment| !money::field(payment, "UnappliedAmt").is_zero())
        .cloned()
        .collect()
}

/// Applies the unapplied amount of a payment to a debt.
fn apply_payment(
    company: &mut CompanyState,
    context: &Context<'_>,
    payment: &Object,
    debt: &Target,
) {
    let amount = company
        .open_amount(debt, "")
        .min(money::field(payment, "UnappliedAmt"));
    if amount.is_zero() {
        return;
    }
    let mut lines: Vec<Value> = json::list(payment, "Line")
        .map(|line| json!({"Amount": line.get("Amount"), "LinkedTxn": line.get("LinkedTxn")}))
        .collect();
    lines.push(linked_line(amount, debt));
    let body = json!({
        "Id": payment.get("Id"), "SyncToken": payment.get("SyncToken"), "sparse": true, "Line": lines,
    });
    save_payment(company, context, body);
}

fn linked_line(amount: rust_decimal::Decimal, target: &Target) -> Value {
    json!({
        "Amount": money::json(amount),
        "LinkedTxn": [{"TxnId": target.id, "TxnType": target.kind.name()}],
    })
}

/// Saves a payment as QuickBooks itself. A refusal, such as for an entry of another receivable, leaves the credit open.
fn save_payment(company: &mut CompanyState, context: &Context<'_>, body: Value) {
    if let Value::Object(body) = body {
        let _ = write(
            company,
            context,
            &WriteRequest::new_save(Kind::Payment, body, Actor::System),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::Company;
    use crate::test_company::TestCompany;
    use serde_json::json;

    fn company() -> TestCompany {
        TestCompany::with(Company::new("Harbor").auto_apply_credit(true))
    }

    #[test]
    fn open_credit_memo_pays_next_invoice() {
        let mut company = company();
        let customer = company.customer("Turner Bay");
        let credit = company.sale("CreditMemo", &customer, 30_00);
        let invoice = company.sale("Invoice", &customer, 100_00);
        assert_eq!(
            company.get("Invoice", &invoice)["Balance"].to_string(),
            "70.00"
        );
        assert_eq!(
            company.get("CreditMemo", &credit)["RemainingCredit"].to_string(),
            "0.00"
        );
    }

    #[test]
    fn unapplied_payment_and_journal_credit_pay_invoice() {
        let mut company = company();
        let customer = company.customer("Turner Bay");
        let payment = company.save(
            "Payment",
            json!({"CustomerRef": {"value": customer}, "TotalAmt": 25}),
        );
        company.receivable_entry(&customer, -10_00);
        let invoice = company.sale("Invoice", &customer, 100_00);
        assert_eq!(
            company.get("Invoice", &invoice)["Balance"].to_string(),
            "65.00"
        );
        assert_eq!(
            company.get("Payment", &payment)["UnappliedAmt"].to_string(),
            "0.00"
        );
    }

    #[test]
    fn new_credit_memo_pays_oldest_invoices_first() {
        let mut company = company();
        let customer = company.customer("Turner Bay");
        let first = company.sale("Invoice", &customer, 20_00);
        let second = company.sale("Invoice", &customer, 20_00);
        company.sale("CreditMemo", &customer, 30_00);
        assert_eq!(
            company.get("Invoice", &first)["Balance"].to_string(),
            "0.00"
        );
        assert_eq!(
            company.get("Invoice", &second)["Balance"].to_string(),
            "10.00"
        );
    }

    #[test]
    fn rest_of_payment_pays_other_jobs() {
        let settings = Company::new("Harbor").auto_apply_payments();
        let mut company = TestCompany::with(settings);
        let top = company.customer("Turner Bay");
        let [one, other] = ["Tower", "Pier"].map(|name| {
            let job = json!({"DisplayName": name, "Job": true, "ParentRef": {"value": top}});
            let job = company.save("Customer", job);
            company.sale("Invoice", &job, 100_00)
        });
        let mut body = crate::test_company::payment(&top, "Invoice", &one, 100_00);
        body["TotalAmt"] = json!(130);
        let payment = company.save("Payment", body);
        let balance = |id: &str| company.get("Invoice", id)["Balance"].to_string();
        assert_eq!(
            (balance(&one), balance(&other)),
            ("0.00".into(), "70.00".into())
        );
        let left = &company.get("Payment", &payment)["UnappliedAmt"];
        assert_eq!(left.to_string(), "0.00");
    }

    #[test]
    fn disabled_preference_applies_no_credit() {
        let mut company = TestCompany::new();
        let customer = company.customer("Turner Bay");
        company.sale("CreditMemo", &customer, 30_00);
        let invoice = company.sale("Invoice", &customer, 100_00);
        assert_eq!(
            company.get("Invoice", &invoice)["Balance"].to_string(),
            "100.00"
        );
    }
}

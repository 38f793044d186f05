use serde_json::{Value, json};

use super::{Context, Order, write};
use crate::changes::Actor;
use crate::company_state::{CompanyState, Target};
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::money;

/// *Automatically apply credits*: a new invoice is paid with the open credits of its customer, and a new credit memo
/// pays the open invoices, without anybody asking.
pub(super) fn settle(company: &mut CompanyState, context: &Context<'_>, kind: Kind, id: &str) {
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
        for invoice in open(company, Kind::Invoice, &new.customer) {
            join(company, context, &invoice, &new);
        }
        return;
    }
    for credit in [Kind::CreditMemo, Kind::JournalEntry]
        .into_iter()
        .flat_map(|kind| open(company, kind, &new.customer))
        .collect::<Vec<_>>()
    {
        join(company, context, &new, &credit);
    }
    for payment in unapplied(company, &new.customer) {
        extend(company, context, &payment, &new);
    }
}

/// The transactions of a customer with something open, oldest first; of journal entries only the credits.
fn open(company: &CompanyState, kind: Kind, customer: &str) -> Vec<Target> {
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

/// A payment of nothing that sets a credit against a debt.
fn join(company: &mut CompanyState, context: &Context<'_>, debt: &Target, credit: &Target) {
    let amount = company
        .open_amount(debt, "")
        .min(company.open_amount(credit, ""));
    if amount.is_zero() {
        return;
    }
    let body = json!({
        "CustomerRef": {"value": debt.customer},
        "TotalAmt": 0,
        "Line": [line(amount, debt), line(amount, credit)],
    });
    save(company, context, body);
}

fn unapplied(company: &CompanyState, customer: &str) -> Vec<Object> {
    company
        .records
        .objects(Kind::Payment)
        .filter(|payment| json::reference(payment, "CustomerRef") == Some(customer))
        .filter(|payment| !money::field(payment, "UnappliedAmt").is_zero())
        .cloned()
        .collect()
}

fn extend(company: &mut CompanyState, context: &Context<'_>, payment: &Object, debt: &Target) {
    let amount = company
        .open_amount(debt, "")
        .min(money::field(payment, "UnappliedAmt"));
    if amount.is_zero() {
        return;
    }
    let mut lines: Vec<Value> = json::list(payment, "Line")
        .map(|line| json!({"Amount": line.get("Amount"), "LinkedTxn": line.get("LinkedTxn")}))
        .collect();
    lines.push(line(amount, debt));
    let body = json!({
        "Id": payment.get("Id"), "SyncToken": payment.get("SyncToken"), "sparse": true, "Line": lines,
    });
    save(company, context, body);
}

fn line(amount: rust_decimal::Decimal, target: &Target) -> Value {
    json!({
        "Amount": money::json(amount),
        "LinkedTxn": [{"TxnId": target.id, "TxnType": target.kind.name()}],
    })
}

/// What QuickBooks may not do by itself, such as paying with an entry of another receivable, it leaves.
fn save(company: &mut CompanyState, context: &Context<'_>, body: Value) {
    if let Value::Object(body) = body {
        let _ = write(
            company,
            context,
            &Order::save(Kind::Payment, body, Actor::System),
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
    fn an_open_credit_memo_is_put_on_the_next_invoice() {
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
    fn an_unapplied_payment_and_a_journal_credit_are_used_too() {
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
    fn a_new_credit_memo_pays_open_invoices_oldest_first() {
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
    fn nothing_happens_by_itself_when_the_preference_is_off() {
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

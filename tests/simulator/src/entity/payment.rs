mod lines;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::currency;
use crate::company_state::Application;
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::Entry;
use crate::money;
use crate::schema::{Field, Shape, bool, reference, text};
use crate::write::{Draft, Posting};

pub(super) const FIELDS: &[Field] = &[
    Field::new("TxnDate", Shape::Date).queryable(),
    Field::new("TotalAmt", Shape::Amount).queryable(),
    text("PrivateNote", 4000),
    text("PaymentRefNum", 21).queryable(),
    reference("CustomerRef", Kind::Customer).queryable(),
    reference("DepositToAccountRef", Kind::Account),
    reference("PaymentMethodRef", Kind::PaymentMethod),
    Field::new("CurrencyRef", Shape::Code),
    Field::new("ExchangeRate", Shape::Number),
    Field::new("Line", Shape::List(lines::LINE)),
    bool("ProcessPayment"),
    Field::output("UnappliedAmt", Shape::Amount).queryable(),
    Field::output("ARAccountRef", Shape::Code),
    Field::output("LinkedTxn", Shape::Anything),
];

pub(super) fn complete(draft: &mut Draft<'_>) -> Result<Posting, Fault> {
    if draft.company.is_deposited(&draft.id) {
        return Err(Fault::deposited());
    }
    let customer = json::reference(&draft.body, "CustomerRef")
        .ok_or_else(|| Fault::required("CustomerRef"))?
        .to_owned();
    let total = total(&draft.body)?;
    currency::set_for_transaction(draft)?;
    currency::check_customer(draft, &customer)?;
    let deposit = deposit_account(draft)?;
    let settled = lines::complete(draft, &customer)?;
    let unapplied = total - settled.debts + settled.credits;
    if unapplied < Decimal::ZERO || settled.credits > settled.debts {
        return Err(Fault::business(
            "The amounts that are applied must equal the payment, or be less.",
        ));
    }
    draft.date();
    json::set_default(&mut draft.body, "Line", Value::Array(Vec::new()));
    json::set_default(&mut draft.body, "ProcessPayment", false);
    json::set(&mut draft.body, "TotalAmt", money::json(total));
    json::set(&mut draft.body, "UnappliedAmt", money::json(unapplied));
    let receivable = receivable(draft, &settled.applications)?;
    let entry = |account: String, amount: Decimal| Entry {
        account,
        amount,
        customer: Some(customer.clone()),
        class: None,
    };
    Ok(Posting {
        entries: vec![entry(deposit, total), entry(receivable, -total)],
        applications: settled.applications,
    })
}

fn total(body: &Object) -> Result<Decimal, Fault> {
    if !body.contains_key("TotalAmt") {
        return Err(Fault::business("You must set a transaction amount."));
    }
    let total = money::field(body, "TotalAmt");
    if total < Decimal::ZERO {
        return Err(Fault::business("Transaction amount must be 0 or greater."));
    }
    Ok(total)
}

/// Returns the account that receives the money: the one that the payment names, else Undeposited Funds.
fn deposit_account(draft: &mut Draft<'_>) -> Result<String, Fault> {
    let account = match json::reference(&draft.body, "DepositToAccountRef") {
        Some(account) => account.to_owned(),
        None => draft
            .company
            .default_account(|account| {
                json::text(account, "AccountSubType") == Some("UndepositedFunds")
            })
            .ok_or_else(|| Fault::required("DepositToAccountRef"))?,
    };
    match draft.company.account_type(&account) {
        Some("Bank" | "Other Current Asset") => {
            currency::check_account(draft, &account)?;
            json::set_default(
                &mut draft.body,
                "DepositToAccountRef",
                json!({ "value": account }),
            );
            Ok(account)
        }
        _ => Err(Fault::account_type(
            "Deposit to a bank or other current asset account",
        )),
    }
}

/// Returns the receivable account of the paid transactions. A payment posts to one receivable account only.
fn receivable(draft: &Draft<'_>, applications: &[Application]) -> Result<String, Fault> {
    let mut accounts: Vec<&str> = applications
        .iter()
        .flat_map(|paid| {
            draft
                .company
                .ledger
                .lines_of(paid.target.kind.name(), &paid.target.id)
        })
        .map(|line| line.entry.account.as_str())
        .filter(|account| draft.company.is_receivable(account))
        .collect();
    accounts.sort_unstable();
    accounts.dedup();
    match accounts.as_slice() {
        [] => currency::receivable(draft),
        [account] => Ok((*account).to_owned()),
        _ => Err(Fault::cannot_link(
            "the transactions stand in different Accounts Receivable accounts",
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_company::{TestCompany, payment};
    use rust_decimal::Decimal;
    use serde_json::json;

    #[test]
    fn payment_moves_receivable_to_undeposited_funds() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let id = company.pay(&customer, "Invoice", &invoice, 60_00);
        assert_eq!(company.balance("Undeposited Funds"), Decimal::new(60_00, 2));
        assert_eq!(
            company.balance("Accounts Receivable (A/R)"),
            Decimal::new(40_00, 2)
        );
        assert_eq!(
            company.get("Invoice", &invoice)["Balance"].to_string(),
            "40.00"
        );
        let linked = &company.get("Invoice", &invoice)["LinkedTxn"];
        assert_eq!(*linked, json!([{"TxnId": id, "TxnType": "Payment"}]));
        assert_eq!(
            company.get("Payment", &id)["UnappliedAmt"].to_string(),
            "0.00"
        );
    }

    #[test]
    fn overpayment_stays_unapplied() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let mut body = payment(&customer, "Invoice", &invoice, 100_00);
        body["TotalAmt"] = json!(120);
        let id = company.save("Payment", body);
        assert_eq!(
            company.get("Payment", &id)["UnappliedAmt"].to_string(),
            "20.00"
        );
        assert_eq!(
            company.get("Customer", &customer)["Balance"].to_string(),
            "-20.00"
        );
    }

    #[test]
    fn payment_needs_amount_and_customer() {
        let mut company = TestCompany::new();
        let customer = company.customer("Turner Bay");
        let only = json!({"CustomerRef": {"value": customer}});
        assert_eq!(company.refusal_code("Payment", only), "6000");
        assert_eq!(
            company.refusal_code("Payment", json!({"TotalAmt": 5})),
            "2020"
        );
        let negative = json!({"CustomerRef": {"value": customer}, "TotalAmt": -5});
        assert_eq!(company.refusal_code("Payment", negative), "6000");
    }

    #[test]
    fn payment_goes_to_bank_or_current_asset() {
        let mut company = TestCompany::new();
        let customer = company.customer("Turner Bay");
        for (account, expected) in [
            ("Checking", "fine"),
            ("Undeposited Funds", "fine"),
            ("Contract Revenue", "6430"),
        ] {
            let account = company.account(account);
            let body = json!({
                "CustomerRef": {"value": customer}, "TotalAmt": 5, "DepositToAccountRef": {"value": account},
            });
            let outcome = company.try_write("Payment", crate::write::Verb::Save, body);
            let code = outcome.map_or_else(|code| code, |_| "fine".to_owned());
            assert_eq!(code, expected, "{account}");
        }
    }

    #[test]
    fn applied_amount_above_payment_is_refused() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let mut body = payment(&customer, "Invoice", &invoice, 60_00);
        body["TotalAmt"] = json!(59.99);
        assert_eq!(company.refusal_code("Payment", body), "6000");
    }

    #[test]
    fn switch_refuses_sparse_update_but_not_void() {
        let mut company = TestCompany::new();
        company.switches.should_refuse_sparse_payment = true;
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let id = company.pay(&customer, "Invoice", &invoice, 60_00);
        let update = json!({"Id": id, "SyncToken": "0", "sparse": true, "PrivateNote": "x"});
        assert_eq!(company.refusal_code("Payment", update), "500");
        let void = json!({"Id": id, "SyncToken": "0", "sparse": true});
        let void = company.try_write("Payment", crate::write::Verb::Void, void);
        assert!(void.is_ok());
    }

    #[test]
    fn full_update_without_lines_removes_links() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let id = company.pay(&customer, "Invoice", &invoice, 60_00);
        let mut update =
            json!({"Id": id, "SyncToken": "0", "CustomerRef": {"value": customer}, "TotalAmt": 60});
        update["sparse"] = json!(true);
        company.save("Payment", update.clone());
        assert_eq!(
            company.get("Invoice", &invoice)["Balance"].to_string(),
            "40.00"
        );
        update["sparse"] = json!(false);
        update["SyncToken"] = json!("1");
        company.save("Payment", update);
        assert_eq!(
            company.get("Invoice", &invoice)["Balance"].to_string(),
            "100.00"
        );
        assert_eq!(
            company.get("Payment", &id)["UnappliedAmt"].to_string(),
            "60.00"
        );
    }
}

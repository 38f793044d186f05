use serde_json::{Number, json};

use crate::company_state::CompanyState;
use crate::fault::Fault;
use crate::json;
use crate::kind::Kind;
use crate::write::Draft;

/// Sets the currency of a customer: the home currency unless it names one. The currency never changes.
pub(super) fn set_for_customer(draft: &mut Draft<'_>) -> Result<(), Fault> {
    let home = draft.company.settings.currency.clone();
    let before = draft
        .before
        .and_then(|before| json::reference(before, "CurrencyRef"));
    let wanted = json::reference(&draft.body, "CurrencyRef");
    if let (Some(before), Some(wanted)) = (before, wanted)
        && before != wanted
    {
        return Err(Fault::business(
            "The currency of a customer can't be changed.",
        ));
    }
    if !draft.company.settings.multicurrency && wanted.is_some_and(|wanted| wanted != home) {
        return Err(Fault::business("Multicurrency is not enabled."));
    }
    let currency = wanted.or(before).unwrap_or(&home).to_owned();
    json::set(&mut draft.body, "CurrencyRef", json!({ "value": currency }));
    Ok(())
}

/// Sets the currency of a transaction. With several currencies it must name one.
///
/// The lines of the ledger are in the currencies of their transactions. Only the balances of accounts are at the company's rate.
pub(super) fn set_for_transaction(draft: &mut Draft<'_>) -> Result<(), Fault> {
    let settings = &draft.company.settings;
    match json::reference(&draft.body, "CurrencyRef") {
        None if settings.multicurrency => Err(Fault::required("CurrencyRef")),
        Some(currency) if currency != settings.currency && !settings.multicurrency => {
            Err(Fault::business("Multicurrency is not enabled."))
        }
        Some(currency) if currency != settings.currency => {
            let rate = settings.exchange_rate.normalize().to_string();
            let rate: Option<Number> = rate.parse().ok();
            json::set_default(&mut draft.body, "ExchangeRate", rate);
            Ok(())
        }
        _ => {
            let home = json!({ "value": settings.currency });
            json::set(&mut draft.body, "CurrencyRef", home);
            Ok(())
        }
    }
}

/// Checks that a transaction is in the currency of its customer.
pub(super) fn check_customer(draft: &Draft<'_>, customer: &str) -> Result<(), Fault> {
    let customer = draft.company.records.get(Kind::Customer, customer);
    let of_customer = customer.and_then(|customer| json::reference(customer, "CurrencyRef"));
    if of_customer.is_some_and(|currency| currency != of_transaction(draft)) {
        return Err(invalid());
    }
    Ok(())
}

/// Checks that an account is in the home currency or in that of the transaction. A receivable is always in that of the transaction.
pub(super) fn check_account(draft: &Draft<'_>, account: &str) -> Result<(), Fault> {
    let (home, wanted) = (&draft.company.settings.currency, of_transaction(draft));
    let is_receivable = draft.company.is_receivable(account);
    match of_account(draft.company, account) {
        currency if currency == wanted => Ok(()),
        currency if currency == *home && !is_receivable => Ok(()),
        _ => Err(invalid()),
    }
}

/// Returns the first receivable account in the currency of the transaction. A sales form cannot name another.
pub(super) fn receivable(draft: &Draft<'_>) -> Result<String, Fault> {
    let (company, wanted) = (draft.company, of_transaction(draft));
    let is_wanted = |account: &json::Object| {
        let id = json::text(account, "Id").unwrap_or_default();
        company.is_receivable(id) && of_account(company, id) == wanted
    };
    let found = company.default_account(is_wanted);
    found.ok_or_else(|| Fault::business("The company has no Accounts Receivable account."))
}

/// Returns the currency of an account. QuickBooks ends the name of a foreign one in its currency, such as ` - CAD`.
pub(super) fn of_account<'a>(company: &'a CompanyState, account: &str) -> &'a str {
    let account = company.records.get(Kind::Account, account);
    let name = account.and_then(|account| json::text(account, "Name"));
    let currency = name.and_then(|name| Some(name.rsplit_once(" - ")?.1));
    let is_currency = |text: &&str| text.len() == 3 && text.chars().all(|c| c.is_ascii_uppercase());
    currency
        .filter(is_currency)
        .unwrap_or(&company.settings.currency)
}

fn of_transaction<'a>(draft: &'a Draft<'_>) -> &'a str {
    let named = json::reference(&draft.body, "CurrencyRef");
    named.unwrap_or(&draft.company.settings.currency)
}

fn invalid() -> Fault {
    Fault::business("The currency of the transaction is invalid for customer / vendor / account.")
}

#[cfg(test)]
mod tests {
    use crate::Company;
    use crate::test_company::{TestCompany, line};
    use serde_json::{Value, json};

    fn invoice(company: &mut TestCompany, currency: Option<&str>) -> Value {
        let (customer, item) = (company.customer("Turner Bay"), company.work_item());
        let mut body = json!({"CustomerRef": {"value": customer}, "Line": [line(&item, 100)]});
        if let Some(currency) = currency {
            body["CurrencyRef"] = json!({ "value": currency });
        }
        body
    }

    #[test]
    fn single_currency_is_optional() {
        let mut company = TestCompany::new();
        let mut body = invoice(&mut company, None);
        company.save("Invoice", body.clone());
        body["CurrencyRef"] = json!({"value": "USD"});
        company.save("Invoice", body.clone());
        body["CurrencyRef"] = json!({"value": "CAD"});
        assert_eq!(company.refusal_code("Invoice", body), "6000");
    }

    #[test]
    fn multicurrency_requires_a_currency() {
        let mut company = TestCompany::with(Company::new("X").multicurrency(true));
        let body = invoice(&mut company, None);
        assert_eq!(company.refusal_code("Invoice", body), "2020");
    }

    fn with_canada() -> TestCompany {
        TestCompany::with(Company::new("X").foreign_currency("CAD"))
    }

    fn foreign_customer(company: &mut TestCompany) -> String {
        let body = json!({"DisplayName": "Maple", "CurrencyRef": {"value": "CAD"}});
        company.save("Customer", body)
    }

    #[test]
    fn foreign_form_posts_to_receivable_of_currency() {
        let mut company = with_canada();
        let customer = foreign_customer(&mut company);
        let item = company.work_item();
        let mut body = json!({"CustomerRef": {"value": customer}, "CurrencyRef": {"value": "CAD"},
            "Line": [line(&item, 100)]});
        let id = company.save("Invoice", body.clone());
        assert_eq!(company.get("Invoice", &id)["ExchangeRate"], 1);
        assert_eq!(
            company
                .balance("Accounts Receivable (A/R) - CAD")
                .to_string(),
            "1.00"
        );
        let mut payment = crate::test_company::payment(&customer, "Invoice", &id, 100);
        payment["CurrencyRef"] = json!({"value": "USD"});
        assert_eq!(company.refusal_code("Payment", payment.clone()), "6000");
        payment["CurrencyRef"] = json!({"value": "CAD"});
        company.save("Payment", payment);
        assert!(company.balance("Accounts Receivable (A/R) - CAD").is_zero());
        body["CurrencyRef"] = json!({"value": "USD"});
        assert_eq!(company.refusal_code("Invoice", body), "6000");
    }

    #[test]
    fn foreign_entry_names_receivable_of_its_currency() {
        let mut company = with_canada();
        let customer = foreign_customer(&mut company);
        for (account, expected) in [
            ("Accounts Receivable (A/R)", "6000"),
            ("Accounts Receivable (A/R) - CAD", "fine"),
            ("Contract Revenue", "fine"),
        ] {
            let (debit, credit) = (
                company.account(account),
                company.account("Retainage Receivable"),
            );
            let line = |account: &str, side: &str| {
                json!({"DetailType": "JournalEntryLineDetail", "Amount": 5, "JournalEntryLineDetail": {
                    "PostingType": side, "AccountRef": {"value": account},
                    "Entity": {"Type": "Customer", "EntityRef": {"value": customer}}}})
            };
            let body = json!({"CurrencyRef": {"value": "CAD"},
                "Line": [line(&debit, "Debit"), line(&credit, "Credit")]});
            let outcome = company.try_write("JournalEntry", crate::write::Verb::Save, body);
            let code = outcome.map_or_else(|code| code, |_| "fine".to_owned());
            assert_eq!(code, expected, "{account}");
        }
    }

    #[test]
    fn customer_keeps_its_currency() {
        let mut company = TestCompany::with(Company::new("X").multicurrency(true));
        let id = company.save(
            "Customer",
            json!({"DisplayName": "Maple", "CurrencyRef": {"value": "CAD"}}),
        );
        let change =
            json!({"Id": id, "SyncToken": "0", "sparse": true, "CurrencyRef": {"value": "USD"}});
        assert_eq!(company.refusal_code("Customer", change), "6000");
        let foreign = json!({"DisplayName": "Maple", "CurrencyRef": {"value": "CAD"}});
        assert_eq!(TestCompany::new().refusal_code("Customer", foreign), "6000");
    }
}

use serde_json::json;

use crate::fault::Fault;
use crate::json;
use crate::write::Draft;

/// A customer keeps its currency for ever; without one it has the home currency.
pub(super) fn of_customer(draft: &mut Draft<'_>) -> Result<(), Fault> {
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
    let kept = wanted.or(before).unwrap_or(&home).to_owned();
    json::set(&mut draft.body, "CurrencyRef", json!({ "value": kept }));
    Ok(())
}

/// Transactions must name the currency if there may be several. Only the home currency is simulated.
pub(super) fn of_transaction(draft: &mut Draft<'_>) -> Result<(), Fault> {
    let company = &draft.company.settings;
    match json::reference(&draft.body, "CurrencyRef") {
        None if company.multicurrency => Err(Fault::required("CurrencyRef")),
        Some(currency) if currency != company.currency && company.multicurrency => Err(
            Fault::feature("only the home currency is simulated for transactions"),
        ),
        Some(currency) if currency != company.currency => {
            Err(Fault::business("Multicurrency is not enabled."))
        }
        _ => {
            let home = json!({ "value": company.currency });
            json::set(&mut draft.body, "CurrencyRef", home);
            Ok(())
        }
    }
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
    fn one_currency_may_be_left_out_or_named() {
        let mut company = TestCompany::new();
        let mut body = invoice(&mut company, None);
        company.save("Invoice", body.clone());
        body["CurrencyRef"] = json!({"value": "USD"});
        company.save("Invoice", body.clone());
        body["CurrencyRef"] = json!({"value": "CAD"});
        assert_eq!(company.refusal_code("Invoice", body), "6000");
    }

    #[test]
    fn with_several_currencies_it_must_be_named() {
        let mut company = TestCompany::with(Company::new("X").multicurrency(true));
        let body = invoice(&mut company, None);
        assert_eq!(company.refusal_code("Invoice", body), "2020");
    }

    #[test]
    fn a_customer_keeps_its_currency() {
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

use serde_json::json;

use crate::fault::Fault;
use crate::json;
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
/// The simulator covers transactions in the home currency only.
pub(super) fn set_for_transaction(draft: &mut Draft<'_>) -> Result<(), Fault> {
    let settings = &draft.company.settings;
    match json::reference(&draft.body, "CurrencyRef") {
        None if settings.multicurrency => Err(Fault::required("CurrencyRef")),
        Some(currency) if currency != settings.currency && settings.multicurrency => Err(
            Fault::feature("only the home currency is simulated for transactions"),
        ),
        Some(currency) if currency != settings.currency => {
            Err(Fault::business("Multicurrency is not enabled."))
        }
        _ => {
            let home = json!({ "value": settings.currency });
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

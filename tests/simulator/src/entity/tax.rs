use serde_json::json;

use crate::fault::Fault;
use crate::json::{self, Object};
use crate::write::Draft;

/// US sales lines are taxed (`TAX`) or not (`NON`); no company here uses sales tax, so nothing is ever added.
pub(super) fn of_line(draft: &Draft<'_>, detail: &mut Object) -> Result<(), Fault> {
    match json::reference(detail, "TaxCodeRef") {
        Some(code) if draft.company.settings.country == "US" && !matches!(code, "TAX" | "NON") => {
            Err(Fault::tax_code(code))
        }
        Some(_) => Ok(()),
        None => {
            json::set(detail, "TaxCodeRef", json!({"value": "NON"}));
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Company;
    use crate::test_company::{TestCompany, line};
    use serde_json::{Value, json};

    fn taxed(company: &mut TestCompany, code: &str) -> Value {
        let (customer, item) = (company.customer("Turner Bay"), company.work_item());
        let mut body = json!({"CustomerRef": {"value": customer}, "Line": [line(&item, 100)]});
        body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({ "value": code });
        body
    }

    #[test]
    fn a_us_line_is_taxed_or_not() {
        let mut company = TestCompany::new();
        let mut body = taxed(&mut company, "NON");
        company.save("Invoice", body.clone());
        body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]["value"] = json!("7");
        assert_eq!(company.refusal_code("Invoice", body), "6100");
    }

    #[test]
    fn elsewhere_codes_are_numbers() {
        let mut company = TestCompany::with(Company::new("X").country("CA"));
        let body = taxed(&mut company, "7");
        company.save("Invoice", body);
    }
}

use serde_json::json;

use crate::fault::Fault;
use crate::json::{self, Object};
use crate::write::Draft;

/// Checks the tax code of a sales line. US companies have the codes `TAX` and `NON`.
///
/// No simulated company uses sales tax, so no tax is added.
pub(super) fn complete_line(draft: &Draft<'_>, detail: &mut Object) -> Result<(), Fault> {
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

    fn invoice_with_tax_code(company: &mut TestCompany, code: &str) -> Value {
        let (customer, item) = (company.customer("Turner Bay"), company.work_item());
        let mut body = json!({"CustomerRef": {"value": customer}, "Line": [line(&item, 100)]});
        body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({ "value": code });
        body
    }

    #[test]
    fn us_line_takes_tax_or_non() {
        let mut company = TestCompany::new();
        let mut body = invoice_with_tax_code(&mut company, "NON");
        company.save("Invoice", body.clone());
        body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]["value"] = json!("7");
        assert_eq!(company.refusal_code("Invoice", body), "6100");
    }

    #[test]
    fn other_countries_take_numeric_tax_codes() {
        let mut company = TestCompany::with(Company::new("X").country("CA"));
        let body = invoice_with_tax_code(&mut company, "7");
        company.save("Invoice", body);
    }
}

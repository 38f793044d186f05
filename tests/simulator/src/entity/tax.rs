use serde_json::json;

use crate::fault::Fault;
use crate::json::{self, Object};
use crate::write::Draft;

/// US sales lines are taxed (`TAX`) or not (`NON`); no company here uses sales tax, so nothing is ever added.
pub(super) fn of_line(draft: &Draft<'_>, detail: &mut Object) -> Result<(), Fault> {
    match json::reference(detail, "TaxCodeRef") {
        Some(code) if draft.books.company.country == "US" && !matches!(code, "TAX" | "NON") => {
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
    use crate::bench::{Bench, line};
    use serde_json::{Value, json};

    fn taxed(bench: &mut Bench, code: &str) -> Value {
        let (customer, item) = (bench.customer("Turner Bay"), bench.work());
        let mut body = json!({"CustomerRef": {"value": customer}, "Line": [line(&item, 100)]});
        body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({ "value": code });
        body
    }

    #[test]
    fn a_us_line_is_taxed_or_not() {
        let mut bench = Bench::new();
        let mut body = taxed(&mut bench, "NON");
        bench.save("Invoice", body.clone());
        body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]["value"] = json!("7");
        assert_eq!(bench.refused("Invoice", body), "6100");
    }

    #[test]
    fn elsewhere_codes_are_numbers() {
        let mut bench = Bench::with(Company::new("X").country("CA"));
        let body = taxed(&mut bench, "7");
        bench.save("Invoice", body);
    }
}

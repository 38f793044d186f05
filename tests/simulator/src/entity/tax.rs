use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;

use super::sales_line::SalesPosting;
use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::Entry;
use crate::write::Draft;

/// The treatment of a sales line by sales tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taxation {
    Taxed,
    Untaxed,
}

/// Checks the tax code of a sales line and sets a missing one. US companies have the codes `TAX` and `NON`. In other
/// countries each line needs a code of its own.
///
/// With automated sales tax, a line is taxed unless its code is `NON` or its item is not taxable.
pub(super) fn complete_line(draft: &Draft<'_>, detail: &mut Object) -> Result<Taxation, Fault> {
    let settings = &draft.company.settings;
    let is_domestic = settings.country == "US";
    let is_taxable_item = settings.sales_tax.is_some() && is_taxable(draft, detail);
    match json::reference(detail, "TaxCodeRef") {
        None | Some("NON") if !is_domestic => Err(Fault::business(
            "Make sure all your transactions have a GST rate before you save.",
        )),
        Some(code) if is_domestic && !matches!(code, "TAX" | "NON") => Err(Fault::tax_code(code)),
        Some("NON") => Ok(Taxation::Untaxed),
        Some(_) if is_domestic && is_taxable_item => Ok(Taxation::Taxed),
        Some(_) => Ok(Taxation::Untaxed),
        None => {
            let code = if is_taxable_item { "TAX" } else { "NON" };
            json::set(detail, "TaxCodeRef", json!({ "value": code }));
            complete_line(draft, detail)
        }
    }
}

/// Returns whether the item of a line is taxable. QuickBooks takes an item that never said so as taxable.
fn is_taxable(draft: &Draft<'_>, detail: &Object) -> bool {
    json::reference(detail, "ItemRef")
        .and_then(|id| draft.company.records.get(Kind::Item, id))
        .is_some_and(|item| json::flag(item, "Taxable") != Some(false))
}

/// Returns the sales tax of the taxed lines, rounded to cents.
pub(super) fn of_lines(draft: &Draft<'_>, lines: &[SalesPosting]) -> Decimal {
    let rate = draft.company.settings.sales_tax.unwrap_or_default();
    let taxed = lines
        .iter()
        .filter(|line| line.taxation == Taxation::Taxed)
        .map(|line| line.amount)
        .sum::<Decimal>();
    (taxed * rate / Decimal::ONE_HUNDRED)
        .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Returns the entry of sales tax, before the sign of the form.
pub(super) fn entry(draft: &Draft<'_>, tax: Decimal) -> Result<Entry, Fault> {
    let is_payable =
        |account: &Object| json::text(account, "AccountSubType") == Some("SalesTaxPayable");
    let account = draft
        .company
        .default_account(is_payable)
        .ok_or_else(|| Fault::business("The company has no account for sales tax."))?;
    Ok(Entry {
        account,
        amount: -tax,
        ..Entry::default()
    })
}

#[cfg(test)]
mod tests {
    use crate::Company;
    use crate::test_company::{TestCompany, line};
    use rust_decimal::Decimal;
    use serde_json::{Value, json};

    fn invoice_with_tax_code(company: &mut TestCompany, code: &str) -> Value {
        let (customer, item) = (company.customer("Turner Bay"), company.work_item());
        let mut body = json!({"CustomerRef": {"value": customer}, "Line": [line(&item, 100)]});
        body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({ "value": code });
        body
    }

    fn taxed_company() -> TestCompany {
        TestCompany::with(Company::new("X").sales_tax(Decimal::new(825, 2)))
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
    fn other_countries_need_a_tax_code() {
        let mut company = TestCompany::with(Company::new("X").country("CA"));
        let mut body = invoice_with_tax_code(&mut company, "7");
        company.save("Invoice", body.clone());
        body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = Value::Null;
        assert_eq!(company.refusal_code("Invoice", body.clone()), "6000");
        body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({"value": "NON"});
        assert_eq!(company.refusal_code("Invoice", body), "6000");
    }

    #[test]
    fn line_without_code_is_taxed() {
        let mut company = taxed_company();
        let (_, invoice) = company.invoice("Turner Bay", 43_650_00);
        let body = company.get("Invoice", &invoice);
        assert_eq!(body["TotalAmt"].to_string(), "47251.13");
        assert_eq!(body["Balance"].to_string(), "47251.13");
        assert_eq!(body["TxnTaxDetail"]["TotalTax"].to_string(), "3601.13");
        let tax = company.balance("Sales Tax Payable");
        assert_eq!(tax, Decimal::new(-3_601_13, 2));
    }

    #[test]
    fn untaxed_code_or_item_adds_no_tax() {
        let mut company = taxed_company();
        let mut body = invoice_with_tax_code(&mut company, "NON");
        let invoice = company.save("Invoice", body.clone());
        assert_eq!(
            company.get("Invoice", &invoice)["TotalAmt"].to_string(),
            "1.00"
        );
        let item = company.work_item();
        let untaxed = json!({"Id": item, "SyncToken": "0", "sparse": true, "Taxable": false});
        company.save("Item", untaxed);
        body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({"value": "TAX"});
        let invoice = company.save("Invoice", body);
        assert_eq!(
            company.get("Invoice", &invoice)["TotalAmt"].to_string(),
            "1.00"
        );
    }

    #[test]
    fn update_without_code_is_taxed() {
        let mut company = TestCompany::new();
        let (_, invoice) = company.invoice("Turner Bay", 43_650_00);
        company.state.settings.sales_tax = Some(Decimal::new(825, 2));
        company.save(
            "Account",
            json!({"Name": "Sales Tax Payable", "AccountType": "Other Current Liability", "AccountSubType": "SalesTaxPayable"}),
        );
        let item = company.work_item();
        let update = json!({"Id": invoice, "SyncToken": "0", "sparse": true, "Line": [line(&item, 44_550_00)]});
        company.save("Invoice", update);
        let body = company.get("Invoice", &invoice);
        assert_eq!(body["TotalAmt"].to_string(), "48225.38");
        company.void("Invoice", &invoice).unwrap();
        assert_eq!(company.state.ledger.lines().count(), 0);
    }
}

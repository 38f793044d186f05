use super::list;
use crate::fault::Fault;
use crate::json;
use crate::kind::Kind;
use crate::schema::{Field, Shape, bool, reference, text};
use crate::write::{Draft, Posting};

pub(super) const FIELDS: &[Field] = &[
    text("Name", 100).queryable(),
    text("Sku", 100).queryable(),
    text("Description", 4000),
    text("PurchaseDesc", 1000),
    bool("Active").queryable(),
    bool("Taxable"),
    bool("SubItem"),
    bool("TrackQtyOnHand"),
    Field::new(
        "Type",
        Shape::OneOf(&["Service", "NonInventory", "Inventory", "Category", "Group"]),
    )
    .queryable(),
    Field::new("UnitPrice", Shape::Number).queryable(),
    Field::new("PurchaseCost", Shape::Number),
    reference("ParentRef", Kind::Item),
    reference("IncomeAccountRef", Kind::Account),
    reference("ExpenseAccountRef", Kind::Account),
    Field::output("FullyQualifiedName", Shape::Text(0)).queryable(),
    Field::output("Level", Shape::Number),
];

pub(super) fn complete(draft: &mut Draft<'_>) -> Result<Posting, Fault> {
    let body = &mut draft.body;
    json::set_default(body, "Type", "Service");
    match json::text(body, "Type") {
        Some("Service" | "NonInventory") => income_account(draft)?,
        Some("Category") => {}
        other => {
            let kind = other.unwrap_or_default().to_owned();
            return Err(Fault::feature(&format!(
                "items of type {kind} are not simulated"
            )));
        }
    }
    list::complete(draft)?;
    let body = &mut draft.body;
    json::set_default(body, "Taxable", false);
    json::set_default(body, "UnitPrice", 0);
    json::set_default(body, "TrackQtyOnHand", false);
    Ok(Posting::default())
}

/// What is sold must post somewhere. Income and, as construction needs it, other current assets are fine; receivables
/// and payables are not.
fn income_account(draft: &Draft<'_>) -> Result<(), Fault> {
    let account = json::reference(&draft.body, "IncomeAccountRef")
        .ok_or_else(|| Fault::required("IncomeAccountRef"))?;
    match draft.company.account_type(account) {
        Some(kind @ ("Accounts Receivable" | "Accounts Payable" | "Non-Posting")) => Err(
            Fault::account_type(&format!("An item cannot post to an account of type {kind}")),
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use serde_json::json;

    #[test]
    fn service_items_post_to_income_or_to_retainage_but_not_to_receivables() {
        let mut company = TestCompany::new();
        company.item("Work", "Contract Revenue");
        company.item("Retainage", "Retainage Receivable");
        for account in ["Accounts Receivable (A/R)", "Accounts Payable (A/P)"] {
            let account = company.account(account);
            let body = json!({"Name": "Odd", "IncomeAccountRef": {"value": account}});
            assert_eq!(company.refusal_code("Item", body), "6430");
        }
    }

    #[test]
    fn an_item_needs_a_name_of_its_own_and_an_account() {
        let mut company = TestCompany::new();
        company.item("Work", "Contract Revenue");
        let account = json!({"value": company.account("Contract Revenue")});
        let body = json!({"Name": "work", "IncomeAccountRef": account});
        assert_eq!(company.refusal_code("Item", body), "6240");
        assert_eq!(
            company.refusal_code("Item", json!({"Name": "Other"})),
            "2020"
        );
        let unknown = json!({"Name": "Other", "IncomeAccountRef": {"value": "999"}});
        assert_eq!(company.refusal_code("Item", unknown), "2500");
        company.customer("Work");
    }

    #[test]
    fn categories_post_nothing_and_stock_is_not_simulated() {
        let mut company = TestCompany::new();
        company.save("Item", json!({"Name": "Labour", "Type": "Category"}));
        let stock = json!({"Name": "Cable", "Type": "Inventory"});
        assert_eq!(company.refusal_code("Item", stock), "5030");
    }
}

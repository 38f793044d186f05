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
        Some("Service" | "NonInventory") => check_income_account(draft)?,
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
    json::set_default(body, "UnitPrice", 0);
    json::set_default(body, "TrackQtyOnHand", false);
    Ok(Posting::default())
}

/// Checks that an item has an account to post to. Receivable and payable accounts are refused.
///
/// An item for retainage posts to another current asset.
fn check_income_account(draft: &Draft<'_>) -> Result<(), Fault> {
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
    fn item_with_receivable_or_payable_account_is_refused() {
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
    fn item_needs_unique_name_and_account() {
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
    fn category_needs_no_account_and_inventory_is_refused() {
        let mut company = TestCompany::new();
        company.save("Item", json!({"Name": "Labour", "Type": "Category"}));
        let stock = json!({"Name": "Cable", "Type": "Inventory"});
        assert_eq!(company.refusal_code("Item", stock), "5030");
    }
}

use rust_decimal::Decimal;

use super::contact::{ADDRESS, EMAIL, PHONE};
use super::{currency, list};
use crate::fault::Fault;
use crate::kind::Kind;
use crate::schema::{Field, Shape, bool, reference, text};
use crate::write::{Draft, Posting};
use crate::{json, money};

pub(super) const FIELDS: &[Field] = &[
    text("DisplayName", 500).queryable(),
    text("Title", 16),
    text("GivenName", 100).queryable(),
    text("MiddleName", 100).queryable(),
    text("FamilyName", 100).queryable(),
    text("Suffix", 16),
    text("CompanyName", 100).queryable(),
    text("PrintOnCheckName", 110).queryable(),
    bool("Active").queryable(),
    Field::new("PrimaryEmailAddr", Shape::Object(EMAIL)).queryable(),
    Field::new("PrimaryPhone", Shape::Object(PHONE)),
    Field::new("AlternatePhone", Shape::Object(PHONE)),
    Field::new("Mobile", Shape::Object(PHONE)),
    Field::new("Fax", Shape::Object(PHONE)),
    Field::new("WebAddr", Shape::Object(&[text("URI", 1000)])),
    Field::new("BillAddr", Shape::Object(ADDRESS)),
    Field::new("ShipAddr", Shape::Object(ADDRESS)),
    text("Notes", 2000),
    bool("Job").queryable(),
    bool("BillWithParent"),
    reference("ParentRef", Kind::Customer),
    bool("Taxable"),
    text("ResaleNum", 16),
    Field::new("CurrencyRef", Shape::Code),
    reference("SalesTermRef", Kind::Term),
    reference("PaymentMethodRef", Kind::PaymentMethod),
    Field::new(
        "PreferredDeliveryMethod",
        Shape::OneOf(&["Print", "Email", "None"]),
    ),
    Field::output("Balance", Shape::Amount).queryable(),
    Field::output("BalanceWithJobs", Shape::Amount),
    Field::output("FullyQualifiedName", Shape::Text(0)).queryable(),
    Field::output("Level", Shape::Number),
    Field::output("IsProject", Shape::Bool),
    Field::output("V4IDPseudonym", Shape::Anything),
    Field::output("ClientEntityId", Shape::Anything),
];

pub(super) fn complete(draft: &mut Draft<'_>) -> Result<Posting, Fault> {
    set_display_name(draft)?;
    let job = json::flag(&draft.body, "Job") == Some(true);
    let parent = json::reference(&draft.body, "ParentRef").is_some();
    if job != parent {
        return Err(Fault::parent_needed());
    }
    check_billing(draft)?;
    let active = json::flag(&draft.body, "Active") != Some(false);
    if !active && !money::field(&draft.body, "Balance").is_zero() {
        return Err(Fault::open_balance());
    }
    currency::set_for_customer(draft)?;
    list::complete(draft)?;
    let levels =
        json::text(&draft.body, "FullyQualifiedName").map_or(0, |name| name.matches(':').count());
    let body = &mut draft.body;
    if levels > 0 {
        json::set(body, "Level", levels);
    }
    for (field, value) in [
        ("IsProject", false),
        ("Job", false),
        ("Taxable", true),
        ("BillWithParent", false),
    ] {
        json::set_default(body, field, value);
    }
    json::set_default(body, "PreferredDeliveryMethod", "Print");
    for field in ["Balance", "BalanceWithJobs"] {
        json::set_default(body, field, money::json(Decimal::ZERO));
    }
    let name = json::text(body, "DisplayName").unwrap_or_default();
    let name: String = name.chars().take(110).collect();
    json::set_default(body, "PrintOnCheckName", name);
    Ok(Posting::default())
}

/// Refuses another answer to *Bill parent customer* once the customer has transactions.
fn check_billing(draft: &Draft<'_>) -> Result<(), Fault> {
    let bills_parent = |body: &json::Object| json::flag(body, "BillWithParent") == Some(true);
    let is_changed = draft
        .before
        .is_some_and(|before| bills_parent(before) != bills_parent(&draft.body));
    if is_changed && draft.company.ledger.has_customer(&draft.id) {
        return Err(Fault::hierarchy());
    }
    Ok(())
}

/// Makes a missing display name from the parts of the person's name, as QuickBooks does.
fn set_display_name(draft: &mut Draft<'_>) -> Result<(), Fault> {
    if json::text(&draft.body, "DisplayName").is_some_and(|name| !name.trim().is_empty()) {
        return Ok(());
    }
    let parts: Vec<&str> = ["Title", "GivenName", "MiddleName", "FamilyName", "Suffix"]
        .iter()
        .filter_map(|part| json::text(&draft.body, part))
        .filter(|part| !part.trim().is_empty())
        .collect();
    if parts.is_empty() {
        return Err(Fault::name_needed());
    }
    let name = parts.join(" ");
    json::set(&mut draft.body, "DisplayName", name);
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use serde_json::json;

    #[test]
    fn missing_display_name_joins_the_name_parts() {
        let mut company = TestCompany::new();
        let id = company.save(
            "Customer",
            json!({"GivenName": "Ada", "FamilyName": "Turner"}),
        );
        assert_eq!(company.get("Customer", &id)["DisplayName"], "Ada Turner");
        assert_eq!(
            company.refusal_code("Customer", json!({"Notes": "x"})),
            "6080"
        );
        assert_eq!(
            company.refusal_code("Customer", json!({"DisplayName": " "})),
            "6080"
        );
    }

    #[test]
    fn job_flag_and_parent_go_together() {
        let mut company = TestCompany::new();
        let parent = company.customer("Turner Bay");
        let orphan = json!({"DisplayName": "J", "Job": true});
        assert_eq!(company.refusal_code("Customer", orphan), "6150");
        let odd = json!({"DisplayName": "J", "ParentRef": {"value": parent}});
        assert_eq!(company.refusal_code("Customer", odd), "6150");
        let unknown = json!({"DisplayName": "J", "Job": true, "ParentRef": {"value": "999"}});
        assert_eq!(company.refusal_code("Customer", unknown), "2500");
    }

    #[test]
    fn billing_of_parent_is_fixed_by_first_invoice() {
        let mut company = TestCompany::new();
        let top = company.customer("Turner Bay");
        let job = json!({"DisplayName": "Tower", "Job": true, "ParentRef": {"value": top}, "BillWithParent": true});
        let job = company.save("Customer", job);
        let change = |token: &str, on: bool| json!({"Id": job, "SyncToken": token, "sparse": true, "BillWithParent": on});
        company.save("Customer", change("0", false));
        company.sale("Invoice", &job, 10_00);
        let token = company.get("Customer", &job)["SyncToken"].clone();
        let token = token.as_str().unwrap();
        assert_eq!(
            company.refusal_code("Customer", change(token, true)),
            "6130"
        );
    }

    #[test]
    fn customer_with_a_balance_stays_active() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let rest = json!({"Id": customer, "SyncToken": "0", "sparse": true, "Active": false});
        assert_eq!(company.refusal_code("Customer", rest.clone()), "6220");
        company.delete("Invoice", &invoice).unwrap();
        company.save("Customer", rest);
    }

    #[test]
    fn balance_with_jobs_includes_jobs_below() {
        let mut company = TestCompany::new();
        let top = company.customer("Turner Bay");
        let job = company.save(
            "Customer",
            json!({"DisplayName": "Tower", "Job": true, "ParentRef": {"value": top}}),
        );
        company.sale("Invoice", &job, 75_00);
        company.sale("Invoice", &top, 25_00);
        let balance = |id: &str, field: &str| company.get("Customer", id)[field].to_string();
        assert_eq!(balance(&job, "Balance"), "75.00");
        assert_eq!(balance(&top, "Balance"), "25.00");
        assert_eq!(balance(&top, "BalanceWithJobs"), "100.00");
        assert_eq!(company.get("Customer", &job)["Level"], 1);
    }

    #[test]
    fn long_names_and_titles_are_refused() {
        let mut company = TestCompany::new();
        company.customer(&"é".repeat(500));
        for (field, longest) in [("DisplayName", 500), ("Title", 16), ("CompanyName", 100)] {
            let body = json!({"GivenName": "A", field: "x".repeat(longest + 1)});
            assert_eq!(company.refusal_code("Customer", body), "2050", "{field}");
        }
    }
}

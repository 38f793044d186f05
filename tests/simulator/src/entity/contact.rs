use super::list;
use crate::fault::Fault;
use crate::schema::{Field, Shape, bool, text};
use crate::write::{Draft, Posting};

pub(super) const EMAIL: &[Field] = &[Field::new("Address", Shape::Email(100)).queryable()];
pub(super) const PHONE: &[Field] = &[text("FreeFormNumber", 30)];
pub(super) const ADDRESS: &[Field] = &[
    text("Id", 30),
    text("Line1", 500),
    text("Line2", 500),
    text("Line3", 500),
    text("Line4", 500),
    text("Line5", 500),
    text("City", 255),
    text("Country", 255),
    text("CountryCode", 30),
    text("CountrySubDivisionCode", 255),
    text("PostalCode", 30),
    text("Note", 1000),
    Field::output("Lat", Shape::Anything),
    Field::output("Long", Shape::Anything),
];

/// The fields of vendors and employees. They share one set of display names with customers.
pub(super) const FIELDS: &[Field] = &[
    text("DisplayName", 500).queryable(),
    text("GivenName", 100).queryable(),
    text("FamilyName", 100).queryable(),
    text("CompanyName", 100).queryable(),
    text("PrintOnCheckName", 110),
    bool("Active").queryable(),
    Field::new("PrimaryEmailAddr", Shape::Object(EMAIL)).queryable(),
    Field::new("PrimaryPhone", Shape::Object(PHONE)),
    Field::new("BillAddr", Shape::Object(ADDRESS)),
];

pub(super) fn complete(draft: &mut Draft<'_>) -> Result<Posting, Fault> {
    list::complete(draft)?;
    Ok(Posting::default())
}

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use serde_json::json;

    #[test]
    fn contact_needs_name_and_valid_addresses() {
        let mut company = TestCompany::new();
        assert_eq!(company.refusal_code("Vendor", json!({})), "2020");
        let bad = json!({"DisplayName": "V", "PrimaryEmailAddr": {"Address": "nobody"}});
        assert_eq!(company.refusal_code("Vendor", bad), "2210");
        let long = json!({"DisplayName": "V", "PrimaryPhone": {"FreeFormNumber": "0".repeat(31)}});
        assert_eq!(company.refusal_code("Vendor", long), "2050");
    }
}

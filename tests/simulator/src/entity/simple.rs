use super::list;
use crate::fault::Fault;
use crate::schema::{Field, Shape, bool, text};
use crate::write::{Draft, Posting};

/// The fields of payment terms and payment methods. `DueDays` counts the days until a sale is due.
pub(super) const FIELDS: &[Field] = &[
    text("Name", 31).queryable(),
    bool("Active").queryable(),
    text("Type", 20),
    Field::new("DueDays", Shape::Number),
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
    fn term_needs_a_unique_name() {
        let mut company = TestCompany::new();
        assert_eq!(
            company.refusal_code("Term", json!({"Name": "net 30"})),
            "6240"
        );
        assert_eq!(company.refusal_code("Term", json!({"DueDays": 30})), "2020");
        company.save("Term", json!({"Name": "Net 45", "DueDays": 45}));
    }
}

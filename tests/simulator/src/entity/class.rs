use super::list;
use crate::company::ClassTracking;
use crate::fault::Fault;
use crate::json;
use crate::kind::Kind;
use crate::schema::{Field, Shape, bool, reference, text};
use crate::write::{Draft, Posting};

pub(super) const FIELDS: &[Field] = &[
    text("Name", 100).queryable(),
    bool("Active").queryable(),
    bool("SubClass"),
    reference("ParentRef", Kind::Class),
    Field::output("FullyQualifiedName", Shape::Text(0)).queryable(),
];

pub(super) fn complete(draft: &mut Draft<'_>) -> Result<Posting, Fault> {
    if draft.before.is_none() {
        check_limit(draft)?;
    }
    list::complete(draft)?;
    let sub = json::reference(&draft.body, "ParentRef").is_some();
    json::set(&mut draft.body, "SubClass", sub);
    Ok(Posting::default())
}

/// Checks that the edition has classes, that the company tracks them, and that the limit allows one more.
fn check_limit(draft: &Draft<'_>) -> Result<(), Fault> {
    let settings = &draft.company.settings;
    let Some(limit) = settings.edition.class_limit() else {
        return check_tracking(settings.class_tracking);
    };
    if limit == 0 {
        return Err(Fault::feature(&format!(
            "{} has no classes",
            settings.edition.sku()
        )));
    }
    check_tracking(settings.class_tracking)?;
    if draft.company.records.objects(Kind::Class).count() >= limit {
        return Err(Fault::business(&format!(
            "You've reached the limit of {limit} classes and locations."
        )));
    }
    Ok(())
}

fn check_tracking(tracking: ClassTracking) -> Result<(), Fault> {
    match tracking {
        ClassTracking::Off => Err(Fault::permission("Class tracking is turned off")),
        ClassTracking::PerTransaction | ClassTracking::PerLine => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use crate::{ClassTracking, Company, Edition};
    use serde_json::json;

    fn company_with_classes(edition: Edition) -> TestCompany {
        let settings = Company::new("Harbor")
            .edition(edition)
            .class_tracking(ClassTracking::PerLine);
        TestCompany::with(settings)
    }

    #[test]
    fn class_ids_have_nineteen_digits() {
        let mut company = company_with_classes(Edition::Plus);
        let id = company.save("Class", json!({"Name": "1042 Harbor Point Tower"}));
        assert_eq!(id.len(), 19);
    }

    #[test]
    fn class_name_is_unique_under_its_parent() {
        let mut company = company_with_classes(Edition::Plus);
        let one = company.save("Class", json!({"Name": "North"}));
        let two = company.save("Class", json!({"Name": "South"}));
        let body = |parent: &str| json!({"Name": "Phase 1", "ParentRef": {"value": parent}});
        let child = company.save("Class", body(&one));
        company.save("Class", body(&two));
        assert_eq!(company.refusal_code("Class", body(&one)), "6240");
        assert_eq!(
            company.refusal_code("Class", json!({"Name": "NORTH"})),
            "6240"
        );
        let child = company.get("Class", &child);
        assert_eq!(child["FullyQualifiedName"], "North:Phase 1");
        assert_eq!(child["SubClass"], true);
    }

    #[test]
    fn class_needs_edition_and_tracking() {
        let body = json!({"Name": "1042"});
        let small = company_with_classes(Edition::Essentials).refusal_code("Class", body.clone());
        assert_eq!(small, "5030");
        assert_eq!(TestCompany::new().refusal_code("Class", body), "5020");
    }

    #[test]
    fn plus_allows_forty_classes() {
        let fill = |company: &mut TestCompany| {
            for number in 0..40 {
                company.save("Class", json!({"Name": number.to_string()}));
            }
        };
        let mut plus = company_with_classes(Edition::Plus);
        fill(&mut plus);
        assert_eq!(
            plus.refusal_code("Class", json!({"Name": "one more"})),
            "6000"
        );
        let mut advanced = company_with_classes(Edition::Advanced);
        fill(&mut advanced);
        advanced.save("Class", json!({"Name": "one more"}));
    }
}

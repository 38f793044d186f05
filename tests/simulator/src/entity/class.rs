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
        room(draft)?;
    }
    list::complete(draft)?;
    let sub = json::reference(&draft.body, "ParentRef").is_some();
    json::set(&mut draft.body, "SubClass", sub);
    Ok(Posting::default())
}

/// Whether the edition has classes at all, the company uses them, and one more fits.
fn room(draft: &Draft<'_>) -> Result<(), Fault> {
    let company = &draft.company.settings;
    let Some(most) = company.edition.class_limit() else {
        return tracking(company.class_tracking);
    };
    if most == 0 {
        return Err(Fault::feature(&format!(
            "{} has no classes",
            company.edition.sku()
        )));
    }
    tracking(company.class_tracking)?;
    if draft.company.records.objects(Kind::Class).count() >= most {
        return Err(Fault::business(&format!(
            "You've reached the limit of {most} classes and locations."
        )));
    }
    Ok(())
}

fn tracking(tracking: ClassTracking) -> Result<(), Fault> {
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

    fn tracking(edition: Edition) -> TestCompany {
        let company = Company::new("Harbor")
            .edition(edition)
            .class_tracking(ClassTracking::PerLine);
        TestCompany::with(company)
    }

    #[test]
    fn class_ids_have_nineteen_digits() {
        let mut company = tracking(Edition::Plus);
        let id = company.save("Class", json!({"Name": "1042 Harbor Point Tower"}));
        assert_eq!(id.len(), 19);
    }

    #[test]
    fn names_are_unique_under_one_parent_only() {
        let mut company = tracking(Edition::Plus);
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
    fn classes_need_the_edition_and_the_setting() {
        let body = json!({"Name": "1042"});
        let small = tracking(Edition::Essentials).refusal_code("Class", body.clone());
        assert_eq!(small, "5030");
        assert_eq!(TestCompany::new().refusal_code("Class", body), "5020");
    }

    #[test]
    fn plus_has_room_for_forty() {
        let fill = |company: &mut TestCompany| {
            for number in 0..40 {
                company.save("Class", json!({"Name": number.to_string()}));
            }
        };
        let mut plus = tracking(Edition::Plus);
        fill(&mut plus);
        assert_eq!(
            plus.refusal_code("Class", json!({"Name": "one more"})),
            "6000"
        );
        let mut advanced = tracking(Edition::Advanced);
        fill(&mut advanced);
        advanced.save("Class", json!({"Name": "one more"}));
    }
}

use crate::company::ClassTracking;
use crate::fault::Fault;
use crate::json::Object;
use crate::write::Draft;

/// The place of a `ClassRef`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Transaction,
    SalesLine,
    /// A journal entry has classes on its lines, however the company tracks classes on sales forms.
    JournalLine,
}

/// Refuses a class where the company tracks none. Intuit's texts do not say whether the class is refused or ignored,
/// so a switch decides.
pub(super) fn check(draft: &Draft<'_>, place: Place, holder: &mut Object) -> Result<(), Fault> {
    if holder
        .get("ClassRef")
        .is_none_or(serde_json::Value::is_null)
    {
        return Ok(());
    }
    let tracking = draft.company.settings.class_tracking;
    if is_tracked(tracking, place) {
        return Ok(());
    }
    if !draft.context.switches.should_refuse_untracked_class {
        holder.remove("ClassRef");
        return Ok(());
    }
    Err(match tracking {
        ClassTracking::Off => Fault::permission("Class tracking is turned off"),
        ClassTracking::PerTransaction => {
            Fault::business("Classes are tracked once for each transaction, not for each line.")
        }
        ClassTracking::PerLine => {
            Fault::business("Classes are tracked for each line, not once for the transaction.")
        }
    })
}

fn is_tracked(tracking: ClassTracking, place: Place) -> bool {
    match tracking {
        ClassTracking::Off => false,
        ClassTracking::PerTransaction => place != Place::SalesLine,
        ClassTracking::PerLine => place != Place::Transaction,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Company;
    use crate::test_company::{TestCompany, line};
    use serde_json::{Value, json};

    #[test]
    fn class_places_follow_the_tracking() {
        for (tracking, expected) in [
            (ClassTracking::Off, [false, false, false]),
            (ClassTracking::PerTransaction, [true, false, true]),
            (ClassTracking::PerLine, [false, true, true]),
        ] {
            let places = [Place::Transaction, Place::SalesLine, Place::JournalLine];
            assert_eq!(places.map(|place| is_tracked(tracking, place)), expected);
        }
    }

    /// Returns an invoice with a class on the transaction and one with a class on the line.
    fn invoices(company: &mut TestCompany) -> [Value; 2] {
        let tracking = company.state.settings.class_tracking;
        company.state.settings.class_tracking = ClassTracking::PerLine;
        let class = json!({"value": company.save("Class", json!({"Name": "1042"}))});
        company.state.settings.class_tracking = tracking;
        let (customer, item) = (company.customer("Turner Bay"), company.work_item());
        let plain = json!({"CustomerRef": {"value": customer}, "Line": [line(&item, 100)]});
        let (mut by_transaction, mut by_line) = (plain.clone(), plain);
        by_transaction["ClassRef"] = class.clone();
        by_line["Line"][0]["SalesItemLineDetail"]["ClassRef"] = class;
        [by_transaction, by_line]
    }

    #[test]
    fn class_in_an_untracked_place_is_refused() {
        for (tracking, expected) in [
            (ClassTracking::Off, ["5020", "5020"]),
            (ClassTracking::PerTransaction, ["fine", "6000"]),
            (ClassTracking::PerLine, ["6000", "fine"]),
        ] {
            let mut company = TestCompany::with(Company::new("X").class_tracking(tracking));
            let outcomes = invoices(&mut company).map(|body| {
                let outcome = company.try_write("Invoice", crate::write::Verb::Save, body);
                outcome.map_or_else(|code| code, |_| "fine".to_owned())
            });
            assert_eq!(outcomes, expected, "{tracking:?}");
        }
    }

    #[test]
    fn untracked_class_is_ignored_by_switch() {
        let mut company = TestCompany::new();
        company.switches.should_refuse_untracked_class = false;
        let [by_transaction, _] = invoices(&mut company);
        let id = company.save("Invoice", by_transaction);
        assert_eq!(company.get("Invoice", &id).get("ClassRef"), None);
    }
}

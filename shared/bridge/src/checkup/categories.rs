//! Checks of classes and locations.

use super::finding::Finding;
use super::input::CheckInput;
use super::places;
use mapping::{ClassMode, ClassUse, CompanyPreferences};

/// The editions without classes, as `OfferingSku` names them.
const WITHOUT_CLASSES: [&str; 2] = ["Simple Start", "Essentials"];

/// Checks that the setting of classes fits the company.
pub(super) fn classes(input: &CheckInput) -> Finding {
    let Some(preferences) = input.preferences() else {
        return Finding::unread("whether it tracks classes");
    };
    let tracked = CompanyPreferences::from(preferences).classes;
    let found = match (input.settings.class_tracking.mode, tracked) {
        (ClassMode::Off, ClassUse::None) => Finding::pass(
            "Classes are off in QuickBooks and in RIVET.",
            "What RIVET posts has no class.",
        ),
        (ClassMode::Off, ClassUse::PerTransaction | ClassUse::PerLine) => Finding::warn(
            "QuickBooks tracks classes, and RIVET does not use them.",
            "A Profit and Loss by Class shows what RIVET posts as Not specified.",
        )
        .action("In RIVET's settings, let RIVET create a class for each project, or choose the class of each project."),
        (ClassMode::AutoCreate | ClassMode::Manual, ClassUse::None) => return no_classes(input),
        (ClassMode::AutoCreate | ClassMode::Manual, ClassUse::PerTransaction) => Finding::pass(
            "QuickBooks tracks classes, one to entire transaction.",
            "Each invoice of RIVET's has the class of its project, and so has each line of its Journal Entries.",
        ),
        (ClassMode::AutoCreate | ClassMode::Manual, ClassUse::PerLine) => Finding::pass(
            "QuickBooks tracks classes, one to each row in transaction.",
            "Each line that RIVET posts has the class of its project.",
        ),
    };
    found.on(places::ADVANCED)
}

/// Returns the finding of a company without the classes that the settings name.
fn no_classes(input: &CheckInput) -> Finding {
    let detail = "RIVET's settings give each project a class. The class is missing from what RIVET posts until QuickBooks tracks classes.";
    let info = input.company.info.as_ref();
    let sku = info
        .and_then(|info| info.offering_sku())
        .unwrap_or_default();
    if WITHOUT_CLASSES.iter().any(|edition| sku.contains(edition)) {
        let title = format!("RIVET is to use classes, and {} has none.", sku.trim());
        return Finding::fail(title, detail)
            .action("Turn classes off in RIVET's settings. Or change to Plus or Advanced in Account and settings, Billing & subscription.")
            .on(places::BILLING);
    }
    Finding::fail("RIVET is to use classes, and QuickBooks tracks none.", detail)
        .action("In Account and settings, Advanced, Categories, turn on Track classes. Or turn classes off in RIVET's settings.")
        .on(places::ADVANCED)
}

/// Checks that no form of the company needs a location, which RIVET does not know.
pub(super) fn locations(input: &CheckInput) -> Finding {
    let accounting = input.preferences().map(|all| &all.accounting_info_prefs);
    let Some(accounting) = accounting else {
        return Finding::unread("whether it tracks locations");
    };
    let detail = "RIVET's billing has no locations, so RIVET leaves the field Location of each transaction empty.";
    let found = match accounting.track_departments {
        Some(false) => Finding::pass("Locations are off.", detail),
        Some(true) => {
            let word = accounting.department_terminology.as_deref();
            let title = match word.filter(|word| !word.is_empty()) {
                Some(word) => format!("QuickBooks tracks locations, under the label {word}."),
                None => "QuickBooks tracks locations.".to_owned(),
            };
            let detail = format!(
                "{detail} Reports by location show it as Not specified. QuickBooks does not tell an app whether your firm requires a location."
            );
            Finding::warn(title, detail).action(
                "If each transaction must have a location, tell RIVET's support. Else nothing is to do.",
            )
        }
        None => return Finding::unread("whether it tracks locations"),
    };
    found.on(places::ADVANCED)
}

#[cfg(test)]
mod tests {
    use super::super::finding::CheckState::{self, Fail, Pass, Warn};
    use super::super::input::tests::{passing, preferring, unanswered};
    use super::*;

    fn state(mode: ClassMode, tracked: ClassUse) -> CheckState {
        let mut input = preferring(|preferences| {
            let accounting = &mut preferences.accounting_info_prefs;
            accounting.class_tracking_per_txn = tracked == ClassUse::PerTransaction;
            accounting.class_tracking_per_txn_line = tracked == ClassUse::PerLine;
        });
        input.settings.class_tracking.mode = mode;
        classes(&input).state
    }

    #[test]
    fn class_setting_must_fit_the_company() {
        let uses = [ClassUse::None, ClassUse::PerTransaction, ClassUse::PerLine];
        let of = |mode| uses.map(|tracked| state(mode, tracked));
        assert_eq!(of(ClassMode::Off), [Pass, Warn, Warn]);
        assert_eq!(of(ClassMode::AutoCreate), [Fail, Pass, Pass]);
        assert_eq!(of(ClassMode::Manual), [Fail, Pass, Pass]);
    }

    #[test]
    fn edition_without_classes_is_named() {
        let mut input = passing();
        input.settings.class_tracking.mode = ClassMode::AutoCreate;
        let info = input.company.info.as_mut().unwrap();
        for pair in &mut info.name_value {
            if pair.name == "OfferingSku" {
                pair.value = "QuickBooks Online Essentials".into();
            }
        }
        let found = classes(&input);
        assert_eq!(
            found.title,
            "RIVET is to use classes, and QuickBooks Online Essentials has none."
        );
        assert!(found.link.unwrap().ends_with("panel=billing"));
    }

    #[test]
    fn tracked_locations_are_a_warning() {
        let tracked = |on: Option<bool>| {
            preferring(|preferences| {
                let accounting = &mut preferences.accounting_info_prefs;
                accounting.track_departments = on;
                accounting.department_terminology = Some("Division".into());
            })
        };
        assert_eq!(locations(&tracked(Some(false))).state, Pass);
        let found = locations(&tracked(Some(true)));
        assert_eq!(found.state, Warn);
        assert!(found.title.ends_with("under the label Division."));
        assert!(
            locations(&tracked(None))
                .title
                .starts_with("Could not be read")
        );
    }

    #[test]
    fn unanswered_questions_never_pass() {
        for check in [classes, locations] {
            assert_eq!(check(&unanswered()).state, Warn);
        }
    }
}

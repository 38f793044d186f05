//! Checks of the company itself: its country, its currency and its edition.

use super::finding::Finding;
use super::input::CheckInput;
use super::places;
use store::connection::unsupported_country;

/// The currency in which RIVET's firms bill.
const DOLLAR: &str = "USD";

/// The editions that RIVET knows, with the room that each has for classes.
const EDITIONS: [(&str, &str); 4] = [
    ("Simple Start", NO_CLASSES),
    ("Essentials", NO_CLASSES),
    (
        "Plus",
        "It has room for 40 classes and locations together. A class for each project may need the edition Advanced one day.",
    ),
    ("Advanced", "It has room for any number of classes."),
];

const NO_CLASSES: &str = "This edition has no classes. RIVET's settings can let it post to a job (a sub-customer) for each project instead.";

/// Checks that the company is in the United States.
pub(super) fn country(input: &CheckInput) -> Finding {
    let Some(info) = &input.company.info else {
        return Finding::unread("in which country the company is");
    };
    let detail = "RIVET posts to companies in the United States only, because elsewhere each line of an invoice needs a tax code.";
    let country = info.country.as_deref().unwrap_or_default();
    if let Some(country) = unsupported_country(country) {
        let title = format!("The company is not in the United States but in {country}.");
        let detail = format!("{detail} Nothing is posted to this company.");
        return Finding::fail(title, detail)
            .action("Connect a company that is in the United States.")
            .on(places::COMPANY);
    }
    if country.trim().is_empty() {
        return Finding::warn("QuickBooks names no country for the company.", detail)
            .action("In Account and settings, Company, look whether the company address is in the United States.")
            .on(places::COMPANY);
    }
    Finding::pass("The company is in the United States.", detail).on(places::COMPANY)
}

/// Checks that the company keeps its books in dollars alone.
pub(super) fn home_currency(input: &CheckInput) -> Finding {
    let Some(preferences) = input.preferences() else {
        return Finding::unread("which home currency the company has");
    };
    let currency = &preferences.currency_prefs;
    let home = currency.home_currency.as_ref();
    let home = home.map(|home| home.value.as_str()).unwrap_or_default();
    let detail = "RIVET's pay apps are in dollars, and retainage is kept in the home currency.";
    if home.is_empty() {
        return Finding::warn("QuickBooks names no home currency.", detail)
            .action("In Account and settings, Advanced, Currency, look whether the home currency is USD.")
            .on(places::ADVANCED);
    }
    if home != DOLLAR {
        let title = format!("The home currency of the company is {home}.");
        return Finding::fail(title, detail)
            .action(
                "Connect a company whose home currency is USD. QuickBooks cannot change it later.",
            )
            .on(places::ADVANCED);
    }
    if currency.multi_currency_enabled {
        let detail = "In QuickBooks each customer has one currency for good. A document in another currency than its customer's is not posted.";
        let title = "The home currency is USD, and Multicurrency is on.";
        return Finding::warn(title, detail)
            .action("Look whether each customer that RIVET bills has the currency of its contract.")
            .on(places::CUSTOMERS);
    }
    Finding::pass("The company keeps its books in USD.", detail).on(places::ADVANCED)
}

/// Checks that the company has an edition that RIVET knows.
pub(super) fn edition(input: &CheckInput) -> Finding {
    let Some(info) = &input.company.info else {
        return Finding::unread("which edition the company has");
    };
    let known = "RIVET is made for QuickBooks Online Simple Start, Essentials, Plus and Advanced.";
    let look = "In Account and settings, Billing & subscription, look which edition the company has. If documents are refused, tell RIVET's support.";
    let Some(sku) = info.offering_sku().filter(|sku| !sku.trim().is_empty()) else {
        return Finding::warn("QuickBooks does not name the edition.", known)
            .action(look)
            .on(places::BILLING);
    };
    let title = format!("The edition is {}.", sku.trim());
    let edition = EDITIONS.iter().find(|(name, _)| sku.contains(name));
    let Some((_, room)) = edition else {
        return Finding::warn(title, known).action(look).on(places::BILLING);
    };
    Finding::pass(title, *room).on(places::BILLING)
}

#[cfg(test)]
mod tests {
    use super::super::finding::CheckState::{Fail, Pass, Warn};
    use super::super::input::tests::{informed, passing, preferring, unanswered};
    use super::*;
    use quickbooks::Reference;

    #[test]
    fn company_elsewhere_fails() {
        let country_of = |name: Option<&str>| {
            country(&informed(|info| info.country = name.map(str::to_owned))).state
        };
        assert_eq!(country_of(Some("US")), Pass);
        assert_eq!(country_of(Some("USA")), Pass);
        assert_eq!(country_of(Some("CA")), Fail);
        assert_eq!(country_of(None), Warn);
        assert_eq!(country_of(Some(" ")), Warn);
        let found = country(&informed(|info| info.country = Some("Canada".into())));
        assert_eq!(
            found.title,
            "The company is not in the United States but in Canada."
        );
    }

    #[test]
    fn other_home_currency_fails() {
        let in_currency = |home: Option<&str>, multi: bool| {
            let input = preferring(|preferences| {
                preferences.currency_prefs.home_currency = home.map(Reference::to);
                preferences.currency_prefs.multi_currency_enabled = multi;
            });
            home_currency(&input).state
        };
        assert_eq!(in_currency(Some("USD"), false), Pass);
        assert_eq!(in_currency(Some("USD"), true), Warn);
        assert_eq!(in_currency(Some("CAD"), false), Fail);
        assert_eq!(in_currency(Some("CAD"), true), Fail);
        assert_eq!(in_currency(None, false), Warn);
    }

    #[test]
    fn unknown_edition_is_a_warning() {
        let named = |sku: &str| {
            let input = informed(|info| {
                for pair in &mut info.name_value {
                    if pair.name == "OfferingSku" {
                        sku.clone_into(&mut pair.value);
                    }
                }
            });
            edition(&input)
        };
        assert_eq!(named("QuickBooks Online Simple Start").state, Pass);
        assert_eq!(named("QuickBooks Online Advanced").state, Pass);
        assert_eq!(named("QuickBooks Ledger").state, Warn);
        assert_eq!(named("").state, Warn);
        assert!(
            named("QuickBooks Online Plus")
                .detail
                .contains("40 classes")
        );
    }

    #[test]
    fn unanswered_questions_never_pass() {
        for check in [country, home_currency, edition] {
            assert_eq!(check(&passing()).state, Pass);
            let found = check(&unanswered());
            assert_eq!(found.state, Warn);
            assert!(found.title.starts_with("Could not be read"));
        }
    }
}

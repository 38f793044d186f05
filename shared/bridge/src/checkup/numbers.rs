//! Checks of the numbers of invoices and journal entries.

use super::finding::Finding;
use super::input::CheckInput;
use super::places;
use mapping::money_text;
use store::reason::{FoundTransaction, called};

/// The most transactions that a finding names.
const NAMED: usize = 5;

/// Checks that an invoice keeps the number of its pay app.
pub(super) fn transaction_numbers(input: &CheckInput) -> Finding {
    let Some(preferences) = input.preferences() else {
        return Finding::unread("whether invoices have numbers of their own");
    };
    if preferences.sales_forms_prefs.custom_txn_numbers {
        return Finding::pass(
            "Custom transaction numbers is on.",
            "Each invoice has the number of its pay app, such as 1042-3.",
        )
        .on(places::SALES);
    }
    Finding::warn(
        "Custom transaction numbers is off.",
        "QuickBooks may number invoices by itself. An invoice is then not found by the number of its pay app, only by its memo.",
    )
    .action("In Account and settings, Sales, Sales form content, turn on Custom transaction numbers.")
    .on(places::SALES)
}

/// Checks that QuickBooks warns people who use a number twice.
pub(super) fn duplicate_numbers(input: &CheckInput) -> Finding {
    let warns = input.preferences().and_then(|preferences| {
        preferences
            .other_prefs
            .warns_about_duplicate_journal_numbers()
    });
    let invoices = "For invoice numbers QuickBooks does not tell an app whether it warns. RIVET looks for the numbers itself before the first \
                    pay app of a project.";
    let found = match warns {
        None => return Finding::unread("whether it warns about duplicate numbers"),
        Some(true) => Finding::pass(
            "QuickBooks warns about a journal number that is used twice.",
            format!("A person who enters a Journal Entry is told if RIVET has used its number. {invoices}"),
        ),
        Some(false) => Finding::warn(
            "QuickBooks does not warn about a journal number that is used twice.",
            format!("Two Journal Entries may get the same number, one by RIVET and one by a person. {invoices}"),
        )
        .action("In Account and settings, Advanced, Other preferences, turn on Warn if duplicate journal number is used."),
    };
    found.on(places::ADVANCED)
}

/// Checks that nothing of others bears a number that RIVET would give.
pub(super) fn invoice_numbers(input: &CheckInput) -> Finding {
    let detail = "Before the first pay app of a project RIVET looks whether its numbers are in QuickBooks already, so that none is entered twice.";
    if let Some(finding) = waiting(&input.taken) {
        return finding.on(places::INVOICES);
    }
    let own = input.company.own.as_ref();
    let expected = own.map_or(&[][..], |own| &own.numbers);
    if expected.is_empty() {
        let title = "Nothing of others bears a number that RIVET would give.";
        return Finding::pass(title, detail).on(places::INVOICES);
    }
    let title = match expected {
        [one] => format!("A number that RIVET would give is used already: {one}."),
        several => format!(
            "{} numbers that RIVET would give are used already.",
            several.len()
        ),
    };
    let detail = format!(
        "{detail} It found {}. A pay app with such a number waits until somebody decides about it.",
        listed(expected)
    );
    Finding::warn(title, detail)
        .action("In Sales, Invoices, look whether these are pay apps of RIVET's projects. If not, nothing is to do before such a pay app waits.")
        .on(places::INVOICES)
}

/// Returns the finding of documents that wait, because others bear their numbers.
fn waiting(taken: &[FoundTransaction]) -> Option<Finding> {
    let title = match taken {
        [] => return None,
        [one] => format!("{} bears a number that RIVET would give.", described(one)),
        several => format!(
            "{} transactions bear numbers that RIVET would give.",
            several.len()
        ),
    };
    let named: Vec<String> = taken.iter().map(described).collect();
    let detail = format!(
        "Somebody entered {}. The documents of these numbers wait, because posting them too would enter them twice.",
        listed(&named)
    );
    let action = "Open each waiting document in RIVET and decide: it is that transaction, or RIVET posts it anyway.";
    Some(Finding::warn(title, detail).action(action))
}

/// Returns the first names of a list, and the number of the others.
fn listed(names: &[String]) -> String {
    let mut named = names.to_vec();
    if names.len() > NAMED {
        named.truncate(NAMED);
        named.push(format!("{} more", names.len() - NAMED));
    }
    named.join(", ")
}

/// Returns the words for a transaction.
fn described(found: &FoundTransaction) -> String {
    let amount = money_text(found.amount);
    format!("{} {} over {amount}", called(found.kind), found.number)
}

#[cfg(test)]
mod tests {
    use super::super::finding::CheckState::{Pass, Warn};
    use super::super::input::tests::{passing, preferring, unanswered};
    use super::*;
    use quickbooks::entity::TxnType;

    fn invoice(number: &str) -> FoundTransaction {
        FoundTransaction {
            kind: TxnType::Invoice,
            id: "130".into(),
            number: number.into(),
            date: None,
            amount: 43_650.into(),
        }
    }

    #[test]
    fn automatic_numbers_are_a_warning() {
        let found = |is_on| {
            let input = preferring(|all| all.sales_forms_prefs.custom_txn_numbers = is_on);
            transaction_numbers(&input)
        };
        assert_eq!(found(true).state, Pass);
        assert_eq!(found(false).state, Warn);
        assert!(found(false).link.unwrap().ends_with("panel=sales"));
    }

    #[test]
    fn duplicate_number_warning_must_be_known() {
        let with = |value: Option<&str>| {
            let input = preferring(|all| {
                let pairs = &mut all.other_prefs.name_value;
                match value {
                    Some(value) => value.clone_into(&mut pairs[0].value),
                    None => pairs.clear(),
                }
            });
            duplicate_numbers(&input)
        };
        assert_eq!(with(Some("true")).state, Pass);
        assert_eq!(with(Some("false")).state, Warn);
        assert!(with(None).title.starts_with("Could not be read"));
    }

    #[test]
    fn taken_numbers_are_named() {
        assert_eq!(invoice_numbers(&passing()).state, Pass);
        let mut input = passing();
        input.taken = vec![invoice("1042-1")];
        let found = invoice_numbers(&input);
        assert_eq!(found.state, Warn);
        assert_eq!(
            found.title,
            "Invoice 1042-1 over 43650.00 bears a number that RIVET would give."
        );
        input.taken = (1..=7).map(|number| invoice(&number.to_string())).collect();
        let found = invoice_numbers(&input);
        assert!(found.title.starts_with("7 transactions"));
        assert!(found.detail.contains("Invoice 5 over 43650.00, 2 more."));
    }

    #[test]
    fn numbers_of_looks_are_named() {
        let mut input = passing();
        let own = input.company.own.as_mut().unwrap();
        own.numbers.push("1042-4".into());
        let found = invoice_numbers(&input);
        assert_eq!(found.state, Warn);
        assert_eq!(
            found.title,
            "A number that RIVET would give is used already: 1042-4."
        );
    }

    #[test]
    fn unanswered_questions_never_pass() {
        for check in [transaction_numbers, duplicate_numbers] {
            assert_eq!(check(&unanswered()).state, Warn);
        }
    }
}

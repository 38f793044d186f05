//! Numbers, names and texts, cut to the lengths that QuickBooks accepts.
//!
//! Lengths are counted in UTF-16 units, because QuickBooks is a Java service. A text never has fewer UTF-16 units than characters, so
//! a text that fits here fits by either count. Cuts fall between characters. A label is never a key.

// Top first: a module uses only modules below it.
mod reversal;

pub(crate) use self::reversal::returned_note;
pub use self::reversal::{is_moved_note, returned_payment_number, reversal_numbers};
pub(crate) use self::reversal::{
    moved_note, moved_words, origin_of, reversal_form_number, reversal_number,
};

use billing::{Customer, DocumentRef, Id, PayApp, Project};
use quickbooks::Kind;

use crate::digest;
use crate::posting::Role;
use crate::slot::Slot;

/// Limit of `DocNumber` and `PaymentRefNum`, by Intuit's reference.
pub(crate) const NUMBER_LIMIT: usize = 21;
/// Limit of a line's `Description` and of `PrivateNote`.
pub(crate) const DESCRIPTION_LIMIT: usize = 4000;
/// Limit of `CustomerMemo`.
pub(crate) const MEMO_LIMIT: usize = 1000;
/// Limit of a class's `Name` and a customer's `CompanyName`.
pub(crate) const NAME_LIMIT: usize = 100;
/// Limit of a customer's `DisplayName`.
pub(crate) const DISPLAY_NAME_LIMIT: usize = 500;

/// Returns the number of a pay application's invoice or credit memo: `{project}-{n}`, at most 21 UTF-16 units.
///
/// If the number is too long, the pay application's part stays whole. The project's part becomes its beginning, `~` and a digest of
/// six letters or digits: `2026-SPRIN~k3f9a2-12`.
#[must_use]
pub fn document_number(project_number: &str, pay_app_number: u32) -> String {
    fitted_number(project_number, &format!("-{pay_app_number}"), NUMBER_LIMIT)
}

/// Returns the number of a pay application's retainage entry: the invoice's number with an `R`, shortened by the same rule.
#[must_use]
pub fn journal_number(project_number: &str, pay_app_number: u32) -> String {
    fitted_number(
        project_number,
        &format!("-{pay_app_number}R"),
        NUMBER_LIMIT - REVERSAL_SUFFIX.len(),
    )
}

/// Returns the number of a retainage release: `{project}-REL-` and a digest of six letters or digits of the release's id. RIVET does
/// not number releases.
#[must_use]
pub fn release_number(project_number: &str, release: &Id) -> String {
    fitted_number(
        project_number,
        &format!("-REL-{}", digest::short(release.as_ref())),
        NUMBER_LIMIT - REVERSAL_SUFFIX.len(),
    )
}

/// The suffix of a reversing entry's number. Numbers of entries leave room for it.
const REVERSAL_SUFFIX: &str = "V";

/// Returns a free number for a transaction whose `planned` number another object has: the planned number with the first letter that
/// gives none of the `taken` numbers. Returns `None` if all letters up to `z` are taken.
#[must_use]
pub fn free_number(planned: &str, kind: Kind, taken: &[&str]) -> Option<String> {
    let stem = number_stem(planned, kind);
    let is_free = |number: &String| !taken.iter().any(|other| other.eq_ignore_ascii_case(number));
    ('a'..='z')
        .map(|letter| format!("{stem}{letter}"))
        .find(is_free)
}

/// Returns the beginning of the numbers that [`free_number`] gives: the number itself, or, if another letter would not fit, the number
/// with a shorter project part. The number of a journal entry leaves room for the suffix of its reversal.
#[must_use]
pub fn number_stem(planned: &str, kind: Kind) -> String {
    let whole = utf16_length(planned);
    let room = match kind {
        Kind::JournalEntry => NUMBER_LIMIT - REVERSAL_SUFFIX.len(),
        _ => NUMBER_LIMIT,
    };
    if whole < room {
        return planned.to_owned();
    }
    let split_at = planned.rfind('~').or_else(|| planned.rfind('-'));
    let (project, tail) = planned.split_at(split_at.unwrap_or(planned.len()));
    let excess = whole + 1 - room.max(whole);
    let project = prefix(project, utf16_length(project).saturating_sub(excess));
    [project, tail].concat()
}

/// Returns the name of the service item that posts to an account of this role.
#[must_use]
pub fn item_name(role: Role) -> &'static str {
    match role {
        Role::Revenue => "RIVET Contract Revenue",
        Role::Retainage => "RIVET Retainage",
    }
}

/// Returns the name of the service item if an item of the [usual name](item_name) already posts to another account.
#[must_use]
pub fn item_name_for(role: Role, account: &str) -> String {
    clip(&format!("{} ({account})", item_name(role)), NAME_LIMIT)
}

/// Returns the name of a project's class: the project's number and name. Colons are replaced, because QuickBooks separates sub-classes
/// by colons. A name that is too long ends in a digest of six letters or digits.
#[must_use]
pub fn class_name(project: &Project) -> String {
    let name = list_name(&format!("{} {}", project.number, project.name), &project.id);
    if utf16_length(&name) <= NAME_LIMIT {
        return name;
    }
    let tail = format!("~{}", digest::short(&name));
    format!(
        "{}{tail}",
        prefix(&name, NAME_LIMIT - utf16_length(&tail)).trim_end()
    )
}

/// Returns the display name of a project's job: the name of its class. The parent's name stands before it in QuickBooks.
#[must_use]
pub fn job_name(project: &Project) -> String {
    class_name(project)
}

/// Returns a customer's display name. Colons are replaced, because QuickBooks separates sub-customers by colons.
#[must_use]
pub fn customer_name(customer: &Customer) -> String {
    clip(&list_name(&customer.name, &customer.id), DISPLAY_NAME_LIMIT)
}

/// Returns the memo for the customer: project, pay application and period.
pub(crate) fn memo(pay_app: &PayApp) -> String {
    let PayApp {
        project,
        number,
        period_start,
        period_end,
        ..
    } = pay_app;
    let text = format!(
        "{} {} · Pay app {number} · {period_start} to {period_end}",
        project.number, project.name
    );
    clip(&text, MEMO_LIMIT)
}

/// Returns the origin note, by which people at the firm and RIVET find the document of a transaction. Neither kind nor id has a space,
/// so no note is the end of another note.
pub(crate) fn origin_note(document: &DocumentRef, revision: u32, slot: Slot) -> String {
    let note = format!(
        "RIVET {} {} revision {revision}",
        document.kind, document.id
    );
    match slot {
        Slot::Retainage => format!("{note} retainage"),
        Slot::PaymentOfJob(nth) => format!("{note} job {nth}"),
        _ => note,
    }
}

/// Returns `name` with `suffix`. The name is cut so that both fit a customer's display name.
#[must_use]
pub fn suffixed_name(name: &str, suffix: &str) -> String {
    let room = DISPLAY_NAME_LIMIT.saturating_sub(utf16_length(suffix));
    format!("{}{suffix}", prefix(name, room).trim_end())
}

/// Returns `text`, or its beginning with an ellipsis if the text is longer than `limit`.
pub(crate) fn clip(text: &str, limit: usize) -> String {
    if utf16_length(text) <= limit {
        return text.to_owned();
    }
    format!("{}…", prefix(text, limit - 1).trim_end())
}

/// Returns `project` with `tail`, with a digest in place of the end of `project` if both exceed `limit`.
fn fitted_number(project: &str, tail: &str, limit: usize) -> String {
    let whole = format!("{project}{tail}");
    if utf16_length(&whole) <= limit {
        return whole;
    }
    let tail = format!("~{}{tail}", digest::short(project));
    format!(
        "{}{tail}",
        prefix(project, limit.saturating_sub(utf16_length(&tail)))
    )
}

/// Returns a name for a QuickBooks list, without colons and control characters. In list names a colon separates parent and child.
fn list_name(name: &str, id: &Id) -> String {
    let parts: Vec<_> = name
        .split(':')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let name = parts.join(" - ").replace(char::is_control, " ");
    if name.is_empty() {
        id.to_string()
    } else {
        name
    }
}

/// Returns the longest beginning of `text` within `limit`.
fn prefix(text: &str, limit: usize) -> &str {
    let mut used = 0;
    let is_past_limit = |c: char| {
        used += c.len_utf16();
        used > limit
    };
    text.find(is_past_limit).map_or(text, |end| &text[..end])
}

/// Returns the number of UTF-16 units.
fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn project(number: &str, name: &str) -> Project {
        Project {
            number: number.into(),
            name: name.into(),
            ..samples::project()
        }
    }

    fn customer(name: &str) -> Customer {
        Customer {
            name: name.into(),
            ..samples::customer()
        }
    }

    #[test]
    fn short_number_is_project_and_pay_app() {
        assert_eq!(document_number("1042", 1), "1042-1");
        assert_eq!(journal_number("1042", 1), "1042-1R");
        assert_eq!(reversal_number("1042-1R"), "1042-1RV");
        assert_eq!(
            document_number("2026-EASTSIDE-HOS", 123),
            "2026-EASTSIDE-HOS-123"
        );
    }

    #[test]
    fn shortened_numbers_are_stable() {
        let long = "2026-EASTSIDE-HOSPITAL";
        let numbers = [
            document_number(long, 3),
            document_number(long, u32::MAX),
            journal_number(long, 3),
            journal_number(long, u32::MAX),
            release_number(long, &"rel_1".parse().unwrap()),
            release_number("1042", &"rel_1".parse().unwrap()),
        ];
        insta::assert_debug_snapshot!(numbers, @r#"
        [
            "2026-EASTSID~qjcree-3",
            "202~qjcree-4294967295",
            "2026-EASTS~qjcree-3R",
            "2~qjcree-4294967295R",
            "20~qjcree-REL-qzbr7h",
            "1042-REL-qzbr7h",
        ]
        "#);
    }

    #[test]
    fn long_projects_with_equal_beginnings_differ() {
        assert_ne!(
            document_number("2026-EASTSIDE-HOSPITAL-A", 3),
            document_number("2026-EASTSIDE-HOSPITAL-B", 3)
        );
    }

    #[test]
    fn number_is_cut_between_characters() {
        let number = document_number("🏗🏗🏗🏗🏗🏗🏗🏗🏗🏗🏗🏗", 7);
        assert!(
            number.starts_with("🏗🏗🏗🏗🏗🏗~") && number.ends_with("-7"),
            "{number}"
        );
        assert_eq!(utf16_length(&number), 21);
    }

    #[test]
    fn reversal_of_the_longest_number_fits() {
        for number in [
            journal_number(&"X".repeat(100), u32::MAX),
            release_number(&"X".repeat(100), &"r".parse().unwrap()),
        ] {
            assert!(
                utf16_length(&reversal_number(&number)) <= NUMBER_LIMIT,
                "{number}"
            );
        }
    }

    #[test]
    fn taken_number_gets_the_first_free_letter() {
        let next = |taken: &[&str]| free_number("1042-1", Kind::Invoice, taken);
        assert_eq!(next(&["1042-1", "1042-10"]).as_deref(), Some("1042-1a"));
        assert_eq!(next(&["1042-1A", "1042-1c"]).as_deref(), Some("1042-1b"));
        let all: Vec<_> = ('a'..='z')
            .map(|letter| format!("1042-1{letter}"))
            .collect();
        assert_eq!(
            next(&all.iter().map(String::as_str).collect::<Vec<_>>()),
            None
        );
    }

    #[test]
    fn free_number_keeps_the_pay_apps_part() {
        let next = |number: &str, kind| free_number(number, kind, &[]).unwrap();
        let long = "2026-EASTSIDE-HOSPITAL";
        let numbers = [
            next(&document_number(long, 3), Kind::Invoice),
            next("2026-EASTSIDE-HOS-123", Kind::CreditMemo),
            next("2026-EASTSIDE-HO-123", Kind::Invoice),
            next(&journal_number(long, 3), Kind::JournalEntry),
            next("2026-EASTSIDE-HO-12R", Kind::JournalEntry),
            next("2026-EASTSIDE-HO-12RV", Kind::JournalEntry),
            next(&"X".repeat(21), Kind::Invoice),
        ];
        insta::assert_debug_snapshot!(numbers, @r#"
        [
            "2026-EASTSI~qjcree-3a",
            "2026-EASTSIDE-HO-123a",
            "2026-EASTSIDE-HO-123a",
            "2026-EAST~qjcree-3Ra",
            "2026-EASTSIDE-H-12Ra",
            "2026-EASTSIDE-H-12RVa",
            "XXXXXXXXXXXXXXXXXXXXa",
        ]
        "#);
        assert!(
            numbers
                .iter()
                .all(|number| utf16_length(number) <= NUMBER_LIMIT)
        );
        assert!(
            numbers[3..5]
                .iter()
                .all(|number| utf16_length(number) < NUMBER_LIMIT)
        );
    }

    #[test]
    fn class_name_is_number_and_project_name() {
        assert_eq!(
            class_name(&project("1042", "Harbor Point Tower")),
            "1042 Harbor Point Tower"
        );
        assert_eq!(class_name(&project("10:42", "A: B")), "10 - 42 A - B");
    }

    #[test]
    fn long_class_names_differ() {
        let long =
            |end: &str| class_name(&project("1042", &format!("{}{end}", "Tower ".repeat(60))));
        assert_eq!(utf16_length(&long("A")), NAME_LIMIT);
        assert_ne!(long("A"), long("B"));
        assert!(utf16_length(&class_name(&project("🏗", &"🏗".repeat(500)))) <= NAME_LIMIT);
    }

    #[test]
    fn customer_name_replaces_colons_and_controls() {
        assert_eq!(
            customer_name(&customer("O'Neil & \"Sons\" 🏗️, Inc.")),
            "O'Neil & \"Sons\" 🏗️, Inc."
        );
        assert_eq!(
            customer_name(&customer("Turner:Bay : West")),
            "Turner - Bay - West"
        );
        assert_eq!(
            customer_name(&customer("Turner\tBay\nWest")),
            "Turner Bay West"
        );
    }

    #[test]
    fn name_of_colons_becomes_the_id() {
        assert_eq!(customer_name(&customer("::")), "gc_turner_bay");
    }

    #[test]
    fn cut_names_keep_characters_and_suffixes() {
        let name = customer_name(&customer(&"ä🏗".repeat(250)));
        assert!(utf16_length(&name) <= DISPLAY_NAME_LIMIT && name.ends_with('…'));
        let suffixed = suffixed_name(&name, " (Customer)");
        assert!(
            utf16_length(&suffixed) <= DISPLAY_NAME_LIMIT && suffixed.ends_with(" (Customer)"),
            "{suffixed}"
        );
        assert_eq!(suffixed_name("Turner", " (Customer)"), "Turner (Customer)");
    }

    #[test]
    fn memo_names_project_pay_app_and_period() {
        let memo = memo(&samples::worked_example());
        assert_eq!(
            memo,
            "1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31"
        );
    }

    #[test]
    fn long_text_is_cut_with_an_ellipsis() {
        assert_eq!(clip("12345", 5), "12345");
        assert_eq!(clip("123456", 5), "1234…");
        assert_eq!(clip("123 456", 5), "123…");
        assert_eq!(clip("12🏗456", 5), "12🏗…");
        assert_eq!(clip("123🏗56", 5), "123…");
    }

    #[test]
    fn item_name_may_include_the_account() {
        assert_eq!(item_name(Role::Revenue), "RIVET Contract Revenue");
        assert_eq!(item_name_for(Role::Retainage, "91"), "RIVET Retainage (91)");
    }
}

//! Labels: numbers, names and texts, cut to what QuickBooks takes.
//!
//! Lengths are counted in UTF-16 units, as QuickBooks is a Java service: never fewer than characters, so what fits
//! here fits however it counts. Cuts fall between characters. A label is never a key.

use billing::{Customer, DocumentRef, Id, PayApp, Project};

use quickbooks::Kind;

use crate::digest;

use crate::posting::Role;
use crate::slot::Slot;

/// Limit of `DocNumber` and `PaymentRefNum`.
pub(crate) const NUMBER: usize = 21;
/// Limit of a line's `Description` and of `PrivateNote`.
pub(crate) const DESCRIPTION: usize = 4000;
/// Limit of `CustomerMemo`.
pub(crate) const MEMO: usize = 1000;
/// Limit of a class's `Name` and a customer's `CompanyName`.
pub(crate) const NAME: usize = 100;
/// Limit of a customer's `DisplayName`.
pub(crate) const DISPLAY_NAME: usize = 500;

/// The number of a pay application's invoice or credit memo: `{project}-{n}`.
///
/// One that would be longer than 21 keeps the pay application's number, and the project's becomes as much of its beginning
/// as fits, `~` and six letters or digits that stand for the whole of it: `2026-SPRIN~k3f9a2-12`.
#[must_use]
pub fn document_number(project_number: &str, pay_app_number: u32) -> String {
    number(project_number, &format!("-{pay_app_number}"), NUMBER)
}

/// The number of a pay application's retainage entry: that of its invoice with an `R`, shortened by the same rule.
#[must_use]
pub fn journal_number(project_number: &str, pay_app_number: u32) -> String {
    number(
        project_number,
        &format!("-{pay_app_number}R"),
        NUMBER - REVERSAL.len(),
    )
}

/// The number of a retainage release, which RIVET does not count: `{project}-REL-` and six letters or digits that stand for
/// the release's id.
#[must_use]
pub fn release_number(project_number: &str, release: &Id) -> String {
    number(
        project_number,
        &format!("-REL-{}", digest::short(release.as_ref())),
        NUMBER - REVERSAL.len(),
    )
}

/// Entries leave room for it, so that their reversal's number always fits too.
const REVERSAL: &str = "V";

/// The number of the entry that reverses the one numbered `number`. If that one is a reversal itself there is room for no other
/// letter, so its last one changes.
pub(crate) fn reversal_number(number: &str) -> String {
    match number.strip_suffix(REVERSAL) {
        Some(reversed) => format!("{reversed}W"),
        None => format!("{number}{REVERSAL}"),
    }
}

/// A number for a transaction whose own, `planned`, somebody else's has: its own with the first letter behind it that makes none
/// of `taken`. `None` after `z`.
#[must_use]
pub fn free_number(planned: &str, kind: Kind, taken: &[&str]) -> Option<String> {
    let stem = number_stem(planned, kind);
    let free = |number: &String| !taken.iter().any(|other| other.eq_ignore_ascii_case(number));
    ('a'..='z')
        .map(|letter| format!("{stem}{letter}"))
        .find(free)
}

/// What the numbers begin with that [`free_number`] gives: the number itself, or, where a letter would not fit behind it, with the
/// project's part one shorter. A journal entry's leaves room for that of its reversal.
#[must_use]
pub fn number_stem(planned: &str, kind: Kind) -> String {
    let whole = length(planned);
    let room = match kind {
        Kind::JournalEntry => NUMBER - REVERSAL.len(),
        _ => NUMBER,
    };
    if whole < room {
        return planned.to_owned();
    }
    let at = planned.rfind('~').or_else(|| planned.rfind('-'));
    let (project, tail) = planned.split_at(at.unwrap_or(planned.len()));
    let excess = whole + 1 - room.max(whole);
    let project = head(project, length(project).saturating_sub(excess));
    [project, tail].concat()
}

/// What we call the service item that posts to an account of this role.
#[must_use]
pub fn item_name(role: Role) -> &'static str {
    match role {
        Role::Revenue => "RIVET Contract Revenue",
        Role::Retainage => "RIVET Retainage",
    }
}

/// What we call it if an item of [that name](item_name) exists already and posts to another account.
#[must_use]
pub fn item_name_for(role: Role, account: &str) -> String {
    clipped(&format!("{} ({account})", item_name(role)), NAME)
}

/// The name of a project's class: its number and name, without the colon that QuickBooks has for sub-classes.
/// One that is too long ends in six letters or digits that stand for the whole of it.
#[must_use]
pub fn class_name(project: &Project) -> String {
    let name = listed(&format!("{} {}", project.number, project.name), &project.id);
    if length(&name) <= NAME {
        return name;
    }
    let tail = format!("~{}", digest::short(&name));
    format!("{}{tail}", head(&name, NAME - length(&tail)).trim_end())
}

/// A customer's display name, without the colon that QuickBooks has for sub-customers.
#[must_use]
pub fn customer_name(customer: &Customer) -> String {
    clipped(&listed(&customer.name, &customer.id), DISPLAY_NAME)
}

/// What the form says it is for.
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
    clipped(&text, MEMO)
}

/// Which document a transaction is for and what it is to it, where people at the firm can read it. Neither kind nor id has a
/// space, so no note is the end of another one.
pub(crate) fn note(document: &DocumentRef, revision: u32, slot: Slot) -> String {
    let note = format!(
        "RIVET {} {} revision {revision}",
        document.kind, document.id
    );
    if slot == Slot::Retainage {
        format!("{note} retainage")
    } else {
        note
    }
}

/// `name` with `suffix`, cut before it so that both fit a customer's display name.
#[must_use]
pub fn suffixed_name(name: &str, suffix: &str) -> String {
    let room = DISPLAY_NAME.saturating_sub(length(suffix));
    format!("{}{suffix}", head(name, room).trim_end())
}

/// `text`, or as much of it as fits with an ellipsis.
pub(crate) fn clipped(text: &str, limit: usize) -> String {
    if length(text) <= limit {
        return text.to_owned();
    }
    format!("{}…", head(text, limit - 1).trim_end())
}

fn number(project: &str, tail: &str, limit: usize) -> String {
    let whole = format!("{project}{tail}");
    if length(&whole) <= limit {
        return whole;
    }
    let tail = format!("~{}{tail}", digest::short(project));
    format!(
        "{}{tail}",
        head(project, limit.saturating_sub(length(&tail)))
    )
}

/// A name for a list of QuickBooks': colons there part a parent from its child.
fn listed(name: &str, id: &Id) -> String {
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

/// The longest beginning of `text` within `limit`.
fn head(text: &str, limit: usize) -> &str {
    let mut used = 0;
    let past = |c: char| {
        used += c.len_utf16();
        used > limit
    };
    text.find(past).map_or(text, |end| &text[..end])
}

fn length(text: &str) -> usize {
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

    fn named(name: &str) -> Customer {
        Customer {
            name: name.into(),
            ..samples::customer()
        }
    }

    #[test]
    fn ordinary_numbers_are_project_and_pay_app() {
        assert_eq!(document_number("1042", 1), "1042-1");
        assert_eq!(journal_number("1042", 1), "1042-1R");
        assert_eq!(reversal_number("1042-1R"), "1042-1RV");
        assert_eq!(
            document_number("2026-EASTSIDE-HOS", 123),
            "2026-EASTSIDE-HOS-123"
        );
    }

    #[test]
    fn long_numbers_are_shortened_in_the_same_way_for_ever() {
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
    fn numbers_of_long_projects_that_begin_alike_differ() {
        assert_ne!(
            document_number("2026-EASTSIDE-HOSPITAL-A", 3),
            document_number("2026-EASTSIDE-HOSPITAL-B", 3)
        );
    }

    #[test]
    fn a_number_is_never_cut_inside_a_character() {
        let number = document_number("🏗🏗🏗🏗🏗🏗🏗🏗🏗🏗🏗🏗", 7);
        assert!(
            number.starts_with("🏗🏗🏗🏗🏗🏗~") && number.ends_with("-7"),
            "{number}"
        );
        assert_eq!(length(&number), 21);
    }

    #[test]
    fn the_reversal_of_the_longest_entry_number_fits() {
        for number in [
            journal_number(&"X".repeat(100), u32::MAX),
            release_number(&"X".repeat(100), &"r".parse().unwrap()),
        ] {
            assert!(length(&reversal_number(&number)) <= NUMBER, "{number}");
        }
    }

    #[test]
    fn a_number_that_is_taken_gets_the_first_letter_that_is_free() {
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
    fn a_letter_fits_behind_any_number_and_the_pay_apps_part_stays_whole() {
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
        assert!(numbers.iter().all(|number| length(number) <= NUMBER));
        assert!(numbers[3..5].iter().all(|number| length(number) < NUMBER));
    }

    #[test]
    fn a_class_is_named_after_its_project() {
        assert_eq!(
            class_name(&project("1042", "Harbor Point Tower")),
            "1042 Harbor Point Tower"
        );
        assert_eq!(class_name(&project("10:42", "A: B")), "10 - 42 A - B");
    }

    #[test]
    fn class_names_that_are_too_long_stay_apart() {
        let long =
            |end: &str| class_name(&project("1042", &format!("{}{end}", "Tower ".repeat(60))));
        assert_eq!(length(&long("A")), NAME);
        assert_ne!(long("A"), long("B"));
        assert!(length(&class_name(&project("🏗", &"🏗".repeat(500)))) <= NAME);
    }

    #[test]
    fn a_customers_name_keeps_everything_but_colons() {
        assert_eq!(
            customer_name(&named("O'Neil & \"Sons\" 🏗️, Inc.")),
            "O'Neil & \"Sons\" 🏗️, Inc."
        );
        assert_eq!(
            customer_name(&named("Turner:Bay : West")),
            "Turner - Bay - West"
        );
        assert_eq!(
            customer_name(&named("Turner\tBay\nWest")),
            "Turner Bay West"
        );
    }

    #[test]
    fn a_name_of_colons_only_falls_back_to_the_id() {
        assert_eq!(customer_name(&named("::")), "gc_turner_bay");
    }

    #[test]
    fn names_are_cut_between_characters_and_suffixes_are_kept() {
        let name = customer_name(&named(&"ä🏗".repeat(250)));
        assert!(length(&name) <= DISPLAY_NAME && name.ends_with('…'));
        let suffixed = suffixed_name(&name, " (Customer)");
        assert!(
            length(&suffixed) <= DISPLAY_NAME && suffixed.ends_with(" (Customer)"),
            "{suffixed}"
        );
        assert_eq!(suffixed_name("Turner", " (Customer)"), "Turner (Customer)");
    }

    #[test]
    fn the_memo_says_project_pay_app_and_period() {
        let memo = memo(&samples::worked_example());
        assert_eq!(
            memo,
            "1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31"
        );
    }

    #[test]
    fn a_text_is_cut_with_an_ellipsis_only_if_it_has_to_be() {
        assert_eq!(clipped("12345", 5), "12345");
        assert_eq!(clipped("123456", 5), "1234…");
        assert_eq!(clipped("123 456", 5), "123…");
        assert_eq!(clipped("12🏗456", 5), "12🏗…");
        assert_eq!(clipped("123🏗56", 5), "123…");
    }

    #[test]
    fn items_have_our_name_and_if_need_be_the_account() {
        assert_eq!(item_name(Role::Revenue), "RIVET Contract Revenue");
        assert_eq!(item_name_for(Role::Retainage, "91"), "RIVET Retainage (91)");
    }
}

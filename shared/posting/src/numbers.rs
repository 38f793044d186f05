//! Numbers as people type them: spaces, dashes and case do not count.

/// The part before the digest in the number of a release.
const RELEASE: &str = "-REL-";

/// A number without its separators.
struct Typed {
    /// The letters and digits, in lower case.
    text: String,
    /// The positions in the text, in characters, at which there was a separator.
    cuts: Vec<usize>,
}

impl Typed {
    fn of(number: &str) -> Self {
        let (mut text, mut cuts) = (String::new(), Vec::new());
        let mut length = 0;
        for part in number.split(is_separator).filter(|part| !part.is_empty()) {
            if length > 0 {
                cuts.push(length);
            }
            length += part.chars().count();
            text.push_str(&part.to_lowercase());
        }
        Self { text, cuts }
    }

    /// Returns whether both have their separators at the same places, or one of them lacks some.
    fn is_cut_like(&self, other: &Self) -> bool {
        let covers = |one: &Self, other: &Self| one.cuts.iter().all(|at| other.cuts.contains(at));
        covers(self, other) || covers(other, self)
    }
}

/// Returns whether two numbers are the same to a person. `1042-1`, `1042 1` and `10421` are; `104-21` is another than `1042-1`.
pub(crate) fn is_same_number(one: &str, other: &str) -> bool {
    let (one, other) = (Typed::of(one), Typed::of(other));
    one.text == other.text && one.is_cut_like(&other)
}

/// Returns the part of a document's number that names the project.
pub(crate) fn project_part(number: &str) -> &str {
    let at = number.rfind(RELEASE).or_else(|| number.rfind('-'));
    at.map_or(number, |at| &number[..at])
}

/// Returns the beginning of a query pattern for all numbers of the same project as `number`.
///
/// The pattern has only letters and digits of ASCII, with `%` for all between them. QuickBooks refuses queries with other characters.
pub(crate) fn pattern(number: &str) -> String {
    let parts = |text: &str| {
        let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        parts.join("%")
    };
    let project = project_part(number);
    let has_foreign_start = !project.starts_with(|c: char| c.is_ascii_alphanumeric());
    let start = if has_foreign_start { "%" } else { "" };
    match parts(project) {
        of_project if of_project.is_empty() => format!("%{}", parts(number)),
        of_project => format!("{start}{of_project}"),
    }
}

/// Returns whether `found` may be the number of a document of the project that `number` belongs to.
pub(crate) fn is_of_same_project(found: &str, number: &str) -> bool {
    let (found, project) = (Typed::of(found), Typed::of(project_part(number)));
    let length = project.text.chars().count();
    let is_cut = found.cuts.is_empty() || found.cuts.contains(&length);
    let rest = found.text.strip_prefix(&project.text);
    is_cut && rest.is_some_and(is_document_part)
}

/// Returns whether the rest of a number names a pay application or a release.
fn is_document_part(rest: &str) -> bool {
    let letters = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_pay_app = letters.len() < rest.len() && letters.chars().all(char::is_alphabetic);
    is_pay_app || rest.starts_with("rel")
}

fn is_separator(c: char) -> bool {
    let is_dash = matches!(
        c,
        '-' | '\u{ad}' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    );
    is_dash || c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_typed_differently_is_the_same() {
        for typed in [
            "1042-1",
            "1042 1",
            "1042 - 1",
            "1042\u{2013}1",
            "10421",
            " 1042-1 ",
        ] {
            assert!(is_same_number(typed, "1042-1"), "{typed}");
        }
        assert!(is_same_number("ab 7-1r", "AB-7-1R"));
        for other in ["104-21", "1042-11", "1042-1R", "1042/1"] {
            assert!(!is_same_number(other, "1042-1"), "{other}");
        }
    }

    #[test]
    fn pattern_has_letters_and_digits_only() {
        for (number, expected) in [
            ("1042-1", "1042"),
            ("1042-12R", "1042"),
            ("1042-REL-k3f9a2", "1042"),
            ("24\u{2013}017-1", "24%017"),
            ("2026-SPRIN~k3f9a2-12", "2026%SPRIN%k3f9a2"),
            ("O'Neil-5-3", "O%Neil%5"),
            ("\u{141}-7-3", "%7"),
            ("\u{41c}-3", "%3"),
        ] {
            assert_eq!(pattern(number), expected);
        }
    }

    #[test]
    fn only_numbers_of_the_project_count() {
        for found in [
            "1042-7",
            "1042 7",
            "10427",
            "1042-7a",
            "1042-1R",
            "1042-REL-abc123",
        ] {
            assert!(is_of_same_project(found, "1042-1"), "{found}");
        }
        for found in ["104-27", "10420-1", "1042", "1042-x", "1043-1"] {
            assert!(!is_of_same_project(found, "1042-1"), "{found}");
        }
    }
}

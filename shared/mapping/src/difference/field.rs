//! One field that differs.

use rust_decimal::Decimal;

/// A field that is not as we wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which one: `number`, `date`, `total`, `customer`, `lines`, `class`, `customer_memo`, `private_note`, `due_date`, `description`;
    /// of payments also `reference` and `applied`.
    pub field: &'static str,
    /// What we wrote. Amounts have two decimals; what is in QuickBooks is named by its id.
    pub ours: Option<String>,
    /// What stands there.
    pub theirs: Option<String>,
    /// Whether the books say the same with it as without.
    pub is_harmless: bool,
}

const HARMLESS: [&str; 4] = ["customer_memo", "private_note", "due_date", "description"];

impl Difference {
    /// What stands there in this field, as a person had us take it over.
    pub(crate) fn mark(&self) -> String {
        format!("{} {}", self.field, text_of(&self.theirs))
    }
}

pub(super) fn add(
    field: &'static str,
    ours: Option<String>,
    theirs: Option<String>,
    all: &mut Vec<Difference>,
) {
    all.push(Difference {
        field,
        ours,
        theirs,
        is_harmless: HARMLESS.contains(&field),
    });
}

pub(super) fn text_of(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

pub(super) fn told(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

pub(super) fn listed(parts: &[String]) -> Option<String> {
    told(&parts.join(", "))
}

pub(super) fn posts(place: &str, paid: Decimal) -> String {
    format!("{place} {paid:.2}")
}

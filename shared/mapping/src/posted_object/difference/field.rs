//! A field that differs.

use rust_decimal::Decimal;

use crate::money::money_text;

/// Fields whose differences change nothing in the books.
const COSMETIC: [&str; 4] = ["customer_memo", "private_note", "due_date", "description"];

/// Returns whether a difference of the field, in any transaction, leaves the books as they are.
#[must_use]
pub fn is_cosmetic_field(field: &str) -> bool {
    COSMETIC.contains(&field)
}

/// A field of an object in QuickBooks that differs from what RIVET wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The name of the field: `number`, `date`, `total`, `customer`, `lines`, `class`, `customer_memo`, `private_note`, `due_date` or
    /// `description`; of sales forms also `balance` and `account`; of payments also `reference`, `applied`, `unapplied_amount`
    /// and `deposit_account`.
    pub field: &'static str,
    /// The text that RIVET wrote, `None` if empty. Amounts have two decimals, days are ISO 8601, objects are named by QuickBooks id.
    pub ours: Option<String>,
    /// The text in QuickBooks, in the same form.
    pub theirs: Option<String>,
    /// True if the difference is cosmetic: the books say the same with it as without it.
    pub is_cosmetic: bool,
}

impl Difference {
    /// Returns a difference that is cosmetic if the field always is.
    pub(super) fn new(field: &'static str, ours: Option<String>, theirs: Option<String>) -> Self {
        Self {
            field,
            ours,
            theirs,
            is_cosmetic: is_cosmetic_field(field),
        }
    }

    /// Returns the text by which an object remembers that a person accepted the difference: the field and the text in QuickBooks.
    pub(crate) fn acceptance(&self) -> String {
        format!("{} {}", self.field, text_of(&self.theirs))
    }
}

/// Compares two texts without the spaces around them, because QuickBooks trims texts.
pub(super) fn text_difference(field: &'static str, ours: &str, theirs: &str) -> Option<Difference> {
    (ours.trim() != theirs.trim())
        .then(|| Difference::new(field, non_empty(ours), non_empty(theirs)))
}

/// Returns the text, empty if there is none.
pub(super) fn text_of(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

/// Returns the text, `None` if it is empty.
pub(super) fn non_empty(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// Returns the parts in one text, `None` if it is empty.
pub(super) fn joined(parts: &[String]) -> Option<String> {
    non_empty(&parts.join(", "))
}

/// Returns the id of an item, account or transaction with the amount that is posted to it.
pub(super) fn amount_of(id: &str, amount: Decimal) -> String {
    format!("{id} {}", money_text(amount))
}

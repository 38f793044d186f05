//! Comparisons of fields with values.

use super::literal::Value;

/// A comparison of a field, as text of the query language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition(pub(super) String);

/// The fields that a condition can compare. Notes and most nested fields cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The object's id. Only [`Field::equals`] and [`Field::is_in`] work on it.
    Id,
    /// The name of an item, class or account.
    Name,
    /// The name of a customer.
    DisplayName,
    /// The name with those of its parents, `Parent:Child`.
    FullyQualifiedName,
    /// The number of a sales form or journal entry.
    DocNumber,
    /// The date of a transaction.
    TxnDate,
    /// The customer of a transaction.
    CustomerRef,
    /// The total of a transaction.
    TotalAmt,
    /// The amount that is still open.
    Balance,
    /// The payer's reference of a payment.
    PaymentRefNum,
    /// The type of an account.
    AccountType,
    /// The detailed type of an account.
    AccountSubType,
    /// The type of an item.
    Type,
    /// The state of a list entry: `true` if active.
    Active,
    /// The time when the object was created.
    CreateTime,
    /// The time when the object changed last.
    LastUpdatedTime,
}

impl Field {
    /// Compares for equality. QuickBooks ignores the case of text. A text with characters beyond ASCII may match more: check the rows
    /// with a [`TextMatch`](super::TextMatch).
    pub fn equals(self, value: impl Into<Value>) -> Condition {
        let value = value.into();
        if value.0.chars().all(is_askable) {
            return self.compare("=", &value);
        }
        let text = value.0.trim_matches('\'').replace(r"\'", "'");
        self.like(&text)
    }

    /// Compares for equality with any of several ids or words of QuickBooks, which are ASCII. An empty list matches no object.
    pub fn is_in<V: Into<Value>>(self, values: impl IntoIterator<Item = V>) -> Condition {
        let mut quoted: Vec<String> = values.into_iter().map(|value| value.into().0).collect();
        if quoted.is_empty() {
            quoted.push(Value::from("").0);
        }
        Condition(format!("{} in ({})", self.name(), quoted.join(", ")))
    }

    /// Matches text that begins with `text`. A `%` in `text` stands for any text, as the language has no escape for it. The same holds
    /// for each character that QuickBooks may refuse: check the rows with a [`TextMatch`](super::TextMatch).
    pub fn starts_with(self, text: &str) -> Condition {
        self.like(&format!("{text}%"))
    }

    /// Matches text that contains `text`. A `%` and other characters in `text` have the meaning that [`Field::starts_with`] names.
    pub fn contains(self, text: &str) -> Condition {
        self.like(&format!("%{text}%"))
    }

    /// Matches a pattern. `%` stands for any text, and so does each run of backslashes and of characters beyond ASCII.
    fn like(self, pattern: &str) -> Condition {
        let mut askable = String::with_capacity(pattern.len());
        for character in pattern.chars() {
            if is_askable(character) && !matches!(character, '%' | '\\') {
                askable.push(character);
            } else if !askable.ends_with('%') {
                askable.push('%');
            }
        }
        self.compare("like", &Value::from(askable.as_str()))
    }

    /// Matches values that are greater or equal.
    pub fn at_least(self, value: impl Into<Value>) -> Condition {
        self.compare(">=", &value.into())
    }

    /// Matches values that are less or equal.
    pub fn at_most(self, value: impl Into<Value>) -> Condition {
        self.compare("<=", &value.into())
    }

    fn compare(self, operator: &str, value: &Value) -> Condition {
        Condition(format!("{} {operator} {}", self.name(), value.0))
    }

    /// Returns the field as Intuit names it in queries.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Id => "Id",
            Self::Name => "Name",
            Self::DisplayName => "DisplayName",
            Self::FullyQualifiedName => "FullyQualifiedName",
            Self::DocNumber => "DocNumber",
            Self::TxnDate => "TxnDate",
            Self::CustomerRef => "CustomerRef",
            Self::TotalAmt => "TotalAmt",
            Self::Balance => "Balance",
            Self::PaymentRefNum => "PaymentRefNum",
            Self::AccountType => "AccountType",
            Self::AccountSubType => "AccountSubType",
            Self::Type => "Type",
            Self::Active => "Active",
            Self::CreateTime => "MetaData.CreateTime",
            Self::LastUpdatedTime => "MetaData.LastUpdatedTime",
        }
    }
}

/// Returns whether a statement may have the character. QuickBooks refuses those beyond Latin-1; RIVET sends ASCII only.
fn is_askable(character: char) -> bool {
    matches!(character, ' '..='~')
}

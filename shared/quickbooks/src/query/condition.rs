//! Comparisons of fields.

use super::literal::Value;

/// One comparison of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition(pub(super) String);

/// The fields that can be compared. Notes and most nested fields cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Only `equals` and `is_in`.
    Id,
    /// Of items, classes and accounts.
    Name,
    /// Of customers.
    DisplayName,
    /// `Parent:Child`.
    FullyQualifiedName,
    /// Of sales forms and journal entries.
    DocNumber,
    /// The date of a transaction.
    TxnDate,
    /// The customer of a transaction.
    CustomerRef,
    /// The total of a transaction.
    TotalAmt,
    /// What is still open.
    Balance,
    /// The payer's reference of a payment.
    PaymentRefNum,
    /// Of accounts.
    AccountType,
    /// Of accounts.
    AccountSubType,
    /// Of items.
    Type,
    /// Of list objects.
    Active,
    /// When it was made.
    CreateTime,
    /// When it last changed.
    LastUpdatedTime,
}

impl Field {
    /// Equal; text is compared whatever its case.
    pub fn equals(self, value: impl Into<Value>) -> Condition {
        self.compare("=", &value.into())
    }

    /// Equal to one of several. An empty list matches nothing that exists.
    pub fn is_in<V: Into<Value>>(self, values: impl IntoIterator<Item = V>) -> Condition {
        let mut quoted: Vec<String> = values.into_iter().map(|value| value.into().0).collect();
        if quoted.is_empty() {
            quoted.push(Value::from("").0);
        }
        Condition(format!("{} in ({})", self.name(), quoted.join(", ")))
    }

    /// Begins with this text. A `%` in it stands for any text, as the language has no escape for it: compare the rows again.
    pub fn starts_with(self, text: &str) -> Condition {
        self.compare("like", &Value::from(format!("{text}%").as_str()))
    }

    /// Contains this text; the note on `%` at [`Field::starts_with`] holds here too.
    pub fn contains(self, text: &str) -> Condition {
        self.compare("like", &Value::from(format!("%{text}%").as_str()))
    }

    /// Greater or equal.
    pub fn at_least(self, value: impl Into<Value>) -> Condition {
        self.compare(">=", &value.into())
    }

    /// Less or equal.
    pub fn at_most(self, value: impl Into<Value>) -> Condition {
        self.compare("<=", &value.into())
    }

    fn compare(self, operator: &str, value: &Value) -> Condition {
        Condition(format!("{} {operator} {}", self.name(), value.0))
    }

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

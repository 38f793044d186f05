//! The query language: one object kind, conditions joined by AND, an order, a page.
//!
//! Text goes into a statement only through [`Query`], which quotes it: a name like `O'Neil` is a value, never syntax.

use crate::entity::Kind;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::fmt;

/// The most rows that one answer holds.
pub const MAX_RESULTS: u32 = 1000;

/// A `select * from …` statement; [`fmt::Display`] is its text.
///
/// ```
/// use quickbooks::query::{Field, Query};
/// use quickbooks::Kind;
///
/// let query = Query::from(Kind::Customer).filter(Field::DisplayName.equals("O'Neil"));
/// assert_eq!(
///     query.to_string(),
///     r"select * from Customer where DisplayName = 'O\'Neil' maxresults 1000"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    kind: Kind,
    conditions: Vec<Condition>,
    order: Option<(Field, Order)>,
    start: u32,
    max: u32,
}

impl From<Kind> for Query {
    /// All objects of a kind; of list objects only the active ones, unless [`Query::active_and_inactive`] asks for more.
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            conditions: Vec::new(),
            order: None,
            start: 1,
            max: MAX_RESULTS,
        }
    }
}

impl Query {
    /// Only rows that also meet this condition.
    #[must_use]
    pub fn filter(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// The same as [`Query::filter`], where it reads better.
    #[must_use]
    pub fn and(self, condition: Condition) -> Self {
        self.filter(condition)
    }

    /// Inactive list objects too, which QuickBooks leaves out by default.
    #[must_use]
    pub fn active_and_inactive(self) -> Self {
        self.filter(Condition(format!(
            "{} in (true, false)",
            Field::Active.name()
        )))
    }

    /// The order of the rows. Without one a row can move between pages: the default is the last change, newest first.
    #[must_use]
    pub fn order_by(mut self, field: Field, order: Order) -> Self {
        self.order = Some((field, order));
        self
    }

    /// The position of the first row; the first is 1, and 0 is taken as 1.
    #[must_use]
    pub fn start_position(mut self, position: u32) -> Self {
        self.start = position.max(1);
        self
    }

    /// How many rows to answer with; held within 1 to [`MAX_RESULTS`].
    #[must_use]
    pub fn max_results(mut self, rows: u32) -> Self {
        self.max = rows.clamp(1, MAX_RESULTS);
        self
    }

    /// The kind of object that the rows are.
    pub fn kind(&self) -> Kind {
        self.kind
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "select * from {}", self.kind.name())?;
        for (index, condition) in self.conditions.iter().enumerate() {
            let word = if index == 0 { "where" } else { "and" };
            write!(f, " {word} {}", condition.0)?;
        }
        if let Some((field, order)) = self.order {
            write!(f, " orderby {} {}", field.name(), order.name())?;
        }
        if self.start > 1 {
            write!(f, " startposition {}", self.start)?;
        }
        write!(f, " maxresults {}", self.max)
    }
}

/// One comparison of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition(String);

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

    fn name(self) -> &'static str {
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

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    Descending,
}

impl Order {
    fn name(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}

/// A literal, already quoted. Numbers and dates are quoted like text; only booleans are bare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value(String);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        let mut quoted = String::with_capacity(text.len() + 2);
        quoted.push('\'');
        for character in text.chars() {
            if matches!(character, '\'' | '\\') {
                quoted.push('\\');
            }
            quoted.push(character);
        }
        quoted.push('\'');
        Self(quoted)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self(value.to_string())
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::from(date.to_string().as_str())
    }
}

impl From<Timestamp> for Value {
    fn from(instant: Timestamp) -> Self {
        Self::from(instant.to_string().as_str())
    }
}

impl From<Decimal> for Value {
    fn from(amount: Decimal) -> Self {
        Self::from(amount.to_string().as_str())
    }
}

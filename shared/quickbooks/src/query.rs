//! The query language: one kind of object, conditions joined by AND, an order, a page (Intuit: Query operations and syntax).
//!
//! Text enters a statement only through [`Query`], which quotes it: a name such as `O'Neil` is a value, never syntax.

mod text_match;
mod condition;
mod literal;

pub use condition::{Condition, Field};
pub use literal::Value;
pub use text_match::TextMatch;

use crate::entity::Kind;
use std::fmt;

/// The most rows in one answer.
pub const MAX_RESULTS: u32 = 1000;

/// A `select * from …` statement. [`fmt::Display`] writes its text.
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
    /// Queries all objects of a kind. QuickBooks leaves inactive list entries out, unless [`Query::active_and_inactive`]
    /// asks for them.
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
    /// Adds a condition that each row must meet.
    #[must_use]
    pub fn filter(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Adds a condition, as [`Query::filter`] does.
    #[must_use]
    pub fn and(self, condition: Condition) -> Self {
        self.filter(condition)
    }

    /// Includes inactive list entries, which QuickBooks leaves out by default.
    #[must_use]
    pub fn active_and_inactive(self) -> Self {
        self.filter(Condition(format!(
            "{} in (true, false)",
            Field::Active.name()
        )))
    }

    /// Leaves out customers that are no jobs or projects of another.
    #[must_use]
    pub fn only_jobs(self) -> Self {
        self.filter(Condition("Job = true".to_owned()))
    }

    /// Sets the order of the rows. The default is the time of the last change, newest first, in which a row can move
    /// between pages.
    #[must_use]
    pub fn order_by(mut self, field: Field, order: Order) -> Self {
        self.order = Some((field, order));
        self
    }

    /// Sets the position of the first row. Positions count from 1, and 0 is taken as 1.
    #[must_use]
    pub fn start_position(mut self, position: u32) -> Self {
        self.start = position.max(1);
        self
    }

    /// Sets the most rows of the answer, limited to 1 to [`MAX_RESULTS`].
    #[must_use]
    pub fn max_results(mut self, rows: u32) -> Self {
        self.max = rows.clamp(1, MAX_RESULTS);
        self
    }

    /// Returns the kind of object that the query asks for.
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

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The smallest value comes first.
    Ascending,
    /// The greatest value comes first.
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

#[cfg(test)]
mod tests;

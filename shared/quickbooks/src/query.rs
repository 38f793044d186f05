//! The query language: one object kind, conditions joined by AND, an order, a page.
//!
//! Text goes into a statement only through [`Query`], which quotes it: a name like `O'Neil` is a value, never syntax.

mod condition;
mod literal;

pub use condition::{Condition, Field};
pub use literal::Value;

use crate::entity::Kind;
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use jiff::civil::Date;
    use rust_decimal::Decimal;

    fn only(condition: Condition) -> String {
        Query::from(Kind::Invoice).filter(condition).to_string()
    }

    #[test]
    fn a_whole_statement_reads_so() {
        let query = Query::from(Kind::Customer)
            .filter(Field::DisplayName.equals("O'Neil \\ Sons"))
            .and(
                Field::LastUpdatedTime
                    .at_least("2026-03-31T21:14:09Z".parse::<Timestamp>().unwrap()),
            )
            .active_and_inactive()
            .order_by(Field::CreateTime, Order::Ascending)
            .start_position(101)
            .max_results(50);
        insta::assert_snapshot!(query, @r"select * from Customer where DisplayName = 'O\'Neil \\ Sons' and MetaData.LastUpdatedTime >= '2026-03-31T21:14:09Z' and Active in (true, false) orderby MetaData.CreateTime asc startposition 101 maxresults 50");
    }

    #[test]
    fn every_comparison_reads_so() {
        let date: Date = "2026-03-31".parse().unwrap();
        let statements = [
            only(Field::Id.is_in(["1", "5000000000000007280"])),
            only(Field::Id.is_in(Vec::<&str>::new())),
            only(Field::DocNumber.starts_with("2301-")),
            only(Field::DisplayName.contains("neil")),
            only(Field::TxnDate.at_most(date)),
            only(Field::TotalAmt.equals(Decimal::new(4_365_000, 2))),
            only(Field::Active.equals(true)),
            only(Field::CustomerRef.equals(&"24".to_owned())),
        ];
        insta::assert_snapshot!(statements.join("\n"), @"
        select * from Invoice where Id in ('1', '5000000000000007280') maxresults 1000
        select * from Invoice where Id in ('') maxresults 1000
        select * from Invoice where DocNumber like '2301-%' maxresults 1000
        select * from Invoice where DisplayName like '%neil%' maxresults 1000
        select * from Invoice where TxnDate <= '2026-03-31' maxresults 1000
        select * from Invoice where TotalAmt = '43650.00' maxresults 1000
        select * from Invoice where Active = true maxresults 1000
        select * from Invoice where CustomerRef = '24' maxresults 1000
        ");
    }

    #[test]
    fn many_objects_are_asked_for_by_their_ids_active_or_not() {
        let ids: Vec<String> = (1..=MAX_RESULTS).map(|id| id.to_string()).collect();
        let query = Query::from(Kind::Account)
            .filter(Field::Id.is_in(&ids))
            .active_and_inactive()
            .to_string();
        assert!(query.starts_with("select * from Account where Id in ('1', '2', '3', "));
        assert!(
            query.ends_with(", '999', '1000') and Active in (true, false) maxresults 1000"),
            "{query}"
        );
    }

    #[test]
    fn every_field_has_the_name_that_intuit_gives_it() {
        let fields = [
            Field::Id,
            Field::Name,
            Field::DisplayName,
            Field::FullyQualifiedName,
            Field::DocNumber,
            Field::TxnDate,
            Field::CustomerRef,
            Field::TotalAmt,
            Field::Balance,
            Field::PaymentRefNum,
            Field::AccountType,
            Field::AccountSubType,
            Field::Type,
            Field::Active,
            Field::CreateTime,
            Field::LastUpdatedTime,
        ];
        insta::assert_snapshot!(fields.map(Field::name).join(" "), @"Id Name DisplayName FullyQualifiedName DocNumber TxnDate CustomerRef TotalAmt Balance PaymentRefNum AccountType AccountSubType Type Active MetaData.CreateTime MetaData.LastUpdatedTime");
    }

    #[test]
    fn a_page_never_asks_for_more_than_intuit_gives() {
        let rows = |rows| Query::from(Kind::Class).max_results(rows).to_string();
        assert_eq!(rows(0), "select * from Class maxresults 1");
        assert_eq!(rows(5000), "select * from Class maxresults 1000");
        let first = Query::from(Kind::Class).start_position(0);
        assert_eq!(first, Query::from(Kind::Class));
    }

    #[test]
    fn the_newest_come_first_if_asked_for() {
        let query = Query::from(Kind::Account).order_by(Field::Name, Order::Descending);
        assert_eq!(
            query.to_string(),
            "select * from Account orderby Name desc maxresults 1000"
        );
        assert_eq!(query.kind(), Kind::Account);
    }
}

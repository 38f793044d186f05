/// A parsed statement. Nothing has checked its names yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) columns: Columns,
    pub(super) entity: String,
    pub(super) conditions: Vec<Condition>,
    pub(super) sorts: Vec<Sort>,
    /// The number of the first row, counted from 1.
    pub(super) start_position: usize,
    /// The highest number of rows in the answer.
    pub(super) max_results: usize,
}

/// The part between `SELECT` and `FROM`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    All,
    Count,
    Named(Vec<String>),
}

/// A comparison of the `WHERE` clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) name: String,
    pub(super) operator: Operator,
    /// A value, or several for `IN`.
    pub(super) values: Vec<String>,
}

/// A field of the `ORDERBY` clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) name: String,
    pub(super) is_descending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    In,
    Like,
}

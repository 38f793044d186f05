/// A parsed statement; names are not checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) columns: Columns,
    pub(super) entity: String,
    pub(super) conditions: Vec<Condition>,
    /// Name, and whether it is descending.
    pub(super) order: Vec<(String, bool)>,
    /// From 1.
    pub(super) start: usize,
    pub(super) most: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    All,
    Count,
    Named(Vec<String>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) name: String,
    pub(super) operator: Operator,
    /// Several only for `IN`.
    pub(super) values: Vec<String>,
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

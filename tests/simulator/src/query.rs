//! Intuit's query language: a small `SELECT` over one kind of entity.

mod column;
mod compare;
mod lex;
mod parse;
mod run;
mod statement;

use serde_json::Value;

use crate::fault::Fault;
use crate::records::Records;

/// Runs a statement and returns its `QueryResponse`.
pub(crate) fn answer(records: &Records, statement: &str) -> Result<Value, Fault> {
    run::run(records, &parse::parse(statement)?)
}

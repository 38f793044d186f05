//! Intuit's query language: a small `SELECT` over one kind of entity.

mod column;
mod compare;
mod lex;
mod parse;
mod run;
mod statement;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::company_state::CompanyState;
use crate::fault::Fault;
use crate::write::Context;

/// The highest code of a character in Latin-1.
const LAST_OF_LATIN_1: u32 = 0xff;

/// Runs a statement on the index of a company, which may lag behind its writes. Returns the `QueryResponse`.
pub(crate) fn answer(
    company: &CompanyState,
    context: &Context<'_>,
    statement: &str,
) -> Result<Value, Fault> {
    let switches = context.switches;
    let is_wide = |letter: &char| u32::from(*letter) > LAST_OF_LATIN_1;
    if switches.should_refuse_wide_queries
        && let Some(letter) = statement.chars().find(is_wide)
    {
        return Err(Fault::query_lexical(letter));
    }
    let parsed = parse::parse(statement)?;
    let is_in_statement = |part: &String| statement.contains(part.as_str());
    if switches.refused_queries.iter().any(is_in_statement) {
        return Err(Fault::query_failed());
    }
    let indexed = company.records.as_indexed(context.now, switches.index_lag);
    let answer = run::run(&indexed, &parsed)?;
    if shows_broken_row(&answer, &company.broken_rows) {
        return Err(Fault::query_failed());
    }
    Ok(answer)
}

/// Returns whether an answer would show a row that cannot be shown. Such a row costs the whole answer.
fn shows_broken_row(answer: &Value, broken: &BTreeSet<String>) -> bool {
    let lists = answer["QueryResponse"].as_object().into_iter().flatten();
    lists
        .filter_map(|(_, list)| list.as_array())
        .flatten()
        .filter_map(|row| row["Id"].as_str())
        .any(|id| broken.contains(id))
}

#[cfg(test)]
mod tests;

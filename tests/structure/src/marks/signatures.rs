//! Lengths of functions, their parameters and what they return.

use super::Mark;
use super::spread::Spread;
use crate::finding::Finding;
use crate::functions::{Function, Owner, Parameter};

/// Most parameters, `self` not counted.
const PARAMETERS: usize = 4;
const LENGTH: Spread = Spread {
    median: 8,
    p90: 22,
    max: 50,
};

pub(super) fn marks(functions: &[Function]) -> Vec<Mark> {
    let (foreign, ours): (Vec<&Function>, Vec<&Function>) = functions
        .iter()
        .partition(|function| function.owner == Owner::ForeignTrait);
    let name = "signatures of foreign traits with a tuple or > 4 parameters";
    vec![
        length(functions),
        tuple_parameters(&ours),
        Mark::with_target("tuple-returns", "public functions that return a tuple", "0").none_of(
            found(
                &ours,
                |it| it.is_public && it.returns_tuple,
                |_| "returns a tuple".into(),
            ),
        ),
        Mark::with_target("parameters", "functions with > 4 parameters, unfolded", "0").none_of(
            found(&ours, has_many_parameters, |function| {
                format!("{} parameters", unfolded(function))
            }),
        ),
        Mark::information("foreign-signatures", name).none_of(found(
            &foreign,
            |function| has_tuple(function) || has_many_parameters(function),
            |_| "fixed by a foreign trait".into(),
        )),
        Mark::with_target("nested-results", "Result<Result<…>> in signatures", "0").none_of(found(
            &ours,
            |function| function.has_nested_result,
            |_| "Result<Result<".into(),
        )),
    ]
}

fn length(functions: &[Function]) -> Mark {
    let spread = Spread::of(functions.iter().filter_map(|function| function.lines));
    let all: Vec<&Function> = functions.iter().collect();
    let too_long = |function: &Function| function.lines > Some(LENGTH.max);
    Mark::with_target(
        "function-length",
        "function length: median / p90 / max",
        "8 / 22 / 50",
    )
    .measured(spread.to_string(), spread.is_within(LENGTH))
    .at(found(&all, too_long, |function| {
        format!("{} lines", function.lines.unwrap_or_default())
    }))
}

fn tuple_parameters(functions: &[&Function]) -> Mark {
    let misses = found(functions, has_tuple, |_| "tuple parameter".into());
    let value = format!("{} of {}", misses.len(), functions.len());
    Mark::with_target("tuple-parameters", "functions with a tuple parameter", "0")
        .measured(value, misses.is_empty())
        .at(misses)
}

fn has_tuple(function: &Function) -> bool {
    let mut parameters = function.parameters.iter();
    parameters.any(|parameter| matches!(parameter, Parameter::Tuple(_)))
}

fn has_many_parameters(function: &Function) -> bool {
    unfolded(function) > PARAMETERS
}

fn unfolded(function: &Function) -> usize {
    let parameters = function.parameters.iter();
    parameters.map(|parameter| parameter.unfolded()).sum()
}

fn found(
    functions: &[&Function],
    is_miss: impl Fn(&Function) -> bool,
    text: impl Fn(&Function) -> String,
) -> Vec<Finding> {
    functions
        .iter()
        .filter(|function| is_miss(function))
        .map(|function| {
            let text = format!("{}: {}", function.name, text(function));
            Finding::new(&function.file, function.line, text)
        })
        .collect()
}

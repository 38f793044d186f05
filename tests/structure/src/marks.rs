//! The marks of the design: measured values and their targets.

mod circles;
mod comments;
mod context;
mod documentation;
mod signatures;
mod sizes;
mod test_names;
mod unwraps;
mod spread;
mod mark;

pub use mark::{Mark, State};

use crate::functions::functions;
use crate::repository::Repository;
use anyhow::Result;

/// Measures a repository.
///
/// # Errors
/// A file is no Rust.
pub fn marks(repository: &Repository) -> Result<Vec<Mark>> {
    let functions = functions(repository);
    let mut marks = Vec::new();
    marks.extend(circles::marks(repository));
    marks.extend(sizes::marks(repository));
    marks.extend(signatures::marks(&functions));
    marks.extend(context::mark(repository));
    marks.push(comments::mark(repository)?);
    marks.push(test_names::mark(repository)?);
    marks.push(documentation::mark(repository));
    marks.push(unwraps::mark(repository));
    Ok(marks)
}

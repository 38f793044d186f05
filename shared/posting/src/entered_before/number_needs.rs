//! The numbers that a look must ask for.

use crate::context::{LookedFor, WorkerContext};
use crate::entered_before::Candidate;
use crate::numbers::{is_same_number, pattern};
use crate::watch::watch;
use billing::Id;
use ports::http::Http;
use ports::records::{Records, StoreError};

/// The numbers of one project that must be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NumberNeed {
    /// The project, in RIVET.
    pub(super) project: Id,
    /// The pattern of its numbers.
    pub(super) pattern: String,
    /// A number of the project.
    pub(super) number: String,
}

impl NumberNeed {
    /// Returns the need for the numbers of the project to which this number belongs.
    pub(super) fn of(project: &Id, number: &str) -> Self {
        Self {
            project: project.clone(),
            pattern: pattern(number),
            number: number.to_owned(),
        }
    }

    /// Returns whether one answer serves both.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.project, &self.pattern) == (&other.project, &other.pattern)
    }
}

/// Returns the numbers that are looked for before a document is posted.
pub(super) fn numbers(candidate: &Candidate<'_>) -> Vec<NumberNeed> {
    let created = candidate.created.into_iter().map(|project| {
        let first = mapping::document_number(&project.number, 1);
        NumberNeed::of(&project.id, &first)
    });
    let numbers = candidate.new_postings().filter_map(|planned| {
        let number = planned.posting.project().zip(planned.posting.number());
        number.map(|(project, number)| NumberNeed::of(project, number))
    });
    created.chain(numbers).collect()
}

/// Returns whether an earlier look says that the number is free.
///
/// # Errors
/// [`StoreError`] if a record could not be read.
pub(super) async fn is_covered<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    need: &NumberNeed,
) -> Result<bool, StoreError> {
    let watch = watch(ctx).await?;
    let record = ctx.project(&need.project).await?;
    let is_other = |other: &String| !is_same_number(other, &need.number);
    Ok(record.look(&need.pattern).is_some_and(|look| {
        let numbers = look.numbers.as_ref();
        watch.covers(look.at, LookedFor::Numbers)
            && numbers.is_some_and(|numbers| numbers.iter().all(is_other))
    }))
}

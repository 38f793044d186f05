//! The unfinished documents of a firm, grouped by the cause that stops them. They come from the queue alone.

// Top first: a module uses only modules below it.
mod grouping;
mod group;

use billing::FirmId;
use ports::records::Records;
use serde::Serialize;
use store::Store;

use crate::error::Error;
use crate::views::attention::group::Group;
use crate::views::attention::grouping::grouped;

pub use crate::views::attention::group::{AttentionDocument, AttentionGroup, SumView};

/// The documents of a group that the list of groups shows.
const SHOWN: usize = 10;

/// A request for a page of the list.
#[derive(Clone, Debug, Default)]
pub struct AttentionRequest {
    /// The largest number of groups on the page, or of documents if one group is asked for.
    pub limit: usize,
    /// The `next_cursor` of the page before, `None` for the first page.
    pub cursor: Option<String>,
    /// The group whose documents are asked for, `None` for all groups.
    pub group: Option<String>,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttentionList {
    /// The groups: those that need a person first, then the others.
    pub groups: Vec<AttentionGroup>,
    /// The number of groups that need a person, on all pages.
    pub needs_you: usize,
    /// The cursor of the next page, if there is one.
    pub next_cursor: Option<String>,
}

/// Returns a page of a firm's unfinished documents.
///
/// # Errors
/// [`Error::Field`] if the cursor is not from an earlier answer, or the store fails.
pub async fn attention<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    request: &AttentionRequest,
) -> Result<AttentionList, Error> {
    let start = match &request.cursor {
        Some(cursor) => cursor.parse().map_err(|_| Error::Field {
            field: "cursor".into(),
            problem: "must be a next_cursor of an earlier answer".into(),
        })?,
        None => 0,
    };
    let queue = store.queue(firm).await?;
    let groups = grouped(&queue);
    let needs_you = groups.iter().filter(|group| group.needs_you()).count();
    let (groups, total) = match &request.group {
        Some(key) => {
            let group = groups.iter().find(|group| group.key == *key);
            let total = group.map_or(0, |group| group.entries.len());
            let shown = group.map(|group| group.view(start, request.limit));
            (shown.into_iter().collect(), total)
        }
        None => {
            let page = groups.iter().skip(start).take(request.limit);
            let shown = page.map(|group: &Group<'_>| group.view(0, SHOWN));
            (shown.collect(), groups.len())
        }
    };
    let end = start + request.limit;
    Ok(AttentionList {
        groups,
        needs_you,
        next_cursor: (end < total).then(|| end.to_string()),
    })
}

//! The activity list, newest first, page by page, without ever listing the store.

use crate::Store;
use crate::desk::{Activity, Desk, PAGE};
use crate::error::Error;
use crate::ports::Records;
use billing::FirmId;
use serde::Serialize;

/// Which part of the list is asked for.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// At most so many lines, 1 to 100.
    pub limit: usize,
    /// Where the part before ended.
    pub cursor: Option<String>,
    /// Only lines of this state.
    pub state: Option<String>,
}

/// A part of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActivityList {
    /// Newest first.
    pub activity: Vec<Activity>,
    /// Where the next part begins, if there is one.
    pub next_cursor: Option<String>,
}

/// Lines that one request reads at most while it looks for a state.
const SCANNED: usize = 512;

/// The activity of a firm. The cursor is a position from the oldest line on, so new lines move nothing.
pub async fn activity<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    page: &Page,
) -> Result<ActivityList, Error> {
    let desk = store.desk_record(firm).await?;
    let mut position = match &page.cursor {
        Some(cursor) => cursor.parse().map_err(|_| Error::Field {
            field: "cursor".into(),
            problem: "must be a next_cursor of an earlier answer".into(),
        })?,
        None => total(&desk),
    };
    let mut lines = Lines {
        store,
        firm,
        desk,
        loaded: None,
    };
    let mut found = Vec::new();
    let floor = position.min(total(&lines.desk)).saturating_sub(SCANNED);
    position = position.min(total(&lines.desk));
    while position > floor && found.len() < page.limit {
        position -= 1;
        let line = lines.at(position).await?;
        found.extend(line.filter(|line| page.state.as_ref().is_none_or(|s| *s == line.state)));
    }
    let next_cursor = (position > 0).then(|| position.to_string());
    Ok(ActivityList {
        activity: found,
        next_cursor,
    })
}

fn total(desk: &Desk) -> usize {
    desk.pages as usize * PAGE + desk.recent.len()
}

struct Lines<'a, R> {
    store: &'a Store<R>,
    firm: &'a FirmId,
    desk: Desk,
    loaded: Option<(u32, Vec<Activity>)>,
}

impl<R: Records> Lines<'_, R> {
    /// The line at a position, counted from the oldest.
    async fn at(&mut self, position: usize) -> Result<Option<Activity>, Error> {
        let moved = self.desk.pages as usize * PAGE;
        if position >= moved {
            return Ok(self.desk.recent.get(position - moved).cloned());
        }
        let number = u32::try_from(position / PAGE).unwrap_or(u32::MAX);
        if self
            .loaded
            .as_ref()
            .is_none_or(|(loaded, _)| *loaded != number)
        {
            let page = self.store.activity_page(self.firm, number).await?;
            self.loaded = Some((number, page.0));
        }
        let page = self
            .loaded
            .as_ref()
            .map(|(_, page)| page.as_slice())
            .unwrap_or_default();
        Ok(page.get(position % PAGE).cloned())
    }
}

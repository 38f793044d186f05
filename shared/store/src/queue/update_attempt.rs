//! An attempt at an update of a queue that may have overflow pages.
//!
//! A written page has no effect before the swap of the queue record names it.

use crate::activity::{ActivityPage, PAGE};
use crate::object_index::MovedEntries;
use crate::object_index::operations::WrittenPages;
use crate::queue::Queue;
use crate::queue::page_layout::DividedQueue;
use crate::queue::pages::LoadedPages;
use ports::records::Change;

/// The result of an update function. The function runs again if another writer comes first.
pub enum Update {
    /// The update also requires the overflow pages.
    NeedsAll,
    /// The queue stays as it is.
    Nothing,
    /// The queue has changed.
    Change,
}

/// An update function. The arguments are the queue, and a flag that is true for the whole queue and false for its record alone.
pub type QueueUpdate<'a> = &'a mut dyn FnMut(&mut Queue, bool) -> Update;

/// The pages that are loaded or written for the next attempt, or for the next update of the same worker.
#[derive(Default)]
pub struct PreparedPages {
    /// Overflow pages that were loaded or written.
    pub(crate) loaded: LoadedPages,
    /// The names of the overflow pages that were written, each with the number of its change.
    pub(crate) written: Vec<(u64, String)>,
    /// The number of the activity page that was written.
    pub(crate) activity_page: Option<u32>,
    /// The pages of the object index that were written.
    pub(crate) index_pages: WrittenPages,
}

/// The step that must follow an attempt.
pub(crate) enum Prepare {
    /// The update is done.
    Done(Box<UpdatedQueue>),
    /// Load these overflow pages.
    Load(Vec<String>),
    /// Save these overflow pages for this change.
    Fill(u64, LoadedPages),
    /// Save this activity page.
    Activity(u32, ActivityPage),
    /// Save the pages of the object index that get these entries.
    Move(Vec<MovedEntries>),
}

/// A queue after an update.
pub(crate) struct UpdatedQueue {
    pub(crate) queue: Queue,
    /// Overflow pages that the record no longer names.
    pub(crate) unused_pages: Vec<String>,
    /// Pages of the object index that the record no longer names.
    pub(crate) unused_index_pages: Vec<String>,
}

impl Prepare {
    fn done(queue: Queue) -> Self {
        Self::Done(Box::new(UpdatedQueue {
            queue,
            unused_pages: Vec::new(),
            unused_index_pages: Vec::new(),
        }))
    }

    fn load_all(record: &Queue) -> Self {
        Self::Load(record.overflow.page_names().cloned().collect())
    }
}

impl PreparedPages {
    /// Keeps the pages that the queue names after an update.
    pub(crate) fn keep(&mut self, queue: &Queue) {
        let is_named = |name: &String| queue.overflow.page_names().any(|named| named == name);
        self.loaded.retain(|(name, _)| is_named(name));
        self.written.clear();
        self.index_pages.keep_pages(&queue.object_index);
    }

    /// Makes one attempt at an update.
    pub(crate) fn attempt(
        &self,
        record: &Queue,
        capacity: usize,
        update: QueueUpdate<'_>,
    ) -> Change<Queue, Prepare> {
        let whole = record.with_all_pages(&self.loaded);
        let is_whole = whole.is_some();
        let mut queue = whole.unwrap_or_else(|| record.clone());
        match update(&mut queue, is_whole) {
            Update::NeedsAll => return Change::Keep(Prepare::load_all(record)),
            Update::Nothing => return Change::Keep(Prepare::done(queue)),
            Update::Change => {}
        }
        // Only entries that are already in the record move to a page, because this attempt's entries may be discarded.
        if record.recent_activity.len() >= 2 * PAGE
            && let Some(full) = queue.take_full_page()
            && self.activity_page != Some(full.number)
        {
            return Change::Keep(Prepare::Activity(full.number, full.page));
        }
        let moved = queue
            .object_index
            .take_full_chunks(record.object_index.full_chunk_entries());
        if !self.index_pages.has_pages_of(&moved) {
            return Change::Keep(Prepare::Move(moved));
        }
        let DividedQueue {
            record: next,
            mut new_pages,
        } = queue.clone().divide(&self.loaded, capacity);
        new_pages.retain(|(name, _)| !self.written.iter().any(|(_, written)| written == name));
        if !new_pages.is_empty() && !is_whole {
            // A document may have two entries, which only the whole queue shows.
            return Change::Keep(Prepare::load_all(record));
        }
        if !new_pages.is_empty() {
            return Change::Keep(Prepare::Fill(next.overflow.update_count(), new_pages));
        }
        queue.overflow.clone_from(&next.overflow);
        let updated = UpdatedQueue {
            unused_pages: self.unused_pages(record, &next),
            unused_index_pages: self.index_pages.unused_pages(&moved, &queue.object_index),
            queue,
        };
        Change::write(next, Prepare::Done(Box::new(updated)))
    }

    /// Returns the pages that were named or written before the update and that the record no longer names after it.
    fn unused_pages(&self, record: &Queue, next: &Queue) -> Vec<String> {
        let changes = next.overflow.update_count();
        let before = record.overflow.page_names();
        let written = self.written.iter().filter(|(change, _)| *change <= changes);
        let mut unused: Vec<_> = before
            .chain(written.map(|(_, name)| name))
            .cloned()
            .collect();
        unused.retain(|name| !next.overflow.page_names().any(|named| named == name));
        unused
    }
}

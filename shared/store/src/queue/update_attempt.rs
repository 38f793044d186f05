//! An attempt at an update of a queue that may have overflow pages.
//!
//! A written page has no effect before the swap of the queue record names it. The record lists a page before it is written.

use crate::activity::{ActivityPage, PAGE};
use crate::object_index::MovedEntries;
use crate::object_index::operations::WrittenPages;
use crate::queue::Queue;
use crate::queue::pages::LoadedPages;
use jiff::Timestamp;
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

/// An update that is foreseen. It has no effect.
pub(crate) type Upcoming<'a> = Box<dyn Fn(&mut Queue) + 'a>;

/// The pages that are loaded or written for the next attempt, or for the next update of the same worker.
#[derive(Default)]
pub struct PreparedPages<'a> {
    /// The time of the attempt.
    pub(crate) now: Timestamp,
    /// The update that the same worker makes next. The attempt lists its pages.
    pub(crate) upcoming: Option<Upcoming<'a>>,
    /// The run that makes the updates, if it makes several. No other writes the pages that it writes.
    pub(crate) writer: &'a str,
    /// Loose pages that were removed and that nobody writes any more.
    pub(crate) removed: Vec<String>,
    /// Overflow pages that were loaded or written.
    pub(crate) loaded: LoadedPages,
    /// The names of the overflow pages that were written, each with the number of its change.
    pub(crate) written: Vec<(u64, String)>,
    /// The names of pages that this writer alone wrote.
    pub(crate) own: Vec<String>,
    /// The number of the activity page that was written.
    pub(crate) activity_page: Option<u32>,
    /// The pages of the object index that were written.
    pub(crate) index_pages: WrittenPages,
}

/// The step that must follow an attempt.
pub(crate) enum Prepare {
    /// The update is done.
    Done(Box<UpdatedQueue>),
    /// Try again: the record lists the pages now.
    Again,
    /// Remove these loose pages if they are there.
    Remove(Vec<String>),
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

impl PreparedPages<'_> {
    /// Keeps the pages that the queue names after an update. Other pages were removed.
    pub(crate) fn keep(&mut self, queue: &Queue, removed: Vec<String>) {
        let is_named = |name: &String| queue.overflow.page_names().any(|named| named == name);
        self.loaded.retain(|(name, _)| is_named(name));
        let written = self.written.drain(..).map(|(_, name)| name);
        self.own.extend(written.filter(|_| !self.writer.is_empty()));
        let own = removed.into_iter().filter(|name| self.own.contains(name));
        self.removed.extend(own);
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
        if let Some(step) = self.removal(record) {
            return Change::Keep(step);
        }
        let moved = match self.move_out(record, &mut queue) {
            Ok(moved) => moved,
            Err(step) => return Change::Keep(step),
        };
        let divided = queue.clone().divide(&self.loaded, capacity, self.writer);
        let (mut next, mut new_pages) = (divided.record, divided.new_pages);
        new_pages.retain(|(name, _)| !self.written.iter().any(|(_, written)| written == name));
        match (new_pages.is_empty(), is_whole) {
            (true, _) => {}
            // A document may have two entries, which only the whole queue shows.
            (false, false) => return Change::Keep(Prepare::load_all(record)),
            (false, true) => {
                return list_or_fill(record, next.overflow.update_count(), new_pages);
            }
        }
        next.overflow.loose.forget(&self.removed);
        next.overflow.retire_replaced(&record.overflow, self.now);
        queue.overflow.clone_from(&next.overflow);
        let upcoming = self.upcoming_pages(&queue, record, capacity);
        next.overflow.loose.list(&upcoming);
        let updated = UpdatedQueue {
            unused_pages: self.unused_pages(record, &next),
            unused_index_pages: self.index_pages.unused_pages(&moved, &queue.object_index),
            queue,
        };
        Change::write(next, Prepare::Done(Box::new(updated)))
    }

    /// Returns the removal of the loose pages that nobody writes any more, unless they were removed.
    fn removal(&self, record: &Queue) -> Option<Prepare> {
        let removable = record.overflow.loose.removable(self.now);
        let is_left = removable.iter().any(|name| !self.removed.contains(name));
        is_left.then_some(Prepare::Remove(removable))
    }

    /// Moves full pages of activity and of the object index out of the queue. Returns the latter, or the step that must come first.
    ///
    /// Only entries that are already in the record move to a page, because the entries of this attempt may be discarded.
    fn move_out(&self, record: &Queue, queue: &mut Queue) -> Result<Vec<MovedEntries>, Prepare> {
        if record.recent_activity.len() >= 2 * PAGE
            && let Some(full) = queue.take_full_page()
            && self.activity_page != Some(full.number)
        {
            return Err(Prepare::Activity(full.number, full.page));
        }
        let full_chunks = record.object_index.full_chunk_entries();
        let moved = queue.object_index.take_full_chunks(full_chunks);
        match self.index_pages.has_pages_of(&moved) {
            true => Ok(moved),
            false => Err(Prepare::Move(moved)),
        }
    }

    /// Returns the names of the pages that the next update makes. If it is not known, it is another entry, provided that one arrived now.
    fn upcoming_pages(&self, queue: &Queue, record: &Queue, capacity: usize) -> Vec<String> {
        let newest = |queue: &Queue| queue.entries.last().map(|entry| entry.document.clone());
        let mut next = queue.clone();
        match &self.upcoming {
            Some(update) => update(&mut next),
            None if newest(queue) == newest(record) => return Vec::new(),
            None => next.entries.extend(queue.entries.last().cloned()),
        }
        let pages = next.divide(&self.loaded, capacity, self.writer).new_pages;
        pages.into_iter().map(|(name, _)| name).collect()
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

/// Returns the step before a swap that names new pages: the record lists them, then they are written.
fn list_or_fill(record: &Queue, change: u64, pages: LoadedPages) -> Change<Queue, Prepare> {
    let mut listing = record.clone();
    let names = pages.iter().map(|(name, _)| name);
    if listing.overflow.loose.list(names) {
        return Change::write(listing, Prepare::Again);
    }
    Change::Keep(Prepare::Fill(change, pages))
}

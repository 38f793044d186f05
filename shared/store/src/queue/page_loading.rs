//! Reading and altering a desk that may have shelves. What of it is written before the swap counts for nothing until the swap.

use crate::activity::{ActivityPage, PAGE};
use crate::object_index::MovedEntries;
use crate::object_index::operations::Written;
use crate::queue::Queue;
use crate::queue::pages::{LoadedPages, QueuePage};
use crate::{Store, queue_busy};
use billing::FirmId;
use ports::records::{Change, Records, StoreError};

/// How often a desk is prepared anew because others changed it meanwhile.
const TRIES: usize = 24;

/// What a verb did to a desk. Done anew if another writer comes first.
pub enum Update {
    /// Nothing yet: it has to see the shelves too.
    NeedsAll,
    /// Nothing.
    Nothing,
    /// It changed it.
    Change,
}

/// A verb: what it does to a desk, given whether that is the whole desk or its own record only.
pub type QueueUpdate<'a> = &'a mut dyn FnMut(&mut Queue, bool) -> Update;

/// What is at hand for the next try, or for the next verb of the same worker.
#[derive(Default)]
pub struct PreparedPages {
    /// Shelves that were read or written.
    known: LoadedPages,
    /// Those that were written, and the change that each is for.
    written: Vec<(u64, String)>,
    /// The page of activity that was written.
    page: Option<u32>,
    /// The pages of the register.
    register: Written,
}

/// How a try ended.
enum Prepare {
    /// The verb is done; these shelves and pages of the register are not needed any more.
    Done(Box<Queue>, [Vec<String>; 2]),
    /// These shelves are to be read first.
    Read(Vec<String>),
    /// These are to be written first.
    Fill(u64, LoadedPages),
    /// This page of activity.
    Page(u32, ActivityPage),
    /// These pages of the register.
    Move(Vec<MovedEntries>),
}

impl PreparedPages {
    /// A verb is done: what the desk names is still as it is known.
    fn keep(&mut self, desk: &Queue) {
        let named = |name: &String| desk.overflow.page_names().any(|named| named == name);
        self.known.retain(|(name, _)| named(name));
        self.written.clear();
        self.register.keep_pages(&desk.object_index);
    }

    /// One try at a verb.
    fn attempt(
        &self,
        record: &Queue,
        room: usize,
        verb: QueueUpdate<'_>,
    ) -> Change<Queue, Prepare> {
        let whole = record.with_all_pages(&self.known);
        let is_whole = whole.is_some();
        let mut desk = whole.unwrap_or_else(|| record.clone());
        match verb(&mut desk, is_whole) {
            Update::NeedsAll => {
                return Change::Keep(Prepare::Read(
                    record.overflow.page_names().cloned().collect(),
                ));
            }
            Update::Nothing => {
                return Change::Keep(Prepare::Done(Box::new(desk), Default::default()));
            }
            Update::Change => {}
        }
        // Only lines that the record has already are moved: what this try adds may come to nothing.
        if record.recent_activity.len() >= 2 * PAGE
            && let Some((number, page)) = desk.take_full_page()
            && self.page != Some(number)
        {
            return Change::Keep(Prepare::Page(number, page));
        }
        let moved = desk
            .object_index
            .take_full_chunks(record.object_index.page_count());
        if !self.register.has_pages_of(&moved) {
            return Change::Keep(Prepare::Move(moved));
        }
        let (next, mut fresh) = desk.clone().with_page_room(&self.known, room);
        let changes = next.overflow.update_count();
        fresh.retain(|(name, _)| !self.written.iter().any(|(_, written)| written == name));
        if !fresh.is_empty() && !is_whole {
            // Something may be there twice, which is seen only with all the shelves at hand.
            return Change::Keep(Prepare::Read(
                record.overflow.page_names().cloned().collect(),
            ));
        }
        if !fresh.is_empty() {
            return Change::Keep(Prepare::Fill(changes, fresh));
        }
        let before = record.overflow.page_names();
        let prepared = self.written.iter().filter(|(change, _)| *change <= changes);
        let mut dropped: Vec<_> = before
            .chain(prepared.map(|(_, name)| name))
            .cloned()
            .collect();
        dropped.retain(|name| !next.overflow.page_names().any(|named| named == name));
        desk.overflow.clone_from(&next.overflow);
        let outdated = self.register.outdated_pages(&moved, &desk.object_index);
        Change::write(next, Prepare::Done(Box::new(desk), [dropped, outdated]))
    }
}

impl<R: Records> Store<R> {
    /// A firm's desk.
    pub async fn queue(&self, firm: &FirmId) -> Result<Queue, StoreError> {
        let mut known = LoadedPages::new();
        for _ in 0..TRIES {
            let record = self.queue_record(firm).await?;
            if let Some(desk) = record.with_all_pages(&known) {
                return Ok(desk);
            }
            let names: Vec<_> = record.overflow.page_names().cloned().collect();
            self.read_pages(firm, &names, &mut known).await?;
            if let Some(desk) = record.with_all_pages(&known) {
                return Ok(desk);
            }
        }
        Err(queue_busy(firm))
    }

    /// The desk's own record: all but what lies on its shelves.
    pub async fn queue_record(&self, firm: &FirmId) -> Result<Queue, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Alters a firm's desk, after creating it if it is missing. Gives it as it is then.
    pub async fn update_or_create_queue(
        &self,
        firm: &FirmId,
        alter: &mut dyn FnMut(&mut Queue) -> bool,
        ready: &mut PreparedPages,
    ) -> Result<Queue, StoreError> {
        let verb = &mut |desk: &mut Queue, is_whole: bool| as_update(alter, desk, is_whole);
        self.apply_to_queue(firm, verb, ready).await
    }

    /// Alters a firm's desk if there is one. Gives it as it is then.
    pub async fn update_queue(
        &self,
        firm: &FirmId,
        alter: &mut dyn FnMut(&mut Queue) -> bool,
    ) -> Result<Option<Queue>, StoreError> {
        let verb = &mut |desk: &mut Queue, is_whole: bool| as_update(alter, desk, is_whole);
        self.apply_to_known_queue(firm, verb, &mut PreparedPages::default())
            .await
    }

    /// The same for a verb that may be content with the desk's own record.
    pub async fn apply_to_queue(
        &self,
        firm: &FirmId,
        verb: QueueUpdate<'_>,
        ready: &mut PreparedPages,
    ) -> Result<Queue, StoreError> {
        if let Some(desk) = self.apply_to_known_queue(firm, verb, ready).await? {
            return Ok(desk);
        }
        self.records.ensure::<Queue>(firm.as_ref()).await?;
        let desk = self.apply_to_known_queue(firm, verb, ready).await?;
        desk.ok_or_else(|| queue_busy(firm))
    }

    async fn apply_to_known_queue(
        &self,
        firm: &FirmId,
        verb: QueueUpdate<'_>,
        ready: &mut PreparedPages,
    ) -> Result<Option<Queue>, StoreError> {
        for _ in 0..TRIES {
            let attempt = |record: Queue| ready.attempt(&record, self.page_capacity, verb);
            let step = self.records.change(firm.as_ref(), attempt).await?;
            match step {
                None => return Ok(None),
                Some(Prepare::Done(desk, [shelves, pages])) => {
                    self.remove_pages_of_queue(firm, shelves).await;
                    self.remove_pages(firm, pages).await;
                    ready.keep(&desk);
                    return Ok(Some(*desk));
                }
                Some(Prepare::Read(names)) => {
                    self.read_pages(firm, &names, &mut ready.known).await?;
                }
                Some(Prepare::Fill(change, shelves)) => {
                    for (name, shelved) in shelves {
                        self.records.save(&page_key(firm, &name), &shelved).await?;
                        ready.written.push((change, name.clone()));
                        ready.known.push((name, shelved));
                    }
                }
                Some(Prepare::Page(number, page)) => {
                    let name = format!("{firm}/{number}");
                    self.records.save(&name, &page).await?;
                    ready.page = Some(number);
                }
                Some(Prepare::Move(moved)) => {
                    self.write_pages(firm, moved, &mut ready.register).await?;
                }
            }
        }
        Err(queue_busy(firm))
    }

    /// Reads what is not known yet. One that is missing was replaced: the desk's record names another by now.
    async fn read_pages(
        &self,
        firm: &FirmId,
        names: &[String],
        known: &mut LoadedPages,
    ) -> Result<(), StoreError> {
        for name in names {
            if known.iter().any(|(known, _)| known == name) {
                continue;
            }
            let Some(shelved) = self
                .records
                .load::<QueuePage>(&page_key(firm, name))
                .await?
            else {
                break;
            };
            known.push((name.clone(), shelved));
        }
        Ok(())
    }

    /// What is not removed now stays for good, but nobody reads it any more.
    async fn remove_pages_of_queue(&self, firm: &FirmId, names: Vec<String>) {
        for name in names {
            let _ = self
                .records
                .remove::<QueuePage>(&page_key(firm, &name))
                .await;
        }
    }
}

fn as_update(
    alter: &mut dyn FnMut(&mut Queue) -> bool,
    desk: &mut Queue,
    is_whole: bool,
) -> Update {
    if !is_whole {
        Update::NeedsAll
    } else if alter(desk) {
        Update::Change
    } else {
        Update::Nothing
    }
}

fn page_key(firm: &FirmId, name: &str) -> String {
    format!("{firm}/{name}")
}

//! Operations that load and update a queue that may have overflow pages.

use crate::queue::Queue;
use crate::queue::pages::{LoadedPages, QueuePage};
use crate::queue::update_attempt::{Prepare, PreparedPages, QueueUpdate, Update};
use crate::{Store, queue_busy};
use billing::FirmId;
use ports::records::{Records, StoreError};
use ports::side_by_side::side_by_side;

/// The most attempts at one update while other writers change the queue.
const ATTEMPTS: usize = 24;

impl<R: Records> Store<R> {
    /// Loads the queue of a firm with all its overflow pages.
    pub async fn queue(&self, firm: &FirmId) -> Result<Queue, StoreError> {
        let mut loaded = LoadedPages::new();
        for _ in 0..ATTEMPTS {
            let record = self.queue_record(firm).await?;
            if let Some(queue) = record.with_all_pages(&loaded) {
                return Ok(queue);
            }
            let names: Vec<_> = record.overflow.page_names().cloned().collect();
            self.load_pages(firm, &names, &mut loaded).await?;
            if let Some(queue) = record.with_all_pages(&loaded) {
                return Ok(queue);
            }
        }
        Err(queue_busy(firm))
    }

    /// Loads the queue record, without the entries on overflow pages.
    pub async fn queue_record(&self, firm: &FirmId) -> Result<Queue, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Updates the queue of a firm, after creating it if it is missing. Returns the queue after the update.
    pub async fn update_or_create_queue(
        &self,
        firm: &FirmId,
        update: &mut dyn FnMut(&mut Queue) -> bool,
        prepared: &mut PreparedPages<'_>,
    ) -> Result<Queue, StoreError> {
        let update = &mut |queue: &mut Queue, is_whole: bool| update_whole(update, queue, is_whole);
        self.apply_to_queue(firm, update, prepared).await
    }

    /// Updates the queue of a firm if it exists. Returns the queue after the update.
    pub async fn update_queue(
        &self,
        firm: &FirmId,
        update: &mut dyn FnMut(&mut Queue) -> bool,
    ) -> Result<Option<Queue>, StoreError> {
        let update = &mut |queue: &mut Queue, is_whole: bool| update_whole(update, queue, is_whole);
        self.apply_to_known_queue(firm, update, &mut PreparedPages::default())
            .await
    }

    /// Applies an update that may need only the queue record, after creating the queue if it is missing.
    pub async fn apply_to_queue(
        &self,
        firm: &FirmId,
        update: QueueUpdate<'_>,
        prepared: &mut PreparedPages<'_>,
    ) -> Result<Queue, StoreError> {
        if let Some(queue) = self.apply_to_known_queue(firm, update, prepared).await? {
            return Ok(queue);
        }
        self.records.ensure::<Queue>(firm.as_ref()).await?;
        let queue = self.apply_to_known_queue(firm, update, prepared).await?;
        queue.ok_or_else(|| queue_busy(firm))
    }

    async fn apply_to_known_queue(
        &self,
        firm: &FirmId,
        update: QueueUpdate<'_>,
        prepared: &mut PreparedPages<'_>,
    ) -> Result<Option<Queue>, StoreError> {
        for _ in 0..ATTEMPTS {
            prepared.now = self.records.now();
            let attempt = |record: Queue| prepared.attempt(&record, self.page_capacity, update);
            let step = self.records.change(firm.as_ref(), attempt).await?;
            match step {
                None => return Ok(None),
                Some(Prepare::Done(updated)) => {
                    let removed = self.remove_queue_pages(firm, updated.unused_pages).await;
                    self.remove_pages(firm, updated.unused_index_pages).await;
                    prepared.keep(&updated.queue, removed);
                    return Ok(Some(updated.queue));
                }
                Some(Prepare::Again) => {}
                Some(Prepare::Remove(names)) => {
                    self.remove_loose_pages(firm, &names).await?;
                    prepared.removed.extend(names);
                }
                Some(Prepare::Load(names)) => {
                    self.load_pages(firm, &names, &mut prepared.loaded).await?;
                }
                Some(Prepare::Fill(change, pages)) => {
                    for (name, page) in pages {
                        self.records.save(&page_key(firm, &name), &page).await?;
                        prepared.written.push((change, name.clone()));
                        prepared.loaded.push((name, page));
                    }
                }
                Some(Prepare::Activity(number, page)) => {
                    let name = format!("{firm}:{number}");
                    self.records.save(&name, &page).await?;
                    prepared.activity_page = Some(number);
                }
                Some(Prepare::Move(moved)) => {
                    self.write_pages(firm, moved, &mut prepared.index_pages)
                        .await?;
                }
            }
        }
        Err(queue_busy(firm))
    }

    /// Loads the pages that are not loaded yet. A missing page was replaced, and the queue record names the new page.
    async fn load_pages(
        &self,
        firm: &FirmId,
        names: &[String],
        loaded: &mut LoadedPages,
    ) -> Result<(), StoreError> {
        for name in names {
            if loaded.iter().any(|(known, _)| known == name) {
                continue;
            }
            let key = page_key(firm, name);
            let Some(page) = self.records.load::<QueuePage>(&key).await? else {
                break;
            };
            loaded.push((name.clone(), page));
        }
        Ok(())
    }

    /// Removes the pages that are there, although they were removed before or never written.
    async fn remove_loose_pages(&self, firm: &FirmId, names: &[String]) -> Result<(), StoreError> {
        let remove = async |name: &String| {
            let key = page_key(firm, name);
            if let Ok(None) = self.records.load::<QueuePage>(&key).await {
                return Ok(());
            }
            self.records.remove::<QueuePage>(&key).await
        };
        side_by_side(names.iter().map(remove)).await.map(drop)
    }

    /// Removes pages, and returns their names. A page whose removal fails is removed when it is looked for once more.
    async fn remove_queue_pages(&self, firm: &FirmId, names: Vec<String>) -> Vec<String> {
        let mut removed = Vec::new();
        for name in names {
            let key = page_key(firm, &name);
            let answer = self.records.remove::<QueuePage>(&key).await;
            removed.extend(answer.is_ok().then_some(name));
        }
        removed
    }
}

fn update_whole(
    update: &mut dyn FnMut(&mut Queue) -> bool,
    queue: &mut Queue,
    is_whole: bool,
) -> Update {
    if !is_whole {
        Update::NeedsAll
    } else if update(queue) {
        Update::Change
    } else {
        Update::Nothing
    }
}

fn page_key(firm: &FirmId, name: &str) -> String {
    format!("{firm}:{name}")
}

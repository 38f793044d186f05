//! Operations on the object index: look-ups, sweeps, and moving entries to pages.

use crate::object_index::entry::IndexEntry;
use crate::object_index::page::IndexPage;
use crate::object_index::{MovedEntries, ObjectIndex, page_names_of};
use crate::{Store, queue_busy};
use billing::FirmId;
use ports::records::{Records, StoreError};
use quickbooks::Kind;

/// The most attempts at one look-up while a page gets a new name.
const ATTEMPTS: usize = 8;

/// The pages that a worker wrote, with their names.
#[derive(Default)]
pub struct WrittenPages(Vec<(String, IndexPage)>);

impl WrittenPages {
    /// Returns whether all pages of these entries were written.
    pub fn has_pages_of(&self, moved: &[MovedEntries]) -> bool {
        moved.iter().all(|moved| self.find(&moved.name).is_some())
    }

    /// Returns the pages that the record no longer names once these entries are moved.
    pub fn unused_pages(&self, moved: &[MovedEntries], index: &ObjectIndex) -> Vec<String> {
        let bases = moved.iter().filter_map(|moved| moved.base.as_ref());
        let mut unused: Vec<_> = bases.cloned().collect();
        for (name, _) in &self.0 {
            if !unused.contains(name) && !index.page_names().any(|named| named == *name) {
                unused.push(name.clone());
            }
        }
        unused
    }

    /// Keeps the last page, which is the only one that a worker writes again.
    pub fn keep_pages(&mut self, index: &ObjectIndex) {
        let last = index.page_names().last();
        self.0.retain(|(name, _)| Some(name) == last.as_ref());
    }

    fn find(&self, name: &str) -> Option<&IndexPage> {
        let page = self.0.iter().find(|(written, _)| written == name);
        page.map(|(_, page)| page)
    }
}

impl<R: Records> Store<R> {
    /// Returns the entries of these objects, only the newest for each subject. Loads each page at most once, and only if the page may have
    /// one of the objects.
    ///
    /// An index that is not the latest may name a page that has another name by now. In that case the latest index is loaded, and the tail
    /// of the given one counts too.
    pub async fn entries_of(
        &self,
        firm: &FirmId,
        index: &ObjectIndex,
        objects: &[(Kind, String)],
    ) -> Result<Vec<IndexEntry>, StoreError> {
        let is_wanted = |entry: &IndexEntry| {
            objects
                .iter()
                .any(|(kind, id)| (entry.kind, &entry.id) == (*kind, id))
        };
        let mut latest = index.clone();
        'attempts: for _ in 0..ATTEMPTS {
            let mut found = Vec::new();
            for name in latest.pages_about(objects) {
                let Some(page) = self.index_page(firm, &name).await? else {
                    latest = self.queue_record(firm).await?.object_index;
                    continue 'attempts;
                };
                add_newest(&mut found, page.0.into_iter().filter(is_wanted));
            }
            let tail = latest.tail().iter().chain(index.tail());
            add_newest(&mut found, tail.filter(|entry| is_wanted(entry)).cloned());
            return Ok(found);
        }
        Err(queue_busy(firm))
    }

    /// Returns one of the [parts](ObjectIndex::parts) of the index, for a sweep: its pages, oldest first, then the tail. A number beyond
    /// the last part returns nothing.
    ///
    /// A page returns only the newest of several entries about the same subject, and none that the tail supersedes. A later page may still
    /// have a newer one, and a sweep may see an entry twice while another worker moves it. Therefore [`Self::entries_of`] decides before a
    /// difference has any effect.
    pub async fn entries_on_page(
        &self,
        firm: &FirmId,
        index: &ObjectIndex,
        page: usize,
    ) -> Result<Vec<IndexEntry>, StoreError> {
        let mut found = Vec::new();
        let mut latest = index.clone();
        for _ in 0..ATTEMPTS {
            let Some(name) = latest.page_names().nth(page) else {
                let is_last = page + 1 == latest.parts();
                let tail = latest.tail().iter().filter(|_| is_last);
                add_newest(&mut found, tail.cloned());
                return Ok(found);
            };
            if let Some(page) = self.index_page(firm, &name).await? {
                add_newest(&mut found, page.0.into_iter());
                let is_superseded = |entry: &IndexEntry| {
                    let mut tail = index.tail().iter();
                    tail.any(|newer| newer.has_same_subject(entry) && newer.supersedes(entry))
                };
                found.retain(|entry| !is_superseded(entry));
                return Ok(found);
            }
            latest = self.queue_record(firm).await?.object_index;
        }
        Err(queue_busy(firm))
    }

    /// Saves the pages that the queue record will name next. If the earlier part of a page is missing, another worker has moved that part.
    pub async fn write_pages(
        &self,
        firm: &FirmId,
        moved: Vec<MovedEntries>,
        written: &mut WrittenPages,
    ) -> Result<(), StoreError> {
        for MovedEntries {
            name,
            base,
            mut entries,
        } in moved
        {
            let mut page = IndexPage::default();
            if let Some(base) = base {
                let before = match written.find(&base) {
                    Some(page) => Some(page.clone()),
                    None => self.index_page(firm, &base).await?,
                };
                let Some(before) = before else {
                    return Ok(());
                };
                page = before;
            }
            page.0.append(&mut entries);
            self.records.save(&page_key(firm, &name), &page).await?;
            written.0.push((name, page));
        }
        Ok(())
    }

    /// Returns the names of all pages that may exist: those of the index, the next ones, and the shorter ones that each was before. A page
    /// that the index has comes after its longer and shorter ones.
    pub(crate) async fn written_pages(
        &self,
        firm: &FirmId,
        index: &ObjectIndex,
    ) -> Result<Vec<String>, StoreError> {
        let mut grown = index.clone();
        let moved = grown.take_full_chunks(index.full_chunk_entries());
        let mut names = Vec::new();
        for (number, last) in grown.page_names().enumerate() {
            let kept = index.page_names().nth(number);
            let mut page = match &kept {
                Some(kept) => self.index_page(firm, kept).await?.unwrap_or_default(),
                None => IndexPage::default(),
            };
            let added = moved.iter().filter(|moved| moved.name == last);
            page.0.extend(added.flat_map(|moved| moved.entries.clone()));
            let grew = page_names_of(number, &page);
            names.extend(grew.into_iter().filter(|name| Some(name) != kept.as_ref()));
            names.extend(kept);
        }
        Ok(names)
    }

    /// Removes pages. A page whose removal fails is never removed, but no reader loads it any more.
    pub async fn remove_pages(&self, firm: &FirmId, names: Vec<String>) {
        for name in names {
            let name = page_key(firm, &name);
            let _ = self.records.remove::<IndexPage>(&name).await;
        }
    }

    async fn index_page(&self, firm: &FirmId, name: &str) -> Result<Option<IndexPage>, StoreError> {
        self.records.load(&page_key(firm, name)).await
    }
}

/// Adds entries to those found before. Only the newest entry about each subject stays.
fn add_newest(found: &mut Vec<IndexEntry>, more: impl Iterator<Item = IndexEntry>) {
    for entry in more {
        let mut before = found.iter_mut();
        match before.find(|before| before.has_same_subject(&entry)) {
            Some(before) if entry.supersedes(before) => *before = entry,
            Some(_) => {}
            None => found.push(entry),
        }
    }
}

fn page_key(firm: &FirmId, name: &str) -> String {
    format!("{firm}:{name}")
}

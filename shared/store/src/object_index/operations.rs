//! Reading the register of a firm, and moving entries of it to pages.

use crate::object_index::entry::IndexEntry;
use crate::object_index::page::IndexPage;
use crate::object_index::{MovedEntries, ObjectIndex};
use crate::{Store, queue_busy};
use billing::FirmId;
use ports::records::{Records, StoreError};
use quickbooks::Kind;

/// How often a register is read anew because a page got a new name meanwhile.
const TRIES: usize = 8;

/// The pages that a worker wrote, by their names.
#[derive(Default)]
pub struct Written(Vec<(String, IndexPage)>);

impl Written {
    /// Whether all of these were.
    pub fn has_pages_of(&self, moved: &[MovedEntries]) -> bool {
        moved.iter().all(|moved| self.find(&moved.name).is_some())
    }

    /// What nobody names any more once these are moved and the register is so.
    pub fn outdated_pages(&self, moved: &[MovedEntries], register: &ObjectIndex) -> Vec<String> {
        let bases = moved.iter().filter_map(|moved| moved.base.as_ref());
        let mut outdated: Vec<_> = bases.cloned().collect();
        for (name, _) in &self.0 {
            if !outdated.contains(name) && !register.page_names().any(|named| named == *name) {
                outdated.push(name.clone());
            }
        }
        outdated
    }

    /// The register is so now: only the last page is written again.
    pub fn keep_pages(&mut self, register: &ObjectIndex) {
        let last = register.page_names().last();
        self.0.retain(|(name, _)| Some(name) == last.as_ref());
    }

    fn find(&self, name: &str) -> Option<&IndexPage> {
        let page = self.0.iter().find(|(written, _)| written == name);
        page.map(|(_, page)| page)
    }
}

impl<R: Records> Store<R> {
    /// All that the register says of these objects: of several entries about the same the newest. Each page is read once at most,
    /// and only if it may say something.
    ///
    /// A register that is not the latest may name a page that has another name by now. Then the latest is read, and what this one
    /// has besides counts too.
    pub async fn entries_of(
        &self,
        firm: &FirmId,
        register: &ObjectIndex,
        objects: &[(Kind, String)],
    ) -> Result<Vec<IndexEntry>, StoreError> {
        let is_asked = |entry: &IndexEntry| {
            objects
                .iter()
                .any(|(kind, id)| (entry.kind, &entry.id) == (*kind, id))
        };
        let mut latest = register.clone();
        'anew: for _ in 0..TRIES {
            let mut found = Vec::new();
            for name in latest.pages_about(objects) {
                let Some(page) = self.index_page(firm, &name).await? else {
                    latest = self.queue_record(firm).await?.object_index;
                    continue 'anew;
                };
                newest(&mut found, page.0.into_iter().filter(is_asked));
            }
            let fresh = latest.tail().iter().chain(register.tail());
            newest(&mut found, fresh.filter(|entry| is_asked(entry)).cloned());
            return Ok(found);
        }
        Err(queue_busy(firm))
    }

    /// A part of the register, for a sweep over all [parts](Register::parts): its pages, oldest first, then what lies in the desk's
    /// record. Nothing beyond.
    ///
    /// Of several entries about the same on a page only the newest is there, and none that the register's own record outdoes. But
    /// a later page may have a newer one, and whoever sweeps while others work sees what they move at both places: before
    /// anything is made of a difference, [`Self::entries_of`] says what counts.
    pub async fn entries_on_page(
        &self,
        firm: &FirmId,
        register: &ObjectIndex,
        page: usize,
    ) -> Result<Vec<IndexEntry>, StoreError> {
        let mut found = Vec::new();
        let mut latest = register.clone();
        for _ in 0..TRIES {
            let Some(name) = latest.page_names().nth(page) else {
                let is_last = page + 1 == latest.parts();
                let fresh = latest.tail().iter().filter(|_| is_last);
                newest(&mut found, fresh.cloned());
                return Ok(found);
            };
            if let Some(page) = self.index_page(firm, &name).await? {
                newest(&mut found, page.0.into_iter());
                let is_overtaken = |entry: &IndexEntry| {
                    let mut fresh = register.tail().iter();
                    fresh.any(|newer| newer.has_same_subject(entry) && newer.supersedes(entry))
                };
                found.retain(|entry| !is_overtaken(entry));
                return Ok(found);
            }
            latest = self.queue_record(firm).await?.object_index;
        }
        Err(queue_busy(firm))
    }

    /// Writes pages that the desk's record is to name next. One whose earlier part is missing was moved on by others.
    pub async fn write_pages(
        &self,
        firm: &FirmId,
        moved: Vec<MovedEntries>,
        written: &mut Written,
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
            self.records.save(&key(firm, &name), &page).await?;
            written.0.push((name, page));
        }
        Ok(())
    }

    /// What is not removed now stays for good, but nobody reads it any more.
    pub async fn remove_pages(&self, firm: &FirmId, names: Vec<String>) {
        for name in names {
            let name = key(firm, &name);
            let _ = self.records.remove::<IndexPage>(&name).await;
        }
    }

    async fn index_page(&self, firm: &FirmId, name: &str) -> Result<Option<IndexPage>, StoreError> {
        self.records.load(&key(firm, name)).await
    }
}

/// Adds entries to what was found before, the newest about the same in place of the others.
fn newest(found: &mut Vec<IndexEntry>, more: impl Iterator<Item = IndexEntry>) {
    for entry in more {
        let mut before = found.iter_mut();
        match before.find(|before| before.has_same_subject(&entry)) {
            Some(before) if entry.supersedes(before) => *before = entry,
            Some(_) => {}
            None => found.push(entry),
        }
    }
}

fn key(firm: &FirmId, name: &str) -> String {
    format!("{firm}/{name}")
}

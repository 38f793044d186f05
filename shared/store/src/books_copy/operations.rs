//! Operations on the copy of a company's books.

use crate::Store;
use crate::books_copy::{BooksCopy, KeptPage, LoadedCopy};
use billing::FirmId;
use jiff::Timestamp;
use ports::records::{Records, StoreError};
use ports::side_by_side::side_by_side;

/// The most attempts at loading a copy while its pages are replaced.
const ATTEMPTS: usize = 4;

impl<R: Records> Store<R> {
    /// Loads the copy of the books of the company of a sign-in. `None` if there is none, or a page of it is gone.
    pub async fn books_copy(
        &self,
        firm: &FirmId,
        connected_at: Option<Timestamp>,
    ) -> Result<Option<LoadedCopy>, StoreError> {
        for _ in 0..ATTEMPTS {
            let copy: BooksCopy = self.load_or_default(firm.as_ref()).await?;
            if copy.read_at.is_none() || copy.connected_at != connected_at {
                return Ok(None);
            }
            let pages = self.kept_pages(firm, &copy).await?;
            if pages.len() == copy.pages.len() {
                return Ok(Some(LoadedCopy { copy, pages }));
            }
        }
        Ok(None)
    }

    async fn kept_pages(
        &self,
        firm: &FirmId,
        copy: &BooksCopy,
    ) -> Result<Vec<KeptPage>, StoreError> {
        let load = async |name: &String| {
            let key = page_key(firm, name);
            self.records.load::<KeptPage>(&key).await
        };
        let pages = side_by_side(copy.pages.iter().map(load)).await?;
        Ok(pages.into_iter().flatten().collect())
    }

    /// Saves a copy: the record lists new pages as loose, then they are written, then the record names them. Pages that no copy names any
    /// more are removed last. They stay loose until no request writes them any more, and a later save looks for them once more.
    pub async fn save_books_copy(
        &self,
        firm: &FirmId,
        loaded: &LoadedCopy,
    ) -> Result<(), StoreError> {
        let before: BooksCopy = self.load_or_default(firm.as_ref()).await?;
        let names: Vec<String> = loaded.pages.iter().map(KeptPage::name).collect();
        let pages = names.iter().zip(&loaded.pages);
        self.write_new_pages(firm, &before, pages).await?;
        let (now, mut replaced) = (self.records.now(), Vec::new());
        let replace = &mut |kept: &mut BooksCopy| {
            let before = std::mem::replace(kept, loaded.copy.clone());
            let named: Vec<_> = names.iter().collect();
            kept.loose = before.loose;
            kept.loose.replace(&before.pages, &named, now);
            kept.pages.clone_from(&names);
            replaced = before.pages;
            replaced.retain(|name| !names.contains(name));
            true
        };
        self.update_or_create(firm.as_ref(), replace).await?;
        let _ = self.remove_books_pages(firm, &replaced).await;
        Ok(())
    }

    /// Writes the pages that the copy does not name yet. The record lists them first, in place of those that nobody writes any more. Only the
    /// request that lists a page writes it, so the page is retired at once.
    async fn write_new_pages<'a>(
        &self,
        firm: &FirmId,
        before: &BooksCopy,
        pages: impl Iterator<Item = (&'a String, &'a KeptPage)>,
    ) -> Result<(), StoreError> {
        let new: Vec<_> = pages
            .filter(|page| !before.pages.contains(page.0))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let now = self.records.now();
        let left = before.loose.removable(now);
        self.remove_books_pages(firm, &left).await?;
        let list = &mut |kept: &mut BooksCopy| {
            // Another request may list a page again meanwhile.
            let mut removable = kept.loose.removable(now);
            removable.retain(|name| left.contains(name));
            kept.loose.forget(&removable);
            kept.loose.list(new.iter().map(|(name, _)| *name));
            kept.loose.retire(now);
            true
        };
        self.update_or_create(firm.as_ref(), list).await?;
        let save = async |(name, page): (&String, &KeptPage)| {
            let key = page_key(firm, name);
            self.records.save(&key, page).await
        };
        side_by_side(new.into_iter().map(save)).await?;
        Ok(())
    }

    async fn remove_books_pages(&self, firm: &FirmId, names: &[String]) -> Result<(), StoreError> {
        for name in names {
            let key = page_key(firm, name);
            self.records.remove::<KeptPage>(&key).await?;
        }
        Ok(())
    }
}

fn page_key(firm: &FirmId, name: &str) -> String {
    format!("{firm}:{name}")
}

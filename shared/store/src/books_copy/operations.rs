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
    /// more are removed last. They stay loose until the next save, which removes them in any case.
    pub async fn save_books_copy(
        &self,
        firm: &FirmId,
        loaded: &LoadedCopy,
    ) -> Result<(), StoreError> {
        let before: BooksCopy = self.load_or_default(firm.as_ref()).await?;
        let names: Vec<String> = loaded.pages.iter().map(KeptPage::name).collect();
        let pages = names.iter().zip(&loaded.pages);
        self.write_new_pages(firm, &before, pages).await?;
        let replace = &mut |kept: &mut BooksCopy| {
            let before = std::mem::replace(kept, loaded.copy.clone());
            kept.loose = before.loose;
            kept.loose.add_replaced(before.pages, &names);
            kept.pages.clone_from(&names);
            true
        };
        let saved = self.update_or_create(firm.as_ref(), replace).await?;
        let _ = self.remove_books_pages(firm, saved.loose.names()).await;
        Ok(())
    }

    /// Writes the pages that the copy does not name yet. The record lists them first, in place of those that an earlier request left behind.
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
        let left = before.loose.names();
        self.remove_books_pages(firm, left).await?;
        let list = &mut |kept: &mut BooksCopy| {
            let names = new.iter().map(|(name, _)| (*name).clone());
            kept.loose.list(names, left);
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

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

    /// Saves a copy: new pages first, then the record that names them. Pages that no copy names any more are removed last.
    pub async fn save_books_copy(
        &self,
        firm: &FirmId,
        loaded: &LoadedCopy,
    ) -> Result<(), StoreError> {
        let before: BooksCopy = self.load_or_default(firm.as_ref()).await?;
        let mut copy = loaded.copy.clone();
        copy.pages = loaded.pages.iter().map(KeptPage::name).collect();
        let pages = copy.pages.iter().zip(&loaded.pages);
        let new = pages.filter(|(name, _)| !before.pages.contains(name));
        let save = async |(name, page): (&String, &KeptPage)| {
            let key = page_key(firm, name);
            self.records.save(&key, page).await
        };
        side_by_side(new.map(save)).await?;
        let mut replaced = Vec::new();
        let replace = &mut |kept: &mut BooksCopy| {
            replaced = std::mem::replace(kept, copy.clone()).pages;
            true
        };
        self.update_or_create(firm.as_ref(), replace).await?;
        for name in replaced {
            if !copy.pages.contains(&name) {
                let key = page_key(firm, &name);
                let _ = self.records.remove::<KeptPage>(&key).await;
            }
        }
        Ok(())
    }
}

fn page_key(firm: &FirmId, name: &str) -> String {
    format!("{firm}:{name}")
}

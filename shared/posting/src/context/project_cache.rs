//! The project books of a stay: read once, written once.

use crate::context::WorkerContext;
use billing::Id;
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use store::document::DocumentRecord;
use store::matches::ProjectRecord;

/// The books that were opened.
#[derive(Default)]
pub struct ProjectCache(Vec<CachedProject>);

struct CachedProject {
    project: Id,
    book: ProjectRecord,
    /// It differs from what is kept.
    changed: bool,
}

impl<H: Http, R: Records> WorkerContext<'_, H, R> {
    /// A project's book.
    pub async fn project(&mut self, project: &Id) -> Result<&ProjectRecord, StoreError> {
        let at = self.open_book(project).await?;
        Ok(&self.projects.0[at].book)
    }

    /// Changes a project's book and keeps it at once: others are sent what it now knows.
    pub async fn keep_project(
        &mut self,
        project: &Id,
        change: &mut dyn FnMut(&mut ProjectRecord),
    ) -> Result<(), StoreError> {
        let at = self.open_book(project).await?;
        change(&mut self.projects.0[at].book);
        self.keep_book(at).await
    }

    /// Notes what a document holds of its project's retainage. It is kept by [`WorkerContext::close`]: until then the document is on the
    /// desk, and whoever finds it there notes it again.
    pub async fn note_retainage(&mut self, record: &DocumentRecord) -> Result<(), StoreError> {
        let Some(project) = &record.project else {
            return Ok(());
        };
        let retainage = record
            .active_objects()
            .map(|posted| posted.posting.retainage())
            .sum();
        let at = self.open_book(project).await?;
        let open = &mut self.projects.0[at];
        open.changed |= open.book.set_retainage(&record.reference, retainage);
        Ok(())
    }

    /// Keeps what is not kept yet. To be done before the desk is left.
    pub async fn close(&mut self) -> Result<(), StoreError> {
        for at in 0..self.projects.0.len() {
            if self.projects.0[at].changed {
                self.keep_book(at).await?;
            }
        }
        Ok(())
    }

    async fn open_book(&mut self, project: &Id) -> Result<usize, StoreError> {
        let mut books = self.projects.0.iter();
        if let Some(at) = books.position(|open| open.project == *project) {
            return Ok(at);
        }
        let book = self.bridge.store.project(self.firm, project).await?;
        self.projects.0.push(CachedProject {
            project: project.clone(),
            book,
            changed: false,
        });
        Ok(self.projects.0.len() - 1)
    }

    async fn keep_book(&mut self, at: usize) -> Result<(), StoreError> {
        self.still_here()?;
        let open = &mut self.projects.0[at];
        let store = &self.bridge.store;
        store
            .save_project(self.firm, &open.project, &open.book)
            .await?;
        open.changed = false;
        Ok(())
    }
}

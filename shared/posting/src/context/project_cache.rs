//! Caches the project records of a run. Each record is loaded once and saved once.

use billing::{FirmId, Id};
use ports::records::{Records, StoreError};
use store::Store;
use store::matches::ProjectRecord;

/// The project records that a run loaded.
#[derive(Default)]
pub(super) struct ProjectCache(pub(super) Vec<CachedProject>);

/// A project record in the cache.
pub(super) struct CachedProject {
    /// The project.
    pub(super) id: Id,
    /// The project's record, with the changes of this run.
    pub(super) project: ProjectRecord,
    /// The cached record differs from the stored one.
    pub(super) is_changed: bool,
}

impl ProjectCache {
    /// Loads a project's record, if the run has not loaded it yet. Returns its place.
    pub(super) async fn load<R: Records>(
        &mut self,
        store: &Store<R>,
        firm: &FirmId,
        id: &Id,
    ) -> Result<usize, StoreError> {
        let mut projects = self.0.iter();
        if let Some(at) = projects.position(|cached| cached.id == *id) {
            return Ok(at);
        }
        let project = store.project(firm, id).await?;
        self.0.push(CachedProject {
            id: id.clone(),
            project,
            is_changed: false,
        });
        Ok(self.0.len() - 1)
    }
}

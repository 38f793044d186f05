//! Caches the project records of a run. Each record is loaded once and saved once.

use billing::Id;
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

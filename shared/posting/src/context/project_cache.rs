//! The project records of a run: each is loaded once and saved once.

use billing::Id;
use store::matches::ProjectRecord;

/// The project records that were loaded.
#[derive(Default)]
pub(super) struct ProjectCache(pub(super) Vec<CachedProject>);

/// A project record that was loaded.
pub(super) struct CachedProject {
    /// The project.
    pub(super) id: Id,
    /// Its record, as changed in this run.
    pub(super) project: ProjectRecord,
    /// Whether it differs from the stored record.
    pub(super) is_changed: bool,
}

//! The parts of the repository.

/// The folder that a crate lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `shared/`.
    Shared,
    /// `functions/`.
    Functions,
    /// `tests/`.
    Tests,
}

impl Part {
    /// Returns the part that a path belongs to.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        match path.split('/').next()? {
            "shared" => Some(Self::Shared),
            "functions" => Some(Self::Functions),
            "tests" => Some(Self::Tests),
            _ => None,
        }
    }
}

//! The choice of the place of an app's records.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::postgres;

/// The variable of the database's address.
const POSTGRES_URL: &str = "postgres_url";

/// The place of an app's records.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Storage {
    /// In memory: the values are lost when the app is dropped.
    #[default]
    Memory,
    /// In this folder. Each write is on disk before it returns.
    Folder(PathBuf),
    /// In this folder, without waiting for the disk. Tests use it to load an app again.
    FastFolder(PathBuf),
    /// In this folder. Each commit takes this much longer than the disk needs.
    SlowFolder(PathBuf, Duration),
    /// On the Redis server at this address, which may contain a password.
    Redis(String),
    /// In the database at this connection URL, which contains a password. Needs the components of `spin.postgres.toml`.
    Postgres(String),
}

impl Storage {
    /// Returns the manifest of the components that keep records there.
    #[must_use]
    pub fn manifest(&self) -> &'static str {
        match self {
            Self::Postgres(_) => "spin.postgres.toml",
            _ => "spin.toml",
        }
    }

    /// Completes the choice of PostgreSQL without a URL by the variable `postgres_url`.
    #[must_use]
    pub fn with_url_from(self, variables: &BTreeMap<String, String>) -> Self {
        match (self, variables.get(POSTGRES_URL)) {
            (Self::Postgres(url), Some(named)) if url.is_empty() => Self::Postgres(named.clone()),
            (storage, _) => storage,
        }
    }

    /// Returns the variables that name the place to the components: the database's URL, and its host and port.
    pub(crate) fn variables(&self) -> BTreeMap<String, String> {
        let Self::Postgres(url) = self else {
            return BTreeMap::new();
        };
        let origins = postgres::origins(url).unwrap_or_default();
        let origin = origins.into_iter().next().unwrap_or_default();
        let variables = [(POSTGRES_URL, url.clone()), ("postgres_origin", origin)];
        variables
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }
}

/// Leaves out passwords.
impl fmt::Debug for Storage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => formatter.write_str("Memory"),
            Self::Folder(folder) | Self::FastFolder(folder) | Self::SlowFolder(folder, _) => {
                write!(formatter, "Folder({})", folder.display())
            }
            Self::Redis(_) => formatter.write_str("Redis"),
            Self::Postgres(_) => formatter.write_str("Postgres"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_is_named_by_url_and_origin() {
        let url = "postgres://rivet:secret@db:5433/books?sslmode=require";
        let variables = BTreeMap::from([(POSTGRES_URL.to_owned(), url.to_owned())]);
        let storage = Storage::Postgres(String::new()).with_url_from(&variables);
        assert_eq!(storage, Storage::Postgres(url.to_owned()));
        let named = storage.variables();
        assert_eq!(named[POSTGRES_URL], url);
        assert_eq!(named["postgres_origin"], "postgres://db:5433");
        assert!(
            Storage::Memory
                .with_url_from(&variables)
                .variables()
                .is_empty()
        );
    }
}

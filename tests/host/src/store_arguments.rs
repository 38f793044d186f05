//! The arguments of commands that choose the store.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use crate::key_value::Storage;
use crate::variables::from_environment;

/// The arguments that choose the store.
#[derive(Args, Clone, Debug, Default)]
pub struct StoreArguments {
    /// Store of the records: memory, sqlite, redis://HOST:PORT, postgres://USER:PASSWORD@HOST:PORT/DATABASE, or postgres with
    /// the variable postgres_url
    #[arg(long, value_name = "STORE")]
    store: Option<StoreChoice>,
    /// Folder of the SQLite store [default: .spin beside the manifest; for the demo a new one]
    #[arg(long, value_name = "FOLDER")]
    state_dir: Option<PathBuf>,
    /// Let each commit to SQLite take longer by this many milliseconds, as on a slow disk
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    commit_ms: u64,
}

impl StoreArguments {
    /// Returns the chosen place. Without a choice it is `default`; without a folder, SQLite keeps its file in `folder`.
    pub fn storage(&self, default: StoreChoice, folder: &Path) -> Storage {
        let is_folder_named = self.state_dir.is_some();
        let folder = self.state_dir.clone().unwrap_or_else(|| folder.to_owned());
        match self.store.clone() {
            Some(choice) => choice.storage(folder, self.commit_time()),
            None if is_folder_named => StoreChoice::Sqlite.storage(folder, self.commit_time()),
            None => default.storage(folder, self.commit_time()),
        }
    }

    fn commit_time(&self) -> Duration {
        Duration::from_millis(self.commit_ms)
    }
}

/// The choice of PostgreSQL without a URL.
const POSTGRES: &str = "postgres";

fn is_postgres(text: &str) -> bool {
    ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
}

/// The value of `--store`.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreChoice {
    /// In memory.
    Memory,
    /// On disk, in a folder.
    Sqlite,
    /// On the server at this address, which may contain a password.
    Redis(String),
    /// In the database at this URL, which contains a password; without one, in that of the variable `postgres_url`.
    Postgres(String),
}

impl StoreChoice {
    /// Returns the place. SQLite keeps its file in `folder`.
    #[must_use]
    pub fn storage(self, folder: PathBuf, commit_time: Duration) -> Storage {
        match self {
            Self::Memory => Storage::Memory,
            Self::Sqlite if commit_time.is_zero() => Storage::Folder(folder),
            Self::Sqlite => Storage::SlowFolder(folder, commit_time),
            Self::Redis(address) => Storage::Redis(address),
            Self::Postgres(url) => Storage::Postgres(url).with_url_from(&from_environment()),
        }
    }

    /// Returns the value of `--store` that makes this choice.
    #[must_use]
    pub fn as_argument(&self) -> &str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "sqlite",
            Self::Redis(address) => address,
            Self::Postgres(url) if url.is_empty() => POSTGRES,
            Self::Postgres(url) => url,
        }
    }
}

impl FromStr for StoreChoice {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "memory" => Ok(Self::Memory),
            "sqlite" => Ok(Self::Sqlite),
            POSTGRES => Ok(Self::Postgres(String::new())),
            _ if text.starts_with("redis://") => Ok(Self::Redis(text.to_owned())),
            _ if is_postgres(text) => Ok(Self::Postgres(text.to_owned())),
            _ => Err(
                "choose memory, sqlite, redis://HOST:PORT, postgres or postgres://USER:PASSWORD@HOST:PORT/DATABASE",
            ),
        }
    }
}

/// Leaves out the password.
impl fmt::Debug for StoreChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Memory => "Memory",
            Self::Sqlite => "Sqlite",
            Self::Redis(_) => "Redis",
            Self::Postgres(_) => "Postgres",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn storage(store: Option<&str>, state_dir: Option<&str>) -> Storage {
        let arguments = StoreArguments {
            store: store.map(|text| text.parse().unwrap()),
            state_dir: state_dir.map(PathBuf::from),
            commit_ms: 0,
        };
        arguments.storage(StoreChoice::Memory, Path::new("folder"))
    }

    #[test]
    fn choice_decides_the_place_of_records() {
        assert_eq!(storage(None, None), Storage::Memory);
        assert_eq!(storage(Some("memory"), Some("a")), Storage::Memory);
        assert_eq!(
            storage(Some("sqlite"), None),
            Storage::Folder("folder".into())
        );
        assert_eq!(storage(None, Some("a")), Storage::Folder("a".into()));
        let redis = "redis://127.0.0.1:6379/1";
        assert_eq!(storage(Some(redis), None), Storage::Redis(redis.into()));
        let postgres = "postgres://rivet:secret@127.0.0.1/books";
        let chosen = storage(Some(postgres), Some("a"));
        assert_eq!(chosen, Storage::Postgres(postgres.into()));
        assert_eq!(chosen.manifest(), "spin.postgres.toml");
    }

    #[test]
    fn commit_time_needs_sqlite() {
        let arguments = StoreArguments {
            commit_ms: 15,
            ..StoreArguments::default()
        };
        let slow = Storage::SlowFolder("folder".into(), Duration::from_millis(15));
        let folder = Path::new("folder");
        assert_eq!(arguments.storage(StoreChoice::Sqlite, folder), slow);
        assert_eq!(
            arguments.storage(StoreChoice::Memory, folder),
            Storage::Memory
        );
    }

    #[test]
    fn other_stores_are_refused() {
        assert!("dynamodb".parse::<StoreChoice>().is_err());
    }
}

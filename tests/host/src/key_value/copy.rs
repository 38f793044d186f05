//! Copies of all records, made and put back by each store's own means, as in a backup of an operator.

use std::path::{Path, PathBuf};

use super::{Place, Stores, postgres, redis};

/// A copy of the records of an app, as they were at one moment.
pub(crate) struct StoreCopy(CopiedTo);

enum CopiedTo {
    /// A database file beside that of SQLite.
    File(PathBuf),
    /// The dumps of Redis' keys.
    Dumps(Vec<redis::Dump>),
    /// A second table in the database of PostgreSQL.
    Table,
}

impl Stores {
    /// Copies all records. Components may write meanwhile: the copy has what was written at one moment.
    ///
    /// SQLite writes a file to `folder`.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn copy(&self, folder: &Path) -> anyhow::Result<StoreCopy> {
        let copied = match &self.place {
            Place::Sqlite(database) => {
                let file = folder.join("copy.db");
                database.copy_to(&file).map(|()| CopiedTo::File(file))
            }
            Place::Redis(bucket) => bucket.dump().map(CopiedTo::Dumps),
            Place::Postgres(bucket) => bucket.execute(postgres::COPY).map(|()| CopiedTo::Table),
        };
        copied.map(StoreCopy).map_err(anyhow::Error::msg)
    }

    /// Sets all records back to a copy, which is used up.
    ///
    /// # Errors
    /// Fails with the message of the back end.
    pub fn put_back(&self, copy: StoreCopy) -> anyhow::Result<()> {
        let put_back = match (&self.place, copy.0) {
            (Place::Sqlite(database), CopiedTo::File(file)) => database.put_back(&file),
            (Place::Redis(bucket), CopiedTo::Dumps(dumps)) => bucket.restore(&dumps),
            (Place::Postgres(bucket), CopiedTo::Table) => bucket.execute(postgres::PUT_BACK),
            _ => Err("the copy is one of another store".to_owned()),
        };
        put_back.map_err(anyhow::Error::msg)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Storage;

    /// Writes, copies, writes on and puts the copy back. Then the store has what it had at the time of the copy.
    fn assert_copy_is_put_back(storage: &Storage, folder: &Path) {
        let stores = Stores::open(storage).unwrap();
        let bucket = stores.bucket("default");
        let key = |name: &str| format!("rivet-books:copy-{:x}-{name}", std::process::id());
        bucket.set(&key("changed"), b"\0before\xff").unwrap();
        bucket.set(&key("deleted"), b"before").unwrap();
        let copy = stores.copy(folder).unwrap();
        bucket.set(&key("changed"), b"after").unwrap();
        bucket.set(&key("new"), b"after").unwrap();
        bucket.delete(&key("deleted")).unwrap();
        stores.put_back(copy).unwrap();
        let value = |name| bucket.get(&key(name)).unwrap();
        assert_eq!(value("changed").unwrap(), b"\0before\xff");
        assert_eq!(value("deleted").unwrap(), b"before");
        assert_eq!(value("new"), None);
        for name in ["changed", "deleted"] {
            bucket.delete(&key(name)).unwrap();
        }
    }

    #[test]
    fn sqlite_copy_is_put_back() {
        let folder = std::env::temp_dir().join(format!("rivet-host-copy-{}", std::process::id()));
        assert_copy_is_put_back(&Storage::Folder(folder.clone()), &folder);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn redis_copy_is_put_back() {
        // A database of its own, because the copy has all keys.
        if let Ok(address) = std::env::var("RIVET_TEST_REDIS") {
            let storage = Storage::Redis(format!("{address}/14"));
            assert_copy_is_put_back(&storage, Path::new(""));
        }
    }
}

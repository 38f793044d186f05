//! Reads RIVET's own transactions by their ids, where the copy of the books does not show them as RIVET wrote them.
//!
//! Queries lag behind writes and leave out what is dated before the copy. Reads by id do neither.

use crate::books::BooksReader;
use crate::comparison::company_books::is_older;
use bridge::error::Error;
use bridge::setting_options::list_reader::failure;
use ports::http::Http;
use ports::records::Records;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use std::collections::{BTreeMap, BTreeSet};
use store::books_copy::{KeptTransaction, LoadedCopy};
use store::document::TransactionKey;
use store::index_margin::may_be_unseen;
use store::subledger::{Standing, TransactionFigures};

/// The transactions that are read one by one. More of them are looked for with queries.
const SINGLE_READS: usize = 10;

/// The transactions that one query names.
const NAMED: usize = 200;

impl<H: Http, R: Records> BooksReader<'_, H, R> {
    /// Reads the transactions that the copy lacks, and notes those that are gone.
    pub(super) async fn read_own(&mut self, loaded: &mut LoadedCopy) -> Result<(), Error> {
        let missing = missing(loaded, &self.needed.own);
        if missing.len() > SINGLE_READS {
            return self.look_for(&missing, loaded).await;
        }
        let now = self.now;
        for (key, kind) in with_kinds(&missing) {
            let found = self.client.get(kind, &key.id, now).await;
            let found = found.map_err(|error| failure(error, now))?;
            match found.and_then(|found| self.rows.read(&found)) {
                Some(row) => loaded.set(row),
                None => loaded.copy.gone.push(key.clone()),
            }
        }
        Ok(())
    }

    /// Looks for many transactions. One that was written a moment ago may be there although the queries do not show it.
    async fn look_for(
        &mut self,
        missing: &[Missing<'_>],
        loaded: &mut LoadedCopy,
    ) -> Result<(), Error> {
        let mut ids: BTreeMap<Kind, Vec<&str>> = BTreeMap::new();
        for (key, kind) in with_kinds(missing) {
            ids.entry(kind).or_default().push(&key.id);
        }
        let mut queries = Vec::new();
        for (kind, ids) in ids {
            let chunks = ids.chunks(NAMED);
            queries.extend(
                chunks.map(|ids| Query::from(kind).filter(Field::Id.is_in(ids.iter().copied()))),
            );
        }
        let now = self.now;
        let found = self.client.query_all(&queries, now).await;
        let found = found.map_err(|error| failure(error, now))?;
        let rows = found
            .iter()
            .flatten()
            .filter_map(|found| self.rows.read(found));
        rows.for_each(|row| loaded.set(row));
        let shown: BTreeSet<TransactionKey> = loaded.transactions().map(key_of).collect();
        for Missing { key, figures } in missing {
            if !shown.contains(key) && !may_be_unseen(figures.written_at, now) {
                loaded.copy.gone.push(key.clone());
            }
        }
        Ok(())
    }
}

/// A transaction of RIVET's that the copy lacks, or has in an older version.
struct Missing<'a> {
    key: TransactionKey,
    figures: &'a TransactionFigures,
}

/// Returns the transactions of RIVET's that the copy lacks, or has in an older version than RIVET wrote.
fn missing<'a>(loaded: &LoadedCopy, own: &[&'a TransactionFigures]) -> Vec<Missing<'a>> {
    let rows: BTreeMap<TransactionKey, &KeptTransaction> = loaded
        .transactions()
        .map(|row| (key_of(row), row))
        .collect();
    let mut missing = Vec::new();
    for figures in own {
        let key = TransactionKey::new(figures.kind, figures.id.clone());
        let is_shown = rows.get(&key).is_some_and(|row| !is_older(row, figures));
        if !is_shown && counts(figures) {
            missing.push(Missing { key, figures });
        }
    }
    missing
}

/// Returns whether the transaction counts if it stands, and RIVET does not take it as it is.
fn counts(figures: &TransactionFigures) -> bool {
    matches!(figures.standing, Standing::Active | Standing::Inactive)
}

fn key_of(row: &KeptTransaction) -> TransactionKey {
    TransactionKey::new(row.kind, row.id.clone())
}

/// Returns the transactions with the kinds of object that they are.
fn with_kinds<'a>(missing: &'a [Missing<'_>]) -> impl Iterator<Item = (&'a TransactionKey, Kind)> {
    missing
        .iter()
        .filter_map(|missing| Some((&missing.key, missing.key.kind.kind()?)))
}

//! Reads all transactions since a day, page by page.

use crate::books::BooksReader;
use bridge::error::Error;
use bridge::setting_options::list_reader::failure;
use connection::call_outcome::CallError;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ObjectSnapshot;
use quickbooks::query::{Field, MAX_RESULTS, Order};
use quickbooks::{Kind, Query};
use std::collections::BTreeSet;
use store::books_copy::LoadedCopy;
use store::index_margin::unlisted_since;

/// The kinds of transactions that are compared.
pub(super) const KINDS: [Kind; 4] = [
    Kind::Invoice,
    Kind::CreditMemo,
    Kind::JournalEntry,
    Kind::Payment,
];

/// The rows of a page whose answer is too long with the usual number.
const FEWER_RESULTS: u32 = 100;

/// The most pages of one kind.
const MAX_PAGES: u32 = 400;

impl<H: Http, R: Records> BooksReader<'_, H, R> {
    /// Reads all transactions since the first day that is needed.
    pub(super) async fn all_transactions(&mut self) -> Result<LoadedCopy, Error> {
        let mut loaded = LoadedCopy::default();
        loaded.copy.since = Some(self.needed.since);
        loaded.copy.cursor = Some(unlisted_since(self.now));
        for kind in KINDS {
            let mut seen = BTreeSet::new();
            let (mut start, mut size) = (1, MAX_RESULTS);
            for _ in 0..MAX_PAGES {
                let page = self.page(kind, start, &mut size).await?;
                let rows = page.iter().filter(|row| seen.insert(row.id.clone()));
                rows.filter_map(|row| self.rows.read(row))
                    .for_each(|row| loaded.add(row));
                if page.len() < size as usize {
                    break;
                }
                start += size;
            }
        }
        Ok(loaded)
    }

    /// Reads a page. If the answer cannot be read, the page may be too long, and a shorter one is read.
    async fn page(
        &mut self,
        kind: Kind,
        start: u32,
        size: &mut u32,
    ) -> Result<Vec<ObjectSnapshot>, Error> {
        let query = |size| {
            Query::from(kind)
                .filter(Field::TxnDate.at_least(self.needed.since.to_string().as_str()))
                .order_by(Field::CreateTime, Order::Ascending)
                .start_position(start)
                .max_results(size)
        };
        let (whole, shorter) = (query(*size), query(FEWER_RESULTS));
        let now = self.now;
        let mut found = self.client.query(&whole, now).await;
        let is_cut_off = matches!(found, Err(CallError::Unread { .. } | CallError::RetryAt(_)));
        if is_cut_off && *size > FEWER_RESULTS {
            *size = FEWER_RESULTS;
            found = self.client.query(&shorter, now).await;
        }
        found.map_err(|error| failure(error, now))
    }
}

//! The questions of a search: the text of each stage's query.

use crate::party_search::{Party, Search, Stage, job};
use quickbooks::entity::ListEntry;
use quickbooks::query::{Field, Order, TextMatch};
use quickbooks::{Kind, Query};

impl Search {
    /// Returns the query of the stage. A creation asks nothing, and its look-up is that of a taken name.
    pub fn query(&self) -> Query {
        match self.stage {
            Stage::Sent => self.wanted.query_of(&self.sent_name()),
            Stage::Similar => self.similar_names(),
            Stage::Named => page(&self.rows, self.wanted.query_of(&self.wanted.similarly()))
                .active_and_inactive(),
            Stage::Chosen => job::chosen_entries(self),
            Stage::Email => Query::from(Kind::Customer),
            Stage::Parent | Stage::Create | Stage::Taken => {
                page(&self.owners, self.wanted.query_of(&self.wanted.exactly()))
            }
        }
    }

    fn similar_names(&self) -> Query {
        let beginning = match &self.party {
            Party::Item(_) => &self.wanted.name,
            Party::Customer(_) | Party::Job(_) | Party::Class(_) => self.wanted.beginning(),
        };
        let query =
            Query::from(self.wanted.kind).filter(self.wanted.list_field().starts_with(beginning));
        query.active_and_inactive()
    }

    /// Returns the comparison with the name of the creation that QuickBooks perhaps carried out.
    pub fn sent_name(&self) -> TextMatch {
        let sent = self.creation_key.sent.as_ref();
        let name = sent.map_or(&self.wanted.name, |sent| &sent.name);
        TextMatch::equal(self.wanted.name_field(), name)
    }
}

/// Returns the query for the page after the rows that are known, in an order in which rows do not move between pages.
fn page(known: &[ListEntry], query: Query) -> Query {
    let next = u32::try_from(known.len())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    query
        .order_by(Field::CreateTime, Order::Ascending)
        .start_position(next)
}

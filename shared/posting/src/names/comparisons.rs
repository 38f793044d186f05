//! The comparisons by which QuickBooks is asked for a name.

use crate::names::WantedName;
use quickbooks::query::{Field, TextMatch};
use quickbooks::{Kind, Query};

impl WantedName {
    /// Returns the field with the name alone.
    pub fn name_field(&self) -> Field {
        match self.kind {
            Kind::Customer => Field::DisplayName,
            _ => Field::Name,
        }
    }

    /// Returns the field in which the party is listed: with its parents if RIVET's name has a colon.
    pub fn list_field(&self) -> Field {
        match &self.full_name {
            Some(_) => Field::FullyQualifiedName,
            None => self.name_field(),
        }
    }

    /// Returns the comparison with exactly this name.
    pub fn exactly(&self) -> TextMatch {
        TextMatch::equal(self.name_field(), &self.name)
    }

    /// Returns the comparison with names that begin with the name. `%` stands for the colon and for its replacement.
    pub fn similarly(&self) -> TextMatch {
        let name = match &self.full_name {
            Some(full_name) => full_name.replace(':', "%"),
            None => self.name.clone(),
        };
        TextMatch::starts_with(self.list_field(), &name)
    }

    /// Returns the query for the entries of the party's list that meet a comparison.
    pub fn query_of(&self, name: &TextMatch) -> Query {
        Query::from(self.kind).filter(name.condition())
    }
}

//! Chooses the list entry that a search wants.

use crate::items;
use crate::names::{Match, WantedName};
use crate::party_search::{Creation, Party, Search, Stage, job};
use jiff::Timestamp;
use quickbooks::Kind;
use quickbooks::entity::ListEntry;
use quickbooks::query::TextMatch;
use store::reason::hold::{HoldReason, UnmatchedCustomer};

impl Search {
    /// Chooses among the list entries with similar names.
    pub fn choose(&mut self) {
        match &self.party {
            Party::Job(job) => match job.parent.clone() {
                None => self.stage = Stage::Parent,
                Some(parent) => {
                    self.rows.retain(|row| row.parent_id == parent);
                    self.create_or_hold();
                }
            },
            Party::Item(account) => {
                let ours = |row: &&ListEntry| items::fits(&account.id, row);
                match self.rows.iter().find(ours) {
                    Some(row) => self.end(Ok(row.id.clone())),
                    None => {
                        self.wanted.name = free_name(&self.wanted.name, &self.rows);
                        self.stage = Stage::Create;
                    }
                }
            }
            Party::Class(_) => match self.wanted.among(&self.rows) {
                Match::Is(id) => self.end(Ok(id)),
                Match::Inactive => self.hold(HoldReason::ClassInactive(self.wanted.name.clone())),
                Match::Nothing => self.stage = Stage::Create,
            },
            Party::Customer(customer) => match self.wanted.among(&self.rows) {
                Match::Is(id) => self.end(Ok(id)),
                _ if customer.0.email.is_some() => self.stage = Stage::Email,
                _ => self.create_or_hold(),
            },
        }
    }

    /// Creates the customer if no entry certainly matches, or holds the document.
    pub fn create_or_hold(&mut self) {
        match self.wanted.among(&self.rows) {
            Match::Is(id) => self.end(Ok(id)),
            // A second customer of the same name would split the history, and would keep the first one from becoming active again.
            Match::Inactive => self.hold(HoldReason::CustomerInactive(job::full_name(self))),
            Match::Nothing if self.creation == Creation::Allowed => self.stage = Stage::Create,
            Match::Nothing => self.hold_unmatched(),
        }
    }

    /// Chooses the owner of a name that was free a moment ago: RIVET's party, or a vendor or an employee (fault 6240).
    ///
    /// If no owner is seen, RIVET's own creation may not be listed yet. The search then ends and goes on later.
    pub fn choose_owner(&mut self, now: Timestamp) {
        let rows = std::mem::take(&mut self.owners);
        let is_customer = self.wanted.kind == Kind::Customer;
        match self.owner_among(&rows, &self.wanted.exactly()) {
            Some(row) => self.end(Ok(row.id.clone())),
            None if !self.has_waited() => self.await_owner(now),
            None if self.has_other_name => {
                self.has_other_name = false;
                self.wanted = WantedName {
                    kind: Kind::Customer,
                    name: job::suffixed_name(self),
                    full_name: None,
                    email: None,
                };
                self.create_or_hold();
            }
            None => match self.refusal.take() {
                Some(refusal) if !is_customer => self.end(Err(refusal)),
                _ => self.hold_unmatched(),
            },
        }
    }

    /// Returns the party's list entry with this name.
    pub fn owner_among<'a>(
        &self,
        rows: &'a [ListEntry],
        name: &TextMatch,
    ) -> Option<&'a ListEntry> {
        let fits = |row: &ListEntry| match &self.party {
            Party::Item(account) => items::fits(&account.id, row),
            Party::Job(job) => job.parent.as_ref() == Some(&row.parent_id),
            Party::Customer(_) | Party::Class(_) => true,
        };
        // A class of the same name below another class is a different class.
        let name_of = |row: &'a ListEntry| match self.wanted.kind {
            Kind::Customer => &row.name,
            _ => &row.full_name,
        };
        rows.iter()
            .find(|row| fits(row) && name.is_met_by(name_of(row)))
    }

    /// Holds the document until a person chooses the customer.
    pub fn hold_unmatched(&mut self) {
        let name = match &self.party {
            Party::Customer(customer) => customer.0.name.clone(),
            Party::Job(_) | Party::Class(_) | Party::Item(_) => job::full_name(self),
        };
        let customer = match self.suggestion.take() {
            Some(suggestion) => UnmatchedCustomer::Suggested { name, suggestion },
            None => UnmatchedCustomer::Named(name),
        };
        self.hold(HoldReason::CustomerUnmatched(customer));
    }
}

/// Returns `RIVET Retainage`, or the first free name with a number behind it. The name of an inactive item stays reserved, so that the item
/// can become active again.
fn free_name(base: &str, taken: &[ListEntry]) -> String {
    let is_taken = |name: &str| taken.iter().any(|item| item.name == name);
    let numbered = (2..).map(|n| format!("{base} {n}"));
    let mut names = std::iter::once(base.to_owned()).chain(numbered);
    names
        .find(|name| !is_taken(name))
        .unwrap_or_else(|| base.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, active: bool) -> ListEntry {
        ListEntry {
            name: name.into(),
            is_active: active,
            ..ListEntry::default()
        }
    }

    #[test]
    fn free_item_name_skips_active_and_inactive() {
        let taken = [
            listed("RIVET Retainage", true),
            listed("RIVET Retainage 2", false),
        ];
        assert_eq!(free_name("RIVET Retainage", &taken), "RIVET Retainage 3");
        assert_eq!(free_name("RIVET Retainage", &[]), "RIVET Retainage");
    }
}

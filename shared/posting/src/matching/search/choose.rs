//! What an answer makes of a search.

use crate::matching::names::{Match, Wanted, with_email};
use crate::matching::search::{Party, Search, Stage};
use quickbooks::Kind;
use quickbooks::entity::ListEntry;
use quickbooks::query::MAX_RESULTS;
use store::reason::hold::HoldReason;

impl Search {
    /// What the list under that name says.
    pub fn judge(&mut self) {
        match &self.party {
            Party::Item(account) => {
                let ours = |row: &&ListEntry| row.is_active && row.income_account_id == account.id;
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
                _ => self.nowhere(),
            },
        }
    }

    /// Compared here and not by QuickBooks, whose filter on addresses stumbles over special characters. Whether a customer is the
    /// only one with an address can be told only of a list that is complete; in a longer one nobody is.
    pub fn with_email(&self, rows: &[ListEntry]) -> Option<String> {
        let Party::Customer(customer) = &self.party else {
            return None;
        };
        let complete = rows.len() < MAX_RESULTS as usize;
        let found = with_email(customer.0.email.as_deref()?, rows).filter(|_| complete);
        found.map(|row| row.id.clone())
    }

    /// No customer is it for certain: it is made under its name, or another if something that is no customer has it.
    pub fn nowhere(&mut self) {
        match self.wanted.among(&self.rows) {
            Match::Is(id) => self.end(Ok(id)),
            // A second customer of that name would part its history, and bar the first from coming back.
            Match::Inactive => self.hold(HoldReason::CustomerInactive(self.wanted.name.clone())),
            Match::Nothing if self.creates => self.stage = Stage::Create,
            Match::Nothing => self.unmatched(),
        }
    }

    /// Whose the name is that was free a moment ago: ours, a vendor's or an employee's (fault 6240).
    pub fn judge_taken(&mut self, rows: Vec<ListEntry>) {
        let account = match &self.party {
            Party::Item(account) => account.id.clone(),
            Party::Customer(_) | Party::Class(_) => String::new(),
        };
        let is_customer = self.wanted.kind == Kind::Customer;
        // A class of that name below another one is not in the way.
        let on_top = |row: &ListEntry| row.full_name.eq_ignore_ascii_case(&self.wanted.name);
        let mut rows = rows.into_iter();
        let ours =
            rows.find(|row| row.income_account_id == account && (is_customer || on_top(row)));
        match ours {
            Some(row) => self.end(Ok(row.id)),
            None if self.has_other_name => {
                self.has_other_name = false;
                self.wanted = Wanted {
                    kind: Kind::Customer,
                    name: mapping::suffixed_name(&self.wanted.name, " (Customer)"),
                    full_name: None,
                };
                self.nowhere();
            }
            None => match self.refusal.take() {
                Some(refusal) if !is_customer => self.end(Err(refusal)),
                _ => self.unmatched(),
            },
        }
    }

    fn unmatched(&mut self) {
        let name = match &self.party {
            Party::Customer(customer) => customer.0.name.clone(),
            Party::Class(_) | Party::Item(_) => self.wanted.name.clone(),
        };
        self.hold(HoldReason::CustomerUnmatched(name));
    }
}

/// `RIVET Retainage`, or with the first free number behind it. An inactive one's name is not used again, so that it can come back.
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
        let there = [
            listed("RIVET Retainage", true),
            listed("RIVET Retainage 2", false),
        ];
        assert_eq!(free_name("RIVET Retainage", &there), "RIVET Retainage 3");
        assert_eq!(free_name("RIVET Retainage", &[]), "RIVET Retainage");
    }
}

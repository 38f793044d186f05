//! Finds the list entry that a name means.
//!
//! A wrong match costs more than a second entry: the bills of two firms under one customer are hard to separate again. A similar name
//! therefore counts only if it is the sole one, or if the e-mail address decides between several. An address alone never matches, because
//! many customers share the address of a payment portal. Two names with different legal forms are never similar.

#[cfg(test)]
mod tests;

// Top first: a module uses only modules below it.
mod comparisons;
mod words;

use crate::names::words::{CompanyName, folded, full_name, words};
use mapping::{class_name, customer_name, job_name};
use quickbooks::Kind;
use quickbooks::entity::ListEntry;

/// The name of a party, as a search compares it with a list.
pub struct WantedName {
    /// The list that contains the party.
    pub kind: Kind,
    /// The name that RIVET would create.
    pub name: String,
    /// `Parent:Child`, if RIVET's name has a colon.
    pub full_name: Option<String>,
    /// The e-mail address of a customer, if RIVET knows one.
    pub email: Option<String>,
}

/// The result of a search by name.
#[derive(Debug, PartialEq, Eq)]
pub enum Match {
    /// The entry with this id matches.
    Is(String),
    /// An inactive entry has the name.
    Inactive,
    /// The list has no entry that matches for certain.
    Nothing,
}

impl WantedName {
    /// Returns the name of a customer.
    pub fn customer(customer: &billing::Customer) -> Self {
        Self {
            kind: Kind::Customer,
            name: customer_name(customer),
            full_name: full_name(&customer.name),
            email: customer.email.clone(),
        }
    }

    /// Returns the name of a project's job. The customer above does not belong to it.
    pub fn job(project: &billing::Project) -> Self {
        Self {
            kind: Kind::Customer,
            name: job_name(project),
            full_name: None,
            email: None,
        }
    }

    /// Returns the name of a project's class.
    pub fn class(project: &billing::Project) -> Self {
        Self {
            kind: Kind::Class,
            name: class_name(project),
            full_name: full_name(&[&project.number, " ", &project.name].concat()),
            email: None,
        }
    }

    /// Returns the common beginning of the names under which the party may be listed. One letter is enough to read, because an apostrophe
    /// or a point may follow it.
    pub fn beginning(&self) -> &str {
        let plain = |c: char| c.is_ascii_alphanumeric();
        let length = usize::from(self.name.starts_with(plain));
        &self.name[..length]
    }

    /// Returns the matching entry: the one with exactly this name, or the only one with a similar name. Among several, the only one with the
    /// e-mail address.
    pub fn among(&self, rows: &[ListEntry]) -> Match {
        let among = |is_wanted: &dyn Fn(&ListEntry) -> bool| -> Vec<&ListEntry> {
            let active = rows.iter().filter(|row| row.is_active);
            active.filter(|row| is_wanted(row)).collect()
        };
        let found = self
            .one_of(&among(&|row| self.is_in_full(row)))
            .or_else(|| self.one_of(&among(&|row| self.is_named(row))))
            .or_else(|| self.one_of(&self.alike(rows)));
        match found {
            Some(row) => Match::Is(row.id.clone()),
            None if rows.iter().any(|row| self.was_named(row)) => Match::Inactive,
            None => Match::Nothing,
        }
    }

    /// Returns the only row, or the only one with the e-mail address.
    fn one_of<'a>(&self, rows: &[&'a ListEntry]) -> Option<&'a ListEntry> {
        match rows {
            [one] => Some(one),
            several => only(several.iter().copied().filter(|row| self.has_address(row))),
        }
    }

    fn has_address(&self, row: &ListEntry) -> bool {
        let email = self.email.as_deref();
        email.is_some_and(|email| has_email(row, email))
    }

    /// Returns whether an entry at the top of the list has the name, or an entry under the parents in RIVET's name.
    fn is_in_full(&self, row: &ListEntry) -> bool {
        let full_name = self.full_name.as_ref().unwrap_or(&self.name);
        folded(&row.full_name) == folded(full_name) || folded(&row.full_name) == folded(&self.name)
    }

    fn is_named(&self, row: &ListEntry) -> bool {
        folded(&row.name) == folded(&self.name) || self.is_in_full(row)
    }

    /// Returns whether an inactive entry has the name, whatever its punctuation.
    fn was_named(&self, row: &ListEntry) -> bool {
        let wanted = words(&self.name);
        let is_same = !wanted.is_empty() && words(&row.name) == wanted;
        !row.is_active && (is_same || self.is_named(row))
    }

    /// Returns the active entries whose names are most similar.
    fn alike<'a>(&self, rows: &'a [ListEntry]) -> Vec<&'a ListEntry> {
        let wanted = words(&self.name);
        let wanted = CompanyName::of(&wanted);
        if wanted.base.is_empty() {
            return Vec::new();
        }
        let mut same = Vec::new();
        let mut without_form = Vec::new();
        for row in rows.iter().filter(|row| row.is_active) {
            let its_words = words(&row.name);
            let name = CompanyName::of(&its_words);
            if name.base != wanted.base {
                continue;
            }
            let is_without_form = wanted.legal_form.is_empty() || name.legal_form.is_empty();
            if name.legal_form == wanted.legal_form {
                same.push(row);
            } else if self.kind == Kind::Customer && is_without_form {
                without_form.push(row);
            }
        }
        if same.is_empty() { without_form } else { same }
    }
}

/// Returns the only customer at the top of the list with this e-mail address. Jobs are excluded, because they often carry their parent's
/// address.
pub fn with_email<'a>(email: &str, rows: &'a [ListEntry]) -> Option<&'a ListEntry> {
    let is_on_top = |row: &&ListEntry| row.is_active && row.full_name == row.name;
    let on_top = rows.iter().filter(is_on_top);
    only(on_top.filter(|row| has_email(row, email)))
}

fn has_email(row: &ListEntry, email: &str) -> bool {
    let mut addresses = row.email.split([',', ' ']);
    addresses.any(|address| address.eq_ignore_ascii_case(email))
}

fn only<'a>(mut rows: impl Iterator<Item = &'a ListEntry>) -> Option<&'a ListEntry> {
    rows.next().filter(|_| rows.next().is_none())
}

//! What one delivery says.

use super::change::Change;
use super::entity_change::Notice;

/// One event of a delivery that cannot be read. It never keeps the others from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poison {
    /// Which event of the delivery it is, counted from 0.
    pub index: usize,
    /// The company, if that much can be read: change data capture finds there what the event was about.
    pub realm_id: Option<String>,
    /// What is wrong, as the rest of a sentence that starts with the event. Says nothing of its content.
    pub problem: &'static str,
}

/// What a delivery says, company by company in the order that it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    /// What changed.
    pub notices: Vec<Notice>,
    /// What could not be read.
    pub poison: Vec<Poison>,
}

impl Notices {
    /// Puts down what became of the next event of the delivery.
    pub(super) fn note(&mut self, realm_id: Option<&str>, read: Result<Change<'_>, &'static str>) {
        match (realm_id, read) {
            (Some(realm_id), Ok(change)) => self.notices.push(change.in_company(realm_id)),
            (None, Ok(_)) => self.spoiled(None, "names no company"),
            (realm_id, Err(problem)) => self.spoiled(realm_id, problem),
        }
    }

    pub(super) fn spoiled(&mut self, realm_id: Option<&str>, problem: &'static str) {
        self.poison.push(Poison {
            index: self.notices.len() + self.poison.len(),
            realm_id: realm_id.map(str::to_owned),
            problem,
        });
    }
}

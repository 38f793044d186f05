//! Searches a job, which goes on only once the customer above is found.

use crate::context::{PartyCache, PartyKey};
use crate::error::PostingError;
use crate::party_search::{Party, Search, Stage};
use quickbooks::entity::ListEntry;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use store::reason::hold::HoldReason;

/// Gives each search for a job the customer above, if that one is found by now.
pub fn give_parents(parties: &PartyCache, searches: &mut [Search]) {
    for at in 0..searches.len() {
        let Some(key) = awaited_parent(&searches[at]) else {
            continue;
        };
        let ended = searches.iter().find(|search| search.key == *key);
        let ended = ended.and_then(|search| search.result.as_ref());
        let parent = ended.or_else(|| parties.get(key)).cloned();
        if let Some(parent) = parent {
            continue_below(&mut searches[at], parent);
        }
    }
}

impl Search {
    /// Returns whether the search can go on only with the customer above a job.
    pub(super) fn awaits_parent(&self) -> bool {
        let is_asking = matches!(self.stage, Stage::Similar | Stage::Named);
        awaited_parent(self).is_some() && !is_asking
    }

    /// Ends the search with the entry that the firm chose, if it is the customer itself or belongs to it.
    pub(super) fn check_chosen(&mut self, rows: &[ListEntry]) {
        let Party::Job(job) = &self.party else {
            return;
        };
        let entry = |id: &Option<String>| rows.iter().find(|row| Some(&row.id) == id.as_ref());
        let (chosen, parent) = (entry(&job.chosen), entry(&job.parent));
        let is_related = chosen.zip(parent);
        let is_related = is_related.is_some_and(|(chosen, parent)| is_below(chosen, parent));
        match chosen {
            Some(chosen) if !chosen.is_active => {
                self.hold(HoldReason::CustomerInactive(chosen.full_name.clone()));
            }
            Some(chosen) if is_related => self.end(Ok(chosen.id.clone())),
            chosen => {
                let name = chosen.map(|chosen| chosen.full_name.clone());
                self.hold(HoldReason::JobOfOtherCustomer {
                    job: name.or(job.chosen.clone()).unwrap_or_default(),
                    customer: job.customer_name.clone(),
                });
            }
        }
    }
}

/// Returns the key of the customer above a job, while the customer's id is not known.
fn awaited_parent(search: &Search) -> Option<&PartyKey> {
    match &search.party {
        Party::Job(job) if job.parent.is_none() && search.result.is_none() => Some(&job.customer),
        _ => None,
    }
}

/// Continues with the customer above a job. Without that customer there is no job.
fn continue_below(search: &mut Search, parent: Result<String, PostingError>) {
    let Party::Job(job) = &mut search.party else {
        return;
    };
    match parent {
        Ok(parent) => job.parent = Some(parent),
        Err(error) => return search.end(Err(error)),
    }
    if search.stage == Stage::Parent {
        search.choose();
    }
}

/// Returns the query for the entry that the firm chose for a job, and for the customer above.
pub(super) fn chosen_entries(search: &Search) -> Query {
    let query = Query::from(Kind::Customer).active_and_inactive();
    let Party::Job(job) = &search.party else {
        return query;
    };
    let ids = job.chosen.iter().chain(&job.parent);
    query.filter(Field::Id.is_in(ids.map(String::as_str)))
}

/// Returns the name of a party as QuickBooks shows it, with that of the customer above a job.
pub(super) fn full_name(search: &Search) -> String {
    match &search.party {
        Party::Job(job) => format!("{}:{}", job.customer_name, search.wanted.name),
        Party::Customer(_) | Party::Class(_) | Party::Item(_) => search.wanted.name.clone(),
    }
}

/// Returns the name of a customer or job whose own name somebody else has.
pub(super) fn suffixed_name(search: &Search) -> String {
    let suffix = match search.party {
        Party::Job(_) => " (Job)",
        Party::Customer(_) | Party::Class(_) | Party::Item(_) => " (Customer)",
    };
    mapping::suffixed_name(&search.wanted.name, suffix)
}

/// Returns whether an entry is a customer, or belongs to it. A full name begins with the names above.
fn is_below(entry: &ListEntry, customer: &ListEntry) -> bool {
    let above = format!("{}:", customer.full_name).to_lowercase();
    entry.id == customer.id
        || entry.parent_id == customer.id
        || entry.full_name.to_lowercase().starts_with(&above)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::party_search::{Creation, CreationKey, SoughtJob};
    use jiff::Timestamp;

    fn search(chosen: Option<&str>) -> Search {
        let customer = PartyKey::Customer("gc_1".parse().unwrap());
        let project = billing::Project {
            id: "prj_1".parse().unwrap(),
            number: "1042".into(),
            name: "Tower".into(),
        };
        let key = PartyKey::Job(project.id.clone());
        let job = SoughtJob {
            project,
            customer,
            customer_name: "Turner Bay".into(),
            currency: None,
            parent: None,
            chosen: chosen.map(str::to_owned),
        };
        let creation_key = CreationKey {
            of: "prj_1".into(),
            earlier_creations: 0,
            sent: None,
        };
        Search::new(
            key,
            Party::Job(Box::new(job)),
            creation_key,
            Creation::Allowed,
        )
    }

    fn listed(id: &str, full_name: &str, parent: &str) -> ListEntry {
        let name = full_name.rsplit(':').next().unwrap();
        ListEntry {
            id: id.into(),
            name: name.into(),
            full_name: full_name.into(),
            parent_id: parent.into(),
            is_active: true,
            ..ListEntry::default()
        }
    }

    fn rows(search: &mut Search, rows: &[ListEntry]) {
        search.continue_with(Ok(rows.to_vec()), Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn job_waits_for_its_customer() {
        let mut search = search(None);
        let others = [listed("61", "Ashgrove:1042 Tower", "57")];
        rows(&mut search, &others);
        assert!(search.next().is_none() && search.result.is_none());
        continue_below(&mut search, Ok("58".into()));
        let creation = serde_json::to_string(&match search.next() {
            Some(crate::party_search::Question::Create(write)) => write,
            other => panic!("{other:?}"),
        });
        assert_eq!(
            creation.unwrap(),
            r#"{"DisplayName":"1042 Tower","ParentRef":{"value":"58"},"Job":true,"BillWithParent":true}"#
        );
    }

    #[test]
    fn job_below_its_customer_is_found() {
        let mut search = search(None);
        continue_below(&mut search, Ok("58".into()));
        let listed = [
            listed("61", "Ashgrove:1042 Tower", "57"),
            listed("62", "Turner Bay:1042 TOWER", "58"),
        ];
        rows(&mut search, &listed);
        assert_eq!(search.result, Some(Ok("62".into())));
    }

    #[test]
    fn job_ends_with_the_error_of_its_customer() {
        let mut search = search(None);
        rows(&mut search, &[]);
        let error = PostingError::Held(HoldReason::CustomerInactive("Turner Bay".into()));
        continue_below(&mut search, Err(error.clone()));
        assert_eq!(search.result, Some(Err(error)));
    }

    #[test]
    fn chosen_entry_must_belong_to_the_customer() {
        let customer = listed("58", "Turner Bay", "");
        for (chosen, expected) in [
            (listed("58", "Turner Bay", ""), true),
            (listed("61", "Turner Bay:Tower", "58"), true),
            (listed("63", "Turner Bay:Tower:North", "61"), true),
            (listed("64", "Turner Bay West", ""), false),
        ] {
            let mut search = search(Some(&chosen.id));
            assert!(search.next().is_none());
            continue_below(&mut search, Ok("58".into()));
            rows(&mut search, &[chosen.clone(), customer.clone()]);
            let found = search.result == Some(Ok(chosen.id.clone()));
            assert_eq!(found, expected, "{}", chosen.full_name);
        }
    }
}

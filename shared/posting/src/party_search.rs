//! Searches a customer, job, class or item. A search has a next question and continues with the answer.
//!
//! Each party is searched by name, and created if no name matches. Before a customer is created, the e-mail address is looked for too: its
//! owner is suggested to the office, and never billed. Each search usually has one to three questions, so the questions of many searches can
//! share a call.

// Top first: a module uses only modules below it.
mod creation;
mod choose;
mod questions;
mod doubt;
pub mod job;
mod party;

pub use crate::party_search::party::{
    Creation, CreationKey, FirmCompany, Party, Question, SoughtJob,
};

use crate::context::PartyKey;
use crate::error::PostingError;
use crate::names::WantedName;
use jiff::Timestamp;
use quickbooks::Kind;
use quickbooks::entity::ListEntry;
use quickbooks::query::MAX_RESULTS;
use quickbooks::request::Write;
use store::matches::SentCreation;
use store::reason::hold::HoldReason;

/// A search under way.
pub struct Search {
    /// The key under which the result is cached.
    pub key: PartyKey,
    /// The party that the search finds or creates.
    pub party: Party,
    /// The key of the creation.
    pub creation_key: CreationKey,
    /// The result: an id, or the error that explains why there is none.
    pub result: Option<Result<String, PostingError>>,
    /// The name of the customer in QuickBooks that has the e-mail address, but another name.
    pub suggestion: Option<String>,
    /// ISO 4217 code of the currency of the customer that was found or created, if QuickBooks names one.
    pub currency: Option<String>,
    /// The number of creations that QuickBooks refused during the search.
    pub refused_creations: u32,
    /// The creation of this search that QuickBooks perhaps carried out.
    pub lost: Option<SentCreation>,
    creation: Creation,
    wanted: WantedName,
    /// The list entries with similar names.
    rows: Vec<ListEntry>,
    /// The list entries that may have the name that was refused because it is taken.
    owners: Vec<ListEntry>,
    stage: Stage,
    /// The refusal of the name, if QuickBooks refused it.
    refusal: Option<PostingError>,
    /// A customer or job may get a suffixed name once, if somebody else has its own name.
    has_other_name: bool,
}

/// The stage of a search, which determines its next question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Reads the entries with the name of a creation that QuickBooks perhaps carried out.
    Sent,
    /// Reads all entries with the first letter of the name, inactive ones too.
    Similar,
    /// Reads the entries whose names begin with the name, page by page, because too many have its first letter.
    Named,
    /// Waits for the customer above a job.
    Parent,
    /// Reads the entry that the firm chose for a job, and the customer above.
    Chosen,
    /// Reads the customers with their e-mail addresses.
    Email,
    /// Creates the party.
    Create,
    /// Reads the owner of a name that was free a moment ago and is taken now. RIVET is the owner if a creation was carried out and its
    /// answer was lost.
    Taken,
}

/// The most pages that a search reads.
const MAX_PAGES: usize = 20;

impl Search {
    /// Returns a search that has asked nothing yet.
    pub fn new(key: PartyKey, party: Party, creation_key: CreationKey, creation: Creation) -> Self {
        let wanted = match &party {
            Party::Customer(customer) => WantedName::customer(&customer.0),
            Party::Job(job) => WantedName::job(&job.project),
            Party::Class(project) => WantedName::class(project),
            Party::Item(account) => WantedName {
                kind: Kind::Item,
                name: mapping::item_name(account.role).to_owned(),
                full_name: None,
                email: None,
            },
        };
        let is_chosen = matches!(&party, Party::Job(job) if job.chosen.is_some());
        let stage = match creation_key.sent {
            _ if is_chosen => Stage::Chosen,
            Some(_) => Stage::Sent,
            None => Stage::Similar,
        };
        Self {
            key,
            has_other_name: matches!(party, Party::Customer(_) | Party::Job(_)),
            party,
            creation_key,
            result: None,
            suggestion: None,
            currency: None,
            refused_creations: 0,
            creation,
            wanted,
            rows: Vec::new(),
            owners: Vec::new(),
            lost: None,
            stage,
            refusal: None,
        }
    }

    /// Returns the next question. `None` once the search has ended.
    pub fn next(&self) -> Option<Question> {
        if self.result.is_some() || self.awaits_parent() {
            return None;
        }
        if self.stage == Stage::Create {
            return Some(Question::Create(Write::Create(
                self.party.body(&self.wanted.name),
            )));
        }
        Some(Question::Query(self.query()))
    }

    /// Continues with the answer to a query.
    pub fn continue_with(&mut self, rows: Result<Vec<ListEntry>, PostingError>, now: Timestamp) {
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) if self.stage == Stage::Sent => return self.end_unanswered(error),
            Err(error) => return self.end(Err(error)),
        };
        let is_full = rows.len() >= MAX_RESULTS as usize;
        match self.stage {
            Stage::Sent => self.find_sent(&rows, now),
            Stage::Similar if is_full && self.wanted.kind != Kind::Item => {
                self.stage = Stage::Named
            }
            Stage::Similar => {
                self.rows = rows;
                self.choose();
            }
            Stage::Chosen => self.check_chosen(&rows),
            Stage::Email => {
                self.suggestion = self.party.with_email(&rows);
                self.create_or_hold();
            }
            Stage::Named => {
                self.rows.extend(rows);
                match is_full {
                    true => self.hold_if_endless(self.rows.len()),
                    false => self.choose(),
                }
            }
            Stage::Parent | Stage::Create | Stage::Taken => {
                self.owners.extend(rows);
                match is_full {
                    true => self.hold_if_endless(self.owners.len()),
                    false => self.choose_owner(now),
                }
            }
        }
    }

    /// Holds the document if the search has read as many pages as it may. A party on a later page must not be created again.
    fn hold_if_endless(&mut self, found: usize) {
        if found >= MAX_PAGES * MAX_RESULTS as usize {
            self.hold_unmatched();
        }
    }

    fn end(&mut self, result: Result<String, PostingError>) {
        if let (Party::Customer(customer), Ok(id)) = (&self.party, &result) {
            let mut rows = self.rows.iter().chain(&self.owners);
            let row = rows.find(|row| row.id == *id);
            let listed = row.map(|row| row.currency.clone());
            let listed = listed.filter(|currency| !currency.is_empty());
            let of_body = customer.1.currency_ref.as_ref();
            let created = of_body.map(|currency| currency.value.clone());
            self.currency = listed.or(created.filter(|_| row.is_none()));
        }
        self.result = Some(result);
    }

    fn hold(&mut self, hold: HoldReason) {
        self.end(Err(hold.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::LookupError;
    use billing::Customer;
    use ports::time::after;
    use store::document::attempts::LOOKUP_DELAY;

    fn listed(name: &str, active: bool) -> ListEntry {
        ListEntry {
            id: format!("id of {name}"),
            name: name.into(),
            full_name: name.into(),
            is_active: active,
            ..ListEntry::default()
        }
    }

    /// Returns the search for a customer of whom a creation under this name was sent long ago.
    fn customer_sent_as(name: &str) -> Search {
        let mut search = customer(None);
        search.creation_key.sent = Some(SentCreation::first(name, Timestamp::MIN));
        search
    }

    fn customer(email: Option<&str>) -> Search {
        let customer = Customer {
            id: "cus_1".parse().unwrap(),
            name: "Turner Bay".into(),
            email: email.map(str::to_owned),
            phone: None,
            address: None,
        };
        let body = mapping::customer_body(&customer);
        let key = CreationKey {
            of: "cus_1".into(),
            earlier_creations: 0,
            sent: None,
        };
        let party = Party::Customer(Box::new((customer, body)));
        Search::new(
            PartyKey::Customer(customer_id()),
            party,
            key,
            Creation::Allowed,
        )
    }

    fn customer_id() -> billing::Id {
        "cus_1".parse().unwrap()
    }

    /// Returns the next question as text.
    fn asks(search: &Search) -> String {
        match search.next() {
            None => format!("ends: {:?}", search.result.as_ref().unwrap()),
            Some(Question::Query(query)) => query.to_string(),
            Some(Question::Create(write)) => serde_json::to_string(&write).unwrap(),
        }
    }

    fn refused() -> PostingError {
        let reason = store::reason::Reason::new(
            "duplicate_name",
            store::reason::Action::FixInQuickbooks,
            "taken",
        );
        PostingError::DuplicateName(reason)
    }

    #[test]
    fn unknown_customer_is_created_after_two_queries() {
        let mut search = customer(Some("ap@turner.example"));
        let mut asked = vec![asks(&search)];
        search.continue_with(Ok(vec![listed("Tower", true)]), Timestamp::UNIX_EPOCH);
        asked.push(asks(&search));
        search.continue_with(Ok(vec![listed("Tower", true)]), Timestamp::UNIX_EPOCH);
        asked.push(asks(&search));
        search.continue_created(Ok("58".into()), Timestamp::UNIX_EPOCH);
        asked.push(asks(&search));
        insta::assert_snapshot!(asked.join("\n"), @r#"
        select * from Customer where DisplayName like 'T%' and Active in (true, false) maxresults 1000
        select * from Customer maxresults 1000
        {"DisplayName":"Turner Bay","CompanyName":"Turner Bay","PrimaryEmailAddr":{"Address":"ap@turner.example"}}
        ends: Ok("58")
        "#);
    }

    #[test]
    fn vendor_name_gets_one_suffix_then_hold() {
        let mut search = customer_sent_as("Turner Bay (Customer)");
        let mut asked = Vec::new();
        search.continue_with(Ok(Vec::new()), Timestamp::UNIX_EPOCH);
        for _ in 0..2 {
            asked.push(asks(&search));
            search.continue_created(Err(refused()), Timestamp::UNIX_EPOCH);
            asked.push(asks(&search));
            search.continue_with(Ok(Vec::new()), Timestamp::UNIX_EPOCH);
        }
        asked.push(asks(&search));
        insta::assert_snapshot!(asked.join("\n"), @r#"
        {"DisplayName":"Turner Bay","CompanyName":"Turner Bay"}
        select * from Customer where DisplayName = 'Turner Bay' orderby MetaData.CreateTime asc maxresults 1000
        {"DisplayName":"Turner Bay (Customer)","CompanyName":"Turner Bay"}
        select * from Customer where DisplayName = 'Turner Bay (Customer)' orderby MetaData.CreateTime asc maxresults 1000
        ends: Err(Held(CustomerUnmatched(Named("Turner Bay"))))
        "#);
    }

    #[test]
    fn address_is_suggested_not_billed() {
        let mut search = customer(Some("ap@portal.example"));
        search.continue_with(Ok(Vec::new()), Timestamp::UNIX_EPOCH);
        let payer = ListEntry {
            email: "ap@portal.example".into(),
            ..listed("Old Payer LLC", true)
        };
        search.continue_with(Ok(vec![payer]), Timestamp::UNIX_EPOCH);
        assert!(asks(&search).starts_with(r#"{"DisplayName":"Turner Bay""#));
        assert_eq!(search.suggestion.as_deref(), Some("Old Payer LLC"));
    }

    #[test]
    fn taken_name_is_compared_not_assumed() {
        let mut search = customer_sent_as("O’Brien");
        search.wanted.name = "O’Brien".into();
        search.continue_with(Ok(Vec::new()), Timestamp::UNIX_EPOCH);
        search.continue_created(Err(refused()), Timestamp::UNIX_EPOCH);
        insta::assert_snapshot!(asks(&search), @"select * from Customer where DisplayName like 'O%Brien' orderby MetaData.CreateTime asc maxresults 1000");
        search.continue_with(Ok(vec![listed("O'Brien", true)]), Timestamp::UNIX_EPOCH);
        assert!(asks(&search).starts_with(r#"{"DisplayName":"O’Brien (Customer)""#));
    }

    #[test]
    fn many_names_are_read_page_by_page() {
        let mut search = customer(None);
        let page = |first: &str| {
            let mut page = vec![listed("Turner Bay Old", true); MAX_RESULTS as usize];
            page[0] = listed(first, false);
            Ok(page)
        };
        search.continue_with(page("Tower"), Timestamp::UNIX_EPOCH);
        let mut asked = vec![asks(&search)];
        search.continue_with(page("Turner Bay"), Timestamp::UNIX_EPOCH);
        asked.push(asks(&search));
        search.continue_with(Ok(Vec::new()), Timestamp::UNIX_EPOCH);
        asked.push(asks(&search));
        insta::assert_snapshot!(asked.join("\n"), @r#"
        select * from Customer where DisplayName like 'Turner Bay%' and Active in (true, false) orderby MetaData.CreateTime asc maxresults 1000
        select * from Customer where DisplayName like 'Turner Bay%' and Active in (true, false) orderby MetaData.CreateTime asc startposition 1001 maxresults 1000
        ends: Err(Held(CustomerInactive("Turner Bay")))
        "#);
    }

    #[test]
    fn endless_list_of_names_holds() {
        let mut search = customer(None);
        for _ in 0..=MAX_PAGES {
            let page = vec![listed("Turner Bay Old", true); MAX_RESULTS as usize];
            search.continue_with(Ok(page), Timestamp::UNIX_EPOCH);
        }
        assert_eq!(
            asks(&search),
            r#"ends: Err(Held(CustomerUnmatched(Named("Turner Bay"))))"#
        );
    }

    #[test]
    fn duplicate_name_finds_own_lost_creation() {
        let mut search = customer(None);
        search.continue_with(Ok(Vec::new()), Timestamp::UNIX_EPOCH);
        search.continue_created(Err(refused()), Timestamp::UNIX_EPOCH);
        search.continue_with(Ok(vec![listed("Turner Bay", true)]), Timestamp::UNIX_EPOCH);
        assert_eq!(asks(&search), r#"ends: Ok("id of Turner Bay")"#);
    }

    #[test]
    fn unanswered_creation_is_looked_up_later() {
        let mut search = customer(None);
        search.continue_with(Ok(Vec::new()), Timestamp::UNIX_EPOCH);
        search.continue_created(Err(PostingError::unknown("lost")), Timestamp::UNIX_EPOCH);
        let later = Some(after(Timestamp::UNIX_EPOCH, LOOKUP_DELAY));
        assert!(matches!(
            search.result,
            Some(Err(PostingError::PartyUnknown {
                error: LookupError::Unanswered { pause_until, .. },
                ..
            })) if pause_until == later
        ));
        let lost = search.lost.unwrap();
        assert_eq!(
            (lost.at, lost.name.as_str()),
            (Timestamp::UNIX_EPOCH, "Turner Bay")
        );
    }
}

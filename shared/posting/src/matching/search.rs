//! One search, as a conversation with the company: what to ask next, and what an answer makes of it.
//!
//! A customer is looked for by name, then by e-mail address, and made if it is nowhere; a class and an item by name. Each is one to
//! three questions, so that what many searches ask can go out together.

pub mod choose;

use crate::idempotency_key::request_id;
use crate::matching::names::Wanted;
use billing::{Customer, Project};
use connection::call_outcome::Setback;
use jiff::Timestamp;
use mapping::LineAccount;
use ports::time::after;
use quickbooks::batch::BatchOperation;
use quickbooks::entity::{self, ListEntry};
use quickbooks::query::{Field, MAX_RESULTS};
use quickbooks::request::Write;
use quickbooks::{Kind, Object, Query};
use store::document::attempts::LOOKUP_DELAY;
use store::document::status::DocumentStatus;
use store::reason::hold::HoldReason;

/// What is looked for.
pub enum Party {
    /// A customer, and its body if it has to be made.
    Customer(Box<(Customer, entity::Customer)>),
    /// A project's class.
    Class(Project),
    /// The service item that posts to an account.
    Item(LineAccount),
}

/// For what of RIVET's something is created, and how many creations for it are over. Both are part of the request id: a later
/// creation, meant as such, must not be answered with what an earlier one made.
pub struct Made {
    pub of: String,
    pub times: u32,
}

/// A search under way.
pub struct Search {
    /// What it is known by.
    pub key: String,
    /// What is looked for.
    pub party: Party,
    /// For whom it would be made.
    pub made: Made,
    /// Its end: an id, or why there is none.
    pub result: Option<Result<String, Setback>>,
    creates: bool,
    wanted: Wanted,
    /// What is listed under names like it.
    rows: Vec<ListEntry>,
    stage: Stage,
    /// The refusal of its name, once there was one.
    refusal: Option<Setback>,
    /// The name with which a vendor or an employee of the same name is evaded was not tried yet.
    has_other_name: bool,
}

/// What is asked next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// All whose name begins alike, inactive ones too.
    Alike,
    /// If these are too many, those of exactly the name.
    Exact,
    /// The customers with their e-mail addresses.
    Email,
    /// That it be made.
    Create,
    /// Nothing had the name a moment ago, and now it is taken: by ours, if it was carried out after its answer was lost.
    Taken,
}

impl Search {
    pub fn new(key: String, party: Party, (made, creates): (Made, bool)) -> Self {
        let wanted = match &party {
            Party::Customer(customer) => Wanted::customer(&customer.0),
            Party::Class(project) => Wanted::class(project),
            Party::Item(account) => Wanted {
                kind: Kind::Item,
                name: mapping::item_name(account.role).to_owned(),
                full_name: None,
            },
        };
        Self {
            key,
            has_other_name: matches!(party, Party::Customer(_)),
            party,
            made,
            result: None,
            creates,
            wanted,
            rows: Vec::new(),
            stage: Stage::Alike,
            refusal: None,
        }
    }

    /// What to ask next; nothing once it has ended.
    pub fn next(&self) -> Option<BatchOperation> {
        if self.result.is_some() {
            return None;
        }
        let query = match self.stage {
            Stage::Alike => self.alike(),
            Stage::Exact => self.exact(),
            Stage::Email => Query::from(Kind::Customer),
            Stage::Taken => {
                Query::from(self.wanted.kind).filter(self.name_field().equals(&self.wanted.name))
            }
            Stage::Create => return Some(BatchOperation::Write(Write::Create(self.body()))),
        };
        Some(BatchOperation::Query(query))
    }

    /// The request id under which it is made.
    pub fn request_id(&self, realm: &str) -> String {
        let (kind, times) = (self.wanted.kind.name(), self.made.times.to_string());
        request_id(&[realm, kind, &self.wanted.name, &self.made.of, &times])
    }

    /// The answer to a question.
    pub fn hear(&mut self, rows: Result<Vec<ListEntry>, Setback>) {
        let rows = match rows {
            Ok(rows) => rows,
            Err(setback) => return self.end(Err(setback)),
        };
        match self.stage {
            Stage::Alike | Stage::Exact => {
                if self.stage == Stage::Alike
                    && self.wanted.kind != Kind::Item
                    && rows.len() >= MAX_RESULTS as usize
                {
                    self.stage = Stage::Exact;
                    return;
                }
                self.rows = rows;
                self.judge();
            }
            Stage::Email => match self.with_email(&rows) {
                Some(id) => self.end(Ok(id)),
                None => self.nowhere(),
            },
            Stage::Create | Stage::Taken => self.judge_taken(rows),
        }
    }

    /// The answer to its creation.
    pub fn hear_made(&mut self, made: Result<String, Setback>, now: Timestamp) {
        match made {
            // It is looked up by its name next time.
            Err(Setback::Unknown(_)) => self.end(Err(Setback::Later(after(now, LOOKUP_DELAY)))),
            Err(setback) if is_name(&setback) => {
                self.stage = Stage::Taken;
                self.refusal = Some(setback);
            }
            made => self.end(made),
        }
    }

    fn end(&mut self, result: Result<String, Setback>) {
        self.result = Some(result);
    }

    fn hold(&mut self, hold: HoldReason) {
        self.end(Err(Setback::Settle(DocumentStatus::Held(hold))));
    }

    fn name_field(&self) -> Field {
        match self.wanted.kind {
            Kind::Customer => Field::DisplayName,
            _ => Field::Name,
        }
    }

    fn list_field(&self) -> Field {
        match &self.wanted.full_name {
            Some(_) => Field::FullyQualifiedName,
            None => self.name_field(),
        }
    }

    fn alike(&self) -> Query {
        let beginning = match &self.party {
            Party::Item(_) => &self.wanted.name,
            Party::Customer(_) | Party::Class(_) => self.wanted.beginning(),
        };
        let query = Query::from(self.wanted.kind).filter(self.list_field().starts_with(beginning));
        query.active_and_inactive()
    }

    fn exact(&self) -> Query {
        let name = self.wanted.full_name.as_ref().unwrap_or(&self.wanted.name);
        let inactive = [name, " (deleted)"].concat();
        let names = vec![name, &inactive, &self.wanted.name];
        let query = Query::from(self.wanted.kind).filter(self.list_field().is_in(names));
        query.active_and_inactive()
    }

    fn body(&self) -> Object {
        match &self.party {
            Party::Customer(customer) => {
                let mut body = customer.1.clone();
                body.display_name = Some(self.wanted.name.clone());
                body.into()
            }
            Party::Class(project) => mapping::class_body(project).into(),
            Party::Item(account) => mapping::item_body(account, &self.wanted.name).into(),
        }
    }
}

/// Whether something else has the name.
fn is_name(setback: &Setback) -> bool {
    matches!(setback, Setback::Settle(DocumentStatus::Failed(reason)) if reason.code == "duplicate_name")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, active: bool) -> ListEntry {
        ListEntry {
            id: format!("id of {name}"),
            name: name.into(),
            full_name: name.into(),
            is_active: active,
            ..ListEntry::default()
        }
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
        let made = Made {
            of: "cus_1".into(),
            times: 0,
        };
        let party = Party::Customer(Box::new((customer, body)));
        Search::new("customer cus_1".into(), party, (made, true))
    }

    /// What it asks next, in short.
    fn asks(search: &Search) -> String {
        match search.next() {
            None => format!("ends: {:?}", search.result.as_ref().unwrap()),
            Some(BatchOperation::Query(query)) => query.to_string(),
            Some(BatchOperation::Write(write)) => serde_json::to_string(&write).unwrap(),
        }
    }

    fn refused() -> Setback {
        let reason = store::reason::Reason::new(
            "duplicate_name",
            store::reason::Action::FixInQuickbooks,
            "taken",
        );
        Setback::Settle(DocumentStatus::Failed(reason))
    }

    #[test]
    fn unknown_customer_is_created_after_two_queries() {
        let mut search = customer(Some("ap@turner.example"));
        let mut asked = vec![asks(&search)];
        search.hear(Ok(vec![listed("Tower", true)]));
        asked.push(asks(&search));
        search.hear(Ok(vec![listed("Tower", true)]));
        asked.push(asks(&search));
        search.hear_made(Ok("58".into()), Timestamp::UNIX_EPOCH);
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
        let mut search = customer(None);
        let mut asked = Vec::new();
        search.hear(Ok(Vec::new()));
        for _ in 0..2 {
            asked.push(asks(&search));
            search.hear_made(Err(refused()), Timestamp::UNIX_EPOCH);
            asked.push(asks(&search));
            search.hear(Ok(Vec::new()));
        }
        asked.push(asks(&search));
        insta::assert_snapshot!(asked.join("\n"), @r#"
        {"DisplayName":"Turner Bay","CompanyName":"Turner Bay"}
        select * from Customer where DisplayName = 'Turner Bay' maxresults 1000
        {"DisplayName":"Turner Bay (Customer)","CompanyName":"Turner Bay"}
        select * from Customer where DisplayName = 'Turner Bay (Customer)' maxresults 1000
        ends: Err(Settle(Held(CustomerUnmatched("Turner Bay"))))
        "#);
    }

    #[test]
    fn duplicate_name_finds_own_lost_creation() {
        let mut search = customer(None);
        search.hear(Ok(Vec::new()));
        search.hear_made(Err(refused()), Timestamp::UNIX_EPOCH);
        search.hear(Ok(vec![listed("Turner Bay", true)]));
        assert_eq!(asks(&search), r#"ends: Ok("id of Turner Bay")"#);
    }

    #[test]
    fn unanswered_creation_is_looked_up_later() {
        let mut search = customer(None);
        search.hear(Ok(Vec::new()));
        search.hear_made(Err(Setback::Unknown("lost".into())), Timestamp::UNIX_EPOCH);
        let later = after(Timestamp::UNIX_EPOCH, LOOKUP_DELAY);
        assert!(matches!(search.result, Some(Err(Setback::Later(at))) if at == later));
    }
}

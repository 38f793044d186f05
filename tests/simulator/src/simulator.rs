use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use crate::{Company, Config, Error, Injection, Ledger, Person, Reply, Seen, Switches};

/// Intuit and its companies. See the crate's documentation.
#[derive(Clone, Debug)]
pub struct Simulator {
    config: Config,
    now: Timestamp,
    switches: Switches,
    rules: Vec<Injection>,
    traffic: Vec<Seen>,
    pub(crate) ledgers: BTreeMap<String, Ledger>,
}

/// What the person does on the consent page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Connect,
    Cancel,
}

impl Simulator {
    pub fn new(config: Config) -> Self {
        Self {
            now: config.now,
            config,
            switches: Switches::default(),
            rules: Vec::new(),
            traffic: Vec::new(),
            ledgers: BTreeMap::new(),
        }
    }

    /// Answers one request at the present instant of the virtual clock.
    pub fn handle(&mut self, _request: Request<Bytes>) -> Reply {
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = StatusCode::NOT_FOUND;
        Reply::Answer(answer)
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Moves the clock forward; it stays where it is if that is out of range.
    pub fn advance(&mut self, span: SignedDuration) {
        self.now = self.now.checked_add(span).unwrap_or(self.now);
    }

    pub fn switches_mut(&mut self) -> &mut Switches {
        &mut self.switches
    }

    /// Opens a company, of which the signed-in person is an admin, and gives its realm id.
    pub fn add_company(&mut self, company: Company) -> String {
        let realm = company.realm.unwrap_or_default();
        self.ledgers.insert(realm.clone(), Ledger::new());
        realm
    }

    /// The books of a company; empty ones if there is no such company.
    pub fn ledger(&self, realm: &str) -> &Ledger {
        static NO_BOOKS: Ledger = Ledger::new();
        self.ledgers.get(realm).unwrap_or(&NO_BOOKS)
    }

    /// A person who works in the company by hand.
    ///
    /// # Errors
    /// [`Error::UnknownCompany`].
    pub fn person(&mut self, realm: &str) -> Result<Person<'_>, Error> {
        Person::new(self, realm)
    }

    /// The live entities of a kind as QuickBooks would answer them, in the order of their creation; none if the
    /// company or the kind is unknown.
    pub fn entities<'a>(&'a self, realm: &str, kind: &str) -> impl Iterator<Item = &'a Value> {
        let _ = (realm, kind);
        std::iter::empty()
    }

    /// The id of the entity of a kind that has this name or number.
    pub fn find(&self, realm: &str, kind: &str, name: &str) -> Option<String> {
        let _ = (realm, kind, name);
        None
    }

    /// Every request so far, oldest first.
    pub fn traffic(&self) -> &[Seen] {
        &self.traffic
    }

    /// Forgets the requests seen so far, so that a test counts from here.
    pub fn clear_traffic(&mut self) {
        self.traffic.clear();
    }

    /// Adds a rule. Rules are tried in the order in which they were added; at most one meets a request.
    pub fn inject(&mut self, injection: Injection) {
        self.rules.push(injection);
    }

    /// Ends all rules: from now on nothing goes wrong by injection.
    pub fn clear_injections(&mut self) {
        self.rules.clear();
    }

    /// Every code, access token and refresh token ever issued, dead or alive: none may be found in a log or a store.
    pub fn issued_secrets(&self) -> Vec<String> {
        vec![self.config.client_secret.clone()]
    }

    /// What happens when the person meets the consent page of `authorize_url`, picks the company and decides: the
    /// address that the browser is sent back to.
    ///
    /// # Errors
    /// [`Error::Consent`] where Intuit would show an error page instead: unknown app, redirect address or scope, or no
    /// admin rights in the company.
    pub fn consent(
        &mut self,
        authorize_url: &str,
        realm: &str,
        decision: Decision,
    ) -> Result<Url, Error> {
        let _ = (realm, decision);
        Url::parse(authorize_url).map_err(|error| Error::Consent(error.to_string()))
    }
}

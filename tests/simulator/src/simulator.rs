use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use crate::books::Books;
use crate::call::Call;
use crate::kind::Kind;
use crate::oauth::{self, Authorization, Oauth, Rules, Secrets};
use crate::webhooks::Sender;
use crate::{
    Change, Company, Config, Error, Injection, Ledger, Person, Reply, Seen, Switches, json,
};

/// Intuit and its companies. See the crate's documentation.
#[derive(Clone, Debug)]
pub struct Simulator {
    pub(crate) config: Config,
    pub(crate) now: Timestamp,
    pub(crate) switches: Switches,
    pub(crate) rules: Vec<Injection>,
    pub(crate) companies: BTreeMap<String, Books>,
    pub(crate) oauth: Oauth,
    pub(crate) secrets: Secrets,
    pub(crate) sender: Sender,
    traffic: Vec<Seen>,
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
            secrets: Secrets::new(config.seed),
            sender: Sender::new(config.seed),
            config,
            switches: Switches::default(),
            rules: Vec::new(),
            companies: BTreeMap::new(),
            oauth: Oauth::default(),
            traffic: Vec::new(),
        }
    }

    /// Answers one request at the present instant of the virtual clock.
    pub fn handle(&mut self, request: Request<Bytes>) -> Reply {
        let call = Call::new(request);
        let reply = self.reply(&call);
        if let Some(realm) = call.realm() {
            self.note_changes(realm);
        }
        let status = match &reply {
            Reply::Answer(answer) | Reply::Slow { answer, .. } => Some(answer.status().as_u16()),
            Reply::Dropped => None,
        };
        self.traffic.push(call.seen(self.now, status));
        reply
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
        let drawn = self.secrets.realm();
        let realm = company.realm.clone().unwrap_or(drawn);
        let books = Books::open(realm.clone(), company, self.now);
        self.companies.insert(realm.clone(), books);
        realm
    }

    /// The books of a company; empty ones if there is no such company.
    pub fn ledger(&self, realm: &str) -> &Ledger {
        static NO_BOOKS: Ledger = Ledger::new();
        self.companies
            .get(realm)
            .map_or(&NO_BOOKS, |books| &books.ledger)
    }

    /// The live entities of a kind as QuickBooks would answer them, in the order of their creation; none if the
    /// company or the kind is unknown.
    pub fn entities<'a>(&'a self, realm: &str, kind: &str) -> impl Iterator<Item = &'a Value> {
        let records = self.companies.get(realm).map(|books| &books.records);
        records
            .zip(Kind::named(kind))
            .into_iter()
            .flat_map(|(records, kind)| records.all(kind))
            .map(|record| &record.body)
    }

    /// The id of the first entity of a kind that has this name (for list entities) or number (for transactions).
    pub fn find(&self, realm: &str, kind: &str, name: &str) -> Option<String> {
        let field = match Kind::named(kind)? {
            kind if kind.is_transaction() => "DocNumber",
            kind => kind.name_field(),
        };
        self.entities(realm, kind)
            .find(|entity| entity[field] == *name)
            .and_then(|entity| json::text(entity.as_object()?, "Id"))
            .map(str::to_owned)
    }

    /// Everything that changed in a company since it was opened, oldest first.
    pub fn changes(&self, realm: &str) -> &[Change] {
        self.companies
            .get(realm)
            .map_or(&[], |books| &books.changes)
    }

    /// A person who works in the company by hand.
    ///
    /// # Errors
    /// [`Error::UnknownCompany`].
    pub fn person(&mut self, realm: &str) -> Result<Person<'_>, Error> {
        Person::new(self, realm)
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

    /// The rules that may still meet a request: one that is used up is dropped.
    pub fn injections(&self) -> &[Injection] {
        &self.rules
    }

    /// Ends all rules: from now on nothing goes wrong by injection.
    pub fn clear_injections(&mut self) {
        self.rules.clear();
    }

    /// The app's secret, every code, access token and refresh token ever issued, dead or alive, and every verifier token
    /// of a subscription: none may be found in a log or, unsealed, in a store.
    pub fn issued_secrets(&self) -> Vec<String> {
        let mut secrets = vec![self.config.client_secret.clone()];
        secrets.extend_from_slice(self.secrets.issued());
        secrets.extend_from_slice(self.sender.verifier_tokens());
        secrets
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
        let url = Url::parse(authorize_url).map_err(|error| Error::Consent(error.to_string()))?;
        let parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let authorization =
            Authorization::check(&self.config, &parameters).map_err(Error::Consent)?;
        self.decide(&authorization, realm, decision == Decision::Connect)
            .map_err(Error::Consent)
    }

    pub(crate) fn decide(
        &mut self,
        authorization: &Authorization,
        realm: &str,
        connect: bool,
    ) -> Result<Url, String> {
        if !connect {
            return Ok(oauth::redirect(authorization, None));
        }
        let books = self.companies.get(realm).ok_or("Pick a company")?;
        if !books.admin {
            return Err("Only an admin of the company can connect an app".to_owned());
        }
        let redirect_uri = &authorization.redirect_uri;
        let code = self
            .oauth
            .issue_code(realm, redirect_uri, self.now, &mut self.secrets);
        Ok(oauth::redirect(authorization, Some((&code, realm))))
    }

    /// What a consent for a company and the exchange of its code come to: an access token and a refresh token.
    ///
    /// # Errors
    /// [`Error::UnknownCompany`].
    pub fn grant(&mut self, realm: &str) -> Result<(String, String), Error> {
        let unknown = || Error::UnknownCompany(realm.to_owned());
        self.companies.get(realm).ok_or_else(unknown)?;
        let secrets = &mut self.secrets;
        let code = self.oauth.issue_code(realm, "", self.now, secrets);
        let rules = Rules {
            rotation: self.config.rotation,
            switches: &self.switches,
            now: self.now,
        };
        let tokens = self.oauth.exchange((&code, ""), &rules, secrets);
        let tokens = tokens.map_err(|_| unknown())?;
        Ok((tokens.access_token, tokens.refresh_token))
    }

    pub(crate) fn forget_request_ids(&mut self, realm: Option<&str>) {
        if let Some(books) = realm.and_then(|realm| self.companies.get_mut(realm)) {
            books.replays.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Desk, config};
    use rust_decimal::Decimal;

    #[test]
    fn realm_ids_have_sixteen_digits_unless_chosen() {
        let mut simulator = Simulator::new(config());
        assert_eq!(simulator.add_company(Company::new("A")).len(), 16);
        let chosen = Company::new("B").realm("9341453908059321");
        assert_eq!(simulator.add_company(chosen), "9341453908059321");
    }

    #[test]
    fn the_books_can_be_asked_by_name() {
        let mut desk = Desk::new();
        let (customer, _) = desk.invoice("Turner Bay", 100);
        let simulator = &desk.simulator;
        let find = |kind: &str, name: &str| simulator.find(&desk.realm, kind, name);
        assert_eq!(find("Customer", "Turner Bay"), Some(customer));
        assert_eq!(find("Customer", "Nobody"), None);
        assert_eq!(find("Ghost", "Turner Bay"), None);
        let revenue = find("Account", "Contract Revenue").unwrap();
        let ledger = simulator.ledger(&desk.realm);
        assert_eq!(ledger.balance(&revenue), Decimal::from(-100));
        assert_eq!(simulator.ledger("0").lines().count(), 0);
        assert_eq!(simulator.entities(&desk.realm, "Invoice").count(), 1);
        assert_eq!(simulator.entities(&desk.realm, "Ghost").count(), 0);
    }

    #[test]
    fn secrets_of_every_kind_are_told() {
        let desk = Desk::new();
        let secrets = desk.simulator.issued_secrets();
        assert!(secrets.contains(&desk.access_token));
        assert!(secrets.contains(&desk.refresh_token));
        assert!(secrets.contains(&desk.config.client_secret));
        assert_eq!(secrets.len(), 4);
    }

    #[test]
    fn the_clock_moves_as_it_is_told() {
        let mut simulator = Simulator::new(config());
        let start = simulator.now();
        simulator.advance(SignedDuration::from_hours(1));
        assert_eq!(simulator.now().duration_since(start).as_secs(), 3600);
        simulator.set_now(start);
        assert_eq!(simulator.now(), start);
        simulator.advance(SignedDuration::MAX);
        assert_eq!(simulator.now(), start);
    }

    #[test]
    fn a_copy_goes_its_own_way() {
        let desk = Desk::new();
        let mut copy = desk.simulator.clone();
        let mut person = copy.person(&desk.realm).unwrap();
        let body = serde_json::json!({"DisplayName": "Turner Bay"});
        person.create("Customer", body).unwrap();
        assert_eq!(desk.count("Customer"), 0);
        assert_eq!(copy.entities(&desk.realm, "Customer").count(), 1);
    }
}

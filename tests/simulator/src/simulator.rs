use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use crate::call::Call;
use crate::company_state::CompanyState;
use crate::kind::Kind;
use crate::oauth::{self, Authorization, AuthorizationCode, Consent, Oauth, Secrets, TokenRules};
use crate::webhooks::Sender;
use crate::{
    Change, Company, Config, Error, Injection, Ledger, Person, RecordedRequest, Reply, Switches,
    json,
};

/// A simulated Intuit with its companies. The documentation of the crate has an example.
#[derive(Clone, Debug)]
pub struct Simulator {
    pub(crate) config: Config,
    pub(crate) now: Timestamp,
    pub(crate) switches: Switches,
    pub(crate) rules: Vec<Injection>,
    pub(crate) companies: BTreeMap<String, CompanyState>,
    pub(crate) oauth: Oauth,
    pub(crate) secrets: Secrets,
    pub(crate) sender: Sender,
    traffic: Vec<RecordedRequest>,
}

/// The choice of a person on the consent page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentDecision {
    /// The person connects the app.
    Connect,
    /// The person declines.
    Cancel,
}

/// The tokens of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPair {
    /// The access token.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: String,
}

impl Simulator {
    /// Returns a simulator without companies.
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
            self.queue_change_events(realm);
        }
        let status = match &reply {
            Reply::Answer(answer) | Reply::Slow { answer, .. } => Some(answer.status().as_u16()),
            Reply::Dropped => None,
        };
        self.traffic.push(call.traffic_entry(self.now, status));
        reply
    }

    /// Returns the present instant of the virtual clock.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Sets the virtual clock.
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Moves the virtual clock forward. A time out of range leaves the clock as it is.
    pub fn advance(&mut self, span: SignedDuration) {
        self.now = self.now.checked_add(span).unwrap_or(self.now);
    }

    /// Returns the switches, to change them.
    pub fn switches_mut(&mut self) -> &mut Switches {
        &mut self.switches
    }

    /// Opens a company and returns its realm id. The signed-in person is an admin of the company.
    pub fn add_company(&mut self, company: Company) -> String {
        let drawn = self.secrets.realm();
        let realm = company.realm.clone().unwrap_or(drawn);
        let company = CompanyState::open(realm.clone(), company, self.now);
        self.companies.insert(realm.clone(), company);
        realm
    }

    /// Returns the writes of the app that changed a balance up to the closing date of a company. There should be none.
    pub fn closed_balances_moved(&self, realm: &str) -> &[String] {
        let company = self.companies.get(realm);
        company.map_or(&[], |company| company.closed_balances_moved.as_slice())
    }

    /// Returns the ledger of a company, or an empty one if there is no such company.
    pub fn ledger(&self, realm: &str) -> &Ledger {
        static EMPTY: Ledger = Ledger::new();
        self.companies
            .get(realm)
            .map_or(&EMPTY, |company| &company.ledger)
    }

    /// Returns the live entities of a kind in the order of creation, in the form in which QuickBooks answers them.
    ///
    /// An unknown company or kind has none.
    pub fn entities<'a>(&'a self, realm: &str, kind: &str) -> impl Iterator<Item = &'a Value> {
        let records = self.companies.get(realm).map(|company| &company.records);
        records
            .zip(Kind::from_name(kind))
            .into_iter()
            .flat_map(|(records, kind)| records.all(kind))
            .map(|record| &record.body)
    }

    /// Returns the id of the first entity of a kind with this name (list entities) or number (transactions).
    pub fn find(&self, realm: &str, kind: &str, name: &str) -> Option<String> {
        let field = match Kind::from_name(kind)? {
            kind if kind.is_transaction() => "DocNumber",
            kind => kind.name_field(),
        };
        self.entities(realm, kind)
            .find(|entity| entity[field] == *name)
            .and_then(|entity| json::text(entity.as_object()?, "Id"))
            .map(str::to_owned)
    }

    /// Returns the changes in a company since it was opened, oldest first.
    pub fn changes(&self, realm: &str) -> &[Change] {
        self.companies
            .get(realm)
            .map_or(&[], |company| &company.changes)
    }

    /// Returns a person who works in the company through the web pages.
    ///
    /// # Errors
    /// [`Error::UnknownCompany`].
    pub fn person(&mut self, realm: &str) -> Result<Person<'_>, Error> {
        Person::new(self, realm)
    }

    /// Returns every request since the traffic was last cleared, oldest first.
    pub fn traffic(&self) -> &[RecordedRequest] {
        &self.traffic
    }

    /// Clears the record of traffic, so that a test counts from here.
    pub fn clear_traffic(&mut self) {
        self.traffic.clear();
    }

    /// Adds an injection. Injections are tried in the order of addition; at most one applies to a request.
    pub fn inject(&mut self, injection: Injection) {
        self.rules.push(injection);
    }

    /// Returns the injections that may still apply to a request. Used injections are removed.
    pub fn injections(&self) -> &[Injection] {
        &self.rules
    }

    /// Removes all injections.
    pub fn clear_injections(&mut self) {
        self.rules.clear();
    }

    /// Returns every secret, valid or not: the client secret, codes, access and refresh tokens, verifier tokens.
    ///
    /// No log may contain one of them, and no store may contain one unsealed.
    pub fn issued_secrets(&self) -> Vec<String> {
        let mut secrets = vec![self.config.client_secret.clone()];
        secrets.extend_from_slice(self.secrets.issued());
        secrets.extend_from_slice(self.sender.verifier_tokens());
        secrets
    }

    /// Decides on the consent page of `authorize_url` and returns the address that the browser is sent back to.
    ///
    /// # Errors
    /// [`Error::Consent`] if Intuit would show an error page: for an unknown app, redirect address or scope, or a
    /// person without admin rights in the company.
    pub fn consent(
        &mut self,
        authorize_url: &str,
        realm: &str,
        decision: ConsentDecision,
    ) -> Result<Url, Error> {
        let url = Url::parse(authorize_url).map_err(|error| Error::Consent(error.to_string()))?;
        let parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let authorization =
            Authorization::check(&self.config, &parameters).map_err(Error::Consent)?;
        self.decide(&authorization, realm, decision)
            .map_err(Error::Consent)
    }

    /// Carries out a decision. An error is the text of the error page.
    pub(crate) fn decide(
        &mut self,
        authorization: &Authorization,
        realm: &str,
        decision: ConsentDecision,
    ) -> Result<Url, String> {
        if decision == ConsentDecision::Cancel {
            return Ok(oauth::redirect_url(authorization, None));
        }
        let company = self.companies.get(realm).ok_or("Pick a company")?;
        if !company.is_admin {
            return Err("Only an admin of the company can connect an app".to_owned());
        }
        let redirect_uri = &authorization.redirect_uri;
        let code = self
            .oauth
            .issue_code(realm, redirect_uri, self.now, &mut self.secrets);
        Ok(oauth::redirect_url(
            authorization,
            Some(&Consent { code: &code, realm }),
        ))
    }

    /// Connects a company without the consent page and returns the first tokens.
    ///
    /// # Errors
    /// [`Error::UnknownCompany`].
    pub fn connect(&mut self, realm: &str) -> Result<TokenPair, Error> {
        let unknown = || Error::UnknownCompany(realm.to_owned());
        self.companies.get(realm).ok_or_else(unknown)?;
        let secrets = &mut self.secrets;
        let code = self.oauth.issue_code(realm, "", self.now, secrets);
        let presented = AuthorizationCode {
            code: &code,
            redirect_uri: "",
        };
        let rules = TokenRules {
            config: &self.config,
            switches: &self.switches,
            now: self.now,
        };
        let tokens = self.oauth.exchange(&presented, &rules, secrets);
        let tokens = tokens.map_err(|_| unknown())?;
        Ok(TokenPair {
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
        })
    }

    pub(crate) fn clear_request_ids(&mut self, realm: Option<&str>) {
        if let Some(company) = realm.and_then(|realm| self.companies.get_mut(realm)) {
            company.idempotency_cache.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_client::{TestClient, config};
    use rust_decimal::Decimal;

    #[test]
    fn realm_id_is_random_unless_given() {
        let mut simulator = Simulator::new(config());
        assert_eq!(simulator.add_company(Company::new("A")).len(), 16);
        let chosen = Company::new("B").realm("9341453908059321");
        assert_eq!(simulator.add_company(chosen), "9341453908059321");
    }

    #[test]
    fn entities_are_found_by_name() {
        let mut client = TestClient::new();
        let (customer, _) = client.invoice("Turner Bay", 100);
        let simulator = &client.simulator;
        let find = |kind: &str, name: &str| simulator.find(&client.realm, kind, name);
        assert_eq!(find("Customer", "Turner Bay"), Some(customer));
        assert_eq!(find("Customer", "Nobody"), None);
        assert_eq!(find("Ghost", "Turner Bay"), None);
        let revenue = find("Account", "Contract Revenue").unwrap();
        let ledger = simulator.ledger(&client.realm);
        assert_eq!(ledger.balance(&revenue), Decimal::from(-100));
        assert_eq!(simulator.ledger("0").lines().count(), 0);
        assert_eq!(simulator.entities(&client.realm, "Invoice").count(), 1);
        assert_eq!(simulator.entities(&client.realm, "Ghost").count(), 0);
    }

    #[test]
    fn issued_secrets_include_every_kind() {
        let client = TestClient::new();
        let secrets = client.simulator.issued_secrets();
        assert!(secrets.contains(&client.access_token));
        assert!(secrets.contains(&client.refresh_token));
        assert!(secrets.contains(&client.config.client_secret));
        assert_eq!(secrets.len(), 4);
    }

    #[test]
    fn clock_advances_and_can_be_set() {
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
    fn clone_changes_independently() {
        let client = TestClient::new();
        let mut copy = client.simulator.clone();
        let mut person = copy.person(&client.realm).unwrap();
        let body = serde_json::json!({"DisplayName": "Turner Bay"});
        person.create("Customer", body).unwrap();
        assert_eq!(client.count("Customer"), 0);
        assert_eq!(copy.entities(&client.realm, "Customer").count(), 1);
    }
}

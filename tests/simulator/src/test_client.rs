//! A connected app that calls the simulator over its HTTP interface, for tests in this crate.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http::request::Builder;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::test_company::line;
use crate::{Company, Config, ConsentDecision, Reply, Rotation, Simulator};

pub(crate) struct TestClient {
    pub(crate) simulator: Simulator,
    pub(crate) config: Config,
    pub(crate) realm: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

pub(crate) fn config() -> Config {
    Config {
        client_id: "app-id".to_owned(),
        client_secret: "app-secret".to_owned(),
        redirect_uris: vec!["http://127.0.0.1:3000/v1/quickbooks/callback".to_owned()],
        seed: 7,
        now: "2026-03-02T15:00:00Z".parse().unwrap(),
        rotation: Rotation::Strict,
    }
}

pub(crate) fn authorize_url(config: &Config) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", &config.client_id)
        .append_pair("response_type", "code")
        .append_pair("scope", "com.intuit.quickbooks.accounting")
        .append_pair("redirect_uri", &config.redirect_uris[0])
        .append_pair("state", "s1")
        .finish();
    format!("http://intuit.test/connect/oauth2?{query}")
}

impl TestClient {
    /// Returns a client that is connected to one company.
    pub(crate) fn new() -> Self {
        Self::with(Company::new("Harbor Electric LLC"))
    }

    pub(crate) fn with(settings: Company) -> Self {
        let mut client = Self::open(settings);
        client.connect();
        client
    }

    pub(crate) fn unconnected() -> Self {
        Self::open(Company::new("Harbor Electric LLC"))
    }

    fn open(settings: Company) -> Self {
        let mut simulator = Simulator::new(config());
        let realm = simulator.add_company(settings);
        Self {
            simulator,
            config: config(),
            realm,
            access_token: String::new(),
            refresh_token: String::new(),
        }
    }

    /// Opens another company. The client stays connected to the first.
    pub(crate) fn add_company(&mut self, name: &str) -> String {
        self.simulator.add_company(Company::new(name))
    }

    /// Connects to another company and calls it from now on.
    pub(crate) fn switch_company(&mut self, realm: &str) {
        self.realm = realm.to_owned();
        self.connect();
    }

    /// Returns an authorization code of the consent page.
    pub(crate) fn code(&mut self) -> String {
        let url = authorize_url(&self.config);
        let redirect = self
            .simulator
            .consent(&url, &self.realm, ConsentDecision::Connect);
        let redirect = redirect.unwrap();
        let mut pairs = redirect.query_pairs();
        pairs
            .find(|(name, _)| name == "code")
            .unwrap()
            .1
            .into_owned()
    }

    pub(crate) fn connect(&mut self) {
        let code = self.code();
        let (status, tokens) = self.exchange(&code);
        assert_eq!(status, 200, "{tokens}");
        self.access_token = tokens["access_token"].as_str().unwrap().to_owned();
        self.refresh_token = tokens["refresh_token"].as_str().unwrap().to_owned();
    }

    pub(crate) fn exchange(&mut self, code: &str) -> (u16, Value) {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.config.redirect_uris[0])
            .finish();
        let request = self.token_request();
        let (status, body) = self.send_raw(request, &form);
        (status, serde_json::from_str(&body).unwrap())
    }

    pub(crate) fn token_request(&self) -> Builder {
        self.basic_auth_post("/oauth2/v1/tokens/bearer")
            .header("content-type", "application/x-www-form-urlencoded")
    }

    pub(crate) fn revoke_request(&self) -> Builder {
        self.basic_auth_post("/v2/oauth2/tokens/revoke")
    }

    fn basic_auth_post(&self, path: &str) -> Builder {
        let Config {
            client_id,
            client_secret,
            ..
        } = &self.config;
        let credentials = STANDARD.encode(format!("{client_id}:{client_secret}"));
        Request::builder()
            .method("POST")
            .uri(path)
            .header("authorization", format!("Basic {credentials}"))
    }

    pub(crate) fn request(&self, method: &str, path: &str, more: &str) -> Builder {
        Request::builder()
            .method(method)
            .uri(format!("/v3/company/{}/{path}{more}", self.realm))
            .header("authorization", format!("Bearer {}", self.access_token))
    }

    pub(crate) fn reply(&mut self, request: Builder, body: &[u8]) -> Reply {
        let request = request.body(Bytes::copy_from_slice(body)).unwrap();
        self.simulator.handle(request)
    }

    pub(crate) fn send_raw(&mut self, request: Builder, body: &str) -> (u16, String) {
        let answer = self.reply(request, body.as_bytes()).answer().unwrap();
        let text = String::from_utf8(answer.body().to_vec()).unwrap();
        (answer.status().as_u16(), text)
    }

    pub(crate) fn get(&mut self, path: &str) -> (u16, Value) {
        let request = self
            .request("GET", path, "")
            .header("accept", "application/json");
        let (status, body) = self.send_raw(request, "");
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    pub(crate) fn query(&mut self, statement: &str) -> Value {
        let encoded: String = form_urlencoded::byte_serialize(statement.as_bytes()).collect();
        self.get(&format!("query?query={encoded}&minorversion=75"))
            .1
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "calls read better with json!"
    )]
    pub(crate) fn post(&mut self, path: &str, body: Value) -> (u16, Value) {
        self.post_text(path, &body.to_string())
    }

    pub(crate) fn post_text(&mut self, path: &str, body: &str) -> (u16, Value) {
        self.post_bytes(path, body.as_bytes())
    }

    pub(crate) fn post_bytes(&mut self, path: &str, body: &[u8]) -> (u16, Value) {
        let request = self.json_post(path);
        let answer = self.reply(request, body).answer().unwrap();
        let value = serde_json::from_slice(answer.body()).unwrap_or_default();
        (answer.status().as_u16(), value)
    }

    pub(crate) fn json_post(&self, path: &str) -> Builder {
        self.request("POST", path, "")
            .header("accept", "application/json")
            .header("content-type", "application/json")
    }

    pub(crate) fn count(&self, kind: &str) -> usize {
        self.simulator.entities(&self.realm, kind).count()
    }

    /// Creates a customer with an invoice of this many dollars and returns the ids of both.
    pub(crate) fn invoice(&mut self, customer: &str, dollars: i64) -> (String, String) {
        let id = |answer: Value, kind: &str| answer[kind]["Id"].as_str().unwrap().to_owned();
        let (_, answer) = self.post("customer", json!({ "DisplayName": customer }));
        let customer = id(answer, "Customer");
        let item = match self.simulator.find(&self.realm, "Item", "Work") {
            Some(item) => item,
            None => {
                let account = self
                    .simulator
                    .find(&self.realm, "Account", "Contract Revenue");
                let body = json!({"Name": "Work", "IncomeAccountRef": {"value": account}});
                id(self.post("item", body).1, "Item")
            }
        };
        let body = json!({
            "CustomerRef": {"value": customer}, "TxnDate": "2026-03-31", "Line": [line(&item, dollars * 100)],
        });
        let (_, answer) = self.post("invoice", body);
        (customer, id(answer, "Invoice"))
    }
}

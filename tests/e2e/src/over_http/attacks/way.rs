//! A browser's way through a connection, step by step, so that a row can bend each of them.

use crate::over_http::{get, send};
use host::demo::firm::{Answer, Firm};
use host::demo::local_deployment::LocalDeployment;
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderValue, Request};
use serde_json::Value;
use simulator::{CallClass, Company, ConsentDecision};
use url::form_urlencoded::Serializer;

pub const CALLBACK: &str = "/v1/quickbooks/callback";
pub const CONNECT: &str = "/v1/quickbooks/connect";

/// A firm with a company of its own, not connected.
pub fn office<'a>(deployment: &'a LocalDeployment, id: &str) -> Firm<'a> {
    let realm = deployment
        .simulator()
        .add_company(Company::new(&format!("Company of {id}")));
    Firm {
        deployment,
        id: id.to_owned(),
        realm,
    }
}

/// Two such firms.
pub fn two_offices<'a>(deployment: &'a LocalDeployment, id: &str) -> [Firm<'a>; 2] {
    [
        office(deployment, id),
        office(deployment, &format!("{id}_other")),
    ]
}

/// The whole way of an honest browser, to the firm's own company; where it lands, in a word.
pub async fn connect(firm: &Firm<'_>) -> String {
    connect_to(firm, &firm.realm).await
}

/// The same, picking another company.
pub async fn connect_to(firm: &Firm<'_>, realm: &str) -> String {
    let answer = Way::to(firm, realm).await.answer();
    answer.land(firm.deployment).await
}

/// A fresh one-time link's ticket.
pub async fn ticket(firm: &Firm<'_>) -> String {
    let issued = firm.call(Request::post(CONNECT), None).await.unwrap();
    let link = issued.body["connect_url"].as_str().expect("a link");
    link.split_once("?ticket=").expect("a ticket").1.to_owned()
}

/// Opens a link.
pub async fn open(deployment: &LocalDeployment, ticket: &str) -> Answer {
    send(deployment, get(&format!("{CONNECT}?ticket={ticket}")), "").await
}

/// A person at Intuit: everything that came of the click so far, and Intuit's answer in hand.
pub struct Way {
    pub ticket: String,
    pub state: String,
    /// The name and the value of our cookie.
    pub cookie: (String, String),
    pub code: String,
    pub realm: String,
}

impl Way {
    /// From the click in RIVET to Intuit's answer, which the browser has not brought back yet.
    pub async fn of(firm: &Firm<'_>) -> Self {
        Self::to(firm, &firm.realm).await
    }

    /// The same, picking another company.
    pub async fn to(firm: &Firm<'_>, realm: &str) -> Self {
        let ticket = ticket(firm).await;
        let departed = open(firm.deployment, &ticket).await;
        Self::from((firm, realm), ticket, &departed)
    }

    /// At Intuit, where an opened link led: the person picks this company.
    pub fn from((firm, realm): (&Firm<'_>, &str), ticket: String, departed: &Answer) -> Self {
        let cookie = header(departed, SET_COOKIE.as_str());
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        let page = header(departed, LOCATION.as_str());
        let back = firm
            .deployment
            .simulator()
            .consent(&page, realm, ConsentDecision::Connect);
        let back = back.expect("Intuit's answer");
        let value_of = |name: &str| {
            let pair = back.query_pairs().find(|(key, _)| key == name);
            pair.expect("a parameter").1.into_owned()
        };
        Self {
            ticket,
            state: value_of("state"),
            cookie: (name.to_owned(), value.to_owned()),
            code: value_of("code"),
            realm: value_of("realmId"),
        }
    }

    /// The answer as an honest browser brings it.
    pub fn answer(&self) -> Visit {
        let query = [
            ("code", &self.code),
            ("state", &self.state),
            ("realmId", &self.realm),
        ];
        Visit {
            query: query.map(|(name, value)| (name, value.clone())).to_vec(),
            cookies: self.jar().into_bytes(),
        }
    }

    /// What a browser that left on this way sends along.
    pub fn jar(&self) -> String {
        format!("{}={}", self.cookie.0, self.cookie.1)
    }
}

/// A browser at the callback.
#[derive(Clone)]
pub struct Visit {
    query: Vec<(&'static str, String)>,
    cookies: Vec<u8>,
}

impl Visit {
    /// With this parameter in place of what it had.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self = self.without(name);
        self.query.push((name, value.into()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.query.retain(|(known, _)| *known != name);
        self
    }

    /// With this parameter in front of all others, whether it is there already or not.
    pub fn before(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.insert(0, (name, value.into()));
        self
    }

    pub fn cookies(mut self, line: impl Into<Vec<u8>>) -> Self {
        self.cookies = line.into();
        self
    }

    /// The address that it goes to.
    pub fn address(&self) -> String {
        let query = Serializer::new(String::new())
            .extend_pairs(&self.query)
            .finish();
        format!("{CALLBACK}?{query}")
    }

    pub async fn sent(&self, deployment: &LocalDeployment) -> Answer {
        let mut request = get(&self.address());
        if !self.cookies.is_empty() {
            let cookies = HeaderValue::from_bytes(&self.cookies).unwrap();
            request = request.header(COOKIE, cookies);
        }
        send(deployment, request, "").await
    }

    /// Where it lands, in a word.
    pub async fn land(&self, deployment: &LocalDeployment) -> String {
        landing(deployment, &self.sent(deployment).await)
    }
}

/// Where a browser was sent in RIVET: the code if there is one, else the outcome. What is no such redirect
/// is told by its status, and another address without what may be secret in it.
pub fn landing(deployment: &LocalDeployment, told: &Answer) -> String {
    if told.status != 302 {
        return told.status.to_string();
    }
    let to = header(told, LOCATION.as_str());
    let Some(query) = to.strip_prefix(&format!("{}/?quickbooks=", deployment.url)) else {
        return to.split('?').next().unwrap_or_default().to_owned();
    };
    query
        .split_once("&code=")
        .map_or(query, |(_, code)| code)
        .to_owned()
}

pub fn header(told: &Answer, name: &str) -> String {
    let value = told.headers.get(name).map(|value| value.to_str().unwrap());
    value.unwrap_or_default().to_owned()
}

/// What the firm is shown of its connection, but for the note of its last attempt, and for the day on which its
/// grant ends: newer tokens for the same grant may move that.
pub async fn standing(firm: &Firm<'_>) -> Value {
    let shown = firm.call(get("/v1/quickbooks/status"), None).await.unwrap();
    assert_eq!(shown.status, 200, "{}", shown.body);
    let mut shown = shown.body;
    for name in ["last_attempt", "grant_expires_at"] {
        shown.as_object_mut().unwrap().remove(name);
    }
    shown
}

/// Whether a call for the firm gets through to its company.
pub async fn works(firm: &Firm<'_>) -> bool {
    let accounts = get("/v1/quickbooks/accounts?for=retainage");
    firm.call(accounts, None).await.unwrap().status == 200
}

/// How often the token endpoint was asked so far.
pub fn exchanges(deployment: &LocalDeployment) -> usize {
    let simulator = deployment.simulator();
    simulator
        .traffic()
        .iter()
        .filter(|seen| seen.class == CallClass::Token)
        .count()
}

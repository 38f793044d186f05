//! The steps of a browser through a sign-in. A row can alter each step.

use crate::{get, send};
use host::demo::firm::{Answer, Firm};
use host::demo::local_deployment::LocalDeployment;
use http::header::{AUTHORIZATION, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderValue, Request};
use serde_json::{Value, json};
use simulator::{CallClass, Company, ConsentDecision};
use std::sync::atomic::{AtomicU32, Ordering};
use url::form_urlencoded::Serializer;

/// The route that receives the callback of Intuit.
pub const CALLBACK: &str = "/v1/quickbooks/callback";
/// The route that issues links and opens them.
pub const CONNECT: &str = "/v1/quickbooks/connect";

/// The route that connects a new company after its person confirmed.
pub const CONFIRM: &str = "/v1/quickbooks/connect/confirm";

/// Returns a firm with a new company, not connected.
pub fn new_firm<'a>(deployment: &'a LocalDeployment, id: &str) -> Firm<'a> {
    let realm = deployment
        .simulator()
        .add_company(Company::new(&format!("Company of {id}")));
    Firm {
        deployment,
        id: id.to_owned(),
        realm,
    }
}

/// Returns two firms with a new company each, not connected.
pub fn two_new_firms<'a>(deployment: &'a LocalDeployment, id: &str) -> [Firm<'a>; 2] {
    [
        new_firm(deployment, id),
        new_firm(deployment, &format!("{id}_other")),
    ]
}

/// Connects the firm to its own company. Returns the outcome.
pub async fn connect(firm: &Firm<'_>) -> String {
    connect_to(firm, &firm.realm).await
}

/// Connects the firm to the company that the person picks. Returns the outcome.
pub async fn connect_to(firm: &Firm<'_>, realm: &str) -> String {
    let callback = SignIn::start_for(firm, realm).await.callback();
    callback.complete(firm.deployment).await
}

/// Issues a connect link and returns its ticket.
pub async fn issue_ticket(firm: &Firm<'_>) -> String {
    let issued = firm.call(Request::post(CONNECT), None).await.unwrap();
    let link = issued.body["connect_url"].as_str().expect("a link");
    link.split_once("?ticket=").expect("a ticket").1.to_owned()
}

/// Opens a connect link.
pub async fn open_link(deployment: &LocalDeployment, ticket: &str) -> Answer {
    send(deployment, get(&format!("{CONNECT}?ticket={ticket}")), "").await
}

/// A sign-in up to Intuit's answer, which the browser has not brought back yet.
pub struct SignIn {
    /// The firm whose owner asked for the link.
    firm: String,
    pub ticket: String,
    pub state: String,
    pub cookie: Cookie,
    pub code: String,
    pub realm: String,
}

/// The cookie that binds a sign-in to a browser.
pub struct Cookie {
    pub name: String,
    pub value: String,
}

impl SignIn {
    /// Starts a sign-in for the firm's own company.
    pub async fn start(firm: &Firm<'_>) -> Self {
        Self::start_for(firm, &firm.realm).await
    }

    /// Starts a sign-in for the company that the person picks.
    pub async fn start_for(firm: &Firm<'_>, realm: &str) -> Self {
        let ticket = issue_ticket(firm).await;
        let opened = open_link(firm.deployment, &ticket).await;
        Self::continue_from(firm, realm, ticket, &opened)
    }

    /// Continues from an opened link: the person picks this company on Intuit's page.
    pub fn continue_from(firm: &Firm<'_>, realm: &str, ticket: String, opened: &Answer) -> Self {
        let cookie = header_text(opened, SET_COOKIE.as_str());
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        let page = header_text(opened, LOCATION.as_str());
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
            firm: firm.id.clone(),
            ticket,
            state: value_of("state"),
            cookie: Cookie {
                name: name.to_owned(),
                value: value.to_owned(),
            },
            code: value_of("code"),
            realm: value_of("realmId"),
        }
    }

    /// Returns the unaltered callback.
    pub fn callback(&self) -> Callback {
        let query = [
            ("code", &self.code),
            ("state", &self.state),
            ("realmId", &self.realm),
        ];
        Callback {
            firm: self.firm.clone(),
            query: query.map(|(name, value)| (name, value.clone())).to_vec(),
            cookies: self.cookie_header().into_bytes(),
        }
    }

    /// Returns the `Cookie` header of the browser that began the sign-in.
    pub fn cookie_header(&self) -> String {
        format!("{}={}", self.cookie.name, self.cookie.value)
    }
}

/// A request of a browser to the callback route.
#[derive(Clone)]
pub struct Callback {
    firm: String,
    query: Vec<(&'static str, String)>,
    cookies: Vec<u8>,
}

impl Callback {
    /// Sets a query parameter.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self = self.without(name);
        self.query.push((name, value.into()));
        self
    }

    /// Removes a query parameter.
    pub fn without(mut self, name: &str) -> Self {
        self.query.retain(|(known, _)| *known != name);
        self
    }

    /// Adds a query parameter before all others, also if it is there already.
    pub fn with_first(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.insert(0, (name, value.into()));
        self
    }

    /// Sets the `Cookie` header. An empty line removes the header.
    pub fn with_cookies(mut self, line: impl Into<Vec<u8>>) -> Self {
        self.cookies = line.into();
        self
    }

    /// Returns the path and the query.
    pub fn address(&self) -> String {
        let query = Serializer::new(String::new())
            .extend_pairs(&self.query)
            .finish();
        format!("{CALLBACK}?{query}")
    }

    /// Sends the request.
    pub async fn send(&self, deployment: &LocalDeployment) -> Answer {
        let mut request = get(&self.address());
        if !self.cookies.is_empty() {
            let cookies = HeaderValue::from_bytes(&self.cookies).unwrap();
            request = request.header(COOKIE, cookies);
        }
        send(deployment, request, "").await
    }

    /// Sends the request, confirms a new company as the owner who asked for the link, and returns the outcome.
    pub async fn complete(&self, deployment: &LocalDeployment) -> String {
        let outcome = read_outcome(deployment, &self.send(deployment).await);
        match read_confirmation(&outcome) {
            Some(confirmation) => {
                let session = deployment.rivet.session_token(&self.firm, deployment.now());
                confirm(deployment, &session, confirmation).await
            }
            None => outcome,
        }
    }
}

/// Returns the one-time value in the outcome of a callback that offers a new company.
pub fn read_confirmation(outcome: &str) -> Option<&str> {
    outcome.strip_prefix("confirm&confirmation=")
}

/// Confirms a new company with this session token. Returns `connected`, or the code of the refusal.
pub async fn confirm(deployment: &LocalDeployment, session: &str, confirmation: &str) -> String {
    let request = Request::post(CONFIRM).header(AUTHORIZATION, format!("Bearer {session}"));
    let body = json!({ "confirmation": confirmation }).to_string();
    read_confirm_answer(&send(deployment, request, body).await)
}

/// Confirms with a request that may be a repetition.
pub async fn confirm_again(
    deployment: &LocalDeployment,
    session: &str,
    confirmation: &str,
) -> String {
    let request = Request::post(CONFIRM).header(AUTHORIZATION, format!("Bearer {session}"));
    let body = json!({ "confirmation": confirmation }).to_string();
    let request = request.header("idempotency-key", "click-1");
    read_confirm_answer(&send(deployment, request, body).await)
}

fn read_confirm_answer(answer: &Answer) -> String {
    match answer.status {
        200 => "connected".to_owned(),
        _ => answer.body["code"].as_str().unwrap_or_default().to_owned(),
    }
}

/// Returns the code of a redirect to RIVET, or its outcome if there is no code.
///
/// Any other redirect yields its address without the query, and any other answer its status.
pub fn read_outcome(deployment: &LocalDeployment, answer: &Answer) -> String {
    if answer.status != 302 {
        return answer.status.to_string();
    }
    let address = header_text(answer, LOCATION.as_str());
    let Some(query) = address.strip_prefix(&format!("{}/?quickbooks=", deployment.url)) else {
        return address.split('?').next().unwrap_or_default().to_owned();
    };
    query
        .split_once("&code=")
        .map_or(query, |(_, code)| code)
        .to_owned()
}

/// Returns a header as text, or an empty text.
pub fn header_text(answer: &Answer, name: &str) -> String {
    let value = answer
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap());
    value.unwrap_or_default().to_owned()
}

/// Returns the status of the firm's connection, without its last attempt and the expiry of its grant.
///
/// A refresh of the same grant may move the expiry.
pub async fn load_status(firm: &Firm<'_>) -> Value {
    let shown = firm.call(get("/v1/quickbooks/status"), None).await.unwrap();
    assert_eq!(shown.status, 200, "{}", shown.body);
    let mut shown = shown.body;
    for name in ["last_attempt", "grant_expires_at"] {
        shown.as_object_mut().unwrap().remove(name);
    }
    // Each look for access is a read.
    shown["sync"]
        .as_object_mut()
        .unwrap()
        .remove("reads_this_month");
    shown
}

/// Returns whether a call for the firm reaches its company. Lists are kept for a minute, so each call looks for another name.
pub async fn has_access(firm: &Firm<'_>) -> bool {
    static NAMES: AtomicU32 = AtomicU32::new(0);
    let name = NAMES.fetch_add(1, Ordering::Relaxed);
    let customers = get(&format!("/v1/quickbooks/customers?q={name}"));
    firm.call(customers, None).await.unwrap().status == 200
}

/// Returns the number of calls to the token endpoint so far.
pub fn count_token_calls(deployment: &LocalDeployment) -> usize {
    let simulator = deployment.simulator();
    simulator
        .traffic()
        .iter()
        .filter(|seen| seen.class == CallClass::Token)
        .count()
}

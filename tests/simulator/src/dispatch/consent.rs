use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header};

use crate::call::Call;
use crate::oauth::{self, Authorization};
use crate::{ConsentDecision, Simulator, gateway};

impl Simulator {
    /// Answers the consent page and the form that it sends.
    pub(super) fn consent_endpoint(&mut self, call: &Call) -> Response<Bytes> {
        let parameters = match call.method {
            Method::POST => call.form().unwrap_or_default(),
            Method::GET => call.parameters().to_vec(),
            _ => return gateway::method_not_allowed("GET, POST"),
        };
        let authorization = match Authorization::check(&self.config, &parameters) {
            Ok(authorization) => authorization,
            Err(message) => return oauth::error_page(StatusCode::BAD_REQUEST, &message),
        };
        if call.method == Method::GET {
            let companies: Vec<(&str, &str)> = self
                .companies
                .values()
                .map(|company| (company.realm.as_str(), company.settings.name.as_str()))
                .collect();
            return oauth::consent_page(&parameters, &companies);
        }
        let field = |name: &str| {
            let mut fields = parameters.iter().filter(|(key, _)| key == name);
            fields.next().map(|(_, value)| value.as_str())
        };
        let decision = match field("decision") {
            Some("connect") => ConsentDecision::Connect,
            _ => ConsentDecision::Cancel,
        };
        match self.decide(&authorization, field("realm").unwrap_or_default(), decision) {
            Ok(url) => redirect_to(url.as_str()),
            Err(message) => oauth::error_page(StatusCode::FORBIDDEN, &message),
        }
    }
}

fn redirect_to(url: &str) -> Response<Bytes> {
    let mut answer = gateway::answer(StatusCode::FOUND, "text/html", Bytes::new());
    if let Ok(url) = HeaderValue::from_str(url) {
        answer.headers_mut().insert(header::LOCATION, url);
    }
    answer
}

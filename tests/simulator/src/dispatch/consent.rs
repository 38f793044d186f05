use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header};

use crate::call::Call;
use crate::oauth::{self, Authorization};
use crate::{Simulator, gateway};

impl Simulator {
    /// The page on which a person decides, and the form that it sends.
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
                .map(|books| (books.realm.as_str(), books.company.name.as_str()))
                .collect();
            return oauth::consent_page(&parameters, &companies);
        }
        let field = |name: &str| {
            let mut fields = parameters.iter().filter(|(key, _)| key == name);
            fields.next().map(|(_, value)| value.as_str())
        };
        let connect = field("decision") == Some("connect");
        match self.decide(&authorization, field("realm").unwrap_or_default(), connect) {
            Ok(url) => found(url.as_str()),
            Err(message) => oauth::error_page(StatusCode::FORBIDDEN, &message),
        }
    }
}

fn found(url: &str) -> Response<Bytes> {
    let mut answer = gateway::answer(StatusCode::FOUND, "text/html", Bytes::new());
    if let Ok(url) = HeaderValue::from_str(url) {
        answer.headers_mut().insert(header::LOCATION, url);
    }
    answer
}

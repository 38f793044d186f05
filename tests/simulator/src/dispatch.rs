//! The way of a request: the rules of a test first, then the gateway, then the service.

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::{Method, Response, StatusCode, header};

use crate::call::{Call, Route};
use crate::fault::Fault;
use crate::inject::{Commit, Effect};
use crate::oauth::{self, Authorization, Rules};
use crate::write::Context;
use crate::{Reply, Simulator, api, gateway};

const TRACE: HeaderName = HeaderName::from_static("intuit_tid");

impl Simulator {
    pub(crate) fn reply(&mut self, call: &Call) -> Reply {
        let effect = self.effect(call);
        let reply = match effect {
            None => Reply::Answer(self.serve(call, None)),
            Some(effect) => self.go_wrong(call, &effect),
        };
        self.traced(reply)
    }

    fn go_wrong(&mut self, call: &Call, effect: &Effect) -> Reply {
        match effect {
            Effect::Slow(after) => Reply::Slow {
                after: *after,
                answer: self.serve(call, None),
            },
            Effect::ForgetRequestIds => {
                self.forget_request_ids(call.realm());
                Reply::Answer(self.serve(call, None))
            }
            Effect::Item { .. } => Reply::Answer(self.serve(call, Some(effect))),
            Effect::Partial { then, .. } => {
                self.serve(call, Some(effect));
                self.broken(call, then)
            }
            Effect::ApplicationError(Commit::After) | Effect::Dropped(Commit::After) => {
                self.serve(call, None);
                self.broken(call, effect)
            }
            _ => self.broken(call, effect),
        }
    }

    /// The answer that hides whether anything was done.
    fn broken(&self, call: &Call, effect: &Effect) -> Reply {
        let now = self.now();
        let fault = |fault: Fault| api::respond(call, now, Err(fault));
        Reply::Answer(match effect {
            Effect::Dropped(_) => return Reply::Dropped,
            Effect::Throttled => gateway::throttled(now),
            Effect::Unavailable => gateway::unavailable(),
            Effect::Unauthorized => gateway::unauthorized(bearer(call).unwrap_or_default(), now),
            Effect::Forbidden => gateway::forbidden(now),
            Effect::SubscriptionEnded => fault(Fault::subscription_ended()),
            Effect::Refused {
                code,
                message,
                detail,
            } => fault(Fault::new(code, message, detail.clone())),
            _ => fault(Fault::application_error()),
        })
    }

    fn serve(&mut self, call: &Call, effect: Option<&Effect>) -> Response<Bytes> {
        match &call.route {
            Route::Consent => self.consent_endpoint(call),
            Route::Token => self.token_endpoint(call),
            Route::Revoke => {
                let now = self.now();
                oauth::revoke(&mut self.oauth, &self.config, call, now)
            }
            Route::Company { realm, .. } => self.company_endpoint(call, realm, effect),
            Route::Unknown => gateway::not_found(),
        }
    }

    fn token_endpoint(&mut self, call: &Call) -> Response<Bytes> {
        let rules = Rules {
            rotation: self.config.rotation,
            switches: &self.switches,
            now: self.now,
        };
        oauth::token(
            &mut self.oauth,
            (&self.config, &rules),
            &mut self.secrets,
            call,
        )
    }

    fn consent_endpoint(&mut self, call: &Call) -> Response<Bytes> {
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

    fn company_endpoint(
        &mut self,
        call: &Call,
        realm: &str,
        effect: Option<&Effect>,
    ) -> Response<Bytes> {
        let now = self.now;
        let token = bearer(call).unwrap_or_default();
        let Some(granted) = self.oauth.company(token, now) else {
            return gateway::unauthorized(token, now);
        };
        let (true, Some(books)) = (granted == realm, self.companies.get_mut(realm)) else {
            return gateway::forbidden(now);
        };
        let batch = matches!(call.class, crate::CallClass::Batch { .. });
        if !books.limits.admit(now, batch, &self.switches) {
            return gateway::throttled(now);
        }
        let context = Context {
            now,
            switches: &self.switches,
        };
        let outcome = if !books.subscribed {
            Some(Err(Fault::subscription_ended()))
        } else if !books.admin {
            Some(Err(Fault::not_admin(books.company.edition.sku())))
        } else {
            api::answer(books, &context, call, effect)
        };
        outcome.map_or_else(gateway::not_found, |outcome| {
            api::respond(call, now, outcome)
        })
    }

    /// Each answer has a trace id of its own.
    fn traced(&mut self, mut reply: Reply) -> Reply {
        if let Reply::Answer(answer) | Reply::Slow { answer, .. } = &mut reply
            && let Ok(trace) = HeaderValue::from_str(&self.secrets.trace())
        {
            answer.headers_mut().insert(TRACE, trace);
        }
        reply
    }
}

fn bearer(call: &Call) -> Option<&str> {
    let (scheme, token) = call.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn found(url: &str) -> Response<Bytes> {
    let mut answer = gateway::answer(StatusCode::FOUND, "text/html", Bytes::new());
    if let Ok(url) = HeaderValue::from_str(url) {
        answer.headers_mut().insert(header::LOCATION, url);
    }
    answer
}

#[cfg(test)]
mod tests;

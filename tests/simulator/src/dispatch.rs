//! Dispatches a request: to the injections of a test first, then to the gateway, then to the service.

mod consent;
mod failure;

use bytes::Bytes;
use http::Response;
use http::header::{HeaderName, HeaderValue};

use crate::call::Call;
use crate::fault::Fault;
use crate::inject::Effect;
use crate::oauth::{self, TokenRules};
use crate::route::Route;
use crate::write::Context;
use crate::{Reply, Simulator, api, gateway};

/// Intuit: each answer has a trace id.
const TRACE: HeaderName = HeaderName::from_static("intuit_tid");

impl Simulator {
    pub(crate) fn reply(&mut self, call: &Call) -> Reply {
        let effect = self.take_effect(call);
        let reply = match effect {
            None => Reply::Answer(self.serve(call, None)),
            Some(effect) => self.apply_effect(call, &effect),
        };
        self.add_trace_id(reply)
    }

    fn serve(&mut self, call: &Call, effect: Option<&Effect>) -> Response<Bytes> {
        match &call.route {
            Route::Consent => self.consent_endpoint(call),
            Route::Token => self.token_endpoint(call),
            Route::Revoke => {
                let now = self.now();
                oauth::answer_revocation(&mut self.oauth, &self.config, call, now)
            }
            Route::Company { realm, .. } => self.company_endpoint(call, realm, effect),
            Route::Unknown => gateway::not_found(),
        }
    }

    fn token_endpoint(&mut self, call: &Call) -> Response<Bytes> {
        let rules = TokenRules {
            config: &self.config,
            switches: &self.switches,
            now: self.now,
        };
        oauth::answer_token(&mut self.oauth, &rules, &mut self.secrets, call)
    }

    fn company_endpoint(
        &mut self,
        call: &Call,
        realm: &str,
        effect: Option<&Effect>,
    ) -> Response<Bytes> {
        let now = self.now;
        let token = bearer_token(call).unwrap_or_default();
        let Some(granted_realm) = self.oauth.find_company(token, now) else {
            return gateway::unauthorized(token, now);
        };
        let (true, Some(company)) = (granted_realm == realm, self.companies.get_mut(realm)) else {
            return gateway::forbidden(now);
        };
        if !company.rate_limiter.admit(now, call.class, &self.switches) {
            return gateway::throttled(now);
        }
        let context = Context {
            now,
            switches: &self.switches,
        };
        company.records.begin_request(now, self.switches.index_lag);
        let outcome = if !company.is_subscribed {
            Some(Err(Fault::subscription_ended()))
        } else if !company.is_admin {
            Some(Err(Fault::not_admin(company.settings.edition.sku())))
        } else {
            api::answer(company, &context, call, effect)
        };
        outcome.map_or_else(gateway::not_found, |outcome| {
            let spelled = outcome.map(|answer| self.switches.answer_spelling.spell(answer));
            api::respond(call, now, spelled)
        })
    }

    /// Adds a trace id to an answer.
    fn add_trace_id(&mut self, mut reply: Reply) -> Reply {
        if let Reply::Answer(answer) | Reply::Slow { answer, .. } = &mut reply
            && let Ok(trace) = HeaderValue::from_str(&self.secrets.trace())
        {
            answer.headers_mut().insert(TRACE, trace);
        }
        reply
    }
}

fn bearer_token(call: &Call) -> Option<&str> {
    let (scheme, token) = call.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

#[cfg(test)]
mod tests;

//! The invariants of connections, checked by an observer of both seams.

use crate::connections::history::{Claim, History};
use billing::FirmId;
use bytes::Bytes;
use futures::executor::block_on;
use http::Response;
use serde_json::Value;
use simulation::deployment::Deployment;
use simulation::observer::{Call, CallEnd, Observer};
use simulation::world::{TaskId, World};
use std::cell::RefCell;
use std::collections::BTreeMap;
use store::connection::Connection;
use url::form_urlencoded;

const CONNECTION: &str = "rivet-books:connection:";

/// The observer. Its messages show the numbers of tokens, never the tokens.
pub struct Invariants {
    world: World,
    deployment: RefCell<Option<Deployment>>,
    seen: RefCell<History>,
}

impl Invariants {
    pub fn new(world: &World) -> Self {
        Self {
            world: world.clone(),
            deployment: RefCell::default(),
            seen: RefCell::default(),
        }
    }

    /// Starts from the history of another observer.
    pub fn start_from(&self, other: &Self) {
        let mut known = other.seen.borrow().clone();
        known.exchanged.clear();
        known.claims.clear();
        known.claimant.clear();
        known.store_failed.clear();
        *self.seen.borrow_mut() = known;
    }

    pub fn observe(&self, deployment: &Deployment) {
        *self.deployment.borrow_mut() = Some(deployment.clone());
    }

    /// Drops the observed deployment, which holds this observer.
    pub fn stop_observing(&self) {
        self.deployment.borrow_mut().take();
    }

    /// Records that Intuit gave a firm a code for a company.
    pub fn record_code(&self, code: &str, (firm, realm): (&str, &'static str)) {
        let mut seen = self.seen.borrow_mut();
        seen.firms.insert(code.to_owned(), firm.to_owned());
        seen.companies.insert(code.to_owned(), realm);
    }

    /// Records that the person who asked for the link confirms a new company.
    pub fn record_confirmation(&self, firm: &FirmId) {
        self.seen.borrow_mut().confirmed.insert(firm.to_string());
    }

    /// Returns the companies for which a code was exchanged.
    pub fn exchanged_companies(&self) -> Vec<&'static str> {
        let seen = self.seen.borrow();
        seen.exchanged.iter().map(|(realm, _)| *realm).collect()
    }

    /// Returns the type of the latest notification of a firm that RIVET received, without warnings.
    pub fn latest_notification(&self, firm: &str) -> Option<String> {
        let seen = self.seen.borrow();
        seen.notified.get(firm).map(|(_, kind)| kind.clone())
    }

    fn record_notification(&self, call: &Call) -> Option<()> {
        let id = call.request.headers().get("webhook-id")?.to_str().ok()?;
        let (firm, number) = id.strip_prefix("connection_")?.rsplit_once('_')?;
        let body: Value = serde_json::from_slice(call.request.body()).ok()?;
        let notified = (number.parse().ok()?, body["type"].as_str()?.to_owned());
        let mut seen = self.seen.borrow_mut();
        let latest = seen.notified.entry(firm.to_owned()).or_default();
        if latest.0 < notified.0 && notified.1 != "connection.expiring" {
            *latest = notified;
        }
        Some(())
    }

    fn check_refresh(&self, call: &Call, token: &str) -> Result<(), String> {
        let mut seen = self.seen.borrow_mut();
        let number = seen.number(token);
        self.world
            .trace(|| format!("call {} spends refresh token {number}", call.id));
        let mut others = seen.under_way.values();
        if let Some((_, other)) = others.find(|(known, _)| known == token) {
            return Err(format!(
                "refresh token {number} is sent by {} while {other} waits for its answer",
                call.by
            ));
        }
        if let Some((_, holder)) = seen.unsaved.get(token)
            && self.world.is_alive(*holder)
            && !seen.store_failed.contains(holder)
        {
            return Err(format!(
                "refresh token {number} is sent although {holder} has its successor"
            ));
        }
        seen.under_way.insert(call.id, (token.to_owned(), call.by));
        seen.check_claim(call.by, (token, number))
    }

    /// Checks the answer to a code or a refresh token.
    fn check_grant(&self, call: &Call, answer: &Response<Bytes>) -> Result<(), String> {
        let (form, mut seen) = (token_form(call), self.seen.borrow_mut());
        let spent = form.get("refresh_token").or(form.get("code"));
        let (Some(spent), Some(next)) = (spent, refresh_token_in(answer)) else {
            return Ok(());
        };
        let realm = seen.companies.get(spent).copied();
        let realm = realm.ok_or("a token that nobody gave is honoured")?;
        seen.companies.insert(next, realm);
        if !form.contains_key("code") {
            return Ok(());
        }
        seen.exchanged.push((realm, call.by));
        seen.check_no_grant_ended(realm, seen.firms.get(spent))
    }

    /// Checks a revocation: it ends all grants of the company.
    fn check_revocation(&self, call: &Call) -> Result<(), String> {
        let body: Value = serde_json::from_slice(call.request.body()).unwrap_or_default();
        let seen = self.seen.borrow();
        let realm = body["token"]
            .as_str()
            .and_then(|token| seen.companies.get(token));
        seen.check_no_grant_ended(realm.ok_or("a token that nobody gave is revoked")?, None)
    }

    fn check_saved(&self, firm: &str, now: &Connection, by: TaskId) -> Result<(), String> {
        let mut seen = self.seen.borrow_mut();
        let before = seen.records.insert(firm.to_owned(), now.clone());
        let before = before.unwrap_or_default();
        if before.company.is_none() && now.company.is_some() && !seen.confirmed.contains(firm) {
            return Err(format!(
                "{firm} is bound to a company that nobody confirmed"
            ));
        }
        if newest_generation(now) < newest_generation(&before) {
            return Err(format!("{firm} goes back to an older generation"));
        }
        if let (Some(old), Some(new)) = (&before.grant, &now.grant)
            && old.generation == new.generation
            && (old.refresh_token != new.refresh_token || old.access_token != new.access_token)
        {
            return Err(format!("{firm} has two grants of one generation"));
        }
        if let Some(grant) = &now.grant {
            let saved = &grant.refresh_token.0;
            seen.unsaved.retain(|_, (next, _)| next != saved);
        }
        if let (Some(claim), Some(grant)) = (&now.refreshing, &now.grant)
            && before
                .refreshing
                .as_ref()
                .is_none_or(|old| old.owner != claim.owner)
        {
            let interrupted = before.refreshing.is_some();
            let previous = grant
                .previous_refresh_token
                .as_ref()
                .filter(|_| interrupted);
            let claim = Claim {
                generation: grant.generation,
                present: grant.refresh_token.0.clone(),
                previous: previous.map(|old| old.0.clone()),
                sent: 0,
            };
            seen.claims.insert((firm.to_owned(), by), claim);
            seen.claimant.insert(firm.to_owned(), by);
        }
        seen.check_companies()
    }
}

impl Observer for Invariants {
    fn on_sent(&self, call: &Call) {
        let form = token_form(call);
        let sent = match (form.get("refresh_token"), form.get("code")) {
            (Some(token), _) => self.check_refresh(call, token),
            (_, Some(code)) if !self.seen.borrow_mut().codes.insert(code.clone()) => {
                Err("a code is sent twice".into())
            }
            _ => Ok(()),
        };
        if let Err(what) = sent {
            self.world.fail(what);
        }
    }

    fn on_handled(&self, call: &Call, answer: &Response<Bytes>) {
        self.record_notification(call);
        let path = call.request.uri().path();
        let done = if path.ends_with("/tokens/revoke") && answer.status() == 200 {
            self.check_revocation(call)
        } else {
            self.check_grant(call, answer)
        };
        if let Err(what) = done {
            self.world.fail(what);
        }
    }

    fn on_ended(&self, call: &Call, end: CallEnd<'_>) {
        let mut seen = self.seen.borrow_mut();
        let Some((spent, by)) = seen.under_way.remove(&call.id) else {
            return;
        };
        let CallEnd::Answered(answer) = end else {
            return;
        };
        let Some(next) = refresh_token_in(answer) else {
            return;
        };
        let number = seen.number(&next);
        self.world
            .trace(|| format!("{by} gets refresh token {number}"));
        if next != spent {
            seen.unsaved.insert(spent, (next, by));
        }
    }

    fn on_written(&self, key: &str, _: &[u8], by: TaskId) {
        let Some(firm) = key
            .strip_prefix(CONNECTION)
            .filter(|rest| !rest.contains(':'))
        else {
            return;
        };
        let deployment = self.deployment.borrow();
        let Some(deployment) = deployment.as_ref() else {
            return;
        };
        let firm_id = firm.parse().expect("a firm's record is named by the firm");
        let record = block_on(deployment.direct_store().connection(&firm_id));
        let written = match record {
            Ok(connection) => {
                self.world.trace(|| summary(firm, &connection));
                self.check_saved(firm, &connection, by)
            }
            Err(error) => Err(error.to_string()),
        };
        if let Err(what) = written {
            self.world.fail(what);
        }
    }

    fn on_store_failure(&self, by: TaskId) {
        self.seen.borrow_mut().store_failed.insert(by);
    }
}

fn summary(firm: &str, connection: &Connection) -> String {
    format!(
        "{firm}: {:?}, generation {:?}, claimed: {}",
        connection.status,
        connection.grant.as_ref().map(|grant| grant.generation),
        connection.refreshing.is_some()
    )
}

fn newest_generation(connection: &Connection) -> u64 {
    let present = connection.grant.as_ref().map(|grant| grant.generation);
    present.unwrap_or_default().max(connection.past_generation)
}

/// Returns the form of a call to the token endpoint.
fn token_form(call: &Call) -> BTreeMap<String, String> {
    if !call.request.uri().path().ends_with("/tokens/bearer") {
        return BTreeMap::new();
    }
    form_urlencoded::parse(call.request.body())
        .into_owned()
        .collect()
}

/// Returns the refresh token in an answer of the token endpoint.
fn refresh_token_in(answer: &Response<Bytes>) -> Option<String> {
    let body: Value = serde_json::from_slice(answer.body()).ok()?;
    body["refresh_token"].as_str().map(str::to_owned)
}

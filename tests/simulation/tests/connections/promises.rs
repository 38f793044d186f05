//! What must hold at every moment, kept by one who watches both seams.

use crate::known::{Claim, Known};
use bytes::Bytes;
use futures::executor::block_on;
use http::Response;
use serde_json::Value;
use simulation::deployment::Deployment;
use simulation::witness::{End, Sent, Witness};
use simulation::world::{TaskId, World};
use std::cell::RefCell;
use std::collections::BTreeMap;
use store::connection::Connection;
use url::form_urlencoded;

const CONNECTION: &str = "rivet-books/connection/";

/// The witness. A token is never named in what it says, only numbered.
pub struct Promises {
    world: World,
    deployment: RefCell<Option<Deployment>>,
    seen: RefCell<Known>,
}

impl Promises {
    pub fn new(world: &World) -> Self {
        Self {
            world: world.clone(),
            deployment: RefCell::default(),
            seen: RefCell::default(),
        }
    }

    /// Begins with what another knew at its end.
    pub fn know(&self, other: &Self) {
        let mut known = other.seen.borrow().clone();
        known.exchanged.clear();
        known.claims.clear();
        known.claimant.clear();
        known.store_failed.clear();
        *self.seen.borrow_mut() = known;
    }

    pub fn watch(&self, deployment: &Deployment) {
        *self.deployment.borrow_mut() = Some(deployment.clone());
    }

    /// Lets go of what is watched, which holds its witness.
    pub fn done(&self) {
        self.deployment.borrow_mut().take();
    }

    /// Intuit gave a code for a company to a firm.
    pub fn code_given(&self, code: &str, (firm, realm): (&str, &'static str)) {
        let mut seen = self.seen.borrow_mut();
        seen.firms.insert(code.to_owned(), firm.to_owned());
        seen.companies.insert(code.to_owned(), realm);
    }

    /// Companies for which a code was exchanged.
    pub fn exchanged(&self) -> Vec<&'static str> {
        let seen = self.seen.borrow();
        seen.exchanged.iter().map(|(realm, _)| *realm).collect()
    }

    /// The kind of the latest notice of a firm that RIVET took, warnings apart.
    pub fn heard(&self, firm: &str) -> Option<String> {
        let seen = self.seen.borrow();
        seen.heard.get(firm).map(|(_, kind)| kind.clone())
    }

    fn hears(&self, call: &Sent) -> Option<()> {
        let id = call.request.headers().get("webhook-id")?.to_str().ok()?;
        let (firm, number) = id.strip_prefix("connection_")?.rsplit_once('_')?;
        let body: Value = serde_json::from_slice(call.request.body()).ok()?;
        let heard = (number.parse().ok()?, body["type"].as_str()?.to_owned());
        let mut seen = self.seen.borrow_mut();
        let latest = seen.heard.entry(firm.to_owned()).or_default();
        if latest.0 < heard.0 && heard.1 != "connection.expiring" {
            *latest = heard;
        }
        Some(())
    }

    fn sends(&self, call: &Sent, token: &str) -> Result<(), String> {
        let mut seen = self.seen.borrow_mut();
        let number = seen.number(token);
        self.world
            .note(|| format!("call {} spends refresh token {number}", call.id));
        let mut others = seen.under_way.values();
        if let Some((_, other)) = others.find(|(known, _)| known == token) {
            return Err(format!(
                "refresh token {number} is sent by {} while {other} waits for its answer",
                call.by
            ));
        }
        if let Some((_, holder)) = seen.unsaved.get(token)
            && self.world.lives(*holder)
            && !seen.store_failed.contains(holder)
        {
            return Err(format!(
                "refresh token {number} is sent although {holder} has its successor"
            ));
        }
        seen.under_way.insert(call.id, (token.to_owned(), call.by));
        seen.spends(call.by, (token, number))
    }

    /// A code or refresh token was honoured, or not.
    fn granted(&self, call: &Sent, answer: &Response<Bytes>) -> Result<(), String> {
        let (form, mut seen) = (form(call), self.seen.borrow_mut());
        let spent = form.get("refresh_token").or(form.get("code"));
        let (Some(spent), Some(next)) = (spent, next(answer)) else {
            return Ok(());
        };
        let realm = seen.companies.get(spent).copied();
        let realm = realm.ok_or("a token that nobody gave is honoured")?;
        seen.companies.insert(next, realm);
        if !form.contains_key("code") {
            return Ok(());
        }
        seen.exchanged.push((realm, call.by));
        seen.harms(realm, seen.firms.get(spent))
    }

    /// Revoking any token of a company ends all of its grants.
    fn revoked(&self, call: &Sent) -> Result<(), String> {
        let body: Value = serde_json::from_slice(call.request.body()).unwrap_or_default();
        let seen = self.seen.borrow();
        let realm = body["token"]
            .as_str()
            .and_then(|token| seen.companies.get(token));
        seen.harms(realm.ok_or("a token that nobody gave is revoked")?, None)
    }

    fn saw(&self, firm: &str, now: &Connection, by: TaskId) -> Result<(), String> {
        let mut seen = self.seen.borrow_mut();
        let before = seen.records.insert(firm.to_owned(), now.clone());
        let before = before.unwrap_or_default();
        if newest(now) < newest(&before) {
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
        seen.one_firm_per_company()
    }
}

impl Witness for Promises {
    fn sent(&self, call: &Sent) {
        let form = form(call);
        let sent = match (form.get("refresh_token"), form.get("code")) {
            (Some(token), _) => self.sends(call, token),
            (_, Some(code)) if !self.seen.borrow_mut().codes.insert(code.clone()) => {
                Err("a code is sent twice".into())
            }
            _ => Ok(()),
        };
        if let Err(what) = sent {
            self.world.broken(what);
        }
    }

    fn handled(&self, call: &Sent, answer: &Response<Bytes>) {
        self.hears(call);
        let path = call.request.uri().path();
        let done = if path.ends_with("/tokens/revoke") && answer.status() == 200 {
            self.revoked(call)
        } else {
            self.granted(call, answer)
        };
        if let Err(what) = done {
            self.world.broken(what);
        }
    }

    fn over(&self, call: &Sent, end: End<'_>) {
        let mut seen = self.seen.borrow_mut();
        let Some((spent, by)) = seen.under_way.remove(&call.id) else {
            return;
        };
        let End::Answered(answer) = end else { return };
        let Some(next) = next(answer) else { return };
        let number = seen.number(&next);
        self.world
            .note(|| format!("{by} gets refresh token {number}"));
        if next != spent {
            seen.unsaved.insert(spent, (next, by));
        }
    }

    fn written(&self, key: &str, _: &[u8], by: TaskId) {
        let Some(firm) = key
            .strip_prefix(CONNECTION)
            .filter(|rest| !rest.contains('/'))
        else {
            return;
        };
        let deployment = self.deployment.borrow();
        let Some(deployment) = deployment.as_ref() else {
            return;
        };
        let firm_id = firm.parse().expect("a firm's record is named by the firm");
        let record = block_on(deployment.records().connection(&firm_id));
        let written = match record {
            Ok(connection) => {
                self.world.note(|| told(firm, &connection));
                self.saw(firm, &connection, by)
            }
            Err(error) => Err(error.to_string()),
        };
        if let Err(what) = written {
            self.world.broken(what);
        }
    }

    fn store_failed(&self, by: TaskId) {
        self.seen.borrow_mut().store_failed.insert(by);
    }
}

fn told(firm: &str, connection: &Connection) -> String {
    format!(
        "{firm}: {:?}, generation {:?}, claimed: {}",
        connection.status,
        connection.grant.as_ref().map(|grant| grant.generation),
        connection.refreshing.is_some()
    )
}

fn newest(connection: &Connection) -> u64 {
    let present = connection.grant.as_ref().map(|grant| grant.generation);
    present.unwrap_or_default().max(connection.past_generation)
}

/// The form of a call to the token endpoint.
fn form(call: &Sent) -> BTreeMap<String, String> {
    if !call.request.uri().path().ends_with("/tokens/bearer") {
        return BTreeMap::new();
    }
    form_urlencoded::parse(call.request.body())
        .into_owned()
        .collect()
}

/// The refresh token in an answer of the token endpoint.
fn next(answer: &Response<Bytes>) -> Option<String> {
    let body: Value = serde_json::from_slice(answer.body()).ok()?;
    body["refresh_token"].as_str().map(str::to_owned)
}

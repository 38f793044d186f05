use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::Secrets;
use crate::{Rotation, Switches};

/// Every permission that a person ever gave to the app.
#[derive(Clone, Debug, Default)]
pub(crate) struct Oauth {
    grants: Vec<Grant>,
    codes: BTreeMap<String, Code>,
    access: BTreeMap<String, Access>,
    refresh: BTreeMap<String, usize>,
}

/// How tokens live, at this moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) rotation: Rotation,
    pub(crate) switches: &'a Switches,
    pub(crate) now: Timestamp,
}

/// One consent for one company. Its refresh token changes, its hard end does not.
#[derive(Clone, Debug)]
struct Grant {
    realm: String,
    dead: bool,
    refresh_token: String,
    issued: Timestamp,
    /// The value before, and until when it works.
    previous: Option<(String, Timestamp)>,
    rolling_end: Timestamp,
    hard_end: Timestamp,
}

#[derive(Clone, Debug)]
struct Code {
    realm: String,
    redirect_uri: String,
    expires: Timestamp,
    /// The grant that came of it.
    used: Option<usize>,
}

#[derive(Clone, Debug)]
struct Access {
    grant: usize,
    expires: Timestamp,
}

/// What the token endpoint gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    /// Seconds.
    pub(crate) refresh_expires_in: i64,
    /// Seconds to the end that no refresh moves.
    pub(crate) hard_expires_in: i64,
}

/// `invalid_grant`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InvalidGrant;

const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
pub(crate) const ACCESS_LIFE: SignedDuration = SignedDuration::from_secs(3600);
/// 101 days, as current answers say; pushed forward by each refresh.
const ROLLING_LIFE: SignedDuration = SignedDuration::from_secs(8_726_400);
/// Five years.
const HARD_LIFE: SignedDuration = SignedDuration::from_secs(157_680_000);

impl Oauth {
    pub(crate) fn issue_code(
        &mut self,
        realm: &str,
        redirect_uri: &str,
        now: Timestamp,
        secrets: &mut Secrets,
    ) -> String {
        let code = secrets.code();
        let kept = Code {
            realm: realm.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            expires: now + CODE_LIFE,
            used: None,
        };
        self.codes.insert(code.clone(), kept);
        code
    }

    /// A code works once, for ten minutes, with the redirect address that it was issued for. Used again, it takes the
    /// tokens that came of it with it.
    pub(crate) fn exchange(
        &mut self,
        (code, redirect_uri): (&str, &str),
        rules: &Rules<'_>,
        secrets: &mut Secrets,
    ) -> Result<Tokens, InvalidGrant> {
        let kept = self.codes.get_mut(code).ok_or(InvalidGrant)?;
        if let Some(grant) = kept.used {
            self.end(grant);
            return Err(InvalidGrant);
        }
        if rules.now >= kept.expires || redirect_uri != kept.redirect_uri {
            return Err(InvalidGrant);
        }
        kept.used = Some(self.grants.len());
        let realm = kept.realm.clone();
        if rules.switches.reconnect_supersedes {
            self.supersede(&realm);
        }
        let refresh_token = secrets.refresh_token();
        let grant = self.grants.len();
        self.refresh.insert(refresh_token.clone(), grant);
        self.grants.push(Grant {
            realm,
            dead: false,
            refresh_token,
            issued: rules.now,
            previous: None,
            rolling_end: rules.now + ROLLING_LIFE,
            hard_end: rules.now + HARD_LIFE,
        });
        Ok(self.tokens(grant, rules.now, secrets))
    }

    /// A refresh gives a new access token, and a new refresh token if the present one is old enough.
    pub(crate) fn refresh(
        &mut self,
        token: &str,
        rules: &Rules<'_>,
        secrets: &mut Secrets,
    ) -> Result<Tokens, InvalidGrant> {
        let grant = *self.refresh.get(token).ok_or(InvalidGrant)?;
        let kept = self.grants.get_mut(grant).ok_or(InvalidGrant)?;
        let ended = kept.dead || rules.now >= kept.rolling_end || rules.now >= kept.hard_end;
        let graced = kept
            .previous
            .as_ref()
            .is_some_and(|(value, until)| value == token && rules.now < *until);
        let spent = token != kept.refresh_token && !graced;
        kept.dead |= spent && rules.switches.spent_refresh_revokes;
        if ended || spent {
            return Err(InvalidGrant);
        }
        let present = token == kept.refresh_token;
        if present && rules.now.duration_since(kept.issued) >= rules.rotation.period() {
            let fresh = secrets.refresh_token();
            let old = std::mem::replace(&mut kept.refresh_token, fresh.clone());
            kept.previous = Some((old, rules.now + rules.rotation.grace()));
            kept.issued = rules.now;
            self.refresh.insert(fresh, grant);
        }
        kept.rolling_end = kept.hard_end.min(rules.now + ROLLING_LIFE);
        Ok(self.tokens(grant, rules.now, secrets))
    }

    /// Revoking any living token of the app ends its permission for the company.
    pub(crate) fn revoke(&mut self, token: &str, now: Timestamp) -> Result<(), InvalidGrant> {
        let by_access = self
            .access
            .get(token)
            .filter(|access| now < access.expires)
            .map(|access| access.grant);
        let by_refresh = self.refresh.get(token).copied();
        let grant = by_refresh.or(by_access).ok_or(InvalidGrant)?;
        let kept = self.grants.get(grant).ok_or(InvalidGrant)?;
        let spent = by_refresh.is_some() && kept.refresh_token != token;
        if kept.dead || spent {
            return Err(InvalidGrant);
        }
        let realm = kept.realm.clone();
        self.end_company(&realm);
        Ok(())
    }

    /// The company that an access token is for, if it is alive.
    pub(crate) fn company(&self, access_token: &str, now: Timestamp) -> Option<&str> {
        let access = self.access.get(access_token)?;
        let grant = self.grants.get(access.grant)?;
        (!grant.dead && now < access.expires).then_some(&grant.realm)
    }

    /// Whether the app has the company's permission, with or without an access token in hand.
    pub(crate) fn stands(&self, realm: &str, now: Timestamp) -> bool {
        self.grants.iter().any(|grant| {
            let over = grant.dead || now >= grant.rolling_end || now >= grant.hard_end;
            grant.realm == realm && !over
        })
    }

    pub(crate) fn end_company(&mut self, realm: &str) {
        for grant in self.grants.iter_mut().filter(|grant| grant.realm == realm) {
            grant.dead = true;
        }
    }

    fn end(&mut self, grant: usize) {
        if let Some(grant) = self.grants.get_mut(grant) {
            grant.dead = true;
        }
    }

    /// The refresh tokens of earlier consents die; their access tokens live out their hour.
    fn supersede(&mut self, realm: &str) {
        for (index, grant) in self.grants.iter_mut().enumerate() {
            if grant.realm == realm {
                self.refresh.retain(|_, owner| *owner != index);
            }
        }
    }

    fn tokens(&mut self, grant: usize, now: Timestamp, secrets: &mut Secrets) -> Tokens {
        let access_token = secrets.access_token();
        let access = Access {
            grant,
            expires: now + ACCESS_LIFE,
        };
        self.access.insert(access_token.clone(), access);
        let left = |end: Timestamp| end.duration_since(now).as_secs();
        let kept = self.grants.get(grant);
        Tokens {
            access_token,
            refresh_token: kept
                .map(|grant| grant.refresh_token.clone())
                .unwrap_or_default(),
            refresh_expires_in: kept.map_or(0, |grant| left(grant.rolling_end)),
            hard_expires_in: kept.map_or(0, |grant| left(grant.hard_end)),
        }
    }
}

#[cfg(test)]
mod tests;

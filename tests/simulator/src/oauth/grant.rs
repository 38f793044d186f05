use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::Secrets;
use crate::{Config, Switches};

/// Every permission that a person ever gave to the app, with its codes and tokens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Oauth {
    grants: Vec<Grant>,
    codes: BTreeMap<String, Code>,
    access: BTreeMap<String, Access>,
    refresh: BTreeMap<String, usize>,
}

/// The app, the rules for the lifetime of tokens, and the time at which a request meets them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenRules<'a> {
    pub(crate) config: &'a Config,
    pub(crate) switches: &'a Switches,
    pub(crate) now: Timestamp,
}

/// A code as a token request presents it, with the redirect address of its consent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AuthorizationCode<'a> {
    pub(crate) code: &'a str,
    pub(crate) redirect_uri: &'a str,
}

/// A consent for one company. The refresh token of a grant changes; the hard expiry stays.
#[derive(Clone, Debug)]
struct Grant {
    realm: String,
    is_revoked: bool,
    refresh_token: String,
    issued_at: Timestamp,
    previous: Option<PreviousToken>,
    rolling_expires_at: Timestamp,
    hard_expires_at: Timestamp,
}

/// The refresh token before the present one, which works during a grace period.
#[derive(Clone, Debug)]
struct PreviousToken {
    value: String,
    expires_at: Timestamp,
}

#[derive(Clone, Debug)]
struct Code {
    realm: String,
    redirect_uri: String,
    expires_at: Timestamp,
    /// The grant that the exchange of the code created.
    grant: Option<usize>,
}

#[derive(Clone, Debug)]
struct Access {
    grant: usize,
    expires_at: Timestamp,
}

/// The tokens that the token endpoint answers with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    /// Seconds until the refresh token expires without use.
    pub(crate) refresh_expires_in: i64,
    /// Seconds until the grant expires; no refresh moves that time.
    pub(crate) hard_expires_in: i64,
}

/// The OAuth error `invalid_grant` (RFC 6749 section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InvalidGrant;

const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
pub(crate) const ACCESS_LIFE: SignedDuration = SignedDuration::from_secs(3600);
/// 101 days, as current answers of Intuit say. Each refresh starts them again.
const ROLLING_LIFE: SignedDuration = SignedDuration::from_secs(8_726_400);
/// Five years.
const HARD_LIFE: SignedDuration = SignedDuration::from_secs(157_680_000);

impl Oauth {
    /// Issues a code that can be exchanged once, within ten minutes.
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
            expires_at: now + CODE_LIFE,
            grant: None,
        };
        self.codes.insert(code.clone(), kept);
        code
    }

    /// Exchanges a code for tokens. A code works once, for ten minutes, with the redirect address of its consent. If a
    /// code is used again, its grant ends (RFC 6749 section 4.1.2).
    pub(crate) fn exchange(
        &mut self,
        presented: &AuthorizationCode<'_>,
        rules: &TokenRules<'_>,
        secrets: &mut Secrets,
    ) -> Result<Tokens, InvalidGrant> {
        let kept = self.codes.get_mut(presented.code).ok_or(InvalidGrant)?;
        if let Some(grant) = kept.grant {
            if let Some(reused) = self.grants.get_mut(grant) {
                reused.is_revoked = true;
            }
            return Err(InvalidGrant);
        }
        if rules.now >= kept.expires_at || presented.redirect_uri != kept.redirect_uri {
            return Err(InvalidGrant);
        }
        kept.grant = Some(self.grants.len());
        let realm = kept.realm.clone();
        if rules.switches.should_revoke_on_reconnect {
            self.forget_refresh_tokens(&realm);
        }
        let refresh_token = secrets.refresh_token();
        let grant = self.grants.len();
        self.refresh.insert(refresh_token.clone(), grant);
        self.grants.push(Grant {
            realm,
            is_revoked: false,
            refresh_token,
            issued_at: rules.now,
            previous: None,
            rolling_expires_at: rules.now + ROLLING_LIFE,
            hard_expires_at: rules.now + HARD_LIFE,
        });
        Ok(self.tokens(grant, rules.now, secrets))
    }

    /// Issues a new access token, and a new refresh token if the present one is old enough.
    pub(crate) fn refresh(
        &mut self,
        token: &str,
        rules: &TokenRules<'_>,
        secrets: &mut Secrets,
    ) -> Result<Tokens, InvalidGrant> {
        let grant = *self.refresh.get(token).ok_or(InvalidGrant)?;
        let kept = self.grants.get_mut(grant).ok_or(InvalidGrant)?;
        let has_ended = kept.has_ended(rules.now);
        let is_graced = kept
            .previous
            .as_ref()
            .is_some_and(|previous| previous.value == token && rules.now < previous.expires_at);
        let is_spent = token != kept.refresh_token && !is_graced;
        kept.is_revoked |= is_spent && rules.switches.should_revoke_on_reused_refresh_token;
        if has_ended || is_spent {
            return Err(InvalidGrant);
        }
        let is_present = token == kept.refresh_token;
        if is_present && rules.now.duration_since(kept.issued_at) >= rules.config.rotation.period()
        {
            let fresh = secrets.refresh_token();
            let old = std::mem::replace(&mut kept.refresh_token, fresh.clone());
            kept.previous = Some(PreviousToken {
                value: old,
                expires_at: rules.now + rules.config.rotation.grace(),
            });
            kept.issued_at = rules.now;
            self.refresh.insert(fresh, grant);
        }
        kept.rolling_expires_at = kept.hard_expires_at.min(rules.now + ROLLING_LIFE);
        Ok(self.tokens(grant, rules.now, secrets))
    }

    /// Revokes a living token, and with it every grant of the company.
    pub(crate) fn revoke(&mut self, token: &str, now: Timestamp) -> Result<(), InvalidGrant> {
        let by_access = self
            .access
            .get(token)
            .filter(|access| now < access.expires_at)
            .map(|access| access.grant);
        let by_refresh = self.refresh.get(token).copied();
        let grant = by_refresh.or(by_access).ok_or(InvalidGrant)?;
        let kept = self.grants.get(grant).ok_or(InvalidGrant)?;
        let is_spent = by_refresh.is_some() && kept.refresh_token != token;
        if kept.is_revoked || is_spent {
            return Err(InvalidGrant);
        }
        let realm = kept.realm.clone();
        self.end_grants(&realm);
        Ok(())
    }

    /// Returns the company that a living access token is for.
    pub(crate) fn find_company(&self, access_token: &str, now: Timestamp) -> Option<&str> {
        let access = self.access.get(access_token)?;
        let grant = self.grants.get(access.grant)?;
        (!grant.is_revoked && now < access.expires_at).then_some(&grant.realm)
    }

    /// Returns whether the app has the company's permission. An expired access token ends no permission.
    pub(crate) fn has_permission(&self, realm: &str, now: Timestamp) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.realm == realm && !grant.has_ended(now))
    }

    /// Ends every grant of a company.
    pub(crate) fn end_grants(&mut self, realm: &str) {
        for grant in self.grants.iter_mut().filter(|grant| grant.realm == realm) {
            grant.is_revoked = true;
        }
    }

    /// Forgets the refresh tokens of earlier consents. Their access tokens live on until they expire.
    fn forget_refresh_tokens(&mut self, realm: &str) {
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
            expires_at: now + ACCESS_LIFE,
        };
        self.access.insert(access_token.clone(), access);
        let left = |end: Timestamp| end.duration_since(now).as_secs();
        let kept = self.grants.get(grant);
        Tokens {
            access_token,
            refresh_token: kept
                .map(|grant| grant.refresh_token.clone())
                .unwrap_or_default(),
            refresh_expires_in: kept.map_or(0, |grant| left(grant.rolling_expires_at)),
            hard_expires_in: kept.map_or(0, |grant| left(grant.hard_expires_at)),
        }
    }
}

impl Grant {
    fn has_ended(&self, now: Timestamp) -> bool {
        self.is_revoked || now >= self.rolling_expires_at || now >= self.hard_expires_at
    }
}

#[cfg(test)]
mod tests;

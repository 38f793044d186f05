//! A firm's connection to its company: the grant that Intuit gave, how it stands, and who refreshes it.

mod outbox;

use crate::clock::after;
use crate::ports::{Record, Secrets};
use billing::Id;
use jiff::{SignedDuration, Timestamp};
use mapping::Books;
use serde::{Deserialize, Serialize};
use std::fmt;

pub use outbox::{Cause, Notice, Outbox};

/// The record of a firm's connection. A firm that never connected has none, which reads as the default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// How it stands.
    pub standing: Standing,
    /// The company; kept after a disconnect so that only the same one is taken back as itself.
    pub company: Option<Company>,
    /// The highest generation that any grant had before the present one, so that none comes twice.
    #[serde(default)]
    pub past_generation: u64,
    /// The tokens; none once disconnected.
    pub grant: Option<Grant>,
    /// Who connected it, and when.
    pub connected_by: Option<Id>,
    /// When it was connected last.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub connected_at: Option<Timestamp>,
    /// The refresh that is under way, if any.
    pub refreshing: Option<RefreshClaim>,
    /// A grant that was given up here and is still to be ended at Intuit.
    pub revocation: Option<Revocation>,
    /// The last attempt to connect, if it failed.
    pub attempt: Option<FailedAttempt>,
    /// When somebody last had the grant checked out of turn.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub verified_at: Option<Timestamp>,
    /// What RIVET is to be told of it.
    #[serde(default)]
    pub outbox: Outbox,
}

/// How a connection stands, from what was really observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// No company is connected.
    #[default]
    Disconnected,
    /// Calls succeed.
    Connected,
    /// Intuit no longer honours the grant; a person must sign in again.
    NeedsReauthorization(Lapse),
    /// The company itself cannot be used.
    Error(Trouble),
}

/// Why a grant is no longer honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    /// The token endpoint refused the refresh token: expired, revoked or rotated away.
    GrantRefused,
    /// Intuit's lifetime limit of the grant is over.
    GrantExpired,
    /// A call was refused with a token that was fresh: disconnected inside QuickBooks.
    AccessRevoked,
    /// The person who connected is no longer an admin of the company (fault 120).
    AdminRightsLost,
}

/// Why a company cannot be used although the grant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The QuickBooks subscription has ended or lapsed (fault 6190).
    SubscriptionEnded,
    /// The company's data was reset (fault 10200): everything that we know by id is gone.
    CompanyReset,
}

/// The company at the other end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Company {
    /// Intuit's id of it, always text.
    pub realm_id: String,
    /// Its name in QuickBooks.
    pub name: String,
    /// Two-letter country, if QuickBooks says.
    pub country: Option<String>,
    /// `Simple Start`, `Essentials`, `Plus`, `Advanced`, if QuickBooks says.
    pub edition: Option<String>,
    /// What its preferences say about posting.
    pub books: Books,
    /// When the preferences were read last.
    #[serde(deserialize_with = "json::instant")]
    pub checked_at: Timestamp,
}

/// The tokens of one grant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// Counts the refreshes: a higher one is newer, whoever wrote it.
    pub generation: u64,
    /// Opens the API for an hour.
    pub access_token: Secret,
    /// When the access token ends.
    #[serde(deserialize_with = "json::instant")]
    pub access_expires_at: Timestamp,
    /// Buys the next access token.
    pub refresh_token: Secret,
    /// The refresh token before this one, for the case that an answer was lost.
    pub previous_refresh_token: Option<Secret>,
    /// The rolling end of the refresh token, pushed forward by each refresh.
    #[serde(deserialize_with = "json::instant")]
    pub refresh_expires_at: Timestamp,
    /// Intuit's hard limit of the whole grant, if it said.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub hard_expires_at: Option<Timestamp>,
    /// The warning of its end that was given last, in days before it.
    pub warned: Option<u8>,
}

/// One refresh under way. It is also the record of the intent: while it stands, the refresh token may
/// have been spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshClaim {
    /// Whose it is.
    pub owner: String,
    /// From then on another may take over.
    #[serde(deserialize_with = "json::instant")]
    pub until: Timestamp,
}

/// A grant that is to be ended at Intuit: the company was disconnected while Intuit could not be reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revocation {
    /// Its refresh token; ending either token ends the grant.
    pub token: Secret,
    /// Not tried again before then.
    #[serde(deserialize_with = "json::instant")]
    pub not_before: Timestamp,
    /// Not tried any more after then: a grant that nobody holds ends by itself.
    #[serde(deserialize_with = "json::instant")]
    pub until: Timestamp,
}

/// An attempt to connect that came to nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailedAttempt {
    /// When.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// Whose.
    pub user: Id,
    /// The code of the redirect.
    pub code: String,
    /// What to tell that person.
    pub message: String,
}

/// A token. It never shows in `Debug`, and it is sealed at rest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// An access token is renewed this long before it ends when a call needs it.
pub const ON_DEMAND: SignedDuration = SignedDuration::from_mins(5);

/// A scheduled run renews access tokens that end this soon, so that calls seldom wait for a refresh.
pub const SCHEDULED: SignedDuration = SignedDuration::from_mins(15);

/// Long enough that every access token is due.
pub const EVERY: SignedDuration = SignedDuration::from_hours(24 * 365);

/// RIVET is warned so many days before a grant ends.
const WARNINGS: [u8; 4] = [30, 14, 7, 1];

/// How long a refresh may hold its claim: three times the longest token call.
pub const REFRESH_LEASE: SignedDuration = SignedDuration::from_secs(60);

impl Grant {
    /// When the schedule is to renew the access token.
    pub fn due_at(&self) -> Timestamp {
        after(self.access_expires_at, -SCHEDULED)
    }

    /// Whether the access token ends within `margin`.
    pub fn is_due(&self, margin: SignedDuration, now: Timestamp) -> bool {
        self.access_expires_at <= after(now, margin)
    }

    /// When the whole grant ends as long as it is kept warm: Intuit's hard limit, else the rolling end.
    pub fn ends_at(&self) -> Timestamp {
        self.hard_expires_at.unwrap_or(self.refresh_expires_at)
    }

    /// Whether it ended by the calendar.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ends_at().min(self.refresh_expires_at) <= now
    }

    /// The warning of its end that is to be given now, in days before it. One that was missed is not
    /// made up for: the next nearer one tells more.
    pub fn warning(&self, now: Timestamp) -> Option<u8> {
        let left = self.ends_at().duration_since(now);
        let reached = |days: &u8| left <= SignedDuration::from_hours(24 * i64::from(*days));
        let nearest = WARNINGS.into_iter().rev().find(reached)?;
        let told = self.warned.is_some_and(|warned| warned <= nearest);
        (!told && left.is_positive()).then_some(nearest)
    }
}

impl Connection {
    /// The company and grant, if calls may be made.
    pub fn usable(&self) -> Option<(&Company, &Grant)> {
        match self.standing {
            Standing::Connected => self.company.as_ref().zip(self.grant.as_ref()),
            _ => None,
        }
    }

    /// Whether it has to do with a company's grant: it has one, or one that is still to be ended.
    pub fn holds(&self, realm_id: &str) -> bool {
        let company = self.company.as_ref();
        company.is_some_and(|company| company.realm_id == realm_id)
            && (self.grant.is_some() || self.revocation.is_some())
    }

    /// When the schedule has something to do for it, if ever.
    pub fn next_visit(&self) -> Option<Timestamp> {
        let refresh = self.usable().map(|(_, grant)| grant.due_at());
        let revocation = self.revocation.as_ref().map(|ending| ending.not_before);
        [refresh, revocation, self.outbox.due_at()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Moves to `standing` and has RIVET told, once.
    pub fn stand(&mut self, standing: Standing, now: Timestamp) {
        if self.standing == standing {
            return;
        }
        self.standing = standing;
        self.refreshing = None;
        match standing {
            Standing::NeedsReauthorization(lapse) => {
                self.outbox.put(Cause::NeedsReauthorization(lapse), now);
            }
            Standing::Error(trouble) => self.outbox.put(Cause::Error(trouble), now),
            Standing::Connected | Standing::Disconnected => {}
        }
    }

    /// A refresh succeeded after all, although it was taken for lapsed meanwhile.
    pub fn recover(&mut self, now: Timestamp) {
        if matches!(self.standing, Standing::NeedsReauthorization(_)) {
            self.standing = Standing::Connected;
            if self.outbox.in_trouble {
                self.outbox.put(Cause::Restored, now);
            }
        }
    }
}

impl Record for Connection {
    const KIND: &'static str = "connection";
    const SEALED: bool = true;

    fn secrets(&mut self) -> Secrets<'_> {
        let mut fields = Vec::new();
        if let Some(grant) = &mut self.grant {
            fields.push(("access_token", &mut grant.access_token.0));
            fields.push(("refresh_token", &mut grant.refresh_token.0));
            if let Some(previous) = &mut grant.previous_refresh_token {
                fields.push(("previous_refresh_token", &mut previous.0));
            }
        }
        if let Some(ending) = &mut self.revocation {
            fields.push(("revocation", &mut ending.token.0));
        }
        Secrets {
            company: self.company.as_mut().map(|company| &mut company.realm_id),
            fields,
        }
    }
}

impl Record for crate::consent::Consent {
    const KIND: &'static str = "consent";
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    fn grant(warned: Option<u8>) -> Grant {
        Grant {
            generation: 1,
            access_token: Secret("a".into()),
            access_expires_at: Timestamp::UNIX_EPOCH,
            refresh_token: Secret("r".into()),
            previous_refresh_token: None,
            refresh_expires_at: Timestamp::MAX,
            hard_expires_at: Some(Timestamp::UNIX_EPOCH + DAY * 1825),
            warned,
        }
    }

    #[test]
    fn the_end_of_a_grant_is_warned_of_30_14_7_and_1_days_before_and_each_once() {
        let mut warned = None;
        let mut told = Vec::new();
        for hour in 0..=1825 * 24 {
            let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour);
            if let Some(days) = grant(warned).warning(now) {
                told.push((days, 1825 - hour / 24));
                warned = Some(days);
            }
        }
        assert_eq!(told, [(30, 30), (14, 14), (7, 7), (1, 1)]);
    }

    #[test]
    fn after_a_long_silence_only_the_nearest_warning_is_given_and_none_when_it_is_over() {
        let at = |days: i32| Timestamp::UNIX_EPOCH + DAY * days;
        assert_eq!(grant(None).warning(at(1820)), Some(7));
        assert_eq!(grant(Some(7)).warning(at(1820)), None);
        assert_eq!(grant(None).warning(at(1825)), None);
    }

    #[test]
    fn a_grant_is_over_at_the_earlier_of_its_two_ends() {
        let hour = SignedDuration::from_hours(1);
        let idle = Grant {
            refresh_expires_at: Timestamp::UNIX_EPOCH + hour,
            ..grant(None)
        };
        assert!(!idle.is_over(Timestamp::UNIX_EPOCH) && idle.is_over(Timestamp::UNIX_EPOCH + hour));
        assert!(grant(None).is_over(Timestamp::UNIX_EPOCH + DAY * 1825));
    }

    #[test]
    fn a_record_from_before_there_were_notices_still_loads() {
        let old = serde_json::json!({
            "standing": { "needs_reauthorization": "grant_refused" }, "company": null, "grant": null,
            "connected_by": null, "connected_at": null, "refreshing": null,
        });
        let connection: Connection = json::read(&old).unwrap();
        assert_eq!(connection.outbox, Outbox::default());
        assert_eq!(connection.next_visit(), None);
    }
}

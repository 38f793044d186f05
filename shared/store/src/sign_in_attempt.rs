//! A sign-in attempt: a person connects a company, from the click in RIVET to the answer of Intuit.
//!
//! ```text
//! Issued ──open(ticket)──▶ Opened ──take(state, browser)──▶ Taken
//! ```
//! Each step is taken once, and each party knows only the secret of its own next step. The record keeps digests: a reader of the
//! store can neither open a link nor answer for a browser (RFC 9700 section 4.7: `state` is one-time and bound to the user agent).

pub mod operations;

use billing::{FirmId, Id};
use jiff::{SignedDuration, Timestamp};
use ports::entropy::{Entropy, digest};
use ports::records::Record;
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The longest time between the issue of a link and the end of the sign-in.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// A sign-in attempt as it is stored. A request creates it; the link and the callback each change it once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignInAttempt {
    /// The random name of the record, which is the first half of the ticket and of `state`.
    pub id: String,
    /// The firm that a company is to be connected to.
    pub firm: FirmId,
    /// The person who requested the link.
    pub user: Id,
    /// The instant after which no step may be taken.
    #[serde(deserialize_with = "json::instant")]
    pub expires_at: Timestamp,
    phase: Phase,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    Issued { ticket: String },
    Opened { state: String, browser: String },
    Taken,
}

/// The reason why a step of a sign-in attempt is refused. A refusal changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefusal {
    /// No such attempt exists, or its secret is wrong.
    #[error("the link is not one of ours")]
    Unknown,
    /// The step was taken before.
    #[error("the link was used before")]
    Used,
    /// The ten minutes are over.
    #[error("the link is older than ten minutes")]
    Expired,
    /// The answer came back to another browser than the one that opened the link.
    #[error("the answer came back to another browser")]
    OtherBrowser,
}

/// A new attempt, and the ticket that opens it.
pub struct IssuedAttempt {
    /// The attempt, to be stored.
    pub attempt: SignInAttempt,
    /// The ticket for the person, `id.secret`. The store has only its digest.
    pub ticket: String,
}

/// The values that the browser carries while its person is at Intuit.
pub struct LinkOpening {
    /// The `state` parameter of the address, `id.secret`.
    pub state: String,
    /// The value of the cookie.
    pub browser: String,
}

impl SignInAttempt {
    /// Creates an attempt and the ticket that opens it.
    pub fn issue(firm: FirmId, user: Id, entropy: &mut Entropy, now: Timestamp) -> IssuedAttempt {
        let (id, secret) = (entropy.token(), entropy.token());
        let ticket = format!("{id}.{secret}");
        let phase = Phase::Issued {
            ticket: digest(&ticket),
        };
        let attempt = Self {
            id,
            firm,
            user,
            expires_at: after(now, LIFETIME),
            phase,
        };
        IssuedAttempt { attempt, ticket }
    }

    /// Draws the values for opening the link of the attempt with this id.
    pub fn new_link_opening(id: &str, entropy: &mut Entropy) -> LinkOpening {
        LinkOpening {
            state: format!("{id}.{}", entropy.token()),
            browser: entropy.token(),
        }
    }

    /// Returns the attempt after its link was opened.
    ///
    /// # Errors
    /// Refuses a link that was opened before, a wrong ticket, and an attempt that is over.
    pub fn open(
        &self,
        ticket: &str,
        opening: &LinkOpening,
        now: Timestamp,
    ) -> Result<Self, SignInRefusal> {
        let Phase::Issued { ticket: expected } = &self.phase else {
            return Err(SignInRefusal::Used);
        };
        if *expected != digest(ticket) {
            return Err(SignInRefusal::Unknown);
        }
        self.check_lifetime(now)?;
        let (state, browser) = (digest(&opening.state), digest(&opening.browser));
        Ok(Self {
            phase: Phase::Opened { state, browser },
            ..self.clone()
        })
    }

    /// Returns the attempt after the answer of Intuit was accepted.
    ///
    /// # Errors
    /// Refuses an answer that was accepted before, a wrong `state`, another browser, and an attempt that is over.
    pub fn take(
        &self,
        state: &str,
        browser: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, SignInRefusal> {
        let (expected, owner) = match &self.phase {
            Phase::Issued { .. } => return Err(SignInRefusal::Unknown),
            Phase::Taken => return Err(SignInRefusal::Used),
            Phase::Opened { state, browser } => (state, browser),
        };
        if *expected != digest(state) {
            return Err(SignInRefusal::Unknown);
        }
        if browser.map(digest).as_ref() != Some(owner) {
            return Err(SignInRefusal::OtherBrowser);
        }
        self.check_lifetime(now)?;
        Ok(Self {
            phase: Phase::Taken,
            ..self.clone()
        })
    }

    fn check_lifetime(&self, now: Timestamp) -> Result<(), SignInRefusal> {
        if now > self.expires_at {
            Err(SignInRefusal::Expired)
        } else {
            Ok(())
        }
    }
}

impl Record for SignInAttempt {
    const KIND: &'static str = "sign-in";
}

/// Returns the name of the cookie that ties a browser to a sign-in attempt.
///
/// Each attempt has its own cookie, so that two tabs do not disturb each other. The prefix makes browsers keep it to this host
/// (RFC 6265bis section 4.1.3).
pub fn cookie(id: &str) -> String {
    format!("__Host-rivet-books-{id}")
}

/// Returns the id of the attempt that a ticket or a `state` names, if it has their form.
pub fn id_in_token(token: &str) -> Option<&str> {
    let is_safe = |part: &str| {
        part.len() == 22
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    token
        .split_once('.')
        .filter(|(id, secret)| is_safe(id) && is_safe(secret))
        .map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_772_000_000 + seconds).unwrap()
    }

    fn issued() -> IssuedAttempt {
        let (firm, user) = ("firm_a".parse().unwrap(), "usr_1".parse().unwrap());
        SignInAttempt::issue(firm, user, &mut Entropy::new([1; 32]), at(0))
    }

    fn opened() -> (SignInAttempt, LinkOpening) {
        let IssuedAttempt { attempt, ticket } = issued();
        let opening = SignInAttempt::new_link_opening(&attempt.id, &mut Entropy::new([2; 32]));
        (attempt.open(&ticket, &opening, at(1)).unwrap(), opening)
    }

    #[test]
    fn connect_link_and_state_work_once() {
        let (attempt, opening) = opened();
        let taken = attempt
            .take(&opening.state, Some(&opening.browser), at(2))
            .unwrap();
        let again = taken.take(&opening.state, Some(&opening.browser), at(3));
        assert_eq!(again, Err(SignInRefusal::Used));
        assert_eq!(taken.open("x", &opening, at(3)), Err(SignInRefusal::Used));
    }

    #[test]
    fn forged_secret_is_refused_in_every_phase() {
        let IssuedAttempt { attempt, ticket } = issued();
        let opening = SignInAttempt::new_link_opening(&attempt.id, &mut Entropy::new([2; 32]));
        assert_eq!(
            attempt.open("forged", &opening, at(1)),
            Err(SignInRefusal::Unknown)
        );
        assert_eq!(
            attempt.take(&ticket, None, at(1)),
            Err(SignInRefusal::Unknown)
        );
        let (attempt, opening) = opened();
        let forged = attempt.take(&ticket, Some(&opening.browser), at(2));
        assert_eq!(forged, Err(SignInRefusal::Unknown));
    }

    #[test]
    fn callback_from_another_browser_is_refused() {
        let (attempt, opening) = opened();
        for browser in [None, Some("another")] {
            let answer = attempt.take(&opening.state, browser, at(2));
            assert_eq!(answer, Err(SignInRefusal::OtherBrowser));
        }
    }

    #[test]
    fn sign_in_attempt_expires_after_ten_minutes() {
        let IssuedAttempt { attempt, ticket } = issued();
        let opening = SignInAttempt::new_link_opening(&attempt.id, &mut Entropy::new([2; 32]));
        assert!(attempt.open(&ticket, &opening, at(600)).is_ok());
        assert_eq!(
            attempt.open(&ticket, &opening, at(601)),
            Err(SignInRefusal::Expired)
        );
        let (attempt, opening) = opened();
        let late = attempt.take(&opening.state, Some(&opening.browser), at(601));
        assert_eq!(late, Err(SignInRefusal::Expired));
    }

    #[test]
    fn sign_in_record_holds_no_secret() {
        let (attempt, opening) = opened();
        let record = serde_json::to_string(&attempt).unwrap();
        let secret = opening.state.split_once('.').unwrap().1;
        assert!(!record.contains(secret) && !record.contains(&opening.browser));
    }

    #[test]
    fn sign_in_id_requires_two_22_character_halves() {
        let IssuedAttempt { attempt, ticket } = issued();
        assert_eq!(id_in_token(&ticket), Some(attempt.id.as_str()));
        for odd in [
            "",
            ".",
            "a.b",
            "../../../../../etc/passw.aaaaaaaaaaaaaaaaaaaaaa",
            &ticket[1..],
        ] {
            assert_eq!(id_in_token(odd), None, "{odd}");
        }
    }
}

//! One attempt of one person to connect one company, from the click in RIVET to Intuit's answer.
//!
//! ```text
//! Issued ──open(ticket)──▶ Opened ──take(state, browser)──▶ Taken
//! ```
//! Each step is single use and only the next step's secret is known to the next party. What is kept
//! are digests: whoever reads the store can neither open a link nor answer for a browser
//! (RFC 9700 section 4.7: `state` is one-time and bound to the user agent).

use billing::{FirmId, Id};
use jiff::{SignedDuration, Timestamp};
use ports::entropy::{Entropy, digest};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// How long a link and the consent that follows from it may take.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// A consent as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignInAttempt {
    /// Random name of the record; the first half of the ticket and of `state`.
    pub id: String,
    /// The firm that a company is to be connected to.
    pub firm: FirmId,
    /// The person who asked.
    pub user: Id,
    /// After this instant no step is taken any more.
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

/// Why a step of a consent is refused. All of these change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefusal {
    /// No such consent, or its secret is wrong.
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

/// What the browser carries while its person is at Intuit: `state` in the address, the other in a cookie.
pub struct LinkOpening {
    /// The `state` parameter, `id.secret`.
    pub state: String,
    /// The cookie's value.
    pub browser: String,
}

impl SignInAttempt {
    /// A new consent and the ticket that opens it.
    pub fn issue(firm: FirmId, user: Id, entropy: &mut Entropy, now: Timestamp) -> (Self, String) {
        let (id, secret) = (entropy.token(), entropy.token());
        let ticket = format!("{id}.{secret}");
        let phase = Phase::Issued {
            ticket: digest(&ticket),
        };
        (
            Self {
                id,
                firm,
                user,
                expires_at: after(now, LIFETIME),
                phase,
            },
            ticket,
        )
    }

    /// The values of a fresh opening of the consent with this id.
    pub fn new_link_opening(id: &str, entropy: &mut Entropy) -> LinkOpening {
        LinkOpening {
            state: format!("{id}.{}", entropy.token()),
            browser: entropy.token(),
        }
    }

    /// The consent after its link was followed.
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
        self.still_open(now)?;
        let (state, browser) = (digest(&opening.state), digest(&opening.browser));
        Ok(Self {
            phase: Phase::Opened { state, browser },
            ..self.clone()
        })
    }

    /// The consent after Intuit's answer was accepted.
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
        self.still_open(now)?;
        Ok(Self {
            phase: Phase::Taken,
            ..self.clone()
        })
    }

    fn still_open(&self, now: Timestamp) -> Result<(), SignInRefusal> {
        if now > self.expires_at {
            Err(SignInRefusal::Expired)
        } else {
            Ok(())
        }
    }
}

/// The cookie that ties a browser to a consent. Each consent has its own, so that two tabs do not
/// disturb each other; the prefix makes browsers keep it to this host (RFC 6265bis section 4.1.3).
pub fn cookie(id: &str) -> String {
    format!("__Host-rivet-books-{id}")
}

/// The id of the consent that a ticket or a `state` names, if it has their form.
pub fn id_in_token(token: &str) -> Option<&str> {
    let safe = |part: &str| {
        part.len() == 22
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    token
        .split_once('.')
        .filter(|(id, secret)| safe(id) && safe(secret))
        .map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_772_000_000 + seconds).unwrap()
    }

    fn issued() -> (SignInAttempt, String) {
        let (firm, user) = ("firm_a".parse().unwrap(), "usr_1".parse().unwrap());
        SignInAttempt::issue(firm, user, &mut Entropy::new([1; 32]), at(0))
    }

    fn opened() -> (SignInAttempt, LinkOpening) {
        let (consent, ticket) = issued();
        let opening = SignInAttempt::new_link_opening(&consent.id, &mut Entropy::new([2; 32]));
        (consent.open(&ticket, &opening, at(1)).unwrap(), opening)
    }

    #[test]
    fn connect_link_and_state_work_once() {
        let (consent, opening) = opened();
        let taken = consent
            .take(&opening.state, Some(&opening.browser), at(2))
            .unwrap();
        let again = taken.take(&opening.state, Some(&opening.browser), at(3));
        assert_eq!(again, Err(SignInRefusal::Used));
        assert_eq!(taken.open("x", &opening, at(3)), Err(SignInRefusal::Used));
    }

    #[test]
    fn forged_secret_is_refused_in_every_phase() {
        let (consent, ticket) = issued();
        let opening = SignInAttempt::new_link_opening(&consent.id, &mut Entropy::new([2; 32]));
        assert_eq!(
            consent.open("forged", &opening, at(1)),
            Err(SignInRefusal::Unknown)
        );
        assert_eq!(
            consent.take(&ticket, None, at(1)),
            Err(SignInRefusal::Unknown)
        );
        let (consent, opening) = opened();
        let forged = consent.take(&ticket, Some(&opening.browser), at(2));
        assert_eq!(forged, Err(SignInRefusal::Unknown));
    }

    #[test]
    fn callback_from_another_browser_is_refused() {
        let (consent, opening) = opened();
        for browser in [None, Some("another")] {
            let answer = consent.take(&opening.state, browser, at(2));
            assert_eq!(answer, Err(SignInRefusal::OtherBrowser));
        }
    }

    #[test]
    fn sign_in_attempt_expires_after_ten_minutes() {
        let (consent, ticket) = issued();
        let opening = SignInAttempt::new_link_opening(&consent.id, &mut Entropy::new([2; 32]));
        assert!(consent.open(&ticket, &opening, at(600)).is_ok());
        assert_eq!(
            consent.open(&ticket, &opening, at(601)),
            Err(SignInRefusal::Expired)
        );
        let (consent, opening) = opened();
        let late = consent.take(&opening.state, Some(&opening.browser), at(601));
        assert_eq!(late, Err(SignInRefusal::Expired));
    }

    #[test]
    fn sign_in_record_holds_no_secret() {
        let (consent, opening) = opened();
        let record = serde_json::to_string(&consent).unwrap();
        let secret = opening.state.split_once('.').unwrap().1;
        assert!(!record.contains(secret) && !record.contains(&opening.browser));
    }

    #[test]
    fn sign_in_id_requires_two_22_character_halves() {
        let (consent, ticket) = issued();
        assert_eq!(id_in_token(&ticket), Some(consent.id.as_str()));
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

//! A sign-in to a company that is new to the firm, from the exchange of its code until its person confirms it.
//!
//! ```text
//! Exchanged ──offer──▶ Offered ──confirm──▶ Confirmed
//!     └───────────────────┴──refuse──▶ Refused
//! ```
//! The tokens lie in this record and in no other until the firm is connected. They leave the record when the sign-in is confirmed, or when
//! Intuit has them back. The record keeps a digest of the confirmation: a reader of the store cannot confirm.

// Top first: a module uses only modules below it.
pub mod operations;
pub mod offered;

use crate::connection::Company;
use crate::connection::grant::Grant;
use crate::sign_in_attempt::{LIFETIME, SignInAttempt};
use billing::session::Session;
use billing::{FirmId, Id};
use jiff::Timestamp;
use ports::entropy::digest;
use ports::records::{Record, Secrets};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// A sign-in to a new company as it is stored, under the id of its attempt. The callback creates it; a confirmation, a refusal and the
/// schedule change it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnconfirmedSignIn {
    /// The id of the sign-in attempt, which is the first half of the confirmation.
    pub id: String,
    /// The firm that the company is to be connected to.
    pub firm: FirmId,
    /// The person who requested the link. Nobody else may confirm.
    pub user: Id,
    /// The time of the callback.
    #[serde(deserialize_with = "json::instant")]
    pub since: Timestamp,
    /// The time after which nobody may confirm.
    #[serde(deserialize_with = "json::instant")]
    pub expires_at: Timestamp,
    /// The digest of the confirmation.
    confirmation: String,
    phase: Phase,
    /// The grant, until the firm is connected or Intuit has it back.
    pub held: Option<HeldGrant>,
}

/// The grant of a company that is connected to no firm yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldGrant {
    /// The id of the company at Intuit.
    pub realm_id: String,
    /// The tokens.
    pub grant: Grant,
    /// The company, once it answered.
    pub company: Option<Company>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    Exchanged,
    Offered,
    Confirmed,
    Refused,
}

/// The reason why a confirmation is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmationRefusal {
    /// No sign-in has this confirmation.
    Unknown,
    /// Another person asked for the link, or the person asked for another firm.
    NotYours,
    /// The confirmation was used before.
    Used,
    /// The ten minutes are over.
    Expired,
}

impl UnconfirmedSignIn {
    /// Creates the record of an attempt whose code was exchanged.
    pub fn new(
        attempt: &SignInAttempt,
        confirmation: &str,
        held: HeldGrant,
        now: Timestamp,
    ) -> Self {
        Self {
            id: attempt.id.clone(),
            firm: attempt.firm.clone(),
            user: attempt.user.clone(),
            since: now,
            expires_at: after(now, LIFETIME),
            confirmation: digest(confirmation),
            phase: Phase::Exchanged,
            held: Some(held),
        }
    }

    /// Returns whether a person could confirm with this value.
    ///
    /// # Errors
    /// Refuses a wrong value, another person, a sign-in that is over, and one whose time is over.
    pub fn check(
        &self,
        confirmation: &str,
        session: &Session,
        now: Timestamp,
    ) -> Result<(), ConfirmationRefusal> {
        if self.confirmation != digest(confirmation) || self.phase == Phase::Exchanged {
            return Err(ConfirmationRefusal::Unknown);
        }
        if (&self.firm, &self.user) != (&session.firm, &session.user) {
            return Err(ConfirmationRefusal::NotYours);
        }
        match self.phase {
            Phase::Confirmed => Err(ConfirmationRefusal::Used),
            _ if now > self.expires_at => Err(ConfirmationRefusal::Expired),
            Phase::Offered => Ok(()),
            Phase::Exchanged | Phase::Refused => Err(ConfirmationRefusal::Used),
        }
    }

    /// Returns whether its person confirmed it.
    pub fn is_confirmed(&self) -> bool {
        self.phase == Phase::Confirmed
    }

    /// Returns whether nobody may confirm any more although the grant is still here.
    pub fn is_to_be_given_back(&self) -> bool {
        self.phase == Phase::Refused && self.held.is_some()
    }
}

impl Record for UnconfirmedSignIn {
    const KIND: &'static str = "unconfirmed-sign-in";
    const SEALED: bool = true;

    fn secrets(&mut self) -> Secrets<'_> {
        let Some(held) = &mut self.held else {
            return Secrets::default();
        };
        let grant = &mut held.grant;
        let mut fields = vec![
            ("access_token", &mut grant.access_token.0),
            ("refresh_token", &mut grant.refresh_token.0),
        ];
        let company = held.company.as_mut();
        fields.extend(company.map(|company| ("company_id", &mut company.realm_id)));
        Secrets {
            company: Some(&mut held.realm_id),
            fields,
            view: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::grant::Secret;
    use billing::{Role, SubscriptionPlan};
    use ports::entropy::Entropy;

    const CONFIRMATION: &str = "id.secret";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_772_000_000 + seconds).unwrap()
    }

    fn session(user: &str, firm: &str) -> Session {
        Session {
            user: user.parse().unwrap(),
            firm: firm.parse().unwrap(),
            role: Role::Owner,
            plan: SubscriptionPlan::Pro,
            name: None,
        }
    }

    fn sign_in(phase: Phase) -> UnconfirmedSignIn {
        let (firm, user) = ("firm_a".parse().unwrap(), "usr_1".parse().unwrap());
        let issued = SignInAttempt::issue(firm, user, &mut Entropy::new([1; 32]), at(0));
        let grant = Grant {
            generation: 1,
            access_token: Secret("a".into()),
            access_expires_at: at(3600),
            refresh_token: Secret("r".into()),
            previous_refresh_token: None,
            refresh_expires_at: Timestamp::MAX,
            hard_expires_at: None,
            warned: None,
        };
        let held = HeldGrant {
            realm_id: "77".into(),
            grant,
            company: None,
        };
        UnconfirmedSignIn {
            phase,
            ..UnconfirmedSignIn::new(&issued.attempt, CONFIRMATION, held, at(0))
        }
    }

    #[test]
    fn only_its_person_confirms_within_ten_minutes() {
        use ConfirmationRefusal::{Expired, NotYours, Unknown, Used};
        let owner = session("usr_1", "firm_a");
        let offered = sign_in(Phase::Offered);
        assert_eq!(offered.check(CONFIRMATION, &owner, at(600)), Ok(()));
        assert_eq!(offered.check(CONFIRMATION, &owner, at(601)), Err(Expired));
        assert_eq!(offered.check("id.other", &owner, at(1)), Err(Unknown));
        for other in [session("usr_2", "firm_a"), session("usr_1", "firm_b")] {
            for phase in [Phase::Offered, Phase::Confirmed, Phase::Refused] {
                let answer = sign_in(phase).check(CONFIRMATION, &other, at(601));
                assert_eq!(answer, Err(NotYours));
            }
        }
        for (phase, expected) in [
            (Phase::Exchanged, [Unknown, Unknown]),
            (Phase::Confirmed, [Used, Used]),
            (Phase::Refused, [Used, Expired]),
        ] {
            let answers = [1, 601].map(|at_second| {
                let answer = sign_in(phase).check(CONFIRMATION, &owner, at(at_second));
                answer.unwrap_err()
            });
            assert_eq!(answers, expected, "{phase:?}");
        }
    }

    #[test]
    fn unconfirmed_sign_in_hides_its_confirmation() {
        let record = serde_json::to_string(&sign_in(Phase::Offered)).unwrap();
        assert!(!record.contains(CONFIRMATION));
    }
}

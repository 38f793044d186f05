//! Operations on sign-in attempts.

use crate::Store;
use crate::sign_in_attempt::{LinkOpening, SignInAttempt, SignInRefusal};
use jiff::Timestamp;
use ports::records::{Records, StoreError};

/// The answer to a step of a sign-in attempt.
#[derive(Clone, Debug, PartialEq)]
pub enum AttemptCheck {
    /// The step was taken. Holds the attempt as stored.
    Valid(SignInAttempt),
    /// The step was refused, and nothing changed.
    Refused(SignInRefusal),
}

impl<R: Records> Store<R> {
    /// Saves a new sign-in attempt, which the list of its firm has already.
    pub async fn save_sign_in_attempt(&self, attempt: &SignInAttempt) -> Result<(), StoreError> {
        self.records.save(&attempt.id, attempt).await
    }

    /// Opens the attempt `id` by its ticket, once.
    pub async fn open_link(
        &self,
        id: &str,
        ticket: &str,
        opening: &LinkOpening,
        now: Timestamp,
    ) -> Result<AttemptCheck, StoreError> {
        self.update_sign_in_attempt(id, |attempt| attempt.open(ticket, opening, now))
            .await
    }

    /// Takes the attempt `id` by its `state` and browser, once.
    pub async fn take_sign_in_attempt(
        &self,
        id: &str,
        state: &str,
        browser: Option<&str>,
        now: Timestamp,
    ) -> Result<AttemptCheck, StoreError> {
        self.update_sign_in_attempt(id, |attempt| attempt.take(state, browser, now))
            .await
    }

    async fn update_sign_in_attempt(
        &self,
        id: &str,
        step: impl Fn(&SignInAttempt) -> Result<SignInAttempt, SignInRefusal>,
    ) -> Result<AttemptCheck, StoreError> {
        let mut check = AttemptCheck::Refused(SignInRefusal::Unknown);
        let take = &mut |attempt: &mut SignInAttempt| match step(attempt) {
            Ok(next) => {
                attempt.clone_from(&next);
                check = AttemptCheck::Valid(next);
                true
            }
            Err(refusal) => {
                check = AttemptCheck::Refused(refusal);
                false
            }
        };
        self.update(id, take).await?;
        Ok(check)
    }
}

//! The list of a firm's sign-in attempts, so that their records can be found and removed.

use crate::Store;
use crate::sign_in_attempt::SignInAttempt;
use crate::unconfirmed_sign_in::UnconfirmedSignIn;
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::records::{Record, Records, StoreError};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The time for which the records of an attempt that is over stay: a late click still gets the right message, and the grant is given back.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(48);

/// The most attempts on the list. The oldest are removed first.
const MOST: usize = 400;

/// The attempts of a firm whose records may exist, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInList(pub(crate) Vec<ListedSignIn>);

/// An attempt on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListedSignIn {
    pub(crate) id: String,
    #[serde(deserialize_with = "json::instant")]
    removed_from: Timestamp,
}

impl Record for SignInList {
    const KIND: &'static str = "sign-ins";
}

impl<R: Records> Store<R> {
    /// Adds an attempt to the list of its firm. Returns the time from which its records are removed.
    ///
    /// An attempt leaves a full list after its record is removed, so that no crash leaves a record that nothing leads to.
    pub async fn list_sign_in(&self, attempt: &SignInAttempt) -> Result<Timestamp, StoreError> {
        let removed_from = after(attempt.expires_at, KEPT_FOR);
        let mut removed: Option<String> = None;
        loop {
            let mut oldest = None;
            let add = &mut |list: &mut SignInList| {
                list.0.retain(|listed| removed.as_ref() != Some(&listed.id));
                oldest = list.0.first().filter(|_| list.0.len() >= MOST).cloned();
                list.0.extend(oldest.is_none().then(|| ListedSignIn {
                    id: attempt.id.clone(),
                    removed_from,
                }));
                oldest.is_none()
            };
            self.update_or_create(attempt.firm.as_ref(), add).await?;
            let Some(ListedSignIn { id, .. }) = oldest else {
                return Ok(removed_from);
            };
            self.records.remove::<SignInAttempt>(&id).await?;
            removed = Some(id);
        }
    }

    /// Removes the records of attempts that are long over. Returns the time of the next removal, if any attempt is left.
    pub async fn remove_old_sign_ins(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let list = self.sign_in_list(firm).await?;
        let (old, left): (Vec<_>, Vec<_>) = list
            .0
            .into_iter()
            .partition(|listed| listed.removed_from <= now);
        for ListedSignIn { id, .. } in &old {
            self.records.remove::<UnconfirmedSignIn>(id).await?;
            self.records.remove::<SignInAttempt>(id).await?;
        }
        if !old.is_empty() {
            let remove = &mut |list: &mut SignInList| {
                list.0.retain(|listed| listed.removed_from > now);
                true
            };
            self.update(firm.as_ref(), remove).await?;
        }
        Ok(left.iter().map(|listed| listed.removed_from).min())
    }

    /// Removes the records of all attempts on the list. The list stays.
    pub async fn remove_sign_ins(&self, firm: &FirmId) -> Result<(), StoreError> {
        for ListedSignIn { id, .. } in self.sign_in_list(firm).await?.0 {
            self.records.remove::<SignInAttempt>(&id).await?;
        }
        Ok(())
    }

    pub(crate) async fn sign_in_list(&self, firm: &FirmId) -> Result<SignInList, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }
}

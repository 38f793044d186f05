//! Confirmations that come again, because a person clicked twice or an answer was lost.

use crate::confirm::confirmation::Confirmation;
use jiff::Timestamp;
use ports::records::{Records, StoreError};
use store::Store;
use store::connection::ConnectionStatus;
use store::sign_in_attempt::id_in_token;
use store::unconfirmed_sign_in::ConfirmationRefusal;

/// Returns whether the session's person used this confirmation before, and the firm has been connected since. Then the first answer may be
/// given again.
///
/// # Errors
/// [`StoreError`] if a record could not be read.
pub async fn is_repeated<R: Records>(
    store: &Store<R>,
    confirmation: &Confirmation<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(id) = id_in_token(confirmation.value) else {
        return Ok(false);
    };
    let Some(sign_in) = store.unconfirmed_sign_in(id).await? else {
        return Ok(false);
    };
    let Confirmation { value, session } = *confirmation;
    let is_used = sign_in.check(value, session, now) == Err(ConfirmationRefusal::Used);
    if !is_used || !sign_in.is_confirmed() {
        return Ok(false);
    }
    let connection = store.connection(&session.firm).await?;
    Ok(connection.status == ConnectionStatus::Connected)
}

//! Asking Intuit out of turn whether a grant still stands: somebody came from a page that says it was ended.

use crate::Grants;
use crate::connection::{Connection, EVERY, Standing};
use crate::error::Error;
use crate::ports::{Http, Records};
use crate::refresh::{Refreshed, refresh};
use jiff::Timestamp;

/// What a company's grant was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// It stands, or is about to be known: nothing speaks against it.
    Stands,
    /// It does not.
    Ended,
}

/// Checks the grant of a company by renewing its token. Anybody may ask, so it is done at most once a minute for each
/// company, and what is told is what Intuit says and not what the caller claims.
pub async fn verify<H: Http, R: Records>(
    grants: &Grants<'_, H, R>,
    realm_id: &str,
    (owner, now): (&str, Timestamp),
) -> Result<Verified, Error> {
    let Some(firm) = grants.store.company_owner(realm_id).await? else {
        return Ok(Verified::Ended);
    };
    if !grants.store.take_verification(&firm, now).await? {
        return Ok(verdict(&grants.store.connection(&firm).await?));
    }
    let (Refreshed::Fresh(connection)
    | Refreshed::Lapsed(connection)
    | Refreshed::Later(connection)) = refresh(grants, &firm, owner, (EVERY, now)).await?;
    Ok(verdict(&connection))
}

fn verdict(connection: &Connection) -> Verified {
    match connection.standing {
        Standing::Connected => Verified::Stands,
        Standing::Disconnected | Standing::NeedsReauthorization(_) | Standing::Error(_) => {
            Verified::Ended
        }
    }
}

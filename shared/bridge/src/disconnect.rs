//! Disconnecting: the grant ends at Intuit and here; what was synced, and the settings, stay.

use crate::Bridge;
use crate::agenda::Chore;
use crate::connection::{Connection, Standing};
use crate::error::Error;
use crate::ports::{Http, Records};
use crate::tokens;
use billing::FirmId;

/// Disconnects. The tokens are erased here even if Intuit cannot be reached; a grant that nobody holds
/// any more ends by itself.
pub async fn disconnect<H: Http, R: Records>(
    bridge: &Bridge<H, R>,
    firm: &FirmId,
    revoke_origin: &str,
) -> Result<Connection, Error> {
    let before = bridge.store.connection(firm).await?;
    if let Some(grant) = &before.grant {
        // The answer changes nothing: a token that is already dead is refused there as well.
        let _ = tokens::revoke(&bridge.grants(), revoke_origin, &grant.refresh_token).await;
    }
    let after = Connection {
        standing: Standing::Disconnected,
        grant: None,
        refreshing: None,
        ..before.clone()
    };
    let after = bridge.store.replace_connection(firm, &after).await?;
    if let Some(company) = &before.company {
        bridge
            .store
            .release_company(&company.realm_id, firm)
            .await?;
    }
    bridge.store.drop_chore(firm, Chore::Refresh).await?;
    Ok(after)
}

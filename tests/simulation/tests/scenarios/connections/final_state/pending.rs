//! The check that no grant is left that nobody confirmed.

use simulation::deployment::Deployment;
use store::connection::Connection;

/// Checks that no sign-in of the firm waits for a confirmation, and that no record has a grant that no firm uses.
pub async fn check_nothing_pending(
    deployment: &Deployment,
    firm: &str,
    connection: &Connection,
) -> Result<(), String> {
    if !connection.pending_sign_ins.is_empty() {
        return Err(format!("{firm} still has a sign-in to a new company"));
    }
    let content = deployment.memory.content();
    let ids = content
        .keys()
        .filter_map(|key| key.strip_prefix("rivet-books:unconfirmed-sign-in:"));
    for id in ids {
        let sign_in = deployment.direct_store().unconfirmed_sign_in(id).await;
        let sign_in = sign_in.map_err(|error| error.to_string())?;
        if sign_in.is_some_and(|sign_in| sign_in.held.is_some()) {
            return Err(format!("the grant of sign-in {id} was not given back"));
        }
    }
    Ok(())
}

//! The secrets that a component may lack.

use super::{ConfigError, optional, parse};

/// Returns `operator_secret`: the bearer token of the operator's routes. `None` if these routes are off.
///
/// # Errors
/// If `operator_secret` contains white space or has fewer than 16 characters.
pub async fn operator_secret() -> Result<Option<String>, ConfigError> {
    optional("operator_secret", parse::bearer_secret).await
}

/// Returns `rivet_session_secret` for the keys of views. Empty if the component is not granted the variable.
pub(crate) async fn view_secrets() -> Result<Vec<Vec<u8>>, ConfigError> {
    let keys = optional("rivet_session_secret", parse::session_keys).await?;
    Ok(keys.unwrap_or_default())
}

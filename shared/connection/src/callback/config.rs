//! The configuration of a callback.

/// The addresses and the new secret that a callback needs.
pub struct CallbackConfig<'a> {
    /// The redirect URI with which the browser was sent to Intuit.
    pub redirect_uri: &'a str,
    /// Origin of the endpoint that revokes tokens of a failed sign-in.
    pub revoke_origin: &'a str,
    /// A new random value: the second half of the confirmation of a new company.
    pub confirmation_secret: &'a str,
}

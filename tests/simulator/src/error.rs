/// An error of a direct call to the simulator, not of a request over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No company has this realm id.
    #[error("no company has the realm id {0}")]
    UnknownCompany(String),
    /// The simulator knows no such kind of entity.
    #[error("there is no kind of entity called {0}")]
    UnknownKind(String),
    /// The company has no such entity.
    #[error("there is no {kind} with id {id}")]
    UnknownEntity { kind: String, id: String },
    /// QuickBooks refuses the edit with this fault.
    #[error("QuickBooks refuses it: {code} {detail}")]
    Refused { code: String, detail: String },
    /// The consent page would show an error page instead of a redirect to the app.
    #[error("the consent page shows an error: {0}")]
    Consent(String),
}

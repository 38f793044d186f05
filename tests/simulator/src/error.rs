/// Why the simulator could not do what a test asked of it directly (not over HTTP).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("no company has the realm id {0}")]
    UnknownCompany(String),
    #[error("there is no kind of entity called {0}")]
    UnknownKind(String),
    #[error("there is no {kind} with id {id}")]
    UnknownEntity { kind: String, id: String },
    /// QuickBooks itself refuses the edit, with this fault code.
    #[error("QuickBooks refuses it: {code} {detail}")]
    Refused { code: String, detail: String },
    /// The consent page would show an error instead of sending the browser back.
    #[error("the consent page shows an error: {0}")]
    Consent(String),
}

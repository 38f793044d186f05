//! The address in RIVET to which the browser returns.

use connection::callback::CallbackResult;
use platform::{Problem, config};

/// The result that RIVET's page shows.
pub enum ReturnAddress {
    /// The page asks the person for a confirmation with this one-time value.
    Confirm(String),
    /// The page shows an outcome and, if there is one, the code of its cause.
    Outcome {
        /// The value of `quickbooks`.
        name: &'static str,
        /// The value of `code`.
        code: Option<&'static str>,
    },
}

impl ReturnAddress {
    /// Returns the address after a failure.
    pub fn failed(code: &'static str) -> Self {
        Self::Outcome {
            name: "failed",
            code: Some(code),
        }
    }

    /// Returns the address as text.
    pub async fn url(&self) -> Result<String, Problem> {
        Ok(match self {
            Self::Confirm(confirmation) => config::confirm_url(confirmation).await?,
            Self::Outcome { name, code } => config::return_url(name, *code).await?,
        })
    }
}

impl From<CallbackResult> for ReturnAddress {
    fn from(result: CallbackResult) -> Self {
        match result {
            CallbackResult::Unconfirmed(confirmation) => Self::Confirm(confirmation),
            CallbackResult::Reconnected => Self::Outcome {
                name: "reconnected",
                code: None,
            },
            CallbackResult::Denied => Self::Outcome {
                name: "denied",
                code: Some("access_denied"),
            },
            CallbackResult::Failed(why) => Self::failed(why.code()),
        }
    }
}

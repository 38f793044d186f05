//! Reads the parameters of a callback.

use crate::callback::result::ConnectFailure;

/// The parameters and the cookie of a callback, as the browser sent them.
#[derive(Clone, Debug, Default)]
pub struct CallbackParams {
    /// `state`, which names the attempt and proves that RIVET started the sign-in.
    pub state: Option<String>,
    /// `code`, which Intuit exchanges for tokens once.
    pub code: Option<String>,
    /// `realmId`, the id of the company. Intuit names it nowhere else.
    pub realm_id: Option<String>,
    /// `error`, if the person declined or Intuit failed.
    pub error: Option<String>,
    /// The value of RIVET's cookie.
    pub browser: Option<String>,
}

/// An authorization code and the company that it is for.
pub(crate) struct AuthorizationCode<'a> {
    /// Intuit's id of the company.
    pub(crate) realm_id: &'a str,
    /// The code.
    pub(crate) code: &'a str,
}

impl CallbackParams {
    /// Returns the authorization code.
    ///
    /// # Errors
    /// The failure that the parameters report or that a missing or malformed one means.
    pub(crate) fn authorization_code(&self) -> Result<AuthorizationCode<'_>, ConnectFailure> {
        match self.error.as_deref() {
            Some("access_denied") => return Err(ConnectFailure::Declined),
            Some(_) => return Err(ConnectFailure::IntuitError),
            None => {}
        }
        let realm_id = self.realm_id.as_deref().filter(|id| is_company_id(id));
        Ok(AuthorizationCode {
            realm_id: realm_id.ok_or(ConnectFailure::NoCompany)?,
            code: self.code.as_deref().ok_or(ConnectFailure::CodeRefused)?,
        })
    }
}

/// Returns whether a text has the form of a company id. Intuit's ids are decimal; Intuit promises no length.
fn is_company_id(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn company_id_accepts_only_digits_of_plausible_length() {
        for good in ["310687", "9341453908059321", "1234567890123456789"] {
            assert!(is_company_id(good), "{good}");
        }
        for bad in ["", "12a", "../1", "１２", &"1".repeat(33)] {
            assert!(!is_company_id(bad), "{bad}");
        }
    }
}

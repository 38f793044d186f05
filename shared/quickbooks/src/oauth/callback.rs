//! The query with which the browser comes back from Intuit.

use oauth2::{AuthorizationCode, CsrfToken};
use percent_encoding::percent_decode_str;

/// The result of a sign-in, as the query of the redirect URI says it (RFC 6749 sections 4.1.2 and 4.1.2.1).
#[derive(Debug, Clone)]
pub enum Callback {
    /// The person gave the app access.
    Granted {
        /// The code, which can be exchanged once and for a few minutes.
        code: AuthorizationCode,
        /// The `state` of the authorization request.
        state: CsrfToken,
        /// The company's id. Intuit names it here and nowhere else.
        realm_id: String,
    },
    /// The person declined, or Intuit refused.
    Denied {
        /// The error code. `access_denied` means that the person declined.
        error: String,
        /// The `state` of the authorization request, if Intuit returned it.
        state: Option<CsrfToken>,
    },
}

/// Reads the query of a callback, without the `?`. `None` if it is neither a grant nor a denial.
pub fn read_callback(query: &str) -> Option<Callback> {
    let state = member(query, "state").map(CsrfToken::new);
    if let Some(error) = member(query, "error") {
        return Some(Callback::Denied { error, state });
    }
    Some(Callback::Granted {
        code: AuthorizationCode::new(member(query, "code")?),
        state: state?,
        realm_id: member(query, "realmId")?,
    })
}

/// Returns a form-decoded parameter of the query, if it is there and not empty.
fn member(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, _)| *key == name)?;
    let spaced = value.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    (!decoded.is_empty()).then(|| decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grant_has_code_state_and_company() {
        let query = "code=Q01%2Fx&state=s%20t&realmId=9341453908059321";
        let Some(Callback::Granted {
            code,
            state,
            realm_id,
        }) = read_callback(query)
        else {
            panic!("not granted");
        };
        assert_eq!(code.secret(), "Q01/x");
        assert_eq!(state.secret(), "s t");
        assert_eq!(realm_id, "9341453908059321");
    }

    #[test]
    fn denial_has_error_and_state() {
        let Some(Callback::Denied { error, state }) = read_callback("error=access_denied&state=st")
        else {
            panic!("not denied");
        };
        assert_eq!(error, "access_denied");
        assert_eq!(state.unwrap().secret(), "st");
    }

    #[test]
    fn incomplete_grant_is_none() {
        for query in [
            "",
            "code=a&state=b",
            "code=a&realmId=1",
            "state=b&realmId=1",
            "code=&state=b&realmId=1",
        ] {
            assert!(read_callback(query).is_none(), "{query}");
        }
    }

    #[test]
    fn code_and_state_are_hidden_in_debug() {
        let shown = format!("{:?}", read_callback("code=c0de&state=st4te&realmId=1"));
        assert!(
            !shown.contains("c0de") && !shown.contains("st4te"),
            "{shown}"
        );
    }
}

//! What the browser brings back from Intuit.

use oauth2::{AuthorizationCode, CsrfToken};
use percent_encoding::percent_decode_str;

/// The query of the redirect URI, read.
#[derive(Debug, Clone)]
pub enum Callback {
    /// The person let the app in.
    Granted {
        /// To be exchanged once, within minutes.
        code: AuthorizationCode,
        /// What the authorize request carried.
        state: CsrfToken,
        /// The company; named here and nowhere else.
        realm_id: String,
    },
    /// The person did not, or Intuit refused.
    Denied {
        /// `access_denied` if the person declined.
        error: String,
        /// What the authorize request carried, if it came back.
        state: Option<CsrfToken>,
    },
}

/// Reads the query of a callback (without the `?`); `None` if it is neither a grant nor a denial.
pub fn callback(query: &str) -> Option<Callback> {
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
    fn a_grant_carries_code_state_and_company() {
        let query = "code=Q01%2Fx&state=s%20t&realmId=9341453908059321";
        let Some(Callback::Granted {
            code,
            state,
            realm_id,
        }) = callback(query)
        else {
            panic!("not granted");
        };
        assert_eq!(code.secret(), "Q01/x");
        assert_eq!(state.secret(), "s t");
        assert_eq!(realm_id, "9341453908059321");
    }

    #[test]
    fn a_person_who_declines_brings_no_company() {
        let Some(Callback::Denied { error, state }) = callback("error=access_denied&state=st")
        else {
            panic!("not denied");
        };
        assert_eq!(error, "access_denied");
        assert_eq!(state.unwrap().secret(), "st");
    }

    #[test]
    fn a_grant_that_lacks_a_part_is_no_callback() {
        for query in [
            "",
            "code=a&state=b",
            "code=a&realmId=1",
            "state=b&realmId=1",
            "code=&state=b&realmId=1",
        ] {
            assert!(callback(query).is_none(), "{query}");
        }
    }

    #[test]
    fn the_code_and_the_state_do_not_show_in_debug() {
        let shown = format!("{:?}", callback("code=c0de&state=st4te&realmId=1"));
        assert!(
            !shown.contains("c0de") && !shown.contains("st4te"),
            "{shown}"
        );
    }
}

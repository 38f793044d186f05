use url::Url;

use crate::Config;

/// A sound request for consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authorization {
    /// As it was given, because the token request must give the same text.
    pub(crate) redirect_uri: String,
    target: Url,
    pub(crate) state: String,
}

const ACCOUNTING: &str = "com.intuit.quickbooks.accounting";
/// What the app is registered for; asking for more shows an error page.
const SCOPES: [&str; 6] = [ACCOUNTING, "openid", "profile", "email", "phone", "address"];

impl Authorization {
    /// Checks the parameters of the authorize request. The error is what the page says; the browser is not sent back,
    /// because the address to send it to may be an attacker's.
    pub(crate) fn check(config: &Config, parameters: &[(String, String)]) -> Result<Self, String> {
        if one(parameters, "client_id")? != config.client_id {
            return Err("The client id is unknown".to_owned());
        }
        if one(parameters, "response_type")? != "code" {
            return Err("The response type must be code".to_owned());
        }
        let redirect_uri = one(parameters, "redirect_uri")?;
        if !config
            .redirect_uris
            .iter()
            .any(|known| known == redirect_uri)
        {
            return Err("The redirect_uri is not registered for this app".to_owned());
        }
        let scopes: Vec<&str> = one(parameters, "scope")?.split_whitespace().collect();
        if !scopes.contains(&ACCOUNTING) || scopes.iter().any(|scope| !SCOPES.contains(scope)) {
            return Err("Invalid permissions requested".to_owned());
        }
        Ok(Self {
            target: Url::parse(redirect_uri).map_err(|error| error.to_string())?,
            redirect_uri: redirect_uri.to_owned(),
            state: one(parameters, "state")?.to_owned(),
        })
    }
}

/// Where the browser is sent: with the code and the company, or with the refusal.
pub(crate) fn redirect(authorization: &Authorization, granted: Option<(&str, &str)>) -> Url {
    let mut url = authorization.target.clone();
    let mut pairs = url.query_pairs_mut();
    match granted {
        Some((code, realm)) => pairs
            .append_pair("code", code)
            .append_pair("state", &authorization.state)
            .append_pair("realmId", realm),
        None => pairs
            .append_pair("error", "access_denied")
            .append_pair("state", &authorization.state),
    };
    drop(pairs);
    url
}

fn one<'a>(parameters: &'a [(String, String)], name: &str) -> Result<&'a str, String> {
    let mut values = parameters.iter().filter(|(key, _)| key == name);
    match (values.next(), values.next()) {
        (Some((_, value)), None) if !value.is_empty() => Ok(value),
        _ => Err(format!("The parameter {name} must be given once")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_client::config;

    fn parameters() -> Vec<(String, String)> {
        [
            ("client_id", "app-id"),
            ("response_type", "code"),
            ("scope", "com.intuit.quickbooks.accounting"),
            (
                "redirect_uri",
                "http://127.0.0.1:3000/v1/quickbooks/callback",
            ),
            ("state", "s&t=1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    #[test]
    fn a_sound_request_passes_and_keeps_its_state() {
        let authorization = Authorization::check(&config(), &parameters()).unwrap();
        let url = redirect(&authorization, Some(("c1", "77")));
        assert_eq!(
            url.as_str(),
            "http://127.0.0.1:3000/v1/quickbooks/callback?code=c1&state=s%26t%3D1&realmId=77"
        );
        let url = redirect(&authorization, None);
        assert!(
            url.as_str()
                .ends_with("?error=access_denied&state=s%26t%3D1")
        );
    }

    #[test]
    fn each_wrong_parameter_shows_a_page() {
        for (name, value) in [
            ("client_id", "other"),
            ("response_type", "token"),
            ("scope", "openid"),
            (
                "scope",
                "com.intuit.quickbooks.accounting com.intuit.quickbooks.payment",
            ),
            (
                "redirect_uri",
                "http://127.0.0.1:3000/v1/quickbooks/callback/",
            ),
            (
                "redirect_uri",
                "http://127.0.0.1:3000/v1/quickbooks/callback?x=1",
            ),
            ("redirect_uri", "https://evil.example/"),
            ("state", ""),
        ] {
            let mut parameters = parameters();
            for parameter in &mut parameters {
                if parameter.0 == name {
                    parameter.1 = value.to_owned();
                }
            }
            assert!(
                Authorization::check(&config(), &parameters).is_err(),
                "{name}={value}"
            );
        }
    }

    #[test]
    fn a_parameter_that_comes_twice_is_refused() {
        let mut parameters = parameters();
        parameters.push(("state".to_owned(), "other".to_owned()));
        assert!(Authorization::check(&config(), &parameters).is_err());
    }
}

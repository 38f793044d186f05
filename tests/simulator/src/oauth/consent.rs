use url::Url;

use crate::Config;

/// A checked request for consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authorization {
    /// The address as the request spells it: the token request must give the same text.
    pub(crate) redirect_uri: String,
    target: Url,
    pub(crate) state: String,
}

const ACCOUNTING: &str = "com.intuit.quickbooks.accounting";
/// The scopes that the app is registered for. A request for any other scope shows an error page.
const SCOPES: [&str; 6] = [ACCOUNTING, "openid", "profile", "email", "phone", "address"];

impl Authorization {
    /// Checks the parameters of the authorize request. The error is the text of the error page. A bad request never
    /// redirects, because the redirect address may be an attacker's (RFC 6749 section 4.1.2.1).
    pub(crate) fn check(config: &Config, parameters: &[(String, String)]) -> Result<Self, String> {
        if single(parameters, "client_id")? != config.client_id {
            return Err("The client id is unknown".to_owned());
        }
        if single(parameters, "response_type")? != "code" {
            return Err("The response type must be code".to_owned());
        }
        let redirect_uri = single(parameters, "redirect_uri")?;
        if !config
            .redirect_uris
            .iter()
            .any(|known| known == redirect_uri)
        {
            return Err("The redirect_uri is not registered for this app".to_owned());
        }
        let scopes: Vec<&str> = single(parameters, "scope")?.split_whitespace().collect();
        if !scopes.contains(&ACCOUNTING) || scopes.iter().any(|scope| !SCOPES.contains(scope)) {
            return Err("Invalid permissions requested".to_owned());
        }
        Ok(Self {
            target: Url::parse(redirect_uri).map_err(|error| error.to_string())?,
            redirect_uri: redirect_uri.to_owned(),
            state: single(parameters, "state")?.to_owned(),
        })
    }
}

/// The consent of a person: the code that the app exchanges for tokens, and the company.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Consent<'a> {
    pub(crate) code: &'a str,
    pub(crate) realm: &'a str,
}

/// Returns the address that the browser is sent to, with the code and the company, or with the refusal.
pub(crate) fn redirect_url(authorization: &Authorization, granted: Option<&Consent<'_>>) -> Url {
    let mut url = authorization.target.clone();
    let mut pairs = url.query_pairs_mut();
    match granted {
        Some(Consent { code, realm }) => pairs
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

/// Returns the value of a parameter that must be given exactly once.
fn single<'a>(parameters: &'a [(String, String)], name: &str) -> Result<&'a str, String> {
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
    fn valid_request_redirects_with_its_state() {
        let authorization = Authorization::check(&config(), &parameters()).unwrap();
        let url = redirect_url(
            &authorization,
            Some(&Consent {
                code: "c1",
                realm: "77",
            }),
        );
        assert_eq!(
            url.as_str(),
            "http://127.0.0.1:3000/v1/quickbooks/callback?code=c1&state=s%26t%3D1&realmId=77"
        );
        let url = redirect_url(&authorization, None);
        assert!(
            url.as_str()
                .ends_with("?error=access_denied&state=s%26t%3D1")
        );
    }

    #[test]
    fn wrong_parameter_is_refused() {
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
    fn repeated_parameter_is_refused() {
        let mut parameters = parameters();
        parameters.push(("state".to_owned(), "other".to_owned()));
        assert!(Authorization::check(&config(), &parameters).is_err());
    }
}

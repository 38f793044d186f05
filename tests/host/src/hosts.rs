//! Reads `allowed_outbound_hosts`: the schemes, hosts and ports that a component may call.

use std::ops::Range;

use anyhow::{Context as _, bail, ensure};
use http::Uri;

/// The destinations that a component's block names. An empty list allows no request.
#[derive(Clone, Debug, Default)]
pub(crate) struct AllowedHosts(Vec<Destination>);

impl AllowedHosts {
    /// Parses destinations of the form `scheme://host[:port]`. Each part may be `*`, and the host `*.domain`.
    ///
    /// # Errors
    /// Fails if a destination has another form. The message names it.
    pub fn parse<'a>(destinations: impl IntoIterator<Item = &'a str>) -> anyhow::Result<Self> {
        destinations
            .into_iter()
            .map(|text| {
                Destination::parse(text.trim())
                    .with_context(|| format!("allowed_outbound_hosts: {text:?}"))
            })
            .collect::<anyhow::Result<_>>()
            .map(Self)
    }

    /// Returns whether a destination matches scheme, host and port of `uri`.
    pub fn allows(&self, uri: &Uri) -> bool {
        self.0.iter().any(|destination| destination.allows(uri))
    }
}

/// Returns whether a destination that variables filled has no host. It is then left out, so that a variable can switch a destination off.
pub(crate) fn is_empty(filled: &str) -> bool {
    matches!(filled, "" | "http://" | "https://")
}

#[derive(Clone, Debug)]
struct Destination {
    scheme: Option<String>,
    host: Host,
    port: Ports,
}

#[derive(Clone, Debug)]
enum Host {
    Any,
    Subdomain(String),
    Named(String),
}

#[derive(Clone, Debug)]
enum Ports {
    Any,
    One(u16),
    Range(Range<u16>),
}

impl Destination {
    fn parse(text: &str) -> anyhow::Result<Self> {
        let (scheme, rest) = text
            .split_once("://")
            .context("has no scheme such as 'https://' or '*://'")?;
        ensure!(
            scheme == "*" || scheme.chars().all(char::is_alphabetic),
            "scheme {scheme:?} is not alphabetic"
        );
        let (host, port) = rest.rsplit_once(':').unwrap_or((rest, ""));
        let (port, path) = port.split_once('/').unwrap_or((port, ""));
        ensure!(path.is_empty(), "has a path, which cannot be restricted");
        Ok(Self {
            scheme: (scheme != "*").then(|| scheme.to_owned()),
            host: Host::parse(host)?,
            port: Ports::parse(port, scheme)?,
        })
    }

    fn allows(&self, uri: &Uri) -> bool {
        let scheme = uri.scheme_str().unwrap_or("https");
        let Some(host) = uri.host() else { return false };
        let port = uri.port_u16().or_else(|| well_known_port(scheme));
        self.scheme
            .as_deref()
            .is_none_or(|allowed| allowed == scheme)
            && self.host.allows(&host.to_ascii_lowercase())
            && self.port.allows(port)
    }
}

impl Host {
    fn parse(host: &str) -> anyhow::Result<Self> {
        if host == "*" {
            return Ok(Self::Any);
        }
        let host = host.trim_end_matches('/');
        ensure!(
            !host.contains('/'),
            "has a path, which cannot be restricted"
        );
        if let Some(domain) = host.strip_prefix("*.") {
            ensure!(
                !domain.contains('*'),
                "has a wildcard that is not the first label"
            );
            return Ok(Self::Subdomain(format!(".{domain}")));
        }
        ensure!(
            !host.contains('*'),
            "has a wildcard that is not a whole label"
        );
        ensure!(!host.is_empty(), "has no host");
        if host == "self" || host == "self.alt" || host.ends_with(".spin.internal") {
            bail!("calls between components are not offered by this host");
        }
        Ok(Self::Named(host.to_owned()))
    }

    fn allows(&self, host: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Subdomain(suffix) => host.ends_with(suffix),
            Self::Named(name) => name == host,
        }
    }
}

impl Ports {
    fn parse(port: &str, scheme: &str) -> anyhow::Result<Self> {
        if port.is_empty() {
            let default = well_known_port(scheme);
            return default
                .map(Self::One)
                .with_context(|| format!("needs a port, as scheme {scheme:?} has no default"));
        }
        if port == "*" {
            return Ok(Self::Any);
        }
        let number = |text: &str| {
            text.parse::<u16>()
                .with_context(|| format!("port {text:?} is not a number"))
        };
        match port.split_once("..") {
            Some((first, end)) => Ok(Self::Range(number(first)?..number(end)?)),
            None => number(port).map(Self::One),
        }
    }

    fn allows(&self, port: Option<u16>) -> bool {
        match self {
            Self::Any => true,
            Self::One(only) => port == Some(*only),
            Self::Range(range) => port.is_some_and(|port| range.contains(&port)),
        }
    }
}

fn well_known_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        "postgres" => Some(5432),
        "mysql" => Some(3306),
        "redis" => Some(6379),
        "mqtt" => Some(1883),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(destination: &str, uri: &str) -> bool {
        AllowedHosts::parse([destination])
            .unwrap()
            .allows(&uri.parse().unwrap())
    }

    fn refusal(destination: &str) -> String {
        format!("{:#}", AllowedHosts::parse([destination]).unwrap_err())
    }

    #[test]
    fn empty_list_allows_nothing() {
        assert!(!AllowedHosts::default().allows(&"https://example.com/".parse().unwrap()));
    }

    #[test]
    fn scheme_host_and_port_must_all_match() {
        assert!(allows("https://example.com", "https://example.com/a?b=c"));
        assert!(allows("https://example.com", "https://EXAMPLE.com:443/"));
        assert!(!allows("https://example.com", "http://example.com/"));
        assert!(!allows("https://example.com", "https://example.com:8443/"));
        assert!(!allows(
            "https://example.com",
            "https://example.com.evil.org/"
        ));
        assert!(!allows("https://example.com", "https://api.example.com/"));
        assert!(allows("http://127.0.0.1:4000", "http://127.0.0.1:4000/v3"));
        assert!(!allows("http://127.0.0.1:4000", "http://127.0.0.1:4001/v3"));
    }

    #[test]
    fn user_information_is_not_taken_as_host() {
        assert!(!allows(
            "https://example.com",
            "https://example.com@evil.org/"
        ));
        assert!(!allows(
            "https://example.com",
            "https://example.com:443@evil.org/"
        ));
    }

    #[test]
    fn wildcard_matches_a_whole_part() {
        assert!(allows("*://*:*", "http://anything:9/"));
        assert!(allows(
            "https://*.intuit.com",
            "https://quickbooks.api.intuit.com/"
        ));
        assert!(!allows("https://*.intuit.com", "https://intuit.com/"));
        assert!(allows("http://localhost:*", "http://localhost:1/"));
        assert!(allows(
            "http://localhost:3000..3002",
            "http://localhost:3001/"
        ));
        assert!(!allows(
            "http://localhost:3000..3002",
            "http://localhost:3002/"
        ));
    }

    #[test]
    fn malformed_destination_is_refused_with_reason() {
        assert!(refusal("example.com").contains("no scheme"));
        assert!(refusal("https://example.com:443/path").contains("path"));
        assert!(refusal("https://example.com/path").contains("path"));
        assert!(refusal("https://a*.example.com").contains("whole label"));
        assert!(refusal("https://*.*.com").contains("first label"));
        assert!(refusal("*://example.com").contains("needs a port"));
        assert!(refusal("https://example.com:https").contains("not a number"));
        assert!(refusal("http://self").contains("between components"));
    }
}

//! Parsers of the address of a database of PostgreSQL.

use http::Uri;

/// Parses a connection URL (PostgreSQL documentation, section 34.1.1.2) with one host and a database.
///
/// The form `host=… user=…` is refused, as are several hosts and sockets: the host must be one that `allowed_outbound_hosts` can name.
pub(in crate::config) fn postgres_url(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be postgres://user:password@host[:port]/database";
    let uri: Uri = value.parse().map_err(|_| SHAPE)?;
    let is_postgres = matches!(uri.scheme_str(), Some("postgres" | "postgresql"));
    let has_host = uri.host().is_some_and(|host| !host.is_empty());
    let has_database = uri.path().len() > 1;
    if is_postgres && has_host && has_database && !value.contains('#') {
        Ok(value.to_owned())
    } else {
        Err(SHAPE)
    }
}

/// Parses certificates in PEM (RFC 7468 section 5). Their content is checked when a connection is made.
pub(in crate::config) fn certificates(value: &str) -> Result<String, &'static str> {
    let is_pem = value.starts_with("-----BEGIN CERTIFICATE-----");
    let text = is_pem.then(|| value.to_owned());
    text.ok_or("must be certificates in PEM, from -----BEGIN CERTIFICATE----- on")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_url_has_one_host_and_database() {
        for good in [
            "postgres://rivet:p%40ss@db.example.com/rivet",
            "postgresql://rivet:secret@127.0.0.1:5433/rivet?sslmode=require&connect_timeout=3",
        ] {
            assert_eq!(postgres_url(good).as_deref(), Ok(good));
        }
        for bad in [
            "host=127.0.0.1 user=rivet",
            "mysql://rivet@127.0.0.1/rivet",
            "postgres:///rivet",
            "postgres://rivet@127.0.0.1",
            "postgres://rivet@127.0.0.1/",
            "postgres://rivet@one:5432,two:5432/rivet",
            "postgres://rivet@127.0.0.1/rivet#s3cr3t",
        ] {
            let problem = postgres_url(bad).unwrap_err();
            assert!(!problem.contains("s3cr3t"), "{bad}");
        }
    }

    #[test]
    fn certificates_are_pem() {
        let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
        assert_eq!(certificates(pem).as_deref(), Ok(pem));
        assert!(certificates("ca.pem").is_err());
    }
}

//! Routes of a component: methods and path patterns.

/// The method of a request that only reads (RFC 9110 section 9.3.1).
pub const GET: &str = "GET";
/// The method of a request that does something (RFC 9110 section 9.3.3).
pub const POST: &str = "POST";
/// The method of a request that replaces something (RFC 9110 section 9.3.4).
pub const PUT: &str = "PUT";

/// A route: a method and a path pattern. In a pattern, `{name}` matches any one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    pub(crate) method: &'static str,
    pattern: &'static str,
}

impl Route {
    /// Makes a route for [`GET`] requests.
    pub const fn get(pattern: &'static str) -> Self {
        let method = GET;
        Self { method, pattern }
    }

    /// Makes a route for [`POST`] requests.
    pub const fn post(pattern: &'static str) -> Self {
        let method = POST;
        Self { method, pattern }
    }

    /// Makes a route for [`PUT`] requests.
    pub const fn put(pattern: &'static str) -> Self {
        let method = PUT;
        Self { method, pattern }
    }

    /// Returns whether the pattern matches a path of these segments.
    pub(crate) fn is_at(&self, segments: &[&str]) -> bool {
        let pattern = self.pattern.trim_start_matches('/');
        let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
        let matches = |(part, segment): (&&str, &&str)| part.starts_with('{') || part == segment;
        parts.len() == segments.len() && parts.iter().zip(segments).all(matches)
    }
}

use http::Method;
use serde_json::Value;

use crate::CallClass;
use crate::kind::Kind;

/// The service of Intuit that a path belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Consent,
    Token,
    Revoke,
    Company { realm: String, resource: Resource },
    Unknown,
}

/// The resource of a company that a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    Query,
    Batch,
    ChangeData,
    Preferences,
    /// A kind of entity, for writes.
    Kind(Kind),
    /// An entity.
    Entity(Kind, String),
    Unknown,
}

impl Route {
    pub(crate) fn parse(path: &str) -> Self {
        match path {
            "/connect/oauth2" => Self::Consent,
            "/oauth2/v1/tokens/bearer" => Self::Token,
            "/v2/oauth2/tokens/revoke" => Self::Revoke,
            _ => path
                .strip_prefix("/v3/company/")
                .and_then(|rest| rest.split_once('/'))
                .map_or(Self::Unknown, |(realm, rest)| Self::Company {
                    realm: realm.to_owned(),
                    resource: Resource::parse(realm, rest),
                }),
        }
    }

    /// Returns the class of a call of this method and body to the route.
    pub(crate) fn call_class(&self, method: &Method, body: &[u8]) -> CallClass {
        match self {
            Self::Consent => CallClass::Consent,
            Self::Token => CallClass::Token,
            Self::Revoke => CallClass::Revoke,
            Self::Unknown => CallClass::Other,
            Self::Company { resource, .. } => match resource {
                Resource::Batch => batch_class(body),
                Resource::Kind(_) if *method == Method::POST => CallClass::Write,
                Resource::Unknown => CallClass::Other,
                _ => CallClass::Read,
            },
        }
    }
}

impl Resource {
    fn parse(realm: &str, rest: &str) -> Self {
        let parts: Vec<&str> = rest.split('/').collect();
        match parts.as_slice() {
            ["query"] => Self::Query,
            ["batch"] => Self::Batch,
            ["cdc"] => Self::ChangeData,
            ["preferences"] => Self::Preferences,
            ["companyinfo", id] if *id == realm => Self::Entity(Kind::CompanyInfo, "1".to_owned()),
            [kind] => Kind::from_path_segment(kind).map_or(Self::Unknown, Self::Kind),
            [kind, id] => Kind::from_path_segment(kind)
                .map_or(Self::Unknown, |kind| Self::Entity(kind, (*id).to_owned())),
            _ => Self::Unknown,
        }
    }
}

fn batch_class(body: &[u8]) -> CallClass {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let items = body["BatchItemRequest"].as_array();
    let all = items.map_or(0, Vec::len);
    let is_read = |item: &&Value| item.get("Query").is_some();
    let reads = items.map_or(0, |items| items.iter().filter(is_read).count());
    CallClass::Batch {
        writes: all - reads,
        reads,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_parsed_to_routes() {
        let resource = |path: &str| match Route::parse(path) {
            Route::Company { resource, .. } => resource,
            _ => Resource::Unknown,
        };
        assert_eq!(Route::parse("/connect/oauth2"), Route::Consent);
        assert_eq!(Route::parse("/oauth2/v1/tokens/bearer"), Route::Token);
        assert_eq!(Route::parse("/v2/oauth2/tokens/revoke"), Route::Revoke);
        assert_eq!(Route::parse("/v3/company/77"), Route::Unknown);
        assert_eq!(
            resource("/v3/company/77/journalentry"),
            Resource::Kind(Kind::JournalEntry)
        );
        assert_eq!(
            resource("/v3/company/77/invoice/9"),
            Resource::Entity(Kind::Invoice, "9".to_owned())
        );
        assert_eq!(
            resource("/v3/company/77/companyinfo/77"),
            Resource::Entity(Kind::CompanyInfo, "1".to_owned())
        );
        assert_eq!(resource("/v3/company/77/cdc"), Resource::ChangeData);
        assert_eq!(resource("/v3/company/77/Invoice"), Resource::Unknown);
        assert_eq!(resource("/v3/company/77/invoice/9/pdf"), Resource::Unknown);
    }
}

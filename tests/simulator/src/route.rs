use http::Method;
use serde_json::Value;

use crate::CallClass;
use crate::kind::Kind;

/// Which of Intuit's services a path belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Consent,
    Token,
    Revoke,
    Company { realm: String, resource: Resource },
    Unknown,
}

/// What a path names in a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    Query,
    Batch,
    ChangeData,
    Preferences,
    /// All of a kind, to write to.
    Kind(Kind),
    /// One entity.
    Entity(Kind, String),
    Unknown,
}

impl Route {
    pub(crate) fn of(path: &str) -> Self {
        match path {
            "/connect/oauth2" => Self::Consent,
            "/oauth2/v1/tokens/bearer" => Self::Token,
            "/v2/oauth2/tokens/revoke" => Self::Revoke,
            _ => path
                .strip_prefix("/v3/company/")
                .and_then(|rest| rest.split_once('/'))
                .map_or(Self::Unknown, |(realm, rest)| Self::Company {
                    realm: realm.to_owned(),
                    resource: Resource::of(realm, rest),
                }),
        }
    }

    pub(crate) fn class(&self, method: &Method, body: &[u8]) -> CallClass {
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
    fn of(realm: &str, rest: &str) -> Self {
        let parts: Vec<&str> = rest.split('/').collect();
        match parts.as_slice() {
            ["query"] => Self::Query,
            ["batch"] => Self::Batch,
            ["cdc"] => Self::ChangeData,
            ["preferences"] => Self::Preferences,
            ["companyinfo", id] if *id == realm => Self::Entity(Kind::CompanyInfo, "1".to_owned()),
            [kind] => Kind::in_path(kind).map_or(Self::Unknown, Self::Kind),
            [kind, id] => Kind::in_path(kind)
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
    fn paths_are_told_apart() {
        let resource = |path: &str| match Route::of(path) {
            Route::Company { resource, .. } => resource,
            _ => Resource::Unknown,
        };
        assert_eq!(Route::of("/connect/oauth2"), Route::Consent);
        assert_eq!(Route::of("/oauth2/v1/tokens/bearer"), Route::Token);
        assert_eq!(Route::of("/v2/oauth2/tokens/revoke"), Route::Revoke);
        assert_eq!(Route::of("/v3/company/77"), Route::Unknown);
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

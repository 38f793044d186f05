use bytes::Bytes;
use http::{Method, Response, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

use super::{Oauth, is_client};
use crate::call::Call;
use crate::{Config, gateway};

/// Answers the revocation endpoint. The request has a JSON body; the answer has none.
pub(crate) fn answer_revocation(
    oauth: &mut Oauth,
    config: &Config,
    call: &Call,
    now: Timestamp,
) -> Response<Bytes> {
    if call.method != Method::POST {
        return gateway::method_not_allowed("POST");
    }
    if !is_client(config, call) {
        return empty(StatusCode::UNAUTHORIZED);
    }
    let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let revoked = body["token"]
        .as_str()
        .filter(|_| call.has_media_type("application/json"))
        .is_some_and(|token| oauth.revoke(token, now).is_ok());
    empty(if revoked {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    })
}

fn empty(status: StatusCode) -> Response<Bytes> {
    gateway::answer(status, "application/json;charset=UTF-8", Bytes::new())
}

#[cfg(test)]
mod tests {
    use crate::test_client::TestClient;

    fn revoke(client: &mut TestClient, media_type: &str, body: &str) -> u16 {
        let request = client.revoke_request().header("content-type", media_type);
        client.send_raw(request, body).0
    }

    #[test]
    fn revoked_token_makes_calls_unauthorized() {
        let mut client = TestClient::new();
        let body = format!("{{\"token\":\"{}\"}}", client.refresh_token);
        assert_eq!(revoke(&mut client, "application/json", &body), 200);
        let (status, answer) = client.get("preferences");
        assert_eq!(status, 401);
        assert_eq!(answer["fault"]["error"][0]["code"], "3200");
        assert_eq!(revoke(&mut client, "application/json", &body), 400);
    }

    #[test]
    fn revocation_without_json_token_is_refused() {
        let mut client = TestClient::new();
        let form = format!("token={}", client.refresh_token);
        assert_eq!(
            revoke(&mut client, "application/x-www-form-urlencoded", &form),
            400
        );
        assert_eq!(revoke(&mut client, "application/json", "{}"), 400);
        assert_eq!(client.get("preferences").0, 200);
        client.config.client_secret = "wrong".to_owned();
        assert_eq!(revoke(&mut client, "application/json", "{}"), 401);
    }
}

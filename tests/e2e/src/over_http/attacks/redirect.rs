//! Where browsers are sent: to Intuit with nothing but what is registered there, and back to RIVET and
//! nowhere else, whatever a request says.

use super::way::{CONNECT, Way, header, landing, office, open, ticket};
use super::{InVain, Row};
use crate::over_http::{get, send, start_deployment};
use http::header::{COOKIE, LOCATION};
use http::request::Builder;
use std::collections::BTreeMap;
use url::Url;

/// Requests that want another address; each is put on the way out and on the way back.
pub const WISHES: &[Row<Wish, InVain>] = &[
    Row {
        rule: "RFC 9700 4.13",
        attempt: "another Host",
        how: Wish::Header("host", "evil.example"),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.13",
        attempt: "a proxy's word for another host",
        how: Wish::Header("x-forwarded-host", "evil.example"),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.13",
        attempt: "a proxy's word for plain http",
        how: Wish::Header("x-forwarded-proto", "http"),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.13",
        attempt: "the standard header for another host",
        how: Wish::Header("forwarded", "for=127.0.0.1;host=evil.example;proto=http"),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.13",
        attempt: "a caller that claims to be the host",
        how: Wish::Header(
            "spin-full-url",
            "https://evil.example/v1/quickbooks/callback",
        ),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.1.3",
        attempt: "a redirect URI in the address",
        how: Wish::Query("redirect_uri", "https://evil.example/callback"),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "a page to go to afterwards",
        how: Wish::Query("next", "https://evil.example/"),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "our own variable, in the address",
        how: Wish::Query("rivet_app_url", "https://evil.example/"),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "an outcome of one's own",
        how: Wish::Query("quickbooks", "connected&next=//evil.example"),
        expect: InVain,
    },
    Row {
        rule: "ASVS 10.2.3",
        attempt: "a wider scope",
        how: Wish::Query(
            "scope",
            "com.intuit.quickbooks.accounting com.intuit.quickbooks.payment",
        ),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 2.1",
        attempt: "an answer with tokens in place of a code",
        how: Wish::Query("response_type", "token"),
        expect: InVain,
    },
    Row {
        rule: "ASVS 10.2.2",
        attempt: "an answer in the name of another authorization server",
        how: Wish::Query("iss", "https://evil.example"),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "a header of one's own, behind a line break",
        how: Wish::Query("error_description", "x\r\nlocation: https://evil.example"),
        expect: InVain,
    },
];

/// What a request wants.
pub enum Wish {
    Header(&'static str, &'static str),
    Query(&'static str, &'static str),
}

impl Wish {
    /// A request to `address` that wants it.
    fn put(&self, address: &str) -> Builder {
        match self {
            Self::Header(name, value) => get(address).header(*name, *value),
            Self::Query(name, value) => {
                let pair = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair(name, value)
                    .finish();
                get(&format!("{address}&{pair}"))
            }
        }
    }
}

/// An address to Intuit without what differs each time.
fn settled(address: &str) -> (String, BTreeMap<String, String>) {
    let mut url = Url::parse(address).unwrap();
    let mut query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    let state = query.remove("state").unwrap();
    assert_eq!(state.len(), 45, "two halves of 22 characters");
    url.set_query(None);
    (url.into(), query)
}

#[tokio::test(flavor = "multi_thread")]
async fn request_content_never_changes_redirects() {
    let deployment = start_deployment().await;
    let firm = office(&deployment, "firm_a");
    let honest = open(&deployment, &ticket(&firm).await).await;
    let honest = settled(&header(&honest, LOCATION.as_str()));
    for row in WISHES {
        let asking = row.how.put(&format!("{CONNECT}?")).method("POST");
        let issued = firm.call(asking, None).await.unwrap();
        let link = issued.body["connect_url"].as_str().unwrap_or_default();
        let ours = format!("{}{CONNECT}?ticket=", deployment.url);
        assert!(link.starts_with(&ours), "{}: {}", row.rule, row.attempt);
        let ticket = ticket(&firm).await;
        let told = send(
            &deployment,
            row.how.put(&format!("{CONNECT}?ticket={ticket}")),
            "",
        )
        .await;
        let sent = settled(&header(&told, LOCATION.as_str()));
        assert_eq!(sent, honest, "{}: {}", row.rule, row.attempt);
        let way = Way::from((&firm, &firm.realm), ticket, &told);
        let back = row
            .how
            .put(&way.answer().address())
            .header(COOKIE, way.jar());
        let landed = landing(&deployment, &send(&deployment, back, "").await);
        assert!(
            ["connected", "reconnected"].contains(&landed.as_str()),
            "{}: {landed}",
            row.attempt
        );
    }
}

type Exactly = fn(&str) -> String;

/// What Intuit is told of us: four parameters besides the state, each exactly so.
pub const TOLD: &[Row<&str, Exactly>] = &[
    Row {
        rule: "RFC 9700 2.1.1",
        attempt: "tokens in an address",
        how: "response_type",
        expect: |_| "code".into(),
    },
    Row {
        rule: "ASVS 10.2.3",
        attempt: "more permissions than are used",
        how: "scope",
        expect: |_| "com.intuit.quickbooks.accounting".into(),
    },
    Row {
        rule: "RFC 9700 4.1.3",
        attempt: "a redirect URI that differs from the registered one by a character",
        how: "redirect_uri",
        expect: |us| format!("{us}/v1/quickbooks/callback"),
    },
    Row {
        rule: "ASVS 14.2.1",
        attempt: "the app's secret beside its id",
        how: "client_id",
        expect: |_| "rivet-demo".into(),
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn authorization_request_sends_only_registered_parameters() {
    let deployment = start_deployment().await;
    let departed = open(&deployment, &ticket(&office(&deployment, "firm_a")).await).await;
    let (_, told) = settled(&header(&departed, LOCATION.as_str()));
    for row in TOLD {
        assert_eq!(
            told[row.how],
            (row.expect)(&deployment.url),
            "{}: {}",
            row.rule,
            row.attempt
        );
    }
    assert_eq!(told.len(), TOLD.len(), "{:?}", told.keys());
}

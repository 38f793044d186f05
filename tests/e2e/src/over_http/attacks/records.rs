//! Somebody with a hand in the store: sealed values that were moved, altered or put back. Whatever they
//! do, no firm ever reaches the company of another.

use super::Row;
use super::way::{Way, office, works};
use crate::over_http::{get, send, start_deployment};
use host::Bucket;
use host::demo::firm::Firm;
use serde_json::{Value, json};
use std::time::Duration;

/// The records of two connected firms, as they lie in the store.
pub struct Records {
    store: Bucket,
    /// Ours, as it was before the last reconnect.
    old: Value,
}

const OURS: &str = "rivet-books/connection/firm_a";
const THEIRS: &str = "rivet-books/connection/firm_b";

impl Records {
    fn read(&self, key: &str) -> Value {
        serde_json::from_slice(&self.store.get(key).unwrap().unwrap()).unwrap()
    }

    fn write(&self, key: &str, record: &Value) {
        self.store.set(key, record.to_string().as_bytes()).unwrap();
    }

    /// Puts what `change` makes of our record and theirs in the place of ours.
    fn change(&self, change: impl FnOnce(&mut Value, &Value)) {
        let (mut ours, theirs) = (self.read(OURS), self.read(THEIRS));
        change(&mut ours, &theirs);
        self.write(OURS, &ours);
    }

    /// Alters one sealed value of ours.
    fn alter(&self, field: &str, change: impl FnOnce(&str) -> String) {
        self.change(|ours, _| {
            let sealed = ours.pointer_mut(field).unwrap();
            *sealed = change(sealed.as_str().unwrap()).into();
        });
    }
}

const COMPANY: &str = "/r/company/realm_id";
const ACCESS: &str = "/r/grant/access_token";
const REFRESH: &str = "/r/grant/refresh_token";

type Tamper = fn(&Records);

/// What is done to our record; then calls for us are answered by an error that tells nothing.
pub const ROWS: &[Row<Tamper>] = &[
    Row {
        rule: "ASVS 8.4.1",
        attempt: "another firm's whole record in the place of ours",
        how: |records| records.change(|ours, theirs| *ours = theirs.clone()),
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "another firm's sealed company",
        how: |records| records.change(|ours, theirs| copy(ours, theirs, COMPANY)),
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "another firm's sealed tokens",
        how: |records| {
            records.change(|ours, theirs| {
                copy(ours, theirs, ACCESS);
                copy(ours, theirs, REFRESH);
            })
        },
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "another firm's company and tokens together",
        how: |records| {
            records.change(|ours, theirs| {
                [COMPANY, ACCESS, REFRESH]
                    .iter()
                    .for_each(|field| copy(ours, theirs, field));
            })
        },
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "our own tokens, each in the other's place",
        how: |records| {
            records.change(|ours, _| {
                let same = ours.clone();
                *ours.pointer_mut(ACCESS).unwrap() = same.pointer(REFRESH).unwrap().clone();
                *ours.pointer_mut(REFRESH).unwrap() = same.pointer(ACCESS).unwrap().clone();
            })
        },
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "the company's id in the place of a token",
        how: |records| {
            records.change(|ours, _| {
                let id = ours.pointer(COMPANY).unwrap().clone();
                *ours.pointer_mut(REFRESH).unwrap() = id;
            })
        },
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a byte of the sealed company",
        how: |records| records.alter(COMPANY, bent),
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a byte of the sealed access token",
        how: |records| records.alter(ACCESS, bent),
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a byte of the sealed refresh token",
        how: |records| records.alter(REFRESH, bent),
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a sealed token that is cut short",
        how: |records| records.alter(ACCESS, |sealed| sealed[..sealed.len() - 8].to_owned()),
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a token that is not sealed at all",
        how: |records| records.alter(ACCESS, |_| "a token of the attacker's own".into()),
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a key that nobody has any more",
        how: |records| records.alter(ACCESS, |sealed| sealed.replacen("demo.", "lost.", 1)),
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a record of a format that is not known",
        how: |records| records.change(|ours, _| ours["v"] = json!(99)),
        expect: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a record that is no record",
        how: |records| records.store.set(OURS, b"\0\xff{").unwrap(),
        expect: "store_unavailable",
    },
    Row {
        rule: "RFC 9700 4.14.2",
        attempt: "our record of before the last reconnect, an hour later: its tokens are spent",
        how: |records| records.write(OURS, &records.old),
        expect: "not_connected",
    },
];

fn copy(ours: &mut Value, theirs: &Value, field: &str) {
    *ours.pointer_mut(field).unwrap() = theirs.pointer(field).unwrap().clone();
}

/// With another character in the middle.
fn bent(sealed: &str) -> String {
    let (at, mut bytes) = (sealed.len() / 2, sealed.as_bytes().to_vec());
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
}

async fn land(firm: &Firm<'_>) {
    let landed = Way::of(firm).await.answer().land(firm.deployment).await;
    assert!(landed.ends_with("connected"), "{landed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_tokens_open_only_in_own_record() {
    let deployment = start_deployment().await;
    let [ours, theirs] = ["firm_a", "firm_b"].map(|id| office(&deployment, id));
    land(&ours).await;
    land(&theirs).await;
    let store = deployment.app.store("default");
    let records = Records {
        old: Records {
            store: store.clone(),
            old: Value::Null,
        }
        .read(OURS),
        store,
    };
    land(&ours).await;
    deployment.advance(Duration::from_mins(56));
    for row in ROWS {
        let (genuine, before) = (records.read(OURS), deployment.simulator().traffic().len());
        (row.how)(&records);
        let accounts = get("/v1/quickbooks/accounts?for=retainage");
        let told = ours.call(accounts, None).await.unwrap();
        assert_eq!(
            told.body["code"], row.expect,
            "{}: {}",
            row.rule, row.attempt
        );
        let shown = ours
            .call(get("/v1/quickbooks/status"), None)
            .await
            .unwrap()
            .body
            .to_string();
        let run = "/v1/scheduled/token-refresh?key=scheduler-secret-of-the-demo";
        assert_eq!(
            send(&deployment, get(run), "").await.status,
            200,
            "{}",
            row.attempt
        );
        let calls = deployment.simulator().traffic()[before..].to_vec();
        let reached = calls
            .iter()
            .any(|seen| seen.realm.as_deref() == Some(&*theirs.realm));
        assert!(
            !reached && !shown.contains(&theirs.realm),
            "{}: {}",
            row.rule,
            row.attempt
        );
        records.write(OURS, &genuine);
        assert!(works(&theirs).await, "{}", row.attempt);
    }
    assert!(works(&ours).await);
}

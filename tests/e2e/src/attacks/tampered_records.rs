//! Tampering with the store: sealed values that are moved, altered or restored. No firm then reaches the company of
//! another.

use super::Row;
use super::sign_in::{connect, has_access, new_firm};
use crate::{get, send, start_deployment};
use host::Bucket;
use host::demo::firm::Firm;
use serde_json::{Value, json};
use std::time::Duration;

/// The connection records of two firms in the store.
pub struct ConnectionRecords {
    store: Bucket,
    /// Our record before the last reconnect.
    old: Value,
}

const OURS: &str = "rivet-books:connection:firm_a";
const THEIRS: &str = "rivet-books:connection:firm_b";

impl ConnectionRecords {
    fn read(&self, key: &str) -> Value {
        serde_json::from_slice(&self.store.get(key).unwrap().unwrap()).unwrap()
    }

    fn write(&self, key: &str, record: &Value) {
        self.store.set(key, record.to_string().as_bytes()).unwrap();
    }

    /// Replaces our record. `change` gets our record and theirs.
    fn change(&self, change: impl FnOnce(&mut Value, &Value)) {
        let (mut ours, theirs) = (self.read(OURS), self.read(THEIRS));
        change(&mut ours, &theirs);
        self.write(OURS, &ours);
    }

    /// Replaces one sealed value of our record.
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

type Tamper = fn(&ConnectionRecords);

/// Changes of our record. Afterwards a call for our firm answers an error that reveals nothing.
pub const ROWS: &[Row<Tamper>] = &[
    Row {
        rule: "ASVS 8.4.1",
        attempt: "the whole record of another firm",
        action: |records| records.change(|ours, theirs| *ours = theirs.clone()),
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "the sealed company of another firm",
        action: |records| records.change(|ours, theirs| copy(ours, theirs, COMPANY)),
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "the sealed tokens of another firm",
        action: |records| {
            records.change(|ours, theirs| {
                copy(ours, theirs, ACCESS);
                copy(ours, theirs, REFRESH);
            })
        },
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "the company and the tokens of another firm",
        action: |records| {
            records.change(|ours, theirs| {
                [COMPANY, ACCESS, REFRESH]
                    .iter()
                    .for_each(|field| copy(ours, theirs, field));
            })
        },
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "the own tokens, swapped",
        action: |records| {
            records.change(|ours, _| {
                let same = ours.clone();
                *ours.pointer_mut(ACCESS).unwrap() = same.pointer(REFRESH).unwrap().clone();
                *ours.pointer_mut(REFRESH).unwrap() = same.pointer(ACCESS).unwrap().clone();
            })
        },
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "the sealed company id in place of a token",
        action: |records| {
            records.change(|ours, _| {
                let id = ours.pointer(COMPANY).unwrap().clone();
                *ours.pointer_mut(REFRESH).unwrap() = id;
            })
        },
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a changed byte in the sealed company",
        action: |records| records.alter(COMPANY, alter_middle),
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a changed byte in the sealed access token",
        action: |records| records.alter(ACCESS, alter_middle),
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a changed byte in the sealed refresh token",
        action: |records| records.alter(REFRESH, alter_middle),
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a truncated sealed token",
        action: |records| records.alter(ACCESS, |sealed| sealed[..sealed.len() - 8].to_owned()),
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "an unsealed token",
        action: |records| records.alter(ACCESS, |_| "a token of the attacker's own".into()),
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "the id of an unknown key",
        action: |records| records.alter(ACCESS, |sealed| sealed.replacen("demo.", "lost.", 1)),
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a record of an unknown format",
        action: |records| records.change(|ours, _| ours["v"] = json!(99)),
        expected: "store_unavailable",
    },
    Row {
        rule: "ASVS 14.2.4",
        attempt: "a record that is not JSON",
        action: |records| records.store.set(OURS, b"\0\xff{").unwrap(),
        expected: "store_unavailable",
    },
    Row {
        rule: "RFC 9700 4.14.2",
        attempt: "the own record before the last reconnect, an hour later",
        action: |records| records.write(OURS, &records.old),
        expected: "not_connected",
    },
];

fn copy(ours: &mut Value, theirs: &Value, field: &str) {
    *ours.pointer_mut(field).unwrap() = theirs.pointer(field).unwrap().clone();
}

/// Returns the text with another character in the middle.
fn alter_middle(sealed: &str) -> String {
    let (at, mut bytes) = (sealed.len() / 2, sealed.as_bytes().to_vec());
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
}

async fn connect_firm(firm: &Firm<'_>) {
    let outcome = connect(firm).await;
    assert!(outcome.ends_with("connected"), "{outcome}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_tokens_open_only_in_own_record() {
    let deployment = start_deployment().await;
    let [ours, theirs] = ["firm_a", "firm_b"].map(|id| new_firm(&deployment, id));
    connect_firm(&ours).await;
    connect_firm(&theirs).await;
    let store = deployment.app.store("default");
    let records = ConnectionRecords {
        old: ConnectionRecords {
            store: store.clone(),
            old: Value::Null,
        }
        .read(OURS),
        store,
    };
    connect_firm(&ours).await;
    deployment.advance(Duration::from_mins(56));
    for row in ROWS {
        let (genuine, before) = (records.read(OURS), deployment.simulator().traffic().len());
        (row.action)(&records);
        let accounts = get("/v1/quickbooks/accounts?for=retainage");
        let answer = ours.call(accounts, None).await.unwrap();
        assert_eq!(
            answer.body["code"], row.expected,
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
            .any(|call| call.realm.as_deref() == Some(&*theirs.realm));
        assert!(
            !reached && !shown.contains(&theirs.realm),
            "{}: {}",
            row.rule,
            row.attempt
        );
        records.write(OURS, &genuine);
        assert!(has_access(&theirs).await, "{}", row.attempt);
    }
    assert!(has_access(&ours).await);
}

use std::sync::Arc;

use bytes::Bytes;
use host::load::{Load, Subject, compare, measure};
use http::Request;

use crate::{load, options};

const SMALL: Load = Load {
    connections: 2,
    requests: 10,
};

fn subject(name: &'static str, path: &'static str) -> Subject {
    let requests = Arc::new(move |_| Request::get(path).body(Bytes::new()).unwrap());
    Subject {
        name,
        app: load(options()),
        requests,
    }
}

#[tokio::test]
async fn every_request_is_measured() {
    let measured = measure(&subject("hello", "/hello"), SMALL).await.unwrap();
    assert_eq!(measured.requests, 10);
    assert!(measured.p50 <= measured.p99 && measured.p99 <= measured.elapsed);
}

#[tokio::test]
async fn ratio_compares_with_first_subject() {
    let subjects = [
        subject("hello", "/hello"),
        subject("probe", "/probe/headers"),
    ];
    let table = compare(&subjects, SMALL).await.unwrap();
    let lines: Vec<_> = table.lines().collect();
    assert!(
        lines[1].starts_with("hello ") && lines[1].ends_with(" 1.00"),
        "{table}"
    );
    assert!(lines[2].starts_with("probe "), "{table}");
}

#[tokio::test]
async fn error_answer_ends_the_measurement() {
    let problem = measure(&subject("nothing", "/nowhere"), SMALL)
        .await
        .unwrap_err();
    assert!(format!("{problem:#}").contains("404"), "{problem:#}");
}

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
    let measured = measure(&subject("hello", "/hello"), SMALL, 0)
        .await
        .unwrap();
    assert_eq!(measured.requests, 10);
    assert!(measured.p50 <= measured.p99 && measured.p99 <= measured.elapsed);
}

#[tokio::test]
async fn comparison_shows_both_subjects_and_ratios() {
    let hello = subject("hello", "/hello");
    let probe = subject("probe", "/probe/headers");
    let compared = compare(&hello, &probe, SMALL).await.unwrap();
    let text = compared.lines(&hello, &probe);
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].starts_with("  hello "), "{text}");
    let ratio = format!(" {:.2}", compared.throughput_ratio());
    assert!(
        lines[1].starts_with("  probe ") && lines[1].ends_with(&ratio),
        "{text}"
    );
}

#[tokio::test]
async fn host_calls_of_measured_requests_are_counted() {
    let keeper = Subject {
        requests: Arc::new(|_| {
            Request::post("/keeper/twice")
                .body(Bytes::from("x"))
                .unwrap()
        }),
        ..subject("two writes", "/keeper/twice")
    };
    let measured = measure(&keeper, SMALL, 0).await.unwrap();
    // Each request opens the store and writes twice.
    assert_eq!(measured.calls, 30);
}

#[tokio::test]
async fn error_answer_ends_the_measurement() {
    let problem = measure(&subject("nothing", "/nowhere"), SMALL, 0)
        .await
        .unwrap_err();
    assert!(format!("{problem:#}").contains("404"), "{problem:#}");
}

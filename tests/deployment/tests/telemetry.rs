//! Alerts, their tests and runbooks, the dashboard and the collector's configuration.
#![expect(clippy::unwrap_used, reason = "a test stops where it breaks")]

use deployment::{Ran, document, file, run};
use serde_json::Value;
use std::collections::BTreeSet;

fn alerts() -> Vec<Value> {
    let rules = document(".deploy/telemetry/alerts.yaml").unwrap();
    rules["groups"][0]["rules"].as_array().unwrap().clone()
}

/// Returns the names of our metrics in an expression.
fn metrics(expression: &str) -> BTreeSet<&str> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = expression.split(|letter| !is_name(letter));
    words
        .filter(|word| word.starts_with("rivet_books_"))
        .collect()
}

fn promtool(arguments: &[&str]) {
    if let Ran::Ended {
        status,
        output,
        errors,
    } = run("promtool", arguments).unwrap()
    {
        assert!(status.success(), "{output}{errors}");
    }
}

#[test]
fn alerts_pass_their_tests() {
    promtool(&["check", "rules", ".deploy/telemetry/alerts.yaml"]);
    promtool(&["test", "rules", ".deploy/telemetry/alerts.test.yaml"]);
}

#[test]
fn each_alert_has_severity_runbook_and_test() {
    let runbooks = file(".deploy/telemetry/runbooks.md").unwrap();
    let tests = document(".deploy/telemetry/alerts.test.yaml").unwrap();
    let cases: Vec<&Value> = tests["tests"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|test| test["alert_rule_test"].as_array().unwrap())
        .collect();
    for alert in alerts() {
        let name = alert["alert"].as_str().unwrap();
        let severity = alert["labels"]["severity"].as_str().unwrap();
        assert!(matches!(severity, "page" | "ticket"), "{name}");
        let section = runbooks
            .split(&format!("\n## {name}\n\n"))
            .nth(1)
            .unwrap_or_default();
        let spoken = if severity == "page" {
            "**Page.**"
        } else {
            "**Ticket.**"
        };
        assert!(
            section.starts_with(spoken),
            "{name} has no runbook that says {spoken}"
        );
        let link = format!(".deploy/telemetry/runbooks.md#{}", name.to_lowercase());
        assert_eq!(alert["annotations"]["runbook"], link);
        let of_alert = || cases.iter().filter(|case| case["alertname"] == name);
        assert!(
            of_alert().any(|case| case["exp_alerts"].is_array()),
            "{name} never fires"
        );
        assert!(
            of_alert().any(|case| case["exp_alerts"].is_null()),
            "{name} always fires"
        );
    }
}

#[test]
fn each_runbook_has_its_alert() {
    let alerts = alerts();
    let names: Vec<&str> = alerts
        .iter()
        .filter_map(|alert| alert["alert"].as_str())
        .collect();
    let runbooks = file(".deploy/telemetry/runbooks.md").unwrap();
    for heading in runbooks.lines().filter_map(|line| line.strip_prefix("## ")) {
        assert!(names.contains(&heading), "{heading}");
    }
}

#[test]
fn watched_metrics_are_described() {
    let described = file("functions/README.md").unwrap();
    let dashboard: Value =
        serde_json::from_str(&file(".deploy/telemetry/dashboard.json").unwrap()).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let shown = panels.flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    let alerts = alerts();
    let expressions = shown
        .chain(&alerts)
        .map(|source| source["expr"].as_str().unwrap());
    // The metrics that the collector makes of Spin's spans, under the namespace in its configuration.
    let collected = [
        "rivet_books_requests_calls",
        "rivet_books_requests_duration_bucket",
    ];
    for metric in expressions.flat_map(metrics).collect::<BTreeSet<_>>() {
        let is_known = collected.contains(&metric) || described.contains(&format!("`{metric}`"));
        assert!(is_known, "{metric}");
    }
}

#[test]
fn collector_uses_only_what_it_declares() {
    let collector = document(".deploy/telemetry/collector.yaml").unwrap();
    for (pipeline, parts) in collector["service"]["pipelines"].as_object().unwrap() {
        for (role, names) in parts.as_object().unwrap() {
            for name in names.as_array().unwrap().iter().filter_map(Value::as_str) {
                let is_declared = collector[role].get(name).is_some()
                    || collector["connectors"].get(name).is_some();
                assert!(is_declared, "{pipeline}: {role} {name}");
            }
        }
    }
}

/// Spin writes the query of a request into its span, and queries hold the scheduler's key and Intuit's codes.
#[test]
fn collector_deletes_queries_before_anything_else() {
    let collector = document(".deploy/telemetry/collector.yaml").unwrap();
    let actions = collector["processors"]["attributes/no-secrets"]["actions"]
        .as_array()
        .unwrap();
    for key in ["url.query", "url.full"] {
        assert!(
            actions
                .iter()
                .any(|action| action["key"] == key && action["action"] == "delete"),
            "{key}"
        );
    }
    for pipeline in ["traces", "logs"] {
        let processors = collector["service"]["pipelines"][pipeline]["processors"]
            .as_array()
            .unwrap();
        assert!(
            processors
                .iter()
                .any(|name| name == "attributes/no-secrets"),
            "{pipeline}"
        );
    }
}

#[test]
fn prometheus_asks_described_routes() {
    let prometheus = document(".deploy/telemetry/prometheus.yaml").unwrap();
    let jobs = prometheus["scrape_configs"].as_array().unwrap();
    assert!(
        jobs.iter()
            .any(|job| job["job_name"] == "rivet-books" && job["metrics_path"] == "/v1/metrics")
    );
    assert!(
        file("functions/README.md")
            .unwrap()
            .contains("`GET /v1/metrics`")
    );
    let monitors = file(".deploy/kubernetes/monitors.yaml").unwrap();
    assert!(monitors.contains("path: /v1/metrics"));
}

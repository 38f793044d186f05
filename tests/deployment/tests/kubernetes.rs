//! The manifests for Kubernetes, as `kubectl kustomize` renders them.
#![expect(clippy::unwrap_used, reason = "a test stops where it breaks")]

use deployment::{Manifest, Ran, documents, file, lost_fields, run, violations};
use serde_json::Value;
use std::collections::BTreeSet;

/// Returns what the example of a cluster renders to; nothing without `kubectl`.
fn rendered() -> Vec<Value> {
    match run("kubectl", &["kustomize", ".deploy/kubernetes/example"]).unwrap() {
        Ran::Missing => Vec::new(),
        Ran::Ended {
            status,
            output,
            errors,
        } => {
            assert!(status.success(), "{errors}");
            documents(&output).unwrap()
        }
    }
}

fn of_kind<'a>(all: &'a [Value], kind: &str) -> Vec<&'a Value> {
    all.iter()
        .filter(|document| document["kind"] == kind)
        .collect()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(entries) => entries.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn app(all: &[Value]) -> &Value {
    of_kind(all, "SpinApp")[0]
}

#[test]
fn manifests_have_only_known_fields() {
    for document in rendered() {
        let kind = document["kind"].as_str().unwrap();
        let unknown = match lost_fields(&document).unwrap() {
            Some(lost) => lost,
            None => {
                let schema = file(&format!("tests/deployment/schemas/{kind}.json")).unwrap();
                violations(&serde_json::from_str(&schema).unwrap(), &document)
            }
        };
        assert!(unknown.is_empty(), "{kind}: {unknown:?}");
        assert!(
            kind == "Namespace" || document["metadata"]["namespace"] == "rivet-books",
            "{kind}"
        );
    }
}

#[test]
fn app_has_variables_of_the_manifest() {
    let all = rendered();
    if all.is_empty() {
        return;
    }
    let manifest = Manifest::read().unwrap();
    let bound: BTreeSet<&str> = app(&all)["spec"]["variables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|variable| {
            let name = variable["name"].as_str().unwrap();
            let reference = &variable["valueFrom"]["secretKeyRef"];
            assert_eq!(reference["name"], "rivet-books-variables");
            assert_eq!(
                reference["key"],
                format!("SPIN_VARIABLE_{}", name.to_uppercase())
            );
            name
        })
        .collect();
    for (name, variable) in &manifest.variables {
        let is_needed = variable.required || variable.secret;
        assert!(
            !is_needed || bound.contains(name.as_str()),
            "{name} is not bound"
        );
    }
    for name in bound {
        assert!(
            manifest.variables.contains_key(name),
            "{name} is no variable"
        );
    }
}

#[test]
fn app_has_its_executor_and_probes() {
    let all = rendered();
    if all.is_empty() {
        return;
    }
    let spec = &app(&all)["spec"];
    let executors = of_kind(&all, "SpinAppExecutor");
    assert!(
        executors
            .iter()
            .any(|executor| executor["metadata"]["name"] == spec["executor"])
    );
    let readiness = spec["checks"]["readiness"]["httpGet"]["path"]
        .as_str()
        .unwrap();
    assert!(Manifest::read().unwrap().has_route(readiness));
    assert_eq!(
        spec["checks"]["liveness"]["httpGet"]["path"],
        "/.well-known/spin/health"
    );
}

#[test]
fn runtime_configuration_has_stores_of_the_manifest() {
    let configuration: toml::Table =
        toml::from_str(&file(".deploy/kubernetes/example/runtime-config.toml").unwrap()).unwrap();
    let stores = configuration["key_value_store"].as_table().unwrap();
    let configured: BTreeSet<&str> = stores.keys().map(String::as_str).collect();
    assert_eq!(configured, Manifest::read().unwrap().stores());
}

#[test]
fn jobs_call_scheduled_routes_without_overlap() {
    let all = rendered();
    if all.is_empty() {
        return;
    }
    let manifest = Manifest::read().unwrap();
    let mut called = BTreeSet::new();
    for job in of_kind(&all, "CronJob") {
        assert_eq!(job["spec"]["concurrencyPolicy"], "Forbid");
        let command =
            texts(&job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["args"])
                .concat();
        called.extend(manifest.scheduled().into_iter().filter(|route| {
            command.ends_with(&format!("http://rivet-books/v1/scheduled/{route}"))
        }));
    }
    assert_eq!(called, manifest.scheduled());
}

#[test]
fn selectors_match_labels_of_pods() {
    let all = rendered();
    // Labels of the application's pods, which the operator sets, and of all others, which the manifests set.
    let mut labels: BTreeSet<(&str, &str)> =
        BTreeSet::from([("core.spinkube.dev/app-name", "rivet-books")]);
    for owner in of_kind(&all, "Deployment") {
        labels.extend(pairs(&owner["spec"]["template"]["metadata"]["labels"]));
    }
    for owner in of_kind(&all, "CronJob") {
        labels.extend(pairs(
            &owner["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"],
        ));
    }
    let mut selected = BTreeSet::new();
    for document in of_kind(&all, "NetworkPolicy")
        .into_iter()
        .chain(of_kind(&all, "PodDisruptionBudget"))
    {
        collect_selected(&document["spec"], &mut selected);
    }
    assert!(selected.is_subset(&labels), "{selected:?} {labels:?}");
    assert!(all.is_empty() || !selected.is_empty());
}

fn pairs(labels: &Value) -> Vec<(&str, &str)> {
    let members = labels.as_object().into_iter().flatten();
    members
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect()
}

fn collect_selected<'a>(value: &'a Value, selected: &mut BTreeSet<(&'a str, &'a str)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if matches!(name.as_str(), "podSelector" | "selector") {
                    selected.extend(pairs(&member["matchLabels"]));
                } else {
                    collect_selected(member, selected);
                }
            }
        }
        Value::Array(entries) => entries
            .iter()
            .for_each(|entry| collect_selected(entry, selected)),
        _ => {}
    }
}

/// The network policy lets the application reach public addresses by https alone.
#[test]
fn default_hosts_are_reached_by_https() {
    for host in Manifest::read().unwrap().hosts() {
        let is_https = host.starts_with("https://") && !host["https://".len()..].contains(':');
        assert!(is_https || host.ends_with(".invalid"), "{host}");
    }
}

#[test]
fn images_name_their_version() {
    for document in rendered() {
        let mut images = Vec::new();
        collect_images(&document, &mut images);
        for image in images {
            let tag = image
                .rsplit_once(':')
                .map(|(_, tag)| tag)
                .unwrap_or_default();
            assert!(tag.contains('.') && tag != "latest", "{image}");
        }
    }
}

fn collect_images<'a>(value: &'a Value, images: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(image) if matches!(name.as_str(), "image" | "spinImage") => {
                        images.push(image)
                    }
                    _ => collect_images(member, images),
                }
            }
        }
        Value::Array(entries) => entries
            .iter()
            .for_each(|entry| collect_images(entry, images)),
        _ => {}
    }
}

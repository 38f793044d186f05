//! Finds fields of a manifest that Kubernetes does not know.
//!
//! Kubernetes' own types read a document and write it again. A field that they do not know is lost on the way.

use anyhow::{Context, Result, bail};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::batch::v1::CronJob;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Service};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Returns the paths of the fields that Kubernetes does not know; `None` for a kind that is not Kubernetes' own.
///
/// # Errors
/// If a value has another type than Kubernetes gives it, a required field is missing, or the version is not that of the kind.
pub fn lost_fields(document: &Value) -> Result<Option<Vec<String>>> {
    let version = document["apiVersion"].as_str().unwrap_or_default();
    let kind = document["kind"].as_str().unwrap_or_default();
    let written = match (version, kind) {
        ("apps/v1", "Deployment") => written_again::<Deployment>(document),
        ("batch/v1", "CronJob") => written_again::<CronJob>(document),
        ("v1", "ConfigMap") => written_again::<ConfigMap>(document),
        ("v1", "Namespace") => written_again::<Namespace>(document),
        ("v1", "Service") => written_again::<Service>(document),
        ("networking.k8s.io/v1", "Ingress") => written_again::<Ingress>(document),
        ("networking.k8s.io/v1", "NetworkPolicy") => written_again::<NetworkPolicy>(document),
        ("policy/v1", "PodDisruptionBudget") => written_again::<PodDisruptionBudget>(document),
        ("core.spinkube.dev/v1alpha1", _) => return Ok(None),
        _ => bail!("no type for {version} {kind}"),
    };
    let written = written.with_context(|| format!("{kind} {}", document["metadata"]["name"]))?;
    let mut lost = Vec::new();
    compare(document, &written, kind, &mut lost);
    Ok(Some(lost))
}

fn written_again<T: DeserializeOwned + Serialize>(document: &Value) -> Result<Value> {
    let read: T = serde_json::from_value(document.clone())?;
    Ok(serde_json::to_value(read)?)
}

fn compare(given: &Value, written: &Value, path: &str, lost: &mut Vec<String>) {
    match (given, written) {
        (Value::Object(given), Value::Object(written)) => {
            for (name, member) in given {
                let path = format!("{path}.{name}");
                match written.get(name) {
                    Some(same) => compare(member, same, &path, lost),
                    // An empty list or object may be left out.
                    None if is_empty(member) => {}
                    None => lost.push(path),
                }
            }
        }
        (Value::Array(given), Value::Array(written)) if given.len() == written.len() => {
            for (index, (given, written)) in given.iter().zip(written).enumerate() {
                compare(given, written, &format!("{path}[{index}]"), lost);
            }
        }
        _ if given == written => {}
        _ => lost.push(path.to_owned()),
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
        || value.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn misspelt_field_is_lost() {
        let job = |field: &str| {
            json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "a"},
                "spec": {"schedule": "* * * * *", field: "Forbid", "jobTemplate": {}}})
        };
        assert_eq!(
            lost_fields(&job("concurrencyPolicy")).unwrap(),
            Some(vec![])
        );
        assert_eq!(
            lost_fields(&job("concurencyPolicy")).unwrap(),
            Some(vec!["CronJob.spec.concurencyPolicy".to_owned()])
        );
        let no_number = json!({"apiVersion": "v1", "kind": "Service", "metadata": {}, "spec": {"ports": [{"port": "http"}]}});
        assert!(lost_fields(&no_number).is_err());
    }
}

//! The description names each route, its examples are right, and the repository has it as it is now.

use openapi::document::{description, text};
use openapi::examples::Examples;
use openapi::operations::operations;
use openapi::routes::{manifest_paths, table_routes, workspace};
use openapi::validate::Validator;
use platform::problem::ProblemCode;
use serde_json::Value;
use std::collections::BTreeSet;

/// Adds each part of the description that has a schema and examples.
fn add_contents(part: &Value, found: &mut Vec<Value>) {
    match part {
        Value::Object(members) => {
            if members.contains_key("schema") && members.contains_key("examples") {
                found.push(part.clone());
            }
            for member in members.values() {
                add_contents(member, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| add_contents(item, found)),
        _ => {}
    }
}

#[test]
fn repository_has_the_description() {
    let stored = std::fs::read_to_string(workspace().join("functions/openapi.json")).unwrap();
    assert!(
        stored == text().unwrap(),
        "functions/openapi.json is out of date: run `cargo run -p openapi`"
    );
}

#[test]
fn each_route_is_described() {
    let document = description().unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described.insert((path.clone(), method.clone()));
        }
    }
    let routes = table_routes().unwrap().into_iter();
    let routed: BTreeSet<(String, String)> = routes
        .filter(|route| route.path.starts_with("/v1/"))
        .map(|route| (route.path, route.method))
        .collect();
    assert_eq!(described, routed);
    let paths: BTreeSet<String> = described.into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, manifest_paths().unwrap());
}

#[test]
fn each_example_fits_its_schema() {
    let document = description().unwrap();
    let validator = Validator {
        document: &document,
    };
    let mut found = Vec::new();
    add_contents(&document, &mut found);
    let mut faults = Vec::new();
    for content in &found {
        for (name, example) in content["examples"].as_object().unwrap() {
            let example = match example["$ref"].as_str() {
                Some(reference) => document.pointer(&reference[1..]).unwrap(),
                None => example,
            };
            faults.extend(validator.faults(&content["schema"], &example["value"], name));
        }
    }
    assert!(found.len() > 50);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_body_has_examples() {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for operation in operations() {
        assert!(!operation.summary.is_empty(), "{}", operation.path);
        let bodies = [operation.request, operation.success.body];
        for body in bodies.into_iter().flatten() {
            assert!(!body.examples.is_empty(), "{}", operation.path);
            used.extend(body.examples);
        }
    }
    let examples = Examples::read().unwrap();
    for name in examples.names() {
        let is_notification = name.starts_with("notify_");
        assert!(used.contains(name) || is_notification, "{name}");
    }
}

#[test]
fn examples_of_events_are_accepted() {
    let examples = Examples::read().unwrap();
    let billing = operations()
        .into_iter()
        .find(|operation| operation.path == "/v1/webhooks/billing");
    for name in billing.unwrap().request.unwrap().examples {
        let event = examples.get(name).unwrap().to_string();
        let read = billing::parse(event.as_bytes());
        assert!(
            matches!(read, Ok(billing::ParsedEvent::Known(_))),
            "{name}: {read:?}"
        );
    }
}

#[test]
fn settings_example_is_accepted() {
    let examples = Examples::read().unwrap();
    let settings = examples.get("settings").unwrap();
    let read = mapping::settings::parse(settings.to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), *settings);
}

#[test]
fn each_problem_code_is_described() {
    let text = text().unwrap();
    for code in ProblemCode::ALL {
        let name = format!("\"{}\"", code.name());
        assert!(text.contains(&name), "{name}");
    }
}

#[test]
fn each_reference_leads_to_a_schema() {
    let document = description().unwrap();
    let text = document.to_string();
    for rest in text.split("\"$ref\":\"#").skip(1) {
        let pointer = rest.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

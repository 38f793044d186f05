//! The compose file and the units of systemd, each for one machine.
#![expect(clippy::unwrap_used, reason = "a test stops where it breaks")]

use deployment::{Manifest, Ran, document, file, root, run};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

const COMPOSE: &str = ".deploy/one-machine/compose.yaml";

fn services(compose: &Value) -> &Map<String, Value> {
    compose["services"].as_object().unwrap()
}

/// Returns the names of a list, or of an object's members.
fn names(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(entries) => entries.iter().filter_map(Value::as_str).collect(),
        Value::Object(members) => members.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Returns the lines `NAME=value` that the script prints for a new deployment.
fn new_variables() -> BTreeMap<String, String> {
    let arguments = [
        ".deploy/new-variables",
        "https://books.example.com/",
        "https://app.example.com/settings",
    ];
    let Ran::Ended {
        status,
        output,
        errors,
    } = run("bash", &arguments).unwrap()
    else {
        panic!("a machine without bash");
    };
    assert!(status.success(), "{errors}");
    let lines = output.lines().map(|line| line.split_once('=').unwrap());
    lines
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn services_use_only_what_is_declared() {
    let compose = document(COMPOSE).unwrap();
    let known = [
        "image",
        "command",
        "restart",
        "volumes",
        "environment",
        "depends_on",
        "networks",
        "healthcheck",
        "secrets",
        "read_only",
        "cap_drop",
        "security_opt",
        "ports",
        "profiles",
    ];
    for (service, definition) in services(&compose) {
        let unknown: Vec<&str> = names(definition)
            .into_iter()
            .filter(|name| !known.contains(name))
            .collect();
        assert!(unknown.is_empty(), "{service}: {unknown:?}");
        for (list, declared) in [
            ("depends_on", "services"),
            ("networks", "networks"),
            ("secrets", "secrets"),
        ] {
            for name in names(&definition[list]) {
                assert!(
                    names(&compose[declared]).contains(&name),
                    "{service}: {list} {name}"
                );
            }
        }
        for volume in names(&definition["volumes"]) {
            let source = volume.split(':').next().unwrap();
            let exists = root().join(".deploy/one-machine").join(source).exists();
            let is_declared = names(&compose["volumes"]).contains(&source);
            assert!(
                if source.starts_with('.') {
                    exists
                } else {
                    is_declared
                },
                "{service}: {source}"
            );
        }
    }
}

#[test]
fn service_images_name_their_version() {
    let compose = document(COMPOSE).unwrap();
    for (service, definition) in services(&compose) {
        let tag = definition["image"]
            .as_str()
            .unwrap()
            .rsplit_once(':')
            .unwrap()
            .1;
        assert!(tag.contains('.'), "{service}");
    }
}

#[test]
fn compose_gives_spin_every_variable() {
    let compose = document(COMPOSE).unwrap();
    let environment = compose["services"]["spin"]["environment"]
        .as_object()
        .unwrap();
    let manifest = Manifest::read_postgres().unwrap();
    for (name, variable) in &manifest.variables {
        let given = environment.contains_key(&format!("SPIN_VARIABLE_{}", name.to_uppercase()));
        assert!(
            given || !(variable.required || variable.secret),
            "{name} is not given"
        );
    }
    let variables = environment
        .keys()
        .filter_map(|name| name.strip_prefix("SPIN_VARIABLE_"));
    for name in variables {
        let is_known = manifest.variables.contains_key(&name.to_lowercase());
        assert!(is_known, "{name} is no variable");
    }
}

/// Spin reaches only the hosts that the manifest names, and the manifest names PostgreSQL by its origin.
#[test]
fn compose_names_the_host_of_its_database() {
    let given = new_variables();
    let url = &given["SPIN_VARIABLE_POSTGRES_URL"];
    let (_, host) = url.rsplit_once('@').unwrap();
    let (host, _) = host.split_once('/').unwrap();
    assert_eq!(
        given["SPIN_VARIABLE_POSTGRES_ORIGIN"],
        format!("postgres://{host}")
    );
    let service = host.split(':').next().unwrap();
    assert!(services(&document(COMPOSE).unwrap()).contains_key(service));
    let origins = Manifest::read_postgres().unwrap().hosts();
    assert!(
        origins
            .iter()
            .any(|origin| origin.starts_with("postgres://"))
    );
}

#[test]
fn compose_needs_only_new_variables() {
    let text = file(COMPOSE).unwrap();
    let given = new_variables();
    for needed in text
        .split("${")
        .skip(1)
        .map(|rest| rest.split_once(":?}").unwrap().0)
    {
        assert!(given.contains_key(needed), "{needed}");
    }
}

#[test]
fn new_variables_fit_the_manifest() {
    let given = new_variables();
    let manifest = Manifest::read_postgres().unwrap();
    for (name, variable) in &manifest.variables {
        let given = given.contains_key(&format!("SPIN_VARIABLE_{}", name.to_uppercase()));
        assert!(
            given || !(variable.required || variable.secret),
            "{name} is not printed"
        );
    }
    assert_eq!(
        given["SPIN_VARIABLE_PUBLIC_URL"],
        "https://books.example.com"
    );
    assert!(given["SPIN_VARIABLE_RIVET_SESSION_SECRET"].len() >= 32);
    assert!(given["SPIN_VARIABLE_RIVET_WEBHOOK_SECRET"].starts_with("whsec_"));
    assert_ne!(
        new_variables()["SPIN_VARIABLE_TOKEN_KEYS"],
        given["SPIN_VARIABLE_TOKEN_KEYS"]
    );
}

#[test]
fn scheduled_routes_are_called_everywhere() {
    let compose = document(COMPOSE).unwrap();
    let loop_text = compose["services"]["scheduler"]["command"][2]
        .as_str()
        .unwrap();
    let called = loop_text
        .split("for route in ")
        .nth(1)
        .and_then(|rest| rest.split(';').next())
        .unwrap();
    let called: BTreeSet<&str> = called.split_whitespace().collect();
    let manifest = Manifest::read().unwrap();
    assert_eq!(called, manifest.scheduled());
    let guide = file(".deploy/README.md").unwrap();
    for route in manifest.scheduled() {
        assert!(
            guide.contains(&format!("rivet-books-schedule@{route}.timer")),
            "systemd: {route}"
        );
        assert!(
            guide.contains(&format!("/v1/scheduled/{route}?key=")),
            "Akamai: {route}"
        );
    }
}

/// systemd reads the units, with a program that exists here in the place of Spin.
#[test]
fn systemd_accepts_the_units() {
    let folder = std::env::temp_dir().join(format!("rivet-books-units-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut paths = Vec::new();
    for unit in [
        "rivet-books.service",
        "rivet-books-schedule@.service",
        "rivet-books-schedule@.timer",
    ] {
        let text = file(&format!(".deploy/systemd/{unit}")).unwrap();
        let path = folder.join(unit.replace('@', "@sync"));
        std::fs::write(&path, text.replace("/usr/local/bin/spin", "/bin/true")).unwrap();
        paths.push(path.to_str().unwrap().to_owned());
    }
    let mut arguments = vec!["verify", "--man=no"];
    arguments.extend(paths.iter().map(String::as_str));
    let verified = run("systemd-analyze", &arguments);
    std::fs::remove_dir_all(&folder).unwrap();
    if let Ran::Ended { status, errors, .. } = verified.unwrap() {
        assert!(
            status.success() && !errors.contains("rivet-books"),
            "{errors}"
        );
    }
}

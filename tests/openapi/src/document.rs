//! The whole description.

use crate::examples::Examples;
use crate::operation::{Body, Operation, Success, schema_of};
use crate::operations::operations;
use crate::parts::{
    headers, info, operation_id, parameter, problem, request_id, security, security_schemes,
    servers,
};
use crate::wire;
use anyhow::Result;
use platform::problem::ProblemCode;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The place of schemas in the description.
const SCHEMAS: &str = "/components/schemas";

/// The end of the name of a schema for the body of a request. It differs from the schema of an answer in what may be left out.
const OF_REQUESTS: &str = ".request";

/// Returns the text of the description, as the repository has it.
///
/// # Errors
/// An example is missing or cannot be read.
pub fn text() -> Result<String> {
    let mut bytes = Vec::new();
    let lines = PrettyFormatter::with_indent(b" ");
    description()?.serialize(&mut Serializer::with_formatter(&mut bytes, lines))?;
    bytes.push(b'\n');
    Ok(String::from_utf8(bytes)?)
}

/// Returns the description.
///
/// # Errors
/// An example is missing or cannot be read.
pub fn description() -> Result<Value> {
    let mut writer = Writer {
        problems: BTreeMap::new(),
        shown: BTreeSet::new(),
        answers: generator(SchemaSettings::draft2020_12().for_serialize()),
        requests: generator(SchemaSettings::draft2020_12().for_deserialize()),
        examples: Examples::read()?,
    };
    let mut paths = Map::new();
    for operation in operations() {
        let written = writer.operation(&operation);
        let path = paths
            .entry(operation.path)
            .or_insert_with(|| Value::Object(Map::new()));
        path[operation.method] = written;
    }
    let webhooks = writer.webhooks();
    writer.answers.subschema_for::<wire::ProblemBody>();
    Ok(json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": info(),
        "servers": servers(),
        "paths": paths,
        "webhooks": webhooks,
        "components": {
            "schemas": writer.schemas(), "responses": writer.problems, "headers": headers(), "examples": writer.shown_examples()?,
            "securitySchemes": security_schemes(),
        },
    }))
}

/// Returns the headers of an answer that is no problem.
fn headers_of(success: &Success) -> Value {
    let mut headers = request_id();
    for header in success.headers {
        headers[header.name] = json!({
            "description": header.description, "required": true, "schema": { "type": "string" },
        });
    }
    headers
}

fn generator(settings: SchemaSettings) -> SchemaGenerator {
    let settings = settings.with(|settings| {
        settings.definitions_path = SCHEMAS.into();
        settings.meta_schema = None;
    });
    settings.into_generator()
}

/// Writes operations, and gathers the schemas that they name.
struct Writer {
    answers: SchemaGenerator,
    requests: SchemaGenerator,
    examples: Examples,
    /// The names of the examples that bodies name.
    shown: BTreeSet<&'static str>,
    /// The answers with problems, by name.
    problems: BTreeMap<String, Value>,
}

impl Writer {
    fn operation(&mut self, operation: &Operation) -> Value {
        let mut written = json!({
            "operationId": operation_id(operation),
            "summary": operation.summary,
            "security": security(operation),
            "responses": self.responses(operation),
        });
        if !operation.parameters.is_empty() {
            let parameters = operation.parameters.iter().map(parameter);
            written["parameters"] = parameters.collect();
        }
        if let Some(body) = &operation.request {
            let mut content = self.request(body);
            content["required"] = (operation.path != "/v1/quickbooks/sync").into();
            written["requestBody"] = content;
        }
        written
    }

    fn request(&mut self, body: &Body) -> Value {
        let mut schema = (body.schema)(&mut self.requests).to_value();
        mark_requests(&mut schema);
        let examples = self.examples(body);
        json!({ "content": { "application/json": { "schema": schema, "examples": examples } } })
    }

    /// Returns references to the examples of a body.
    fn examples(&mut self, body: &Body) -> Value {
        let mut examples = Map::new();
        for name in body.examples {
            self.shown.insert(name);
            let reference = format!("#/components/examples/{name}");
            examples.insert((*name).to_owned(), json!({ "$ref": reference }));
        }
        Value::Object(examples)
    }

    /// Returns the examples that bodies name.
    fn shown_examples(&self) -> Result<Value> {
        let mut examples = Map::new();
        for name in &self.shown {
            let value = self.examples.get(name)?;
            examples.insert((*name).to_owned(), json!({ "value": value }));
        }
        Ok(Value::Object(examples))
    }

    /// Returns a reference to the answer with problems of one status.
    fn problem(&mut self, codes: &[ProblemCode]) -> Value {
        let names: Vec<&str> = codes.iter().map(|code| code.name()).collect();
        let name = names.join(".");
        let reference = format!("#/components/responses/{name}");
        self.problems.entry(name).or_insert_with(|| problem(codes));
        json!({ "$ref": reference })
    }

    fn responses(&mut self, operation: &Operation) -> Value {
        let success = &operation.success;
        let mut answer =
            json!({ "description": success.description, "headers": headers_of(success) });
        if let Some(body) = &success.body {
            let schema = (body.schema)(&mut self.answers).to_value();
            let examples = self.examples(body);
            answer["content"] =
                json!({ "application/json": { "schema": schema, "examples": examples } });
        }
        if let Some(media_type) = success.text {
            answer["content"][media_type] = json!({ "schema": { "type": "string" } });
        }
        let mut responses = Map::new();
        if operation.is_revalidated {
            let same = json!({ "description": "The caller has the answer.", "headers": headers_of(success) });
            responses.insert("304".to_owned(), same);
        }
        responses.insert(success.status.to_string(), answer);
        let problems = operation.all_problems();
        for code in &problems {
            let status = code.status();
            let alike: Vec<ProblemCode> = problems
                .iter()
                .copied()
                .filter(|other| other.status() == status)
                .collect();
            responses.insert(status.to_string(), self.problem(&alike));
        }
        Value::Object(responses)
    }

    /// Returns the notifications that RIVET receives.
    fn webhooks(&mut self) -> Value {
        let notifications = [
            (
                "document",
                Body {
                    schema: schema_of::<wire::DocumentNotificationBody>,
                    examples: &["notify_posted", "notify_paid"],
                },
            ),
            (
                "connection",
                Body {
                    schema: schema_of::<wire::ConnectionNotificationBody>,
                    examples: &["notify_error", "notify_expiring"],
                },
            ),
        ];
        let mut webhooks = Map::new();
        for (name, body) in notifications {
            let schema = (body.schema)(&mut self.answers).to_value();
            let examples = self.examples(&body);
            let content = json!({ "application/json": { "schema": schema, "examples": examples } });
            let post = json!({
                "operationId": format!("notify_{name}"),
                "summary": "Tells RIVET, signed by Standard Webhooks, at `/webhooks/accounting`.",
                "security": [{ "notification": [] }],
                "requestBody": { "required": true, "content": content },
                "responses": { "2XX": { "description": "RIVET has the notification. After any other answer it is sent again." } },
            });
            webhooks.insert(name.to_owned(), json!({ "post": post }));
        }
        Value::Object(webhooks)
    }

    /// Returns all schemas by name.
    fn schemas(&mut self) -> Value {
        let mut all = self.answers.take_definitions(true);
        for (name, mut schema) in self.requests.take_definitions(true) {
            mark_requests(&mut schema);
            all.insert([&name, OF_REQUESTS].concat(), schema);
        }
        all.values_mut().for_each(gather_values);
        all.sort_keys();
        Value::Object(all)
    }
}

/// Makes a list of allowed texts an `enum`. Each of them is a choice of its own at first, because it has a description.
fn gather_values(schema: &mut Value) {
    let choices = schema.get("oneOf").and_then(Value::as_array);
    let values: Option<Vec<Value>> = choices.and_then(|choices| {
        let values = choices.iter().map(|choice| choice.get("const").cloned());
        values.collect()
    });
    let Some(values) = values else { return };
    let words = choices.into_iter().flatten().map(|choice| {
        let description = choice["description"].as_str().unwrap_or_default();
        format!(
            "`{}`: {description}",
            choice["const"].as_str().unwrap_or_default()
        )
    });
    let words: Vec<String> = words.collect();
    let description = schema["description"].as_str().unwrap_or_default();
    let description = [&[description.to_owned()], words.as_slice()]
        .concat()
        .join("\n\n");
    *schema = json!({ "type": "string", "enum": values, "description": description });
}

/// Lets the references in a schema of a request name schemas of requests.
fn mark_requests(schema: &mut Value) {
    match schema {
        Value::Object(words) => {
            for (word, value) in words {
                match value {
                    Value::String(reference) if word == "$ref" => reference.push_str(OF_REQUESTS),
                    value => mark_requests(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(mark_requests),
        _ => {}
    }
}

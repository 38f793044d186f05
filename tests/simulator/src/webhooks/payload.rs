use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::event::Event;
use super::{Format, MediaType, Subscription};
use crate::{Operation, time_format};

/// The parts of a payload that differ between apps and between events.
pub(super) struct Style<'a> {
    /// The `source` of CloudEvents.
    pub(super) source: &'a str,
    /// A number for each event that is spelled in another way, `None` for the other events.
    pub(super) odd_spellings: &'a [Option<usize>],
}

/// Renders the body of a delivery.
pub(super) fn body(subscription: &Subscription, events: &[Event], style: &Style<'_>) -> Bytes {
    let body = match subscription.format {
        Format::Classic => classic(events, style),
        Format::CloudEvents => events
            .iter()
            .enumerate()
            .map(|(index, event)| {
                let odd_spelling = style.odd_spellings.get(index).copied().flatten();
                let mut rendered = cloud_event(subscription, event, style.source);
                rendered["type"] = json!(cloud_event_type(event, odd_spelling));
                rendered
            })
            .collect(),
    };
    Bytes::from(body.to_string())
}

/// Returns the value of the `content-type` header.
pub(super) fn media_type(media_type: MediaType) -> &'static str {
    match media_type {
        MediaType::Json => "application/json; charset=utf-8",
        MediaType::CloudEventsJson => "application/cloudevents+json",
    }
}

fn classic(events: &[Event], style: &Style<'_>) -> Value {
    let mut companies: Vec<(&str, Vec<Value>)> = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let entity = classic_entity(event, style.odd_spellings.get(index).copied().flatten());
        match companies
            .iter_mut()
            .find(|(realm, _)| *realm == event.realm)
        {
            Some((_, entities)) => entities.push(entity),
            None => companies.push((&event.realm, vec![entity])),
        }
    }
    let notifications: Vec<Value> = companies
        .into_iter()
        .map(|(realm, entities)| json!({"realmId": realm, "dataChangeEvent": {"entities": entities}}))
        .collect();
    json!({ "eventNotifications": notifications })
}

fn classic_entity(event: &Event, odd_spelling: Option<usize>) -> Value {
    let operation = match event.operation {
        Operation::Create => "Create",
        Operation::Update => "Update",
        Operation::Delete => "Delete",
        Operation::Merge => "Merge",
        Operation::Void => "Void",
        Operation::Emailed => "Emailed",
    };
    let mut entity = json!({
        "name": event.kind.name(), "id": event.entity, "operation": operation,
        "lastUpdated": classic_time(event.at, odd_spelling),
    });
    if let Some(gone) = &event.deleted_id {
        let name = match odd_spelling {
            None => "deletedId",
            Some(_) => "deletedID",
        };
        entity[name] = json!(gone);
    }
    entity
}

/// Renders a time in one of the four spellings that Intuit's texts and payloads show.
fn classic_time(at: Timestamp, odd_spelling: Option<usize>) -> String {
    match odd_spelling.map(|number| number % 3) {
        None => time_format::format_without_colon(at),
        Some(0) => time_format::format_seconds(at),
        Some(1) => time_format::format_milliseconds(at),
        Some(_) => at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }
}

fn cloud_event(subscription: &Subscription, event: &Event, source: &str) -> Value {
    let mut data = json!({});
    if let (true, Some(body)) = (subscription.full_data, &event.body) {
        data = body.clone();
    }
    if let (true, Some(gone)) = (subscription.deleted_id_in_data, &event.deleted_id) {
        data["deletedId"] = json!(gone);
    }
    json!({
        "specversion": "1.0",
        "id": event.id,
        "source": source,
        "datacontenttype": "application/json",
        "time": event.at.strftime("%Y-%m-%dT%H:%M:%S%.9fZ").to_string(),
        "intuitentityid": event.entity,
        "intuitaccountid": event.realm,
        "data": data,
    })
}

/// Returns the type of a CloudEvent. Intuit's texts spell a void in two ways.
fn cloud_event_type(event: &Event, odd_spelling: Option<usize>) -> String {
    let operation = match event.operation {
        Operation::Create => "created",
        Operation::Update => "updated",
        Operation::Delete => "deleted",
        Operation::Merge => "merged",
        Operation::Void if odd_spelling.is_some() => "void",
        Operation::Void => "voided",
        Operation::Emailed => "emailed",
    };
    let entity = event.kind.name().to_ascii_lowercase();
    format!("qbo.{entity}.{operation}.v1")
}

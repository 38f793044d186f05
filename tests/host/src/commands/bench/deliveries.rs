//! Webhooks that `bench` sends: new events of Intuit, and pay apps of RIVET that only wait.

use std::sync::Arc;

use anyhow::ensure;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::queue::lease::LeaseResult;
use store::{Claimant, Store};

use super::firms::{BenchFirm, FIRMS};
use crate::demo::intuit_webhooks::{ChangedObject, cloud_event, signed_delivery};
use crate::demo::local_deployment::LocalDeployment;
use crate::load::Requests;
use samples::billing::{Figures, Project};

/// The number of objects of each company, and of pay apps of each firm, that change again and again.
const OBJECTS: usize = 25;

/// Returns deliveries of Intuit with one new event each, so that every delivery writes to the store.
pub(super) fn intuit_deliveries(deployment: &LocalDeployment, firms: &[BenchFirm]) -> Requests {
    let realms: Arc<[String]> = firms.iter().map(|firm| firm.realm.clone()).collect();
    let now = deployment.now();
    Arc::new(move |number| {
        let invoice = ChangedObject {
            realm: &realms[number % realms.len()],
            kind: "invoice",
            id: (number / realms.len() % OBJECTS).to_string(),
        };
        let milliseconds = i64::try_from(number).unwrap_or_default();
        let changed_at = now.saturating_add(SignedDuration::from_millis(milliseconds));
        let event = cloud_event(
            &format!("event-{number:030}"),
            &invoice,
            changed_at.unwrap_or(now),
        );
        signed_delivery(Bytes::from(json!([event]).to_string()))
    })
}

/// Returns events of RIVET, each with a new revision of a pay app.
pub(super) fn billing_events(deployment: &LocalDeployment, firms: &[BenchFirm]) -> Requests {
    let ids: Arc<[String]> = firms.iter().map(|firm| firm.id.clone()).collect();
    let rivet = deployment.rivet.clone();
    Arc::new(move |number| {
        let project = Project {
            firm: ids[number % FIRMS].clone(),
            number: number / FIRMS % OBJECTS,
            customer: 0,
        };
        let revision = 1 + number / (FIRMS * OBJECTS);
        let body = project.pay_app_event(1, revision, Figures::with_ten_percent_retainage(100_000));
        // A signature is valid for five minutes, and a measurement may take longer.
        let signed = rivet.signature_headers(&format!("evt_{number}"), &body, Timestamp::now());
        let headers = signed.into_iter().filter_map(|(name, value)| {
            Some((
                HeaderName::from_static(name),
                HeaderValue::try_from(value).ok()?,
            ))
        });
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Uri::from_static("/v1/webhooks/billing");
        request.headers_mut().extend(headers);
        *request.body_mut() = Bytes::from(body);
        request
    })
}

/// Takes the lease of each firm's queue for an hour, so that events are only queued. Sends one event to see that.
///
/// # Errors
/// Fails if a queue is taken, or the event is not queued.
pub(super) async fn hold_queues(
    deployment: &LocalDeployment,
    firms: &[BenchFirm],
) -> anyhow::Result<()> {
    let store = Store::new(deployment.records());
    let claimant = Claimant {
        owner: "bench",
        now: deployment.now() + SignedDuration::from_hours(1),
    };
    for firm in firms {
        let lease = store.acquire_lease(&firm.id.parse()?, claimant).await?;
        ensure!(matches!(lease, LeaseResult::Ours(_)), "{} works", firm.id);
    }
    let first = billing_events(deployment, firms)(0);
    let answer = deployment.send(first).await?;
    let body: Value = serde_json::from_slice(answer.body())?;
    ensure!(body["outcome"] == "queued", "the event was answered {body}");
    Ok(())
}

/// Returns the same requests with another path.
pub(super) fn with_path(path: &'static str, requests: Requests) -> Requests {
    Arc::new(move |number| {
        let mut request = requests(number);
        *request.uri_mut() = Uri::from_static(path);
        request
    })
}

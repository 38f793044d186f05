//! `bench`: measures latency and throughput, and compares with a component that does nothing.

mod reports;
mod posting;
mod refresh;
mod webhooks;

use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use clap::Args;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue, Request};
use samples::story;

use crate::demo;
use crate::demo::local_deployment::LocalDeployment;
use crate::guests;
use crate::load::{Load, Requests, Subject, compare};
use crate::{App, Logs, Options, Storage};

/// The arguments of `bench`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Requests that are open at the same time
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Requests measured for each component
    #[arg(long, default_value_t = 2_000)]
    requests: usize,
    /// Measure the scheduled token refresh of thousands of connections instead
    #[arg(long)]
    refresh: bool,
    /// Count the calls, reads and writes of posting 1, 30 and 1 000 pay apps instead
    #[arg(long, conflicts_with = "refresh")]
    posting: bool,
    /// Measure the tie-out and the retainage schedule of a firm with 1 000 pay apps instead
    #[arg(long, conflicts_with_all = ["refresh", "posting"])]
    reports: bool,
    /// Measure webhooks from QuickBooks, compared with a component that does one write, instead
    #[arg(long, conflicts_with_all = ["refresh", "posting", "reports"])]
    webhooks: bool,
}

/// Builds the components, measures them and prints a table.
///
/// # Errors
/// Fails if a component cannot be built, loaded or reached, or an answer has no 2xx status.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let load = Load {
        connections: arguments.connections,
        requests: arguments.requests,
    };
    let runtime = tokio::runtime::Runtime::new().context("cannot start threads")?;
    if arguments.refresh {
        return runtime.block_on(refresh::measure());
    }
    if arguments.posting {
        return runtime.block_on(posting::measure());
    }
    if arguments.reports {
        return runtime.block_on(reports::measure());
    }
    if arguments.webhooks {
        return runtime.block_on(webhooks::run(load));
    }
    print!("{}", runtime.block_on(measure(load))?);
    Ok(())
}

async fn measure(load: Load) -> anyhow::Result<String> {
    let hello = hello()?;
    let deployment = demo::start(([127, 0, 0, 1], 0).into(), Storage::Memory).await?;
    for number in 0..FIRMS {
        demo::connect_firm(&deployment, &firm(number)).await?;
    }
    let table = compare(&[hello, status(&deployment), webhook(&deployment)?], load).await?;
    deployment.stop().await;
    Ok(table)
}

/// The number of firms that the events are spread over.
const FIRMS: usize = 20;

fn firm(number: usize) -> String {
    format!("firm_bench_{}", number % FIRMS)
}

/// The status route, which RIVET's page calls often: three records are read, and QuickBooks is not called.
fn status(deployment: &LocalDeployment) -> Subject {
    let token = deployment.rivet.session_token(&firm(0), deployment.now());
    let requests: Requests = Arc::new(move |_| {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = http::Uri::from_static("/v1/quickbooks/status");
        let bearer = HeaderValue::try_from(format!("Bearer {token}"));
        request
            .headers_mut()
            .extend(bearer.ok().map(|bearer| (AUTHORIZATION, bearer)));
        request
    });
    Subject {
        name: "status",
        app: deployment.app.clone(),
        requests,
    }
}

/// The webhook, with a new pay app with retainage in each request. A pay app is posted to the simulated QuickBooks if
/// the firm's queue is free, and queued if a worker holds its lease.
fn webhook(deployment: &LocalDeployment) -> anyhow::Result<Subject> {
    let story = story::harbor_point()?;
    let body = story.get(2).context("the story has no pay app")?.body;
    let (rivet, now) = (deployment.rivet.clone(), deployment.now());
    let requests: Requests = Arc::new(move |number| {
        let body = body
            .replace("firm_harbor", &firm(number))
            .replace("pa_1042_1", &format!("pa_bench_{number}"))
            .replace(r#""number": 1,"#, &format!(r#""number": {},"#, number + 1));
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = http::Uri::from_static("/v1/webhooks/billing");
        let signed = rivet.signature_headers(&format!("evt_{number}"), &body, now);
        let headers = signed.into_iter().filter_map(|(name, value)| {
            Some((
                HeaderName::from_static(name),
                HeaderValue::try_from(value).ok()?,
            ))
        });
        request.headers_mut().extend(headers);
        *request.body_mut() = Bytes::from(body);
        request
    });
    Ok(Subject {
        name: "webhook",
        app: deployment.app.clone(),
        requests,
    })
}

/// The component that does nothing. The others are compared with it.
fn hello() -> anyhow::Result<Subject> {
    Ok(Subject {
        name: "hello",
        app: load_guests(Storage::Memory)?,
        requests: get("/hello"),
    })
}

/// Loads the guest components, which are compared with the product's.
fn load_guests(storage: Storage) -> anyhow::Result<App> {
    guests::load(Options {
        storage,
        logs: Logs::terminal(),
        ..Options::default()
    })
}

fn get(path: &'static str) -> Requests {
    Arc::new(move |_| {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = http::Uri::from_static(path);
        request
    })
}

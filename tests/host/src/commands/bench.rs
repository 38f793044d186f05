//! `bench`: latency and throughput beside a component that does nothing.

mod posting;
mod refresh;
mod webhooks;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use clap::Args;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue, Request};

use crate::demo::stage::Stage;
use crate::demo::{self, story};
use crate::load::{Load, Requests, Subject, compare};
use crate::{App, Logs, Manifest, Options, Storage, build};

/// What `bench` can be told.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Requests under way at the same time
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Requests measured for each component
    #[arg(long, default_value_t = 2_000)]
    requests: usize,
    /// Measure the scheduled refresh of thousands of connections instead
    #[arg(long)]
    refresh: bool,
    /// Count what posting pay apps costs, one and a thousand, instead
    #[arg(long, conflicts_with = "refresh")]
    posting: bool,
    /// Measure webhooks from QuickBooks beside a component that does one write instead
    #[arg(long, conflicts_with_all = ["refresh", "posting"])]
    webhooks: bool,
}

/// Builds, measures and prints the table.
///
/// # Errors
/// If a component cannot be built, loaded or reached, or answers other than with success.
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
    if arguments.webhooks {
        return runtime.block_on(webhooks::run(load));
    }
    print!("{}", runtime.block_on(measure(load))?);
    Ok(())
}

async fn measure(load: Load) -> anyhow::Result<String> {
    let hello = hello()?;
    let stage = demo::raise(([127, 0, 0, 1], 0).into()).await?;
    for number in 0..FIRMS {
        demo::open_office(&stage, &firm(number)).await?;
    }
    let table = compare(&[hello, status(&stage), webhook(&stage)?], load).await?;
    stage.stop().await;
    Ok(table)
}

/// Events are spread over so many firms.
const FIRMS: usize = 20;

fn firm(number: usize) -> String {
    format!("firm_bench_{}", number % FIRMS)
}

/// What a page asks for all day long: three records read, no call.
fn status(stage: &Stage) -> Subject {
    let token = stage.rivet.session(&firm(0), stage.now());
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
        app: stage.app.clone(),
        requests,
    }
}

/// A pay app with retainage, each time another one: accepted and, while the desk is free, posted to the
/// simulated QuickBooks; what meets a worker at its firm's desk is queued.
fn webhook(stage: &Stage) -> anyhow::Result<Subject> {
    let story = story::harbor_point()?;
    let body = story.get(2).context("the story has no pay app")?.body;
    let (rivet, now) = (stage.rivet.clone(), stage.now());
    let requests: Requests = Arc::new(move |number| {
        let body = body
            .replace("firm_harbor", &firm(number))
            .replace("pa_1042_1", &format!("pa_bench_{number}"))
            .replace(r#""number": 1,"#, &format!(r#""number": {},"#, number + 1));
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = http::Uri::from_static("/v1/webhooks/billing");
        let signed = rivet.signed(&format!("evt_{number}"), &body, now);
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
        app: stage.app.clone(),
        requests,
    })
}

/// The bare component that all others are compared with.
fn hello() -> anyhow::Result<Subject> {
    Ok(Subject {
        name: "hello",
        app: guest(Storage::Memory)?,
        requests: get("/hello"),
    })
}

/// The components that ours are compared with.
fn guest(storage: Storage) -> anyhow::Result<App> {
    let manifest = Manifest::read(Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/guests/spin.toml"
    )))?;
    build::components(&manifest)?;
    let variables = ["key", "other_key"]
        .map(|name| (name.to_owned(), String::new()))
        .into();
    App::load(
        &manifest,
        Options {
            variables,
            storage,
            logs: Logs::terminal(),
            ..Options::default()
        },
    )
}

fn get(path: &'static str) -> Requests {
    Arc::new(move |_| {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = http::Uri::from_static(path);
        request
    })
}

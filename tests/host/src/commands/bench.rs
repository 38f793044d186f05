//! `bench`: latency and throughput beside a component that does nothing.

use std::path::Path;

use anyhow::Context as _;
use bytes::Bytes;
use clap::Args;
use http::Request;

use crate::load::{Load, Requests, Subject, compare};
use crate::{App, Logs, Manifest, Options, build};

/// What `bench` can be told.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Requests under way at the same time
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Requests measured for each component
    #[arg(long, default_value_t = 2_000)]
    requests: usize,
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
    let subjects = [hello()?];
    let runtime = tokio::runtime::Runtime::new().context("cannot start threads")?;
    print!("{}", runtime.block_on(compare(&subjects, load))?);
    Ok(())
}

/// The bare component that all others are compared with.
fn hello() -> anyhow::Result<Subject> {
    let manifest = Manifest::read(Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/guests/spin.toml"
    )))?;
    build::components(&manifest)?;
    let variables = ["key", "other_key"]
        .map(|name| (name.to_owned(), String::new()))
        .into();
    let app = App::load(
        &manifest,
        Options {
            variables,
            logs: Logs::terminal(),
            ..Options::default()
        },
    )?;
    Ok(Subject {
        name: "hello",
        app,
        requests: get("/hello"),
    })
}

fn get(path: &'static str) -> Requests {
    std::sync::Arc::new(move |_| {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = http::Uri::from_static(path);
        request
    })
}

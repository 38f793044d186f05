//! Serves an app over HTTP.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;

use anyhow::{Context as _, anyhow};
use http_body_util::BodyExt as _;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wasmtime_wasi_http::Error;

use crate::app::App;

/// An app that listens. Dropping it stops it too, without waiting.
pub struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// Where it listens, with the port that was found if 0 was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://` and the address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no more requests, finishes those that have begun, and returns.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }

    /// Serves until Ctrl-C, then stops; a second one does not wait for requests that are under way.
    ///
    /// What `announce` says is only said when an interrupt would already be noticed.
    ///
    /// # Errors
    /// If interrupts cannot be waited for.
    pub async fn until_interrupted(self, announce: impl FnOnce(&Self)) -> anyhow::Result<()> {
        let mut interrupted = pin!(tokio::signal::ctrl_c());
        let first = tokio::select! {
            biased;
            first = &mut interrupted => first,
            () = async { announce(&self) } => interrupted.await,
        };
        first.context("cannot wait for Ctrl-C")?;
        eprintln!("Stopping; press Ctrl-C again not to wait for requests that are under way");
        tokio::select! {
            () = self.stop() => Ok(()),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    }
}

impl App {
    /// Starts to listen at `address`; port 0 finds a free one.
    ///
    /// # Errors
    /// If the address is taken or not ours.
    pub async fn listen(&self, address: SocketAddr) -> anyhow::Result<Running> {
        let listener =
            TcpListener::bind(address)
                .await
                .map_err(|problem| match problem.kind() {
                    ErrorKind::AddrInUse => {
                        anyhow!("{address} is already in use; choose another with --listen")
                    }
                    _ => anyhow!("cannot listen on {address}: {problem}"),
                })?;
        self.serve(listener)
    }

    /// Serves on a port that is taken already.
    ///
    /// # Errors
    /// If the listener has no address.
    pub fn serve(&self, listener: TcpListener) -> anyhow::Result<Running> {
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(accept(self.clone(), listener, stopped));
        Ok(Running {
            address,
            stop,
            task,
        })
    }
}

async fn accept(app: App, listener: TcpListener, mut stopped: oneshot::Receiver<()>) {
    let connections = GracefulShutdown::new();
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            accepted = listener.accept() => {
                // A connection that failed before it was accepted concerns only its caller.
                if let Ok((stream, caller)) = accepted {
                    serve(&app, &connections, stream, caller);
                }
            }
        }
    }
    drop(listener);
    connections.shutdown().await;
}

fn serve(app: &App, connections: &GracefulShutdown, stream: TcpStream, caller: SocketAddr) {
    // Answers are small: waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let app = app.clone();
    let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let app = app.clone();
        async move {
            let request = request.map(|body| body.map_err(Error::from).boxed_unsync());
            Ok::<_, std::convert::Infallible>(app.respond(request, caller).await)
        }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        // A caller that goes away is no failure of ours.
        let _ = connection.await;
    });
}

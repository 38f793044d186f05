//! Serves an app over HTTP.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;

use anyhow::{Context as _, anyhow};
use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wasmtime_wasi_http::{Error, WasiBody};

use crate::app::App;

/// An app that listens. Dropping it stops the app without waiting for open requests.
pub struct RunningApp {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl RunningApp {
    /// Returns the address that it listens on. If port 0 was asked for, it has the port that was found.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns `http://` and the address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no more requests, finishes the open ones, and returns.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }

    /// Serves until Ctrl-C, then finishes the open requests. A second Ctrl-C does not wait for them.
    ///
    /// Calls `announce` only once an interrupt is handled, so that a reader of its output may interrupt at once.
    ///
    /// # Errors
    /// Fails if the process cannot wait for Ctrl-C.
    pub async fn serve_until_interrupted(self, announce: impl FnOnce(&Self)) -> anyhow::Result<()> {
        let mut interrupted = pin!(tokio::signal::ctrl_c());
        let first = tokio::select! {
            biased;
            first = &mut interrupted => first,
            () = async { announce(&self) } => interrupted.await,
        };
        first.context("cannot wait for Ctrl-C")?;
        eprintln!("Stopping after the open requests; press Ctrl-C again to stop at once");
        tokio::select! {
            () = self.stop() => Ok(()),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    }
}

impl App {
    /// Starts to listen on `address`. Port 0 finds a free port.
    ///
    /// # Errors
    /// Fails if the address is in use or does not belong to this machine.
    pub async fn listen(&self, address: SocketAddr) -> anyhow::Result<RunningApp> {
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

    /// Starts to serve on a listener that is already open.
    ///
    /// # Errors
    /// Fails if the listener has no address.
    pub fn serve(&self, listener: TcpListener) -> anyhow::Result<RunningApp> {
        self.serve_behind(listener, |_: &Parts| Front::Pass)
    }

    /// Starts to serve on a listener that is already open. `front` looks at the head of each request first.
    ///
    /// # Errors
    /// Fails if the listener has no address.
    pub fn serve_behind(
        &self,
        listener: TcpListener,
        front: impl Fn(&Parts) -> Front + Clone + Send + Sync + 'static,
    ) -> anyhow::Result<RunningApp> {
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let service = FrontedApp {
            app: self.clone(),
            front,
        };
        let task = tokio::spawn(accept_connections(service, listener, stopped));
        Ok(RunningApp {
            address,
            stop,
            task,
        })
    }
}

/// The answer of what stands before an app on this machine.
#[derive(Clone, Debug)]
pub enum Front {
    /// The app answers.
    Pass,
    /// The server answers so, and the app does not see the request.
    Answer(Response<Bytes>),
    /// The connection is closed without an answer.
    Hang,
}

/// An app and what stands before it.
#[derive(Clone)]
struct FrontedApp<F> {
    app: App,
    front: F,
}

impl<F: Fn(&Parts) -> Front> FrontedApp<F> {
    async fn respond(
        self,
        request: Request<Incoming>,
        caller: SocketAddr,
    ) -> Result<Response<WasiBody>, ConnectionClosed> {
        let (head, body) = request.into_parts();
        match (self.front)(&head) {
            Front::Pass => {
                let body = body.map_err(Error::from).boxed_unsync();
                let request = Request::from_parts(head, body);
                Ok(self.app.respond(request, caller).await)
            }
            Front::Answer(answer) => {
                let full = |bytes| Full::new(bytes).map_err(|never| match never {});
                Ok(answer.map(|bytes| full(bytes).boxed_unsync()))
            }
            Front::Hang => Err(ConnectionClosed),
        }
    }
}

/// The reason why a connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection was closed without an answer")]
struct ConnectionClosed;

async fn accept_connections<F>(
    service: FrontedApp<F>,
    listener: TcpListener,
    mut stopped: oneshot::Receiver<()>,
) where
    F: Fn(&Parts) -> Front + Clone + Send + Sync + 'static,
{
    let connections = GracefulShutdown::new();
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            accepted = listener.accept() => {
                // A connection that failed before it was accepted concerns only its client.
                if let Ok((stream, caller)) = accepted {
                    serve_connection(&service, &connections, stream, caller);
                }
            }
        }
    }
    drop(listener);
    connections.shutdown().await;
}

fn serve_connection<F>(
    service: &FrontedApp<F>,
    connections: &GracefulShutdown,
    stream: TcpStream,
    caller: SocketAddr,
) where
    F: Fn(&Parts) -> Front + Clone + Send + Sync + 'static,
{
    // As on Spin, TCP_NODELAY stays off: an answer in two segments would wait for the client's acknowledgement.
    let app = service.clone();
    let service = service_fn(move |request| app.clone().respond(request, caller));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        // If the client closes the connection, the host has not failed.
        let _ = connection.await;
    });
}

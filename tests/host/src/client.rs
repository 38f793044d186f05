//! An HTTP/1.1 client for the loopback interface.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Opens a connection that sends one request after another.
pub(crate) async fn connect(address: SocketAddr) -> anyhow::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// Sends one request on a new connection and returns the answer with its whole body.
pub(crate) async fn send_once(
    address: SocketAddr,
    mut request: Request<Bytes>,
) -> anyhow::Result<Response<Bytes>> {
    let mut sender = connect(address).await?;
    let host = address.to_string().try_into()?;
    request.headers_mut().entry(header::HOST).or_insert(host);
    let answer = sender.send_request(request.map(Full::new)).await?;
    let (head, body) = answer.into_parts();
    Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
}

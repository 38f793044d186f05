//! HTTP/1.1 over loopback, as a caller.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A connection for requests one after another.
pub(crate) async fn connect(address: SocketAddr) -> anyhow::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// One request on a connection of its own, and the whole answer.
pub(crate) async fn once(
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

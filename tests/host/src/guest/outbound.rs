//! Outbound HTTP. Requests to hosts that the manifest does not name are refused; the library sends the others.

use std::sync::Arc;

use http::{Request, Response, Uri};
use http_body_util::BodyExt;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks, default_send_request};

use super::Permissions;

type Transmission = Box<dyn Future<Output = Result<(), Error>> + Send>;
type Exchange = Box<dyn Future<Output = Result<(Response<WasiBody>, Transmission), Error>> + Send>;

/// The hook through which each outbound request of an instance passes.
pub(super) struct Outbound(pub Arc<Permissions>);

impl WasiHttpHooks for Outbound {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _response_processed: Transmission,
    ) -> Exchange {
        if !self.0.hosts.allows(request.uri()) {
            self.log_refusal(request.uri());
            return Box::new(async { Err(Error::HttpRequestDenied) });
        }
        self.0.shared.meter.outbound.add(1);
        Box::new(async move {
            let (response, transmission) = default_send_request(request, options).await?;
            Ok((
                response.map(BodyExt::boxed_unsync),
                Box::new(transmission) as Transmission,
            ))
        })
    }
}

impl Outbound {
    /// Logs the line that would allow the host. Path and query are left out: they may contain secrets.
    fn log_refusal(&self, uri: &Uri) {
        let scheme = uri.scheme_str().unwrap_or("https");
        let authority = uri.authority().map(|authority| {
            authority.port().map_or_else(
                || authority.host().to_owned(),
                |port| format!("{}:{port}", authority.host()),
            )
        });
        self.0.log(&format!(
            "outbound request refused; to allow it, add \"{scheme}://{}\" to allowed_outbound_hosts of [component.{}] in spin.toml",
            authority.unwrap_or_default(),
            self.0.component
        ));
    }
}

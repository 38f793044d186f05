//! Sends one request to the company: within the rate limit, with an accepted token, and only if there is time for the answer.

use crate::call_outcome::CallError;
use crate::client::access::wait_for_permit;
use crate::client::api::ApiRequest;
use crate::client::observed_answers::ObservedConnection;
use crate::client::{CompanyClient, READ_DELAY};
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::Failure;
use quickbooks::answer::Answer;

impl<H: Http, R: Records> CompanyClient<'_, H, R> {
    /// Sends a read.
    pub(super) async fn read(
        &mut self,
        request: ApiRequest<'_>,
        now: Timestamp,
    ) -> Result<Answer, CallError> {
        let answer = self.send(request, now).await;
        answer.map_err(|error| error.of_read(now, READ_DELAY))
    }

    /// Sends a request. If QuickBooks rejects the token, sends the request once more with a new token.
    ///
    /// While QuickBooks rejects new tokens too, no token is renewed before its time: an outage is not to use up refresh tokens.
    pub(super) async fn send(
        &mut self,
        request: ApiRequest<'_>,
        now: Timestamp,
    ) -> Result<Answer, CallError> {
        let mut answer = send_once(self, request, now).await;
        let rejects_all = self.connection.rejected_since.is_some();
        if matches!(answer, Err(CallError::TokenRejected)) && !rejects_all {
            let renewed = self.renew_token().await;
            if request.has_several_writes() {
                return Err(interrupted(renewed));
            }
            renewed?;
            answer = send_once(self, request, now).await;
        }
        let mut observed = ObservedConnection {
            services: self.services,
            firm: self.firm,
            connection: &mut self.connection,
        };
        observed.observe(answer, now).await
    }
}

/// Sends a request once, as soon as the rate limit allows it.
async fn send_once<H: Http, R: Records>(
    client: &mut CompanyClient<'_, H, R>,
    request: ApiRequest<'_>,
    now: Timestamp,
) -> Result<Answer, CallError> {
    wait_for_permit(client, request.call_kind()).await?;
    let api = client.api()?;
    client.limiter.reads.add(request.reads(), client.now());
    let answer = api.send(request, now).await;
    answer.map_err(|error| match error {
        CallError::Throttled { why, retry_at } if request.has_several_writes() => {
            let retry_at = Some(retry_at);
            CallError::OutcomeUnknown { why, retry_at }
        }
        error => error,
    })
}

/// Returns the error of a batch whose token ended. The batch may have been carried out in part, so it is looked up.
fn interrupted(renewed: Result<(), CallError>) -> CallError {
    match renewed {
        Err(CallError::Store(error)) => CallError::Store(error),
        _ => CallError::unknown("the sign-in ended on the way"),
    }
}

/// Returns the error of a read whose answer lacks the object.
pub(super) fn unread(failure: Failure, now: Timestamp) -> CallError {
    CallError::from_failure(failure, now).of_read(now, READ_DELAY)
}

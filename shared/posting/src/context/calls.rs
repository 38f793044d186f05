//! Calls to the company: in turn, with a token that is accepted, and none that cannot end in time.

use crate::context::WorkerContext;
use crate::error::{Halt, again};
use connection::call_outcome::Setback;
use connection::client::{ApiRequest, CallError, CompanyClient};
use connection::refresh::{RefreshResult, refresh};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use oauth2::AccessToken;
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use ports::time::after;
use quickbooks::Failure;
use quickbooks::answer::Answer;
use store::Claimant;
use store::connection::UsableGrant;
use store::connection::grant::EVERY;
use store::connection::{ConnectionStatus, ReauthorizationReason};
use store::queue::rate_limiter::Permit;

impl<'a, H: Http, R: Records> WorkerContext<'a, H, R> {
    fn calls(&self) -> Result<CompanyClient<'a, H>, Halt> {
        let now = self.now();
        let later = || Halt::Setback(Setback::Later(after(now, SignedDuration::from_secs(60))));
        let lost = || Halt::Setback(Setback::Lost(self.connection.status));
        let UsableGrant { company, grant } = self.connection.usable_grant().ok_or_else(lost)?;
        let patience = self.hours.patience(now).ok_or_else(later)?;
        if grant.access_expires_at <= now {
            return Err(later());
        }
        Ok(CompanyClient {
            http: &self.bridge.http,
            api_origin: &self.bridge.api_origin,
            realm_id: company.realm_id.clone(),
            access_token: AccessToken::new(grant.access_token.0.clone()),
            patience,
        })
    }

    /// A token that was refused is renewed once, whatever its age.
    async fn renew(&mut self) -> Result<(), Halt> {
        let now = self.now();
        let later = || Halt::Setback(Setback::Later(after(now, SignedDuration::from_secs(60))));
        if !self.hours.allow_a_refresh(now) {
            return Err(later());
        }
        let owner = self.owner;
        let claimant = Claimant { owner, now };
        match refresh(&self.bridge.auth(), self.firm, EVERY, claimant).await? {
            RefreshResult::Valid(connection) => {
                self.connection = *connection;
                Ok(())
            }
            RefreshResult::Revoked(connection) => {
                self.connection = *connection;
                Err(Halt::Setback(Setback::Lost(self.connection.status)))
            }
            RefreshResult::Deferred(_) => Err(later()),
        }
    }

    /// Waits until the company may be called, if that is soon.
    async fn turn(&mut self, is_batch: bool) -> Result<(), Halt> {
        loop {
            match self.pace.acquire(is_batch, self.now()) {
                Permit::Now => return Ok(()),
                Permit::Soon(span) => self.bridge.http.pause(span).await,
                Permit::Later(at) => return Err(Halt::Setback(Setback::Later(at))),
            }
        }
    }

    pub async fn read(&mut self, ask: ApiRequest<'_>, now: Timestamp) -> Result<Answer, Halt> {
        let answer = self.ask(ask, (Date::default(), now)).await;
        answer.map_err(|halt| again(halt, now))
    }

    /// Asks, and once more with a new token if the first was not accepted.
    pub async fn ask(
        &mut self,
        ask: ApiRequest<'_>,
        (date, now): (Date, Timestamp),
    ) -> Result<Answer, Halt> {
        let mut answer = self.ask_once(ask, (date, now)).await?;
        if matches!(answer, Err(Setback::Unauthorized)) {
            let renewed = self.renew().await;
            if ask.changes_several() {
                return Err(self.cut_off(renewed));
            }
            renewed?;
            answer = self.ask_once(ask, (date, now)).await?;
        }
        match answer {
            Err(Setback::Unauthorized) => Err(self.revoked(now).await?),
            answer => answer.map_err(Halt::Setback),
        }
    }

    async fn ask_once(
        &mut self,
        ask: ApiRequest<'_>,
        (date, now): (Date, Timestamp),
    ) -> Result<Result<Answer, Setback>, Halt> {
        self.turn(ask.is_batch()).await?;
        let calls = self.calls()?;
        self.pace.reads.add(ask.reads(), self.now());
        let answer = calls.ask(ask).await;
        let throttled = matches!(answer, Err(CallError::Refused(Failure::Throttled { .. })));
        let setback = |error| Setback::of(error, date, now);
        Ok(match answer.map_err(setback) {
            Err(Setback::Later(at)) if throttled && ask.changes_several() => {
                self.quiet_until = Some(at);
                Err(Setback::Unknown("QuickBooks asked for a pause".into()))
            }
            answer => answer,
        })
    }

    /// A batch that met a token's end, or a limit, may have met it halfway: what of it was carried out is looked up.
    fn cut_off(&self, renewed: Result<(), Halt>) -> Halt {
        match renewed {
            Err(Halt::Broken(error)) => Halt::Broken(error),
            _ => Halt::Setback(Setback::Unknown("the sign-in ended on the way".into())),
        }
    }

    /// A fresh token that is refused too: the company was disconnected inside QuickBooks.
    async fn revoked(&mut self, now: Timestamp) -> Result<Halt, StoreError> {
        let standing = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::AccessRevoked);
        self.lose(standing, now).await?;
        Ok(Halt::Setback(Setback::Lost(standing)))
    }
}

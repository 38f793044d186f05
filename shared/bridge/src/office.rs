//! One worker's stay at a firm's desk: what it read once, and its calls to the company.

mod halt;
mod hours;

pub(crate) use halt::Halt;
pub(crate) use hours::Hours;

use crate::Bridge;
use crate::books::ItemCatalogue;
use crate::catalogue::Setback;
use crate::check::company;
use crate::clock::after;
use crate::company::{Ask, Calls};
use crate::connection::{Connection, EVERY, Lapse, Standing};
use crate::error::Error;
use crate::hold::Situation;
use crate::ports::{Http, Records};
use crate::refresh::{Refreshed, on_demand, refresh};
use billing::{FirmId, Plan};
use halt::{again, unread};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use mapping::{Books, Settings};
use oauth2::AccessToken;
use quickbooks::answer::Answer;
use quickbooks::entity::{self, Resource};
use quickbooks::request::Write;
use quickbooks::{Kind, Query};

/// A worker's stay.
pub(crate) struct Office<'a, H, R> {
    pub bridge: &'a Bridge<H, R>,
    pub firm: &'a FirmId,
    pub owner: &'a str,
    pub plan: Option<Plan>,
    pub connection: Connection,
    pub settings: Settings,
    pub items: ItemCatalogue,
    hours: Hours<'a>,
}

impl<'a, H: Http, R: Records> Office<'a, H, R> {
    /// Opens it: a fresh token, the settings, the items.
    pub(crate) async fn open(
        bridge: &'a Bridge<H, R>,
        (firm, owner): (&'a FirmId, &'a str),
        plan: Option<Plan>,
        hours: Hours<'a>,
    ) -> Result<Office<'a, H, R>, Error> {
        let now = (hours.clock)();
        let connection = if hours.allow_a_refresh(now) {
            let (Refreshed::Fresh(connection)
            | Refreshed::Lapsed(connection)
            | Refreshed::Later(connection)) = on_demand(&bridge.grants(), firm, owner, now).await?;
            *connection
        } else {
            bridge.store.connection(firm).await?
        };
        let settings = bridge.store.settings(firm).await?.settings;
        let items = bridge.store.items(firm).await?;
        Ok(Self {
            bridge,
            firm,
            owner,
            plan,
            connection,
            settings,
            items,
            hours,
        })
    }

    pub(crate) fn situation(&self, forced: bool) -> Situation<'_> {
        Situation {
            plan: self.plan,
            connection: &self.connection,
            settings: &self.settings,
            forced,
        }
    }

    /// How the company keeps its books, as read when it was connected or checked last.
    pub(crate) fn books(&self) -> Books {
        self.connection
            .company
            .as_ref()
            .map(|company| company.books.clone())
            .unwrap_or_default()
    }

    /// The company's id; empty if none is connected.
    pub(crate) fn realm(&self) -> &str {
        let company = self.connection.company.as_ref();
        company.map_or("", |company| &company.realm_id)
    }

    /// Looks objects up.
    pub(crate) async fn query<T: Resource>(
        &mut self,
        query: &Query,
        now: Timestamp,
    ) -> Result<Vec<T>, Halt> {
        let answer = self.read(Ask::Query(query), now).await?;
        answer.list().map_err(|failure| unread(failure, now))
    }

    /// How one object stands now.
    pub(crate) async fn standing(
        &mut self,
        (kind, id): (Kind, &str),
        now: Timestamp,
    ) -> Result<entity::Standing, Halt> {
        let answer = self.read(Ask::Read(kind, id), now).await?;
        answer.standing().map_err(|failure| unread(failure, now))
    }

    /// How the objects that a query finds stand now.
    pub(crate) async fn standings(
        &mut self,
        query: &Query,
        now: Timestamp,
    ) -> Result<Vec<entity::Standing>, Halt> {
        let answer = self.read(Ask::Query(query), now).await?;
        answer
            .standings(query.kind())
            .map_err(|failure| unread(failure, now))
    }

    /// The entries of a list that a query finds.
    pub(crate) async fn listed(
        &mut self,
        query: &Query,
        now: Timestamp,
    ) -> Result<Vec<entity::Listed>, Halt> {
        let answer = self.read(Ask::Query(query), now).await?;
        answer
            .listed(query.kind())
            .map_err(|failure| unread(failure, now))
    }

    /// Makes a change. `date` is the document's.
    pub(crate) async fn write(
        &mut self,
        (change, request_id): (&Write, &str),
        date: Date,
        now: Timestamp,
    ) -> Result<entity::Standing, Halt> {
        let answer = self
            .ask(Ask::Write(change, request_id), (date, now))
            .await?;
        answer
            .standing()
            .map_err(|failure| Halt::Setback(Setback::of(failure.into(), date, now)))
    }

    /// Asks the company about itself again: its books may have been reopened or its preferences changed.
    pub(crate) async fn recheck(&mut self, now: Timestamp) -> Result<(), Halt> {
        let info = self.read(Ask::CompanyInfo, now).await?;
        let preferences = self.read(Ask::Preferences, now).await?;
        let company = company(self.realm(), (&info, &preferences), now);
        let company =
            company.map_err(|error| Halt::Setback(Setback::of(error, Date::default(), now)))?;
        self.connection = self.bridge.store.note_company(self.firm, &company).await?;
        Ok(())
    }

    /// Notes that the connection does not stand any more.
    pub(crate) async fn lose(&mut self, standing: Standing, now: Timestamp) -> Result<(), Error> {
        let generation = self
            .connection
            .grant
            .as_ref()
            .map_or(0, |grant| grant.generation);
        let noted = self
            .bridge
            .store
            .note_standing(self.firm, (generation, standing), now)
            .await?;
        self.connection = Connection { standing, ..noted };
        Ok(())
    }

    fn calls(&self) -> Result<Calls<'a, H>, Halt> {
        let now = (self.hours.clock)();
        let later = || Halt::Setback(Setback::Later(after(now, SignedDuration::from_secs(60))));
        let lost = || Halt::Setback(Setback::Lost(self.connection.standing));
        let (company, grant) = self.connection.usable().ok_or_else(lost)?;
        let patience = self.hours.patience(now).ok_or_else(later)?;
        if grant.access_expires_at <= now {
            return Err(later());
        }
        Ok(Calls {
            http: &self.bridge.http,
            api_origin: &self.bridge.api_origin,
            realm_id: company.realm_id.clone(),
            access_token: AccessToken::new(grant.access_token.0.clone()),
            patience,
        })
    }

    /// A token that was refused is renewed once, whatever its age.
    async fn renew(&mut self) -> Result<(), Halt> {
        let now = (self.hours.clock)();
        let later = || Halt::Setback(Setback::Later(after(now, SignedDuration::from_secs(60))));
        if !self.hours.allow_a_refresh(now) {
            return Err(later());
        }
        match refresh(&self.bridge.grants(), self.firm, self.owner, (EVERY, now)).await? {
            Refreshed::Fresh(connection) => {
                self.connection = *connection;
                Ok(())
            }
            Refreshed::Lapsed(connection) => {
                self.connection = *connection;
                Err(Halt::Setback(Setback::Lost(self.connection.standing)))
            }
            Refreshed::Later(_) => Err(later()),
        }
    }

    async fn read(&mut self, ask: Ask<'_>, now: Timestamp) -> Result<Answer, Halt> {
        let answer = self.ask(ask, (Date::default(), now)).await;
        answer.map_err(|halt| again(halt, now))
    }

    /// Asks, and once more with a new token if the first was not accepted.
    async fn ask(&mut self, ask: Ask<'_>, (date, now): (Date, Timestamp)) -> Result<Answer, Halt> {
        let setback = |error| Setback::of(error, date, now);
        let mut answer = self.calls()?.ask(ask).await.map_err(setback);
        if matches!(answer, Err(Setback::Unauthorized)) {
            self.renew().await?;
            answer = self.calls()?.ask(ask).await.map_err(setback);
        }
        match answer {
            Err(Setback::Unauthorized) => Err(self.revoked(now).await?),
            answer => answer.map_err(Halt::Setback),
        }
    }

    /// A fresh token that is refused too: the company was disconnected inside QuickBooks.
    async fn revoked(&mut self, now: Timestamp) -> Result<Halt, Error> {
        let standing = Standing::NeedsReauthorization(Lapse::AccessRevoked);
        self.lose(standing, now).await?;
        Ok(Halt::Setback(Setback::Lost(standing)))
    }
}

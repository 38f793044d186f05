//! One worker's stay at a firm's desk: what it read once, and its calls to the company.

mod calls;
mod halt;
mod hours;
mod projects;
mod questions;

pub(crate) use halt::{Halt, again, unread};
pub(crate) use hours::Hours;
use projects::Projects;

use crate::Bridge;
use crate::books::{ItemCatalogue, SettingsRecord};
use crate::catalogue::Setback;
use crate::check::company;
use crate::company::Ask;
use crate::connection::{Connection, Standing};
use crate::desk::Log;
use crate::document::DocumentRecord;
use crate::error::Error;
use crate::hold::Situation;
use crate::inbox::Notice;
use crate::pace::Pace;
use crate::ports::{Http, Records, StoreError};
use crate::reads::Reads;
use crate::refresh::{Refreshed, on_demand};
use crate::register::Entry;
use billing::{FirmId, Plan};
use jiff::Timestamp;
use jiff::civil::Date;
use mapping::{Books, Posted, Settings};
use quickbooks::batch::{Answers, Item};
use quickbooks::entity;
use quickbooks::request::Write;

/// A worker's stay.
pub(crate) struct Office<'a, H, R> {
    pub bridge: &'a Bridge<H, R>,
    pub firm: &'a FirmId,
    pub owner: &'a str,
    pub plan: Option<Plan>,
    pub connection: Connection,
    pub settings: Settings,
    /// Accounts of the settings that fit no longer.
    pub unfit: Vec<String>,
    pub items: ItemCatalogue,
    /// What was found of customers and projects in this stay, or why not.
    pub found: Vec<(String, Result<String, Setback>)>,
    /// What was done at the desk before.
    pub log: Log,
    /// How fast the company was called.
    pub pace: Pace,
    /// QuickBooks asked to be left alone until then, in the middle of something.
    pub quiet_until: Option<Timestamp>,
    /// Customers that were matched in this stay, for the register.
    pub matched: Vec<Entry>,
    /// What RIVET wrote of a document, while what QuickBooks has of it is taken over for a decision.
    pub written: Option<Vec<Posted>>,
    /// What is to be looked at again although nobody told of it.
    pub again: Vec<Notice>,
    /// The company was asked about itself in this stay.
    pub rechecked: bool,
    /// What had been read of the company when it began.
    read_before: Reads,
    projects: Projects,
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
        let SettingsRecord {
            settings, unfit, ..
        } = bridge.store.settings(firm).await?;
        let items = bridge.store.items(firm).await?;
        Ok(Self {
            bridge,
            firm,
            owner,
            plan,
            connection,
            settings,
            unfit,
            items,
            found: Vec::new(),
            log: Log::default(),
            pace: Pace::default(),
            quiet_until: None,
            matched: Vec::new(),
            written: None,
            again: Vec::new(),
            rechecked: false,
            read_before: Reads::default(),
            projects: Projects::default(),
            hours,
        })
    }

    /// The time. A document may take several calls, and what follows from the last one is not reckoned from when it was begun.
    pub(crate) fn now(&self) -> Timestamp {
        (self.hours.clock)()
    }

    /// Calls the company as fast as others did before.
    pub(crate) fn go_on_at(&mut self, pace: Pace) {
        self.read_before = pace.reads;
        self.pace = pace;
    }

    /// How much was read of the company in this stay, if anything.
    pub(crate) fn was_read(&self) -> Option<u32> {
        let reads = self.pace.reads.since(self.read_before);
        (reads > 0).then_some(reads)
    }

    /// Keeps a document's record, which only the worker at the desk writes.
    pub(crate) async fn keep(&self, record: &DocumentRecord) -> Result<(), Error> {
        self.still_here()?;
        Ok(self.bridge.store.keep_document(self.firm, record).await?)
    }

    /// Keeps what is about to be sent for several documents.
    pub(crate) async fn keep_journal(&self, entries: Vec<DocumentRecord>) -> Result<(), Error> {
        self.still_here()?;
        Ok(self.bridge.store.keep_journal(self.firm, entries).await?)
    }

    /// A worker that was held up beyond its lease writes nothing any more: another may have its seat, and know better.
    pub(crate) fn still_here(&self) -> Result<(), Error> {
        if self.now() < self.hours.until {
            return Ok(());
        }
        Err(StoreError::Busy("desk".into()).into())
    }

    pub(crate) fn situation(&self, forced: bool) -> Situation<'_> {
        Situation {
            plan: self.plan,
            connection: &self.connection,
            settings: &self.settings,
            unfit: &self.unfit,
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

    /// Makes independent changes and look-ups in one call, and learns from it how large the next one may be.
    pub(crate) async fn batch(
        &mut self,
        (items, request_id): (&[Item], &str),
        now: Timestamp,
    ) -> Result<Answers, Halt> {
        let (began, ask) = (self.now(), Ask::Batch(items, request_id));
        let answer = self.ask(ask, (Date::default(), now)).await;
        let took = self.now().duration_since(began);
        // Without an answer it was too much at once; if it was refused as a whole, something in it is at fault. That look-ups went
        // well says nothing of changes.
        let refused = |halt: &Halt| matches!(halt, Halt::Setback(setback) if !setback.is_wait());
        let answered = !answer.as_ref().is_err_and(refused);
        if ask.changes_several() || !answered {
            self.pace.batch_took(took, answered);
        }
        let answers = Answers::of(answer?);
        answers.map_err(|failure| Halt::Setback(Setback::of(failure.into(), Date::default(), now)))
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
        self.rechecked = true;
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
}

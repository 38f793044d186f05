//! Whether a document may be posted now: every reason to wait that can be told without asking QuickBooks.

use crate::connection::Connection;
use crate::desk::Waiting;
use crate::reason::Hold;
use billing::{Kind, Plan};
use jiff::civil::Date;
use mapping::{Settings, SyncMode};

/// What the decision rests on.
pub(crate) struct Situation<'a> {
    /// The firm's plan as the newest event said.
    pub plan: Option<Plan>,
    /// Its connection.
    pub connection: &'a Connection,
    /// Its settings.
    pub settings: &'a Settings,
    /// A person asked for the document.
    pub forced: bool,
}

impl Situation<'_> {
    /// The first reason to wait, if any. What needs the firm to act comes before what it chose itself.
    pub(crate) fn hold(&self, waiting: &Waiting) -> Option<Hold> {
        if self.plan == Some(Plan::Starter) {
            return Some(Hold::PlanNotEligible);
        }
        let Some((company, _)) = self.connection.usable() else {
            return Some(Hold::NotConnected);
        };
        let missing = self.settings.missing();
        if waiting.document.kind != Kind::Project && !missing.is_empty() {
            return Some(Hold::SettingsIncomplete(
                missing.iter().map(ToString::to_string).collect(),
            ));
        }
        self.chosen(waiting)
            .or_else(|| closed(company.books.book_close_date, waiting))
    }

    fn chosen(&self, waiting: &Waiting) -> Option<Hold> {
        let early = |start: &Date| waiting.document.kind != Kind::Project && waiting.date < *start;
        match self.settings.sync.mode {
            SyncMode::Paused => Some(Hold::Paused),
            SyncMode::Manual if !self.forced => Some(Hold::Manual),
            SyncMode::Manual | SyncMode::Automatic => self
                .settings
                .sync
                .start_date
                .filter(early)
                .map(Hold::BeforeStartDate),
        }
    }
}

fn closed(through: Option<Date>, waiting: &Waiting) -> Option<Hold> {
    let posts = waiting.document.kind != Kind::Project;
    through
        .filter(|through| posts && waiting.date <= *through)
        .map(Hold::BooksClosed)
}

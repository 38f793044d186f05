//! Whether a document may be posted now: every reason to wait that can be told without asking QuickBooks.

use billing::{Kind, Plan};
use jiff::civil::Date;
use mapping::{AccountPurpose, Settings, SyncMode};
use store::connection::Connection;
use store::queue::entry::Waiting;
use store::reason::hold::Hold;

/// What the decision rests on.
pub struct Situation<'a> {
    /// The firm's plan as the newest event said.
    pub plan: Option<Plan>,
    /// Its connection.
    pub connection: &'a Connection,
    /// Its settings.
    pub settings: &'a Settings,
    /// Accounts that fit no longer, as paths in the settings.
    pub unfit: &'a [String],
    /// A person asked for the document.
    pub forced: bool,
}

impl Situation<'_> {
    /// The first reason to wait, if any. What needs the firm to act comes before what it chose itself.
    pub fn hold(&self, waiting: &Waiting) -> Option<Hold> {
        if self.plan == Some(Plan::Starter) {
            return Some(Hold::PlanNotEligible);
        }
        let Some((company, _)) = self.connection.usable() else {
            return Some(Hold::NotConnected);
        };
        let missing = self.missing(waiting.document.kind);
        if !missing.is_empty() {
            return Some(Hold::SettingsIncomplete(missing));
        }
        self.chosen(waiting)
            .or_else(|| closed(company.books.book_close_date, waiting))
    }

    /// What a document of this kind cannot be posted without. Only payments need the account where they land.
    fn missing(&self, kind: Kind) -> Vec<String> {
        if kind == Kind::Project {
            return Vec::new();
        }
        let never = self.settings.missing();
        let mut missing: Vec<String> = never.iter().map(ToString::to_string).collect();
        let needed = |path: &&String| {
            kind == Kind::Payment || *path != AccountPurpose::Deposit.settings_path()
        };
        missing.extend(self.unfit.iter().filter(needed).cloned());
        missing
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

#[cfg(test)]
mod tests {
    use super::*;
    use billing::DocumentRef;
    use jiff::Timestamp;
    use mapping::Books;
    use store::connection::grant::{Grant, Secret};
    use store::connection::{Company, Standing};

    fn connected(closed: Option<&str>) -> Connection {
        let later = Timestamp::from_second(3600).unwrap();
        Connection {
            standing: Standing::Connected,
            company: Some(Company {
                realm_id: "1".into(),
                name: "Harbor".into(),
                country: None,
                edition: None,
                books: Books {
                    book_close_date: closed.map(|day| day.parse().unwrap()),
                    ..Books::default()
                },
                checked_at: Timestamp::UNIX_EPOCH,
            }),
            grant: Some(Grant {
                generation: 1,
                access_token: Secret("a".into()),
                access_expires_at: later,
                refresh_token: Secret("r".into()),
                previous_refresh_token: None,
                refresh_expires_at: later,
                hard_expires_at: None,
                warned: None,
            }),
            ..Connection::default()
        }
    }

    fn complete() -> Settings {
        let mut settings = Settings::default();
        settings.accounts.contract_revenue = Some("79".into());
        settings.accounts.accounts_receivable = Some("84".into());
        settings.accounts.retainage = Some("91".into());
        settings
    }

    fn waiting(kind: Kind) -> Waiting {
        let document = DocumentRef {
            kind,
            id: "x".parse().unwrap(),
        };
        Waiting {
            revision: 1,
            ..Waiting::new(document, "2026-03-31".parse().unwrap())
        }
    }

    fn held(plan: Plan, connection: &Connection, settings: &Settings) -> Option<Hold> {
        let situation = Situation {
            plan: Some(plan),
            connection,
            settings,
            unfit: &[],
            forced: false,
        };
        situation.hold(&waiting(Kind::PayApp))
    }

    #[test]
    fn what_the_firm_must_act_on_is_told_before_what_it_chose() {
        let (none, some) = (Connection::default(), connected(None));
        let mut paused = Settings::default();
        paused.sync.mode = SyncMode::Paused;
        assert_eq!(
            held(Plan::Starter, &none, &paused),
            Some(Hold::PlanNotEligible)
        );
        assert_eq!(held(Plan::Pro, &none, &paused), Some(Hold::NotConnected));
        let missing = held(Plan::Pro, &some, &paused).unwrap();
        assert_eq!(missing.code(), "settings_incomplete");
        paused.accounts = complete().accounts;
        assert_eq!(held(Plan::Pro, &some, &paused), Some(Hold::Paused));
        assert_eq!(held(Plan::Scale, &some, &complete()), None);
    }

    #[test]
    fn manual_mode_holds_until_a_person_asks() {
        let (connection, mut settings) = (connected(None), complete());
        settings.sync.mode = SyncMode::Manual;
        assert_eq!(held(Plan::Pro, &connection, &settings), Some(Hold::Manual));
        let asked = Situation {
            plan: Some(Plan::Pro),
            connection: &connection,
            settings: &settings,
            unfit: &[],
            forced: true,
        };
        assert_eq!(asked.hold(&waiting(Kind::PayApp)), None);
    }

    #[test]
    fn a_document_of_the_closing_day_is_held_and_one_of_the_day_after_is_not() {
        let through = |day| held(Plan::Pro, &connected(Some(day)), &complete());
        assert_eq!(
            through("2026-03-31").map(|hold| hold.code()),
            Some("books_closed")
        );
        assert_eq!(through("2026-03-30"), None);
    }

    #[test]
    fn a_document_before_the_start_date_is_held_and_one_of_that_day_is_not() {
        let from = |day: &str| {
            let mut settings = complete();
            settings.sync.start_date = Some(day.parse().unwrap());
            held(Plan::Pro, &connected(None), &settings).map(|hold| hold.code())
        };
        assert_eq!(
            (from("2026-04-01"), from("2026-03-31")),
            (Some("before_start_date"), None)
        );
    }

    #[test]
    fn an_account_that_fits_no_longer_holds_what_needs_it() {
        let (connection, settings) = (connected(None), complete());
        let unfit = |path: &str, kind| {
            let unfit = [path.to_owned()];
            let situation = Situation {
                plan: Some(Plan::Pro),
                connection: &connection,
                settings: &settings,
                unfit: &unfit,
                forced: false,
            };
            situation.hold(&waiting(kind)).map(|hold| hold.code())
        };
        for kind in [Kind::PayApp, Kind::Payment] {
            let held = unfit("accounts.retainage", kind);
            assert_eq!(held, Some("settings_incomplete"));
        }
        assert_eq!(unfit("accounts.retainage", Kind::Project), None);
        assert_eq!(unfit("accounts.deposit", Kind::PayApp), None);
        let held = unfit("accounts.deposit", Kind::Payment);
        assert_eq!(held, Some("settings_incomplete"));
    }

    #[test]
    fn a_new_project_needs_no_accounts_and_no_open_books() {
        let (connection, settings) = (connected(Some("2099-01-01")), Settings::default());
        let plan = Some(Plan::Pro);
        let situation = Situation {
            plan,
            connection: &connection,
            settings: &settings,
            unfit: &[],
            forced: false,
        };
        assert_eq!(situation.hold(&waiting(Kind::Project)), None);
    }
}

//! Finds reasons to hold a document before any call to QuickBooks.

use billing::{DocumentKind, SubscriptionPlan};
use jiff::civil::Date;
use mapping::{AccountPurpose, ClosedBooks, ClosingDate, Settings, SyncMode};
use store::connection::{Connection, UsableGrant};
use store::queue::entry::QueueEntry;
use store::reason::hold::HoldReason;

/// The facts that decide whether a document may be posted.
pub struct Eligibility<'a> {
    /// The firm's subscription plan according to the newest event.
    pub plan: Option<SubscriptionPlan>,
    /// The firm's connection.
    pub connection: &'a Connection,
    /// The firm's settings.
    pub settings: &'a Settings,
    /// The settings paths of accounts that are no longer suitable.
    pub unfit_accounts: &'a [String],
    /// A person's request exempts the document from manual mode.
    pub is_requested: bool,
}

impl Eligibility<'_> {
    /// Returns the first reason to hold the document. A reason that requires the firm's action comes before a hold that the firm chose.
    /// `posting_day` is the open day on which the document is posted in place of its own one, if it is.
    pub fn hold(&self, entry: &QueueEntry, posting_day: Option<Date>) -> Option<HoldReason> {
        if self.plan == Some(SubscriptionPlan::Starter) {
            return Some(HoldReason::PlanNotEligible);
        }
        let Some(UsableGrant { company, .. }) = self.connection.usable_grant() else {
            return Some(HoldReason::NotConnected);
        };
        if let Some(country) = company.unsupported_country() {
            return Some(HoldReason::CountryNotSupported(country.to_owned()));
        }
        let missing = self.missing_settings(entry.document.kind);
        if !missing.is_empty() {
            return Some(HoldReason::SettingsIncomplete(missing));
        }
        let closing = company.preferences.closing_date();
        let is_posted_later = self.settings.sync.closed_books == ClosedBooks::FirstOpenDay
            || entry.is_to_be_posted_later()
            || posting_day.is_some_and(|day| !closing.covers(day));
        self.chosen_hold(entry).or_else(|| {
            let hold = closed_books_hold(closing, entry);
            hold.filter(|_| !is_posted_later)
        })
    }

    /// Returns the settings that a document of this kind needs and that the firm has not made. Only payments need a deposit account.
    fn missing_settings(&self, kind: DocumentKind) -> Vec<String> {
        if kind == DocumentKind::Project {
            return Vec::new();
        }
        let required = self.settings.missing_accounts();
        let mut missing: Vec<String> = required.iter().map(ToString::to_string).collect();
        let needed = |path: &&String| {
            let mut purposes = AccountPurpose::ALL.into_iter();
            purposes.any(|purpose| {
                purpose.settings_path() == *path && is_needed(purpose, kind, self.settings)
            })
        };
        missing.extend(self.unfit_accounts.iter().filter(needed).cloned());
        missing
    }

    fn chosen_hold(&self, entry: &QueueEntry) -> Option<HoldReason> {
        let early =
            |start: &Date| entry.document.kind != DocumentKind::Project && entry.date < *start;
        match self.settings.sync.mode {
            SyncMode::Paused => Some(HoldReason::Paused),
            SyncMode::Manual if !self.is_requested => Some(HoldReason::Manual),
            SyncMode::Manual | SyncMode::Automatic => self
                .settings
                .sync
                .start_date
                .filter(early)
                .map(HoldReason::BeforeStartDate),
        }
    }
}

/// Returns whether a document of this kind needs an account for this purpose.
pub fn is_needed(purpose: AccountPurpose, kind: DocumentKind, settings: &Settings) -> bool {
    let is_deposit = kind == DocumentKind::Payment && purpose == AccountPurpose::Deposit;
    is_deposit || purpose.is_required(settings)
}

/// Returns the hold of a document that is dated in closed books. A void is never held, because it is posted on an open day.
fn closed_books_hold(closing: ClosingDate, entry: &QueueEntry) -> Option<HoldReason> {
    let posts = entry.document.kind != DocumentKind::Project && entry.pending_void().is_none();
    let through = closing.0.filter(|_| posts && closing.covers(entry.date));
    through.map(HoldReason::BooksClosed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing::DocumentRef;
    use jiff::Timestamp;
    use mapping::CompanyPreferences;
    use store::connection::grant::{Grant, Secret};
    use store::connection::{Company, ConnectionStatus};

    fn connected(closed: Option<&str>) -> Connection {
        let later = Timestamp::from_second(3600).unwrap();
        Connection {
            status: ConnectionStatus::Connected,
            company: Some(Company {
                realm_id: "1".into(),
                name: "Harbor".into(),
                country: None,
                edition: None,
                preferences: CompanyPreferences {
                    book_close_date: closed.map(|day| day.parse().unwrap()),
                    ..CompanyPreferences::default()
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

    fn entry(kind: DocumentKind) -> QueueEntry {
        let document = DocumentRef {
            kind,
            id: "x".parse().unwrap(),
        };
        QueueEntry {
            revision: 1,
            ..QueueEntry::new(document, "2026-03-31".parse().unwrap())
        }
    }

    fn held(
        plan: SubscriptionPlan,
        connection: &Connection,
        settings: &Settings,
    ) -> Option<HoldReason> {
        let eligibility = Eligibility {
            plan: Some(plan),
            connection,
            settings,
            unfit_accounts: &[],
            is_requested: false,
        };
        eligibility.hold(&entry(DocumentKind::PayApp), None)
    }

    #[test]
    fn hold_prefers_required_action_over_pause() {
        let (none, some) = (Connection::default(), connected(None));
        let mut paused = Settings::default();
        paused.sync.mode = SyncMode::Paused;
        assert_eq!(
            held(SubscriptionPlan::Starter, &none, &paused),
            Some(HoldReason::PlanNotEligible)
        );
        assert_eq!(
            held(SubscriptionPlan::Pro, &none, &paused),
            Some(HoldReason::NotConnected)
        );
        let missing = held(SubscriptionPlan::Pro, &some, &paused).unwrap();
        assert_eq!(missing.code(), "settings_incomplete");
        paused.accounts = complete().accounts;
        assert_eq!(
            held(SubscriptionPlan::Pro, &some, &paused),
            Some(HoldReason::Paused)
        );
        assert_eq!(held(SubscriptionPlan::Scale, &some, &complete()), None);
    }

    #[test]
    fn manual_mode_holds_until_a_person_asks() {
        let (connection, mut settings) = (connected(None), complete());
        settings.sync.mode = SyncMode::Manual;
        assert_eq!(
            held(SubscriptionPlan::Pro, &connection, &settings),
            Some(HoldReason::Manual)
        );
        let asked = Eligibility {
            plan: Some(SubscriptionPlan::Pro),
            connection: &connection,
            settings: &settings,
            unfit_accounts: &[],
            is_requested: true,
        };
        assert_eq!(asked.hold(&entry(DocumentKind::PayApp), None), None);
    }

    #[test]
    fn decided_open_day_ends_hold_of_closed_books() {
        let connection = connected(Some("2026-03-31"));
        let settings = complete();
        let mut eligibility = Eligibility {
            plan: Some(SubscriptionPlan::Pro),
            connection: &connection,
            settings: &settings,
            unfit_accounts: &[],
            is_requested: false,
        };
        let release = entry(DocumentKind::RetainageRelease);
        let day = |day: &str| Some(day.parse().unwrap());
        assert!(eligibility.hold(&release, day("2026-03-31")).is_some());
        assert_eq!(eligibility.hold(&release, day("2026-04-01")), None);
        let void = Some(store::document::Void {
            revision: 1,
            voided_on: "2026-03-31".parse().unwrap(),
        });
        let voided = QueueEntry {
            void,
            ..release.clone()
        };
        assert_eq!(eligibility.hold(&voided, None), None);
        let mut later = complete();
        later.sync.closed_books = ClosedBooks::FirstOpenDay;
        eligibility.settings = &later;
        assert_eq!(eligibility.hold(&release, None), None);
    }

    #[test]
    fn closed_books_hold_documents_through_closing_date() {
        let through = |day| held(SubscriptionPlan::Pro, &connected(Some(day)), &complete());
        assert_eq!(
            through("2026-03-31").map(|hold| hold.code()),
            Some("books_closed")
        );
        assert_eq!(through("2026-03-30"), None);
    }

    #[test]
    fn documents_before_start_date_are_held() {
        let from = |day: &str| {
            let mut settings = complete();
            settings.sync.start_date = Some(day.parse().unwrap());
            held(SubscriptionPlan::Pro, &connected(None), &settings).map(|hold| hold.code())
        };
        assert_eq!(
            (from("2026-04-01"), from("2026-03-31")),
            (Some("before_start_date"), None)
        );
    }

    #[test]
    fn unsuitable_account_holds_documents_that_need_it() {
        let (connection, settings) = (connected(None), complete());
        let unfit = |path: &str, kind| {
            let unfit = [path.to_owned()];
            let eligibility = Eligibility {
                plan: Some(SubscriptionPlan::Pro),
                connection: &connection,
                settings: &settings,
                unfit_accounts: &unfit,
                is_requested: false,
            };
            eligibility.hold(&entry(kind), None).map(|hold| hold.code())
        };
        for kind in [DocumentKind::PayApp, DocumentKind::Payment] {
            let held = unfit("accounts.retainage", kind);
            assert_eq!(held, Some("settings_incomplete"));
        }
        assert_eq!(unfit("accounts.retainage", DocumentKind::Project), None);
        assert_eq!(unfit("accounts.deposit", DocumentKind::PayApp), None);
        let held = unfit("accounts.deposit", DocumentKind::Payment);
        assert_eq!(held, Some("settings_incomplete"));
    }

    #[test]
    fn project_needs_no_accounts_or_open_books() {
        let (connection, settings) = (connected(Some("2099-01-01")), Settings::default());
        let plan = Some(SubscriptionPlan::Pro);
        let eligibility = Eligibility {
            plan,
            connection: &connection,
            settings: &settings,
            unfit_accounts: &[],
            is_requested: false,
        };
        assert_eq!(eligibility.hold(&entry(DocumentKind::Project), None), None);
    }
}

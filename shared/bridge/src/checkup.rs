//! The check-up: whether a firm's QuickBooks company is set up so that RIVET's postings come out right.
//!
//! The company is asked for its facts in one call, and they are kept until the company changes. Each check is a pure function of those facts
//! and of the firm's records, which are always read. A check says that something is as it should be only if QuickBooks answered for it.

// Top first: a module uses only modules below it.
mod reading;
mod own_facts;
mod connection;
mod company;
mod categories;
mod accounts;
mod retainage;
mod numbers;
mod books;
mod input;
mod places;
mod finding;

pub use self::finding::CheckState;

use self::finding::Finding;
use self::input::{CheckInput, Notices};
use self::reading::{FirmRecords, current_facts};
use crate::error::Error;
use ::connection::services::Services;
use billing::FirmId;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use serde::Serialize;
use store::Claimant;
use store::company_facts::{CompanyFacts, KeptFacts};
use store::connection::{CompanyError, ConnectionStatus, ReauthorizationReason};
use store::queue::Queue;
use store::queue::entry::EntryState;
use store::reason::FoundTransaction;
use store::reason::hold::HoldReason;

/// The result of a check-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Checkup {
    /// The time at which the company was asked.
    pub checked_at: Timestamp,
    /// All checks, in a fixed order.
    pub checks: Vec<Check>,
}

/// The result of one check, as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Check {
    /// The code of the check.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["country", "home_currency", "edition", "classes", "accounts", "receivable_accounts", "items", "transaction_numbers", "duplicate_numbers", "invoice_numbers", "closing_date", "automatic_credits", "automatic_payments", "sales_tax", "accounting_method", "locations", "admin_rights", "subscription", "notices", "retainage_account"])))]
    pub code: &'static str,
    /// The state: pass, warn or fail.
    pub state: CheckState,
    /// The sentence that says what was found.
    pub title: String,
    /// The reason why it matters to this firm.
    pub detail: String,
    /// The steps that a person has to take, in the words of QuickBooks. `None` if nothing is to do.
    pub action: Option<String>,
    /// The address of the page in QuickBooks, if there is one.
    pub link: Option<String>,
}

/// A check: its code, and the function that looks.
struct Rule {
    code: &'static str,
    look: fn(&CheckInput) -> Finding,
}

/// All checks, in the order in which they are shown.
const RULES: [Rule; 20] = [
    rule("country", company::country),
    rule("home_currency", company::home_currency),
    rule("edition", company::edition),
    rule("classes", categories::classes),
    rule("accounts", accounts::accounts),
    rule("receivable_accounts", accounts::receivable_accounts),
    rule("items", accounts::items),
    rule("transaction_numbers", numbers::transaction_numbers),
    rule("duplicate_numbers", numbers::duplicate_numbers),
    rule("invoice_numbers", numbers::invoice_numbers),
    rule("closing_date", books::closing_date),
    rule("automatic_credits", books::automatic_credits),
    rule("automatic_payments", books::automatic_payments),
    rule("sales_tax", books::sales_tax),
    rule("accounting_method", books::accounting_method),
    rule("locations", categories::locations),
    rule("admin_rights", connection::admin_rights),
    rule("subscription", connection::subscription),
    rule("notices", connection::notices),
    rule("retainage_account", retainage::retainage_account),
];

const fn rule(code: &'static str, look: fn(&CheckInput) -> Finding) -> Rule {
    Rule { code, look }
}

/// Looks whether the company is set up for RIVET.
///
/// # Errors
/// [`Error::NotConnected`], [`Error::TooManyRequests`], [`Error::Throttled`], [`Error::QuickBooks`], or the store fails.
pub async fn checkup<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    claimant: Claimant<'_>,
) -> Result<Checkup, Error> {
    let store = &services.store;
    let connection = store.connection(firm).await?;
    let realm_id = match (&connection.company, connection.status) {
        (Some(company), status) if status != ConnectionStatus::Disconnected => &company.realm_id,
        (_, status) => return Err(Error::NotConnected(status)),
    };
    let records = FirmRecords {
        settings: store.settings(firm).await?,
        items: store.items(firm).await?,
        inbox: store.inbox(firm, realm_id).await?,
        connection,
    };
    let found = current_facts(services, firm, &records, claimant).await;
    let mut status = records.connection.status;
    let kept = match found {
        Err(Error::NotConnected(lost)) if has_check(lost) => {
            status = lost;
            KeptFacts::default()
        }
        kept => kept?,
    };
    let checked_at = kept.read_at.unwrap_or(claimant.now);
    let queue = store.queue(firm).await?;
    let input = input(records, &queue, kept.facts, claimant.now);
    let input = CheckInput { status, ..input };
    Ok(Checkup {
        checked_at,
        checks: RULES.iter().map(|rule| check(rule, &input)).collect(),
    })
}

/// Returns whether a check tells a person of this status. Every other connection that does not work is not connected.
fn has_check(status: ConnectionStatus) -> bool {
    match status {
        ConnectionStatus::NeedsReauthorization(reason) => {
            reason == ReauthorizationReason::AdminRightsLost
        }
        ConnectionStatus::Error(error) => error == CompanyError::SubscriptionEnded,
        ConnectionStatus::Connected | ConnectionStatus::Disconnected => false,
    }
}

fn check(rule: &Rule, input: &CheckInput) -> Check {
    let Finding {
        state,
        title,
        detail,
        action,
        link,
    } = (rule.look)(input);
    Check {
        code: rule.code,
        state,
        title,
        detail,
        action,
        link,
    }
}

fn input(records: FirmRecords, queue: &Queue, company: CompanyFacts, now: Timestamp) -> CheckInput {
    let holds = || queue.entries.iter().filter_map(|entry| held(&entry.state));
    let closed = holds().filter(|hold| matches!(hold, HoldReason::BooksClosed(_)));
    CheckInput {
        closed_documents: closed.count(),
        taken: holds().flat_map(taken).collect(),
        notices: Notices {
            any: records.inbox.has_received(),
            newest_at: records.inbox.received_at,
        },
        status: records.connection.status,
        connected_at: records.connection.connected_at,
        settings: records.settings.settings,
        items: records.items,
        company,
        now,
    }
}

fn held(state: &EntryState) -> Option<&HoldReason> {
    match state {
        EntryState::Held(hold) => Some(hold),
        _ => None,
    }
}

/// Returns the transactions of others that a document waits for, because they bear its number.
fn taken(hold: &HoldReason) -> Vec<FoundTransaction> {
    match hold {
        HoldReason::AlreadyInQuickbooks(found) | HoldReason::CopiesInQuickbooks(found) => {
            let numbered = found.iter().filter(|found| !found.number.is_empty());
            numbered.cloned().collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::input::tests::{passing, unanswered};
    use super::*;

    fn states(input: &CheckInput) -> Vec<&'static str> {
        let unwell = RULES
            .iter()
            .map(|rule| check(rule, input))
            .filter(|check| check.state != CheckState::Pass);
        unwell.map(|check| check.code).collect()
    }

    #[test]
    fn usual_firm_passes_each_check() {
        assert_eq!(states(&passing()), Vec::<&str>::new());
    }

    #[test]
    fn checks_of_the_company_need_an_answer() {
        let own = ["invoice_numbers", "notices"];
        let expected = RULES.iter().map(|rule| rule.code);
        let expected: Vec<&str> = expected.filter(|code| !own.contains(code)).collect();
        assert_eq!(states(&unanswered()), expected);
    }

    #[test]
    fn check_codes_are_unique() {
        let mut codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), RULES.len());
    }
}

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{CompanyState, FIRST_CLASS, FIRST_NUMBER, IdempotencyCache, Links, RateLimiter};
use crate::changes::Actor;
use crate::company::Company;
use crate::json::Object;
use crate::kind::Kind;
use crate::ledger::Ledger;
use crate::records::Records;
use crate::write::{self, Context, WriteRequest};
use crate::{Switches, company};

impl CompanyState {
    /// Opens a company with its accounts, payment terms and payment methods.
    pub(crate) fn open(realm: String, settings: Company, now: Timestamp) -> Self {
        let mut company = Self {
            realm,
            settings,
            closed_until: None,
            is_subscribed: true,
            is_admin: true,
            records: Records::default(),
            broken_rows: BTreeSet::new(),
            ledger: Ledger::new(),
            links: Links::default(),
            changes: Vec::new(),
            idempotency_cache: IdempotencyCache::default(),
            rate_limiter: RateLimiter::default(),
            closed_balances_moved: Vec::new(),
            last_id: 0,
            last_class: FIRST_CLASS,
            last_number: FIRST_NUMBER,
        };
        company.add_defaults(now);
        company
    }

    fn add_defaults(&mut self, now: Timestamp) {
        for account in self.settings.accounts.clone() {
            let body = json!({
                "Name": account.name, "AccountType": account.kind, "AccountSubType": account.subtype,
            });
            self.save(Kind::Account, body, now);
        }
        for (name, days) in company::TERMS {
            self.save(Kind::Term, json!({ "Name": name, "DueDays": days }), now);
        }
        for name in company::PAYMENT_METHODS {
            self.save(Kind::PaymentMethod, json!({ "Name": name }), now);
        }
        self.write_settings(now);
        self.changes.clear();
    }

    /// Saves a list entry. A test chooses the chart of accounts: an account that QuickBooks refuses is left out.
    fn save(&mut self, kind: Kind, body: Value, now: Timestamp) {
        let switches = Switches::default();
        let context = Context {
            now,
            switches: &switches,
        };
        let Value::Object(body) = body else { return };
        let _ = write::write(
            self,
            &context,
            &WriteRequest::new_save(kind, body, Actor::Person),
        );
    }

    /// Writes `Preferences` and `CompanyInfo` from the settings.
    pub(crate) fn write_settings(&mut self, now: Timestamp) {
        let preferences = company::preferences(self);
        self.write_single(Kind::Preferences, preferences, now);
        let information = company::information(self);
        self.write_single(Kind::CompanyInfo, information, now);
    }

    fn write_single(&mut self, kind: Kind, body: Object, now: Timestamp) {
        let before = self.records.get(kind, "1");
        let unchanged = before.is_some_and(|before| {
            body.iter()
                .all(|(name, value)| before.get(name) == Some(value))
                && before.len() == body.len() + write::ENVELOPE_FIELDS
        });
        if !unchanged {
            write::put_single(self, kind, body, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company_state::tests::company;
    use crate::json;

    #[test]
    fn new_company_has_accounts_terms_and_no_changes() {
        let company = company();
        let names: Vec<_> = company
            .records
            .objects(Kind::Account)
            .filter_map(|account| json::text(account, "Name"))
            .collect();
        assert_eq!(names.len(), company.settings.accounts.len());
        assert!(names.contains(&"Retainage Receivable"));
        assert!(company.records.objects(Kind::Term).count() >= 3);
        assert!(company.changes.is_empty());
    }

    #[test]
    fn unchanged_settings_add_no_change() {
        let mut company = company();
        company.write_settings(Timestamp::UNIX_EPOCH);
        assert!(company.changes.is_empty());
        company.settings.auto_apply_credit = true;
        company.write_settings(Timestamp::UNIX_EPOCH);
        assert_eq!(company.changes.len(), 1);
        assert_eq!(company.changes[0].entity, "Preferences");
    }
}

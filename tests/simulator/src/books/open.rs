use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Books, FIRST_CLASS, FIRST_NUMBER, Limits, Links, Replays};
use crate::changes::Actor;
use crate::company::Company;
use crate::json::Object;
use crate::kind::Kind;
use crate::ledger::Ledger;
use crate::records::Records;
use crate::write::{self, Context, Order};
use crate::{Switches, company};

impl Books {
    /// The books of a new company, with its accounts, terms and payment methods.
    pub(crate) fn open(realm: String, company: Company, now: Timestamp) -> Self {
        let mut books = Self {
            realm,
            company,
            closed_until: None,
            subscribed: true,
            admin: true,
            records: Records::default(),
            ledger: Ledger::new(),
            links: Links::default(),
            changes: Vec::new(),
            replays: Replays::default(),
            limits: Limits::default(),
            last_id: 0,
            last_class: FIRST_CLASS,
            last_number: FIRST_NUMBER,
        };
        books.furnish(now);
        books
    }

    fn furnish(&mut self, now: Timestamp) {
        for account in self.company.accounts.clone() {
            let body = json!({
                "Name": account.name, "AccountType": account.kind, "AccountSubType": account.subtype,
            });
            self.keep(Kind::Account, body, now);
        }
        for (name, days) in company::TERMS {
            self.keep(Kind::Term, json!({ "Name": name, "DueDays": days }), now);
        }
        for name in company::PAYMENT_METHODS {
            self.keep(Kind::PaymentMethod, json!({ "Name": name }), now);
        }
        self.write_settings(now);
        self.changes.clear();
    }

    /// The chart is the test's own: what QuickBooks refuses in it is simply not there.
    fn keep(&mut self, kind: Kind, body: Value, now: Timestamp) {
        let switches = Switches::default();
        let context = Context {
            now,
            switches: &switches,
        };
        let Value::Object(body) = body else { return };
        let _ = write::write(self, &context, &Order::save(kind, body, Actor::Person));
    }

    /// Writes `Preferences` and `CompanyInfo` anew from the settings.
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
    use crate::books::tests::books;
    use crate::json;

    #[test]
    fn a_new_company_has_accounts_terms_and_no_history() {
        let books = books();
        let names: Vec<_> = books
            .records
            .objects(Kind::Account)
            .filter_map(|account| json::text(account, "Name"))
            .collect();
        assert_eq!(names.len(), books.company.accounts.len());
        assert!(names.contains(&"Retainage Receivable"));
        assert!(books.records.objects(Kind::Term).count() >= 3);
        assert!(books.changes.is_empty());
    }

    #[test]
    fn writing_the_same_settings_again_is_no_change() {
        let mut books = books();
        books.write_settings(Timestamp::UNIX_EPOCH);
        assert!(books.changes.is_empty());
        books.company.auto_apply_credit = true;
        books.write_settings(Timestamp::UNIX_EPOCH);
        assert_eq!(books.changes.len(), 1);
        assert_eq!(books.changes[0].entity, "Preferences");
    }
}

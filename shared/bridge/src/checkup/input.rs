//! The input of the checks.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use mapping::Settings;
use quickbooks::company_facts::Preferences;
use store::company_facts::{AccountFact, CompanyFacts};
use store::connection::ConnectionStatus;
use store::matches::ItemCatalogue;
use store::reason::FoundTransaction;

/// The firm's records as of now, and the facts of its company.
#[derive(Clone, Debug)]
pub(super) struct CheckInput {
    /// The status of the connection.
    pub(super) status: ConnectionStatus,
    /// The time of the sign-in.
    pub(super) connected_at: Option<Timestamp>,
    /// The firm's settings.
    pub(super) settings: Settings,
    /// RIVET's items.
    pub(super) items: ItemCatalogue,
    /// The facts that the company answered.
    pub(super) company: CompanyFacts,
    /// The documents that wait for closed books.
    pub(super) closed_documents: usize,
    /// The transactions of others that bear the numbers of waiting documents.
    pub(super) taken: Vec<FoundTransaction>,
    /// The announcements of the company.
    pub(super) notices: Notices,
    /// The time of the check-up.
    pub(super) now: Timestamp,
}

/// The announcements of changes that arrived from the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Notices {
    /// At least one arrived.
    pub(super) any: bool,
    /// The time of the newest one, if it is known.
    pub(super) newest_at: Option<Timestamp>,
}

impl CheckInput {
    /// Returns the company's preferences, if they were read.
    pub(super) fn preferences(&self) -> Option<&Preferences> {
        self.company.preferences.as_ref()
    }

    /// Returns an account of the company, if it was read.
    pub(super) fn account(&self, id: &str) -> Option<&AccountFact> {
        let mut accounts = self.company.accounts.iter().flatten();
        accounts.find(|account| account.id == id)
    }

    /// Returns the present day.
    pub(super) fn today(&self) -> Date {
        Offset::UTC.to_datetime(self.now).date()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use mapping::ClassMode;
    use quickbooks::Reference;
    use quickbooks::company_facts::{CompanyInfo, NameValue};
    use store::company_facts::{ItemFact, OwnFacts};

    /// Returns the facts of an account.
    pub(in crate::checkup) fn account(id: &str, name: &str, kind: &str) -> AccountFact {
        AccountFact {
            id: id.into(),
            name: name.into(),
            kind: Some(kind.into()),
            sub_type: None,
            is_active: true,
            balance: Some(0.into()),
        }
    }

    fn pair(name: &str, value: &str) -> NameValue {
        NameValue {
            name: name.into(),
            value: value.into(),
        }
    }

    fn company() -> CompanyFacts {
        let mut preferences = Preferences::default();
        preferences.accounting_info_prefs.track_departments = Some(false);
        preferences.sales_forms_prefs.custom_txn_numbers = true;
        preferences.sales_forms_prefs.auto_apply_credit = Some(false);
        preferences.sales_forms_prefs.auto_apply_payments = Some(false);
        preferences.currency_prefs.home_currency = Some(Reference::to("USD"));
        preferences.tax_prefs.using_sales_tax = Some(false);
        preferences.report_prefs.report_basis = Some("Accrual".into());
        let warning = pair("WarnDuplicateJournalNumber", "true");
        preferences.other_prefs.name_value = vec![warning];
        let sku = pair("OfferingSku", "QuickBooks Online Plus");
        let status = pair("SubscriptionStatus", "PAID");
        CompanyFacts {
            info: Some(CompanyInfo {
                company_name: Some("Harbor Electric LLC".into()),
                country: Some("US".into()),
                name_value: vec![sku, status],
                ..CompanyInfo::default()
            }),
            preferences: Some(preferences),
            accounts: Some(vec![
                account("79", "Contract Revenue", "Income"),
                account("84", "Accounts Receivable (A/R)", "Accounts Receivable"),
                account("91", "Retainage Receivable", "Other Current Asset"),
            ]),
            items: Some(vec![ItemFact {
                id: "7".into(),
                name: "RIVET Contract Revenue".into(),
                income_account_id: "79".into(),
                income_account_name: "Contract Revenue".into(),
                is_active: true,
                is_taxable: false,
            }]),
            own: Some(OwnFacts::default()),
        }
    }

    /// Returns a firm and a company that pass each check.
    pub(in crate::checkup) fn passing() -> CheckInput {
        let mut settings = Settings::default();
        settings.accounts.contract_revenue = Some("79".into());
        settings.accounts.accounts_receivable = Some("84".into());
        settings.accounts.retainage = Some("91".into());
        settings.class_tracking.mode = ClassMode::Off;
        let mut items = ItemCatalogue::default();
        items.by_account.insert("79".into(), "7".into());
        let now: Timestamp = "2026-03-31T21:14:09Z".parse().unwrap();
        CheckInput {
            status: ConnectionStatus::Connected,
            connected_at: Some("2026-03-02T15:04:05Z".parse().unwrap()),
            settings,
            items,
            company: company(),
            closed_documents: 0,
            taken: vec![],
            notices: Notices {
                any: true,
                newest_at: Some(now),
            },
            now,
        }
    }

    /// Returns the passing firm with other preferences of its company.
    pub(in crate::checkup) fn preferring(change: impl FnOnce(&mut Preferences)) -> CheckInput {
        let mut input = passing();
        change(input.company.preferences.as_mut().unwrap());
        input
    }

    /// Returns the passing firm with another company.
    pub(in crate::checkup) fn informed(change: impl FnOnce(&mut CompanyInfo)) -> CheckInput {
        let mut input = passing();
        change(input.company.info.as_mut().unwrap());
        input
    }

    /// Returns the passing firm whose company answers nothing.
    pub(in crate::checkup) fn unanswered() -> CheckInput {
        CheckInput {
            company: CompanyFacts::default(),
            ..passing()
        }
    }
}

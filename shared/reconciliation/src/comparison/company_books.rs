//! The books of a company, as a comparison sees them.

use billing::Id;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use store::books_copy::{KeptLine, KeptTransaction, LoadedCopy};
use store::document::TransactionKey;
use store::index_margin;
use store::subledger::{AccountUse, Balances, TransactionFigures};

/// The books of a company. The owner of a QuickBooks customer is the customer of RIVET's to whom it counts.
pub(crate) struct CompanyBooks<'a> {
    /// The balances and the transactions.
    pub loaded: &'a LoadedCopy,
    /// The transactions by type and id.
    rows: BTreeMap<TransactionKey, &'a KeptTransaction>,
    /// The uses of accounts.
    uses: BTreeMap<String, AccountUse>,
    /// The owners of QuickBooks customers and jobs.
    pub owners: BTreeMap<String, Id>,
    /// The projects by class.
    pub classes: BTreeMap<String, Id>,
    /// The projects by job.
    pub jobs: BTreeMap<String, Id>,
    /// The newest rates of customers and jobs that are billed in another currency than the company's own.
    rates: BTreeMap<&'a str, Decimal>,
}

/// The part of a transaction that counts to one customer and project.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// The customer of RIVET's.
    pub owner: Option<Id>,
    /// True if the part names a customer that is not RIVET's.
    pub is_others: bool,
    /// The project.
    pub project: Option<Id>,
    /// The effect. Nothing is receivable from customers that are not RIVET's.
    pub balances: Balances,
}

impl<'a> CompanyBooks<'a> {
    /// Returns the books of a copy. `uses` names the accounts that RIVET posted to.
    pub fn of(loaded: &'a LoadedCopy, mut uses: BTreeMap<String, AccountUse>) -> Self {
        let receivable = loaded
            .copy
            .accounts
            .iter()
            .filter(|account| account.is_receivable);
        uses.extend(receivable.map(|account| (account.id.clone(), AccountUse::Receivable)));
        let rows = loaded.transactions();
        let rows = rows.map(|row| (TransactionKey::new(row.kind, row.id.clone()), row));
        Self {
            loaded,
            rows: rows.collect(),
            uses,
            owners: BTreeMap::new(),
            classes: BTreeMap::new(),
            jobs: BTreeMap::new(),
            rates: newest_rates(loaded),
        }
    }

    /// Returns the newest rate of a customer or job of QuickBooks. `None` in the company's own currency.
    pub fn rate(&self, customer: &str) -> Option<Decimal> {
        self.rates.get(customer).copied()
    }

    /// Returns the newest rate of a customer of RIVET's. `None` in the company's own currency.
    pub fn rate_of(&self, owner: &Id) -> Option<Decimal> {
        let mut owners = self.owners.iter().filter(|(_, known)| *known == owner);
        owners.find_map(|(customer, _)| self.rate(customer))
    }

    /// Returns a transaction.
    pub fn row(&self, kind: TxnType, id: &str) -> Option<&'a KeptTransaction> {
        self.rows.get(&TransactionKey::new(kind, id)).copied()
    }

    /// Returns all transactions.
    pub fn rows(&self) -> impl Iterator<Item = &'a KeptTransaction> {
        self.rows.values().copied()
    }

    /// Returns the use of an account.
    pub fn use_of(&self, account: &str) -> Option<AccountUse> {
        self.uses.get(account).copied()
    }

    /// Returns whether the copy may lack a transaction that QuickBooks wrote at this second.
    pub fn may_lack(&self, kind: TxnType, id: &str, written_at: i64) -> bool {
        let copy = &self.loaded.copy;
        let is_gone = copy.gone.iter().any(|gone| gone.is(kind, id));
        !is_gone && index_margin::may_be_unseen(written_at, copy.read_at.unwrap_or_default())
    }

    /// Returns the parts of a transaction.
    pub fn parts(&self, row: &KeptTransaction) -> Vec<Part> {
        let mut parts = Vec::new();
        let receivable = match row.kind {
            TxnType::Invoice => row.total,
            TxnType::CreditMemo | TxnType::Payment => -row.total,
            TxnType::JournalEntry | TxnType::Other => Decimal::ZERO,
        };
        let balances = Balances {
            receivable,
            ..Balances::default()
        };
        add_part(&mut parts, self.part(&row.customer, "", balances));
        for line in &row.lines {
            let balances = self.effect(line);
            add_part(&mut parts, self.part(&line.customer, &line.class, balances));
        }
        parts.retain(|part: &Part| !part.balances.is_zero());
        parts
    }

    fn effect(&self, line: &KeptLine) -> Balances {
        let mut balances = Balances::default();
        match self.use_of(&line.account) {
            Some(AccountUse::Receivable) => balances.receivable = line.amount,
            Some(AccountUse::Retainage) => balances.retainage = line.amount,
            Some(AccountUse::Revenue) => balances.revenue = -line.amount,
            None => {}
        }
        balances
    }

    fn part(&self, customer: &str, class: &str, mut balances: Balances) -> Part {
        let owner = self.owners.get(customer).cloned();
        if owner.is_none() {
            balances.receivable = Decimal::ZERO;
        }
        let project = self.jobs.get(customer).or_else(|| self.classes.get(class));
        Part {
            is_others: owner.is_none() && !customer.is_empty(),
            owner,
            project: project.cloned(),
            balances,
        }
    }
}

fn newest_rates(loaded: &LoadedCopy) -> BTreeMap<&str, Decimal> {
    let rows = loaded.transactions();
    let mut foreign: Vec<_> = rows.filter(|row| row.rate.is_some()).collect();
    foreign.sort_by_key(|row| row.date);
    let rates = foreign.into_iter();
    let rates = rates.filter_map(|row| Some((row.customer.as_str(), row.rate?)));
    rates.collect()
}

/// Adds a part to the one of the same customer and project.
fn add_part(parts: &mut Vec<Part>, part: Part) {
    let is_same = |known: &&mut Part| {
        (&known.owner, known.is_others, &known.project)
            == (&part.owner, part.is_others, &part.project)
    };
    match parts.iter_mut().find(is_same) {
        Some(known) => known.balances += part.balances,
        None => parts.push(part),
    }
}

/// Returns whether RIVET wrote a later version than the copy has.
pub(crate) fn is_older(row: &KeptTransaction, figures: &TransactionFigures) -> bool {
    let version = |token: &str| token.parse::<u64>().ok();
    match (version(&row.version), version(&figures.version)) {
        (Some(copied), Some(written)) => copied < written,
        _ => false,
    }
}

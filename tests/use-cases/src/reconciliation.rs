//! The tie-out and the retainage schedule, against a real counterpart with its own ledger.

mod cost;
mod currencies;
mod differences;
mod entered;
mod schedule;
mod unfinished;

use crate::support::world::World;
use bridge::error::Error;
use futures::executor::block_on;
use jiff::SignedDuration;
use reconciliation::retainage_schedule::retainage_schedule;
use reconciliation::retainage_schedule::view::ScheduleView;
use reconciliation::tie_out::tie_out;
use rust_decimal::Decimal;
use serde_json::Value;

/// The purposes of the compared accounts, with the names of their figures in an entry.
const FIGURES: [(&str, &str); 3] = [
    ("accounts_receivable", "receivable"),
    ("retainage", "retainage"),
    ("contract_revenue", "revenue"),
];

/// The piles of entries that differ.
const PILES: [&str; 3] = ["only_in_quickbooks", "only_in_rivet", "different"];

impl World {
    /// Returns the tie-out, which must explain every difference to the cent.
    fn tie_out(&self) -> Value {
        let view = self.try_tie_out().unwrap();
        assert_explained(&view);
        view
    }

    fn try_tie_out(&self) -> Result<Value, Error> {
        let view = block_on(tie_out(&self.services, &self.firm, self.claimant()))?;
        Ok(serde_json::to_value(view).unwrap())
    }

    /// Returns the tie-out of a minute later, after whatever happened meanwhile.
    fn later_tie_out(&self) -> Value {
        self.advance(SignedDuration::from_mins(1));
        self.tie_out()
    }

    /// Lets a night pass, in which RIVET finds out what people changed, and carries out decisions.
    fn find_out(&self) {
        self.advance(SignedDuration::from_hours(24));
        (0..2).for_each(|_| self.run_next_sync());
    }

    fn schedule(&self, as_of: &str) -> ScheduleView {
        let as_of = as_of.parse().unwrap();
        block_on(retainage_schedule(&self.services.store, &self.firm, as_of)).unwrap()
    }
}

/// Asserts that the entries of the piles add up to the difference of each account.
fn assert_explained(view: &Value) {
    for (purpose, figure) in FIGURES {
        let account = account(view, purpose);
        let entries = PILES
            .iter()
            .flat_map(|pile| view[*pile].as_array().unwrap());
        let explained: Decimal = entries
            .map(|entry| at_home(entry, amount(&entry[figure]["difference"])))
            .sum();
        assert_eq!(
            explained,
            amount(&account["difference"]),
            "{purpose} {view:#}"
        );
    }
    let piles = PILES
        .iter()
        .map(|pile| view[*pile].as_array().unwrap().len());
    assert_eq!(view["tied_out"] == true, piles.sum::<usize>() == 0);
}

/// Returns an amount of an entry in the company's own currency.
fn at_home(entry: &Value, amount: Decimal) -> Decimal {
    let rate = entry["rate"].as_str();
    rate.map_or(amount, |rate| {
        (amount * rate.parse::<Decimal>().unwrap()).round_dp(2)
    })
}

fn account<'a>(view: &'a Value, purpose: &str) -> &'a Value {
    let accounts = view["accounts"].as_array().unwrap();
    accounts
        .iter()
        .find(|account| account["purpose"] == purpose)
        .unwrap()
}

fn amount(text: &Value) -> Decimal {
    text.as_str().unwrap().parse().unwrap()
}

/// Returns the figures of RIVET, QuickBooks and their difference as text.
fn compared(figures: &Value) -> [&str; 3] {
    ["rivet", "quickbooks", "difference"].map(|name| figures[name].as_str().unwrap())
}

/// Returns the only entry of all piles, which must be on this one.
fn only_entry<'a>(view: &'a Value, pile: &str) -> &'a Value {
    let all: Vec<&Value> = PILES
        .iter()
        .flat_map(|pile| view[*pile].as_array().unwrap())
        .collect();
    assert_eq!(all.len(), 1, "{view:#}");
    assert_eq!(view[pile].as_array().unwrap().len(), 1, "{view:#}");
    all[0]
}

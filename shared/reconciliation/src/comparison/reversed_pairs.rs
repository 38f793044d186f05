//! Pairs of a transaction and its reversal that RIVET's records do not name.

use crate::comparison::company_books::Part;
use mapping::reversal_numbers;
use std::collections::{BTreeMap, BTreeSet};
use store::books_copy::KeptTransaction;

/// A transaction that RIVET's records do not name, and its parts.
pub(super) struct OtherTransaction<'a> {
    pub(super) row: &'a KeptTransaction,
    pub(super) parts: Vec<Part>,
}

/// Returns the transactions that are not reversed. A transaction and its reversal are left out if they have RIVET's numbers and cancel each
/// other out: RIVET reverses the entry of a refused invoice, and forgets both if the store is set back.
pub(super) fn without_reversed_pairs(
    others: Vec<OtherTransaction<'_>>,
) -> Vec<OtherTransaction<'_>> {
    let mut by_reversal: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, other) in others.iter().enumerate() {
        for number in BTreeSet::from(reversal_numbers(&other.row.number)) {
            by_reversal.entry(number).or_default().push(at);
        }
    }
    let mut paired = BTreeSet::new();
    for (at, reversal) in others.iter().enumerate() {
        let mut reversed = by_reversal.get(&reversal.row.number).into_iter().flatten();
        let reversed = reversed.find(|reversed| {
            !paired.contains(*reversed) && cancel_out(&others[**reversed], reversal)
        });
        if let Some(reversed) = reversed {
            paired.extend([at, *reversed]);
        }
    }
    let mut others: Vec<_> = others.into_iter().enumerate().collect();
    others.retain(|(at, _)| !paired.contains(at));
    others.into_iter().map(|(_, other)| other).collect()
}

/// Returns whether two transactions together change no account of any customer or project.
fn cancel_out(one: &OtherTransaction<'_>, other: &OtherTransaction<'_>) -> bool {
    let has_opposite = |part: &Part| {
        let balances = -part.balances;
        other.parts.contains(&Part {
            balances,
            ..part.clone()
        })
    };
    one.row.rate == other.row.rate
        && one.parts.len() == other.parts.len()
        && one.parts.iter().all(has_opposite)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;
    use store::subledger::Balances;

    /// Returns the numbers that are left of entries with these numbers and amounts of retainage.
    fn left_of(entries: &[(&str, i64)]) -> Vec<String> {
        let row = |(number, _): &(&str, i64)| {
            let line = format!("JournalEntry 30 0 2026-03-31 24 9.00 - - {number}");
            KeptTransaction::try_from(line).unwrap()
        };
        let rows: Vec<_> = entries.iter().map(row).collect();
        let others = rows.iter().zip(entries).map(|(row, (_, retainage))| {
            let balances = Balances {
                retainage: Decimal::from(*retainage),
                ..Balances::default()
            };
            let part = Part {
                owner: None,
                is_others: false,
                project: None,
                balances,
            };
            OtherTransaction {
                row,
                parts: vec![part],
            }
        });
        let left = without_reversed_pairs(others.collect()).into_iter();
        left.map(|other| other.row.number.clone()).collect()
    }

    #[test]
    fn only_pairs_that_cancel_out_are_left_out() {
        assert!(left_of(&[("7-1R", 9), ("7-1RV", -9)]).is_empty());
        assert!(left_of(&[("7-1RV", -9), ("7-1RW", 9)]).is_empty());
        let edited = left_of(&[("7-1R", 9), ("7-1RV", -8)]);
        assert_eq!(edited, ["7-1R", "7-1RV"]);
        let twice = left_of(&[("7-1R", 9), ("7-1RV", -9), ("7-1R", 9)]);
        assert_eq!(twice, ["7-1R"]);
        let others = left_of(&[("12", 9), ("13", -9), ("", 9), ("", -9)]);
        assert_eq!(others, ["12", "13", "", ""]);
    }
}

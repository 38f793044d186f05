//! The transactions of documents as the books have them.

use crate::comparison::company_books::{CompanyBooks, Part, is_older};
use crate::comparison::entry::Fate;
use billing::Id;
use rust_decimal::Decimal;
use store::books_copy::KeptTransaction;
use store::subledger::{Balances, Standing, TransactionFigures};

/// A transaction of a document as the books have it.
pub(super) struct FoundTransaction<'a> {
    pub(super) figures: &'a TransactionFigures,
    /// The effect with the document's customer.
    pub(super) balances: Balances,
    /// The parts with other customers.
    pub(super) elsewhere: Vec<Part>,
    pub(super) total: Decimal,
    pub(super) fate: Fate,
    /// The value of one unit of its currency in the company's own. `None` if it is the company's own.
    pub(super) rate: Option<Decimal>,
    /// True if the copy of the books lags, so that RIVET's own record counts.
    pub(super) is_ahead: bool,
}

/// Finds a transaction in the books. What RIVET wrote after the copy was read counts as written.
pub(super) fn find<'a>(
    figures: &'a TransactionFigures,
    books: &CompanyBooks<'_>,
    owner: &Id,
) -> FoundTransaction<'a> {
    let row = books.row(figures.kind, &figures.id);
    let written = |balances| FoundTransaction {
        figures,
        balances,
        elsewhere: Vec::new(),
        total: figures.total,
        fate: Fate::Stands,
        rate: row.map_or_else(|| books.rate(&figures.customer), |row| row.rate),
        is_ahead: true,
    };
    match row {
        Some(row) if is_older(row, figures) => written(written_balances(figures)),
        Some(row) => read(figures, books, row, owner),
        None if books.may_lack(figures.kind, &figures.id, figures.written_at) => {
            written(written_balances(figures))
        }
        None => FoundTransaction {
            fate: Fate::Gone,
            total: Decimal::ZERO,
            is_ahead: false,
            ..written(Balances::default())
        },
    }
}

/// Returns the effect of a transaction as RIVET wrote it last.
fn written_balances(figures: &TransactionFigures) -> Balances {
    match figures.standing == Standing::Void {
        true => Balances::default(),
        false => figures.balances,
    }
}

fn read<'a>(
    figures: &'a TransactionFigures,
    books: &CompanyBooks<'_>,
    row: &KeptTransaction,
    owner: &Id,
) -> FoundTransaction<'a> {
    let parts = books.parts(row);
    let is_own = |part: &Part| {
        part.owner.as_ref() == Some(owner) || (part.owner.is_none() && !part.is_others)
    };
    let (own, elsewhere): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(is_own);
    let is_void = row.total.is_zero() && !figures.total.is_zero();
    let fate = if is_void { Fate::Voided } else { Fate::Stands };
    FoundTransaction {
        figures,
        balances: own.iter().map(|part| part.balances).sum(),
        elsewhere,
        total: row.total,
        fate,
        rate: row.rate,
        is_ahead: false,
    }
}

/// Returns the effect that the copy shows with the document's customer.
pub(super) fn shown(
    figures: &TransactionFigures,
    books: &CompanyBooks<'_>,
    owner: &Id,
) -> Balances {
    let row = books.row(figures.kind, &figures.id);
    row.map_or_else(Balances::default, |row| {
        read(figures, books, row, owner).balances
    })
}

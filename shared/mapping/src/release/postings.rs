//! The transaction that releases retainage: a journal entry or an invoice.

use billing::RetainageRelease;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::due_date::Terms;
use crate::held::{Holder, Taken};
use crate::money::cents;
use crate::naming::{self, DESCRIPTION_LIMIT, MEMO_LIMIT, clip};
use crate::plan::PostingPlan;
use crate::plan_inputs::RequiredAccounts;
use crate::posting::{Journal, JournalLine, JournalRole, LineAccount, Role, Sale, SaleLine, Side};
use crate::slot::Slot;

/// The holders that a release takes its amount from.
pub(super) struct Source<'a> {
    /// The amounts, RIVET's own last.
    pub taken: Vec<Taken>,
    /// The chosen accounts.
    pub accounts: RequiredAccounts<'a>,
}

impl Source<'_> {
    /// Returns the amount that RIVET alone held. The books have nothing of it before the release.
    pub fn by_rivet(&self) -> Decimal {
        let own = self
            .taken
            .iter()
            .filter(|part| part.holder == Holder::Rivet);
        own.map(|part| part.amount).sum()
    }
}

/// Returns the entry that debits Accounts Receivable, and credits the accounts that hold the amount. What RIVET alone held is revenue.
pub(super) fn journal(
    release: &RetainageRelease,
    source: &Source<'_>,
    draft: &PostingPlan,
) -> Journal {
    let description = match due_date(release) {
        Some(due) => clip(&format!("{} · due {due}", memo(release)), DESCRIPTION_LIMIT),
        None => memo(release),
    };
    let credit = |role, account: &str, amount: Decimal| JournalLine {
        role,
        account: account.to_owned(),
        side: Side::of(-amount),
        amount: cents(amount.abs()),
        description: description.clone(),
    };
    let receivable = credit(
        JournalRole::Receivable,
        source.accounts.receivable,
        -release.amount,
    );
    let taken = source.taken.iter().map(|part| match &part.holder {
        Holder::Account(account) => credit(JournalRole::Retainage, account, part.amount),
        Holder::Rivet | Holder::Mapped => {
            credit(JournalRole::Revenue, source.accounts.revenue, part.amount)
        }
    });
    Journal {
        customer: draft.customer.clone(),
        project: Some(release.project.id.clone()),
        is_classed: draft.is_classed,
        number: draft.number.clone(),
        date: release.released_on,
        currency: draft.currency.clone(),
        note: naming::origin_note(&draft.document, draft.revision, Slot::Release),
        lines: std::iter::once(receivable).chain(taken).collect(),
        held_by_rivet: -source.by_rivet(),
    }
}

/// Returns the invoice with a line for each account that holds the amount. What RIVET alone held is revenue.
pub(super) fn invoice(
    release: &RetainageRelease,
    source: &Source<'_>,
    draft: &PostingPlan,
) -> Sale {
    let line = |part: &Taken| SaleLine {
        account: match &part.holder {
            Holder::Account(id) => LineAccount {
                role: Role::Retainage,
                id: id.clone(),
            },
            Holder::Rivet | Holder::Mapped => LineAccount {
                role: Role::Revenue,
                id: source.accounts.revenue.to_owned(),
            },
        },
        description: "Retainage released".to_owned(),
        amount: cents(part.amount),
    };
    Sale {
        customer: draft.customer.clone(),
        project: release.project.id.clone(),
        is_classed: draft.is_classed,
        number: draft.number.clone(),
        date: release.released_on,
        due: due_date(release),
        currency: draft.currency.clone(),
        memo: memo(release),
        note: naming::origin_note(&draft.document, draft.revision, Slot::Release),
        lines: source.taken.iter().map(line).collect(),
        held_by_rivet: -source.by_rivet(),
    }
}

fn due_date(release: &RetainageRelease) -> Option<Date> {
    let terms = Terms {
        from: release.released_on,
        due_date: release.due_date,
        days: release.payment_terms_days,
    };
    terms.due_date()
}

fn memo(release: &RetainageRelease) -> String {
    clip(
        &format!(
            "{} {} · Retainage release",
            release.project.number, release.project.name
        ),
        MEMO_LIMIT,
    )
}

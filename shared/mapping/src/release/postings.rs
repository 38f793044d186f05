//! The transaction that releases retainage: a journal entry or an invoice.

use billing::RetainageRelease;

use crate::context::RequiredAccounts;
use crate::money::cents;
use crate::naming::{self, MEMO_LIMIT, clip};
use crate::plan::PostingPlan;
use crate::posting::{Journal, JournalLine, JournalRole, LineAccount, Role, Sale, SaleLine, Side};
use crate::slot::Slot;

/// Returns the entry that moves the amount from Retainage Receivable to Accounts Receivable.
pub(super) fn journal(
    release: &RetainageRelease,
    accounts: &RequiredAccounts<'_>,
    draft: &PostingPlan,
) -> Journal {
    let line = |role, account: &str, side| JournalLine {
        role,
        account: account.to_owned(),
        side,
        amount: cents(release.amount),
        description: memo(release),
    };
    Journal {
        customer: draft.customer.clone(),
        project: release.project.id.clone(),
        is_classed: draft.is_classed,
        number: draft.number.clone(),
        date: release.released_on,
        currency: draft.currency.clone(),
        note: naming::origin_note(&draft.document, draft.revision, Slot::Release),
        lines: vec![
            line(JournalRole::Receivable, accounts.receivable, Side::Debit),
            line(JournalRole::Retainage, accounts.retainage, Side::Credit),
        ],
    }
}

/// Returns the invoice with one line on Retainage Receivable.
pub(super) fn invoice(
    release: &RetainageRelease,
    accounts: &RequiredAccounts<'_>,
    draft: &PostingPlan,
) -> Sale {
    let account = LineAccount {
        role: Role::Retainage,
        id: accounts.retainage.to_owned(),
    };
    Sale {
        customer: draft.customer.clone(),
        project: release.project.id.clone(),
        is_classed: draft.is_classed,
        number: draft.number.clone(),
        date: release.released_on,
        due: None,
        currency: draft.currency.clone(),
        memo: memo(release),
        note: naming::origin_note(&draft.document, draft.revision, Slot::Release),
        lines: vec![SaleLine {
            account,
            description: "Retainage released".to_owned(),
            amount: cents(release.amount),
        }],
    }
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

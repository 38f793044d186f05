//! Retainage releases: what was held back is now owed.

use billing::{DocumentRef, Kind, Release};

use crate::Effect;
use crate::context::{Chosen, Context};
use crate::money::cents;
use crate::naming::{self, MEMO, clipped};
use crate::plan::{Plan, Planned, Refusal};
use crate::posting::{
    Journal, JournalLine, JournalRole, LineAccount, Posting, Role, Sale, SaleLine, Side,
};
use crate::settings::RetainageMethod;
use crate::slot::Slot;

/// A release is never revised.
const REVISION: u32 = 1;

/// The plan, and what it has to do to the ledger.
pub(crate) fn plan(release: &Release, context: &Context<'_>) -> Result<(Plan, Effect), Refusal> {
    let accounts = context.accounts()?;
    let draft = Plan {
        document: DocumentRef {
            kind: Kind::RetainageRelease,
            id: release.id.clone(),
        },
        revision: REVISION,
        number: Some(naming::release_number(&release.project.number, &release.id)),
        customer: release.customer.id.clone(),
        project: Some(release.project.id.clone()),
        classed: context.classed(&release.project)?,
        currency: context.home_currency(),
        postings: Vec::new(),
    };
    let posting = match context.settings.retainage_method {
        RetainageMethod::JournalEntry => Posting::JournalEntry(journal(release, &accounts, &draft)),
        RetainageMethod::InvoiceLine => Posting::Invoice(invoice(release, &accounts, &draft)),
    };
    let postings = vec![Planned {
        slot: Slot::Release,
        posting,
    }];
    let expected = Effect {
        receivable: release.amount,
        retainage: -release.amount,
        ..Effect::default()
    };
    Ok((Plan { postings, ..draft }, expected))
}

fn journal(release: &Release, accounts: &Chosen<'_>, draft: &Plan) -> Journal {
    let entry = |role, account: &str, side| JournalLine {
        role,
        account: account.to_owned(),
        side,
        amount: cents(release.amount),
        description: memo(release),
    };
    Journal {
        customer: draft.customer.clone(),
        project: release.project.id.clone(),
        classed: draft.classed,
        number: draft.number.clone(),
        date: release.released_on,
        currency: draft.currency.clone(),
        note: naming::note(&draft.document, REVISION, Slot::Release),
        lines: vec![
            entry(JournalRole::Receivable, accounts.receivable, Side::Debit),
            entry(JournalRole::Retainage, accounts.retainage, Side::Credit),
        ],
    }
}

fn invoice(release: &Release, accounts: &Chosen<'_>, draft: &Plan) -> Sale {
    let account = LineAccount {
        role: Role::Retainage,
        id: accounts.retainage.to_owned(),
    };
    Sale {
        customer: draft.customer.clone(),
        project: release.project.id.clone(),
        classed: draft.classed,
        number: draft.number.clone(),
        date: release.released_on,
        due: None,
        currency: draft.currency.clone(),
        memo: memo(release),
        note: naming::note(&draft.document, REVISION, Slot::Release),
        lines: vec![SaleLine {
            account,
            description: "Retainage released".to_owned(),
            amount: cents(release.amount),
        }],
    }
}

fn memo(release: &Release) -> String {
    clipped(
        &format!(
            "{} {} · Retainage release",
            release.project.number, release.project.name
        ),
        MEMO,
    )
}

//! Computes the amounts of a revision or void that is not posted.

use crate::rivet_side::Unposted;
use billing::{Document, DocumentRef, PayApp, Payment, RetainageRelease};
use mapping::{Settings, document_number, release_number};
use rust_decimal::Decimal;
use store::subledger::Balances;
use store::subledger::transaction_figures::PaidDocument;

/// Returns what a document comes to once it is posted. `on_accounts` is the retainage of its project that accounts hold.
pub(super) fn of(document: &Document, settings: &Settings, on_accounts: Decimal) -> Unposted {
    let unposted = match document {
        Document::PayApp(pay_app) => of_pay_app(pay_app, settings),
        Document::RetainageRelease(release) => of_release(release, on_accounts),
        Document::Payment(payment) => of_payment(payment),
        Document::Project(_) => Unposted::default(),
    };
    Unposted {
        date: document.date(),
        ..unposted
    }
}

fn of_pay_app(pay_app: &PayApp, settings: &Settings) -> Unposted {
    let totals = pay_app.totals;
    let on_account = match settings.needs_retainage_account() {
        true => totals.retainage,
        false => Decimal::ZERO,
    };
    Unposted {
        balances: Balances {
            receivable: totals.net,
            retainage: on_account,
            revenue: totals.net + on_account,
        },
        billed: totals.billed,
        withheld: totals.retainage,
        total: totals.net.abs(),
        number: document_number(&pay_app.project.number, pay_app.number),
        ..Unposted::default()
    }
}

fn of_release(release: &RetainageRelease, on_accounts: Decimal) -> Unposted {
    let from_account = release.amount.min(on_accounts.max(Decimal::ZERO));
    Unposted {
        balances: Balances {
            receivable: release.amount,
            retainage: -from_account,
            revenue: release.amount - from_account,
        },
        withheld: -release.amount,
        total: release.amount,
        number: release_number(&release.project.number, &release.id),
        ..Unposted::default()
    }
}

fn of_payment(payment: &Payment) -> Unposted {
    let paid = payment.applied.iter().map(|applied| PaidDocument {
        document: DocumentRef {
            kind: applied.kind,
            id: applied.id.clone(),
        },
        amount: applied.amount,
    });
    Unposted {
        balances: Balances {
            receivable: -payment.amount,
            ..Balances::default()
        },
        total: payment.amount,
        number: payment.reference.clone().unwrap_or_default(),
        paid: paid.collect(),
        ..Unposted::default()
    }
}

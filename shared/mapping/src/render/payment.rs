//! Bodies of payments.

use quickbooks::Reference;
use quickbooks::entity::{LinkedTxn, Payment, PaymentLine, TxnType};

use super::missing_id::MissingId;
use super::writer::{Header, Writer, reference};
use crate::ids::Ids;
use crate::posting::{Receipt, Share};

/// Writes a payment.
pub(super) fn payment(
    writer: &Writer<'_>,
    receipt: &Receipt,
    header: Header,
) -> Result<Payment, MissingId> {
    Ok(Payment {
        id: header.id,
        sync_token: header.sync_token,
        sparse: header.sparse,
        txn_date: Some(receipt.date),
        customer_ref: Some(Reference::to(writer.ids.payer(receipt))),
        deposit_to_account_ref: reference(receipt.deposit.as_ref()),
        currency_ref: reference(receipt.currency.as_ref()),
        payment_ref_num: receipt.reference.clone(),
        private_note: Some(receipt.note.clone()),
        total_amt: Some(receipt.total),
        line: payment_lines(writer.ids, receipt)?,
        ..Payment::default()
    })
}

/// Returns an error if a share pays or uses a transaction of another type than QuickBooks takes there.
fn ensure_types(ids: &Ids, receipt: &Receipt) -> Result<(), MissingId> {
    for share in &receipt.applied {
        match ids.paid(share) {
            Some((TxnType::Invoice | TxnType::JournalEntry, _)) => {}
            _ => return Err(missing("what is owed on", share)),
        }
    }
    for share in &receipt.credits {
        match ids.credit(share) {
            Some((TxnType::CreditMemo, _)) => {}
            _ => return Err(missing("the credit of", share)),
        }
    }
    Ok(())
}

/// Writes a line for each transaction that is paid, and for each credit memo that is used. Amounts are positive on both.
fn payment_lines(ids: &Ids, receipt: &Receipt) -> Result<Vec<PaymentLine>, MissingId> {
    ensure_types(ids, receipt)?;
    let applied = ids.applied_to(receipt).into_iter();
    let lines = applied.map(|applied| {
        let linked = LinkedTxn {
            txn_id: applied.id.to_owned(),
            txn_type: applied.kind,
        };
        PaymentLine::applied(applied.amount, linked)
    });
    Ok(lines.collect())
}

fn missing(what: &str, share: &Share) -> MissingId {
    MissingId::of(what, &share.document.to_string())
}

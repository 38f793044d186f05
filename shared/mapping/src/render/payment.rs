//! Bodies of payments.

use quickbooks::Reference;
use quickbooks::entity::{LinkedTxn, Payment, PaymentLine, TxnType};

use super::missing_id::MissingId;
use super::writer::{Header, Writer, reference};
use crate::posting::{Receipt, Share};

/// Writes a payment.
pub(super) fn payment(
    writer: &Writer<'_>,
    receipt: &Receipt,
    header: Header,
) -> Result<Payment, MissingId> {
    let applied = receipt.applied.iter();
    let lines = applied.map(|share| payment_line(writer, share));
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
        line: lines.collect::<Result<_, _>>()?,
        ..Payment::default()
    })
}

/// Writes the line of one paid document. A payment can be applied to an invoice or to an entry, but not to a credit memo.
fn payment_line(writer: &Writer<'_>, share: &Share) -> Result<PaymentLine, MissingId> {
    match writer.ids.targets.get(&share.document) {
        Some((kind @ (TxnType::Invoice | TxnType::JournalEntry), id)) => Ok(PaymentLine::applied(
            share.amount,
            LinkedTxn {
                txn_id: id.clone(),
                txn_type: *kind,
            },
        )),
        _ => {
            let document = share.document.to_string();
            Err(MissingId::of("what is owed on", &document))
        }
    }
}

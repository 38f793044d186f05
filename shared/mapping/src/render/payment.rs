//! Payments.

use quickbooks::entity::{LinkedTxn, Payment, PaymentLine, TxnType};

use super::unresolved::{Unresolved, missing};
use super::writer::{Head, Writer, reference};
use crate::posting::{Receipt, Share};

impl Writer<'_> {
    pub(super) fn payment(&self, receipt: &Receipt, head: Head) -> Result<Payment, Unresolved> {
        Ok(Payment {
            id: head.id,
            sync_token: head.sync_token,
            sparse: head.sparse,
            txn_date: Some(receipt.date),
            customer_ref: Some(self.customer()),
            deposit_to_account_ref: reference(receipt.deposit.as_ref()),
            currency_ref: reference(receipt.currency.as_ref()),
            payment_ref_num: receipt.reference.clone(),
            private_note: Some(receipt.note.clone()),
            total_amt: Some(receipt.total),
            line: receipt
                .applied
                .iter()
                .map(|share| self.payment_line(share))
                .collect::<Result<_, _>>()?,
            ..Payment::default()
        })
    }

    /// Money can settle an invoice or what an entry put into Accounts Receivable, but not a credit memo.
    fn payment_line(&self, share: &Share) -> Result<PaymentLine, Unresolved> {
        match self.ids.targets.get(&share.document) {
            Some((kind @ (TxnType::Invoice | TxnType::JournalEntry), id)) => {
                Ok(PaymentLine::applied(
                    share.amount,
                    LinkedTxn {
                        txn_id: id.clone(),
                        txn_type: *kind,
                    },
                ))
            }
            _ => Err(missing("what is owed on", &share.document.to_string())),
        }
    }
}

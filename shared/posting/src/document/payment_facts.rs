//! Finds out what the plan of a payment depends on: which targets are credits, and which were paid by a payment that came back.

use crate::context::WorkerContext;
use crate::error::PostingError;
use billing::Document;
use mapping::{PaymentFacts, ReturnedPart};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use store::document::DocumentRecord;
use store::reason::hold::HoldReason;

/// Returns the facts about the targets of a payment. A document of another kind has none.
///
/// # Errors
/// [`PostingError::Held`] if the amounts agree only with a credit, and a target is not posted yet.
pub async fn payment_facts<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    document: &Document,
) -> Result<PaymentFacts, PostingError> {
    let mut facts = PaymentFacts::default();
    let Document::Payment(payment) = document else {
        return Ok(facts);
    };
    let mut unfinished = None;
    for part in &payment.applied {
        let target = part.target();
        let record = ctx.store.document(ctx.firm, &target).await?;
        match record.filter(|record| record.status.is_final()) {
            Some(record) if is_credit(&record) => {
                facts.credits.insert(target);
            }
            Some(_) => {
                let payments = ctx.customer_payments(&payment.customer.id).await?;
                let returned = payments.returned(&target, &payment.id).into_iter();
                facts.returned.extend(returned.map(|share| ReturnedPart {
                    payment: share.payment,
                    document: share.document,
                    open: share.open,
                }));
            }
            None => unfinished = unfinished.or(Some(target)),
        }
    }
    let applied: Decimal = payment.applied.iter().map(|part| part.amount).sum();
    match unfinished {
        Some(target) if applied > payment.amount => Err(HoldReason::WaitingFor(target).into()),
        _ => Ok(facts),
    }
}

/// Returns whether the customer has a credit by the document.
fn is_credit(record: &DocumentRecord) -> bool {
    let mut active = record.active_objects();
    active.any(|posted| posted.kind == TxnType::CreditMemo)
}

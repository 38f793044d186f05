//! The facts that the plan of a payment depends on.

use std::collections::BTreeSet;

use billing::{DocumentRef, Id};
use rust_decimal::Decimal;

use crate::posting::Share;

/// The facts that the plan of a payment depends on. Plans of other documents need none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentFacts {
    /// The targets that are credits: pay applications of which a credit memo stands.
    pub credits: BTreeSet<DocumentRef>,
    /// The payments that came back, and had paid for targets.
    pub returned: Vec<ReturnedPart>,
}

/// The facts of a document that is no payment.
pub static NO_PAYMENT: PaymentFacts = PaymentFacts {
    credits: BTreeSet::new(),
    returned: Vec::new(),
};

/// The part of a payment that came back and is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedPart {
    /// The payment that came back.
    pub payment: Id,
    /// The document that it had paid for.
    pub document: DocumentRef,
    /// The amount that is open again.
    pub open: Decimal,
}

impl PaymentFacts {
    /// Divides an amount for a document: what came back is paid first, through its entry.
    pub(crate) fn divided(&self, document: &DocumentRef, amount: Decimal) -> Vec<Share> {
        let share = |amount, returned| Share {
            document: document.clone(),
            amount,
            returned,
        };
        let (mut shares, mut rest) = (Vec::new(), amount);
        let returned = self.returned.iter();
        for part in returned.filter(|part| part.document == *document) {
            let again = rest.min(part.open);
            if !again.is_zero() {
                shares.push(share(again, Some(part.payment.clone())));
                rest -= again;
            }
        }
        if !rest.is_zero() {
            shares.push(share(rest, None));
        }
        shares
    }
}

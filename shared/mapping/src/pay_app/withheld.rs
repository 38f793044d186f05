//! The retainage that a pay application withholds or gives back, by holder.

use billing::PayApp;
use rust_decimal::Decimal;

use crate::held::{Held, Holder, Taken};
use crate::money::cents;

/// The retainage of a pay application: withheld amounts are positive, those given back negative.
pub(super) struct Withheld {
    /// The amounts, one for each holder.
    pub parts: Vec<Taken>,
}

impl Withheld {
    /// Returns the retainage of a pay application. What is withheld goes to the `mapped` holder. What is given back comes from those that
    /// hold it.
    pub fn of(pay_app: &PayApp, held: &Held, mapped: &Holder) -> Self {
        let retainage = pay_app.totals.retainage;
        if retainage > Decimal::ZERO {
            let parts = vec![Taken {
                holder: mapped.clone(),
                amount: cents(retainage),
            }];
            return Self { parts };
        }
        let mut parts = held.take(-retainage, mapped);
        parts.iter_mut().for_each(|part| part.amount = -part.amount);
        Self { parts }
    }

    /// Returns the amount that RIVET alone holds, so that the books have nothing of it.
    pub fn by_rivet(&self) -> Decimal {
        let own = self
            .parts
            .iter()
            .filter(|part| part.holder == Holder::Rivet);
        own.map(|part| part.amount).sum()
    }
}

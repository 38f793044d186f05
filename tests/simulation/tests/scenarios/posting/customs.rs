//! The customs of the companies and of those who bill: settings and names that differ from firm to firm.

use crate::posting::given::COMPANIES;
use rust_decimal::Decimal;
use simulator::Simulator;

/// The customs that a seed draws. They do not change during a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Customs {
    /// True if customers and projects have names with characters beyond Latin-1.
    pub has_wide_names: bool,
    /// True if QuickBooks assigns the numbers. RIVET read the settings before.
    pub assigns_numbers: bool,
    /// True if QuickBooks then replaces a number that is sent.
    pub replaces_numbers: bool,
    /// True if automated sales tax is on.
    pub has_sales_tax: bool,
    /// True if QuickBooks applies credits to invoices by itself.
    pub applies_credits: bool,
    /// True if people change the products and services of RIVET's.
    pub has_item_edits: bool,
    /// True if QuickBooks takes no payment of a customer for its jobs.
    pub refuses_payment_for_job: bool,
}

impl Customs {
    /// Draws customs. In half of the seeds, there are none.
    pub fn draw(chance: &mut fastrand::Rng) -> Self {
        if chance.bool() {
            return Self::default();
        }
        Self {
            has_wide_names: chance.bool(),
            assigns_numbers: chance.u8(..3) == 0,
            replaces_numbers: chance.bool(),
            has_sales_tax: chance.u8(..3) == 0,
            applies_credits: chance.u8(..3) == 0,
            has_item_edits: chance.u8(..3) == 0,
            refuses_payment_for_job: chance.bool(),
        }
    }

    /// Lets the companies of a simulator have them.
    pub fn apply_to(self, intuit: &mut Simulator) {
        intuit.switches_mut().should_replace_numbers = self.replaces_numbers;
        intuit.switches_mut().should_refuse_payment_for_job = self.refuses_payment_for_job;
        for realm in COMPANIES {
            let mut person = intuit.person(realm).unwrap();
            if self.assigns_numbers {
                person.set_custom_numbers(false);
            }
            if self.has_sales_tax {
                person.set_sales_tax(Some(Decimal::new(825, 2)));
            }
            if self.applies_credits {
                person.set_auto_apply_credit(true);
            }
        }
    }
}

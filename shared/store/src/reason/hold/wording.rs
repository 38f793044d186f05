//! The words for the reasons to hold a document, and the actions that help.

use crate::reason::found_transaction::named;
use crate::reason::hold::{HoldReason, UnmatchedCustomer};
use crate::reason::item_change::ItemChange;
use crate::reason::{Action, Reason, place};
use rust_decimal::Decimal;

impl HoldReason {
    /// Returns the place in QuickBooks where a person can release the hold. Empty if there is none.
    fn place(&self) -> &'static str {
        if let Self::ItemChanged(_) = self {
            return "items";
        }
        match self.list() {
            Some(quickbooks::Kind::Customer) => "customers",
            Some(quickbooks::Kind::Class) => "classes",
            Some(quickbooks::Kind::Item) => "items",
            Some(_) | None => "",
        }
    }

    /// Returns the reason: the code, the sentence and the action that helps.
    pub fn reason(&self) -> Reason {
        let place = match self.transactions().first() {
            Some(found) => place(found.kind, &found.id),
            None => self.place().to_owned(),
        };
        Reason::new(self.code(), self.action(), self.message()).at(&place)
    }

    fn action(&self) -> Action {
        match self {
            Self::Manual | Self::ItemInactive => Action::SyncNow,
            Self::Paused
            | Self::SettingsIncomplete(_)
            | Self::BeforeStartDate(_)
            | Self::CustomerUnmatched(_)
            | Self::JobOfOtherCustomer { .. }
            | Self::CustomerCurrency { .. } => Action::FixSettings,
            Self::NotConnected | Self::CountryNotSupported(_) => Action::Connect,
            Self::PlanNotEligible => Action::UpgradePlan,
            Self::BooksClosed(_)
            | Self::CustomerInactive(_)
            | Self::ClassInactive(_)
            | Self::ItemChanged(_)
            | Self::PaymentsApplied
            | Self::CopiesInQuickbooks(_) => Action::FixInQuickbooks,
            Self::WaitingFor(_) => Action::Wait,
            Self::RetainageExceeded { .. }
            | Self::AlreadyInQuickbooks(_)
            | Self::AlreadyPaid(_) => Action::Decide,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Manual => "Sync is manual. Press Sync Now to post it.".into(),
            Self::Paused => "Sync is paused in the settings.".into(),
            Self::SettingsIncomplete(missing) => format!(
                "The QuickBooks settings are incomplete: {}.",
                missing.join(", ")
            ),
            Self::NotConnected => {
                "QuickBooks is not connected. It is posted once you connect again.".into()
            }
            Self::CountryNotSupported(country) => {
                format!("The QuickBooks company is of the country {country}. RIVET posts to companies of the United States only.")
            }
            Self::PlanNotEligible => {
                "Your plan does not include QuickBooks; Pro and Scale do.".into()
            }
            Self::BooksClosed(through) => {
                format!("The books are closed through {through}, and it is dated on or before that closing date. Post it on the first open day, or set the closing date back in QuickBooks.")
            }
            Self::WaitingFor(document) => {
                format!("It waits for another document ({document}), which is not posted in QuickBooks yet or waits for a decision.")
            }
            Self::BeforeStartDate(start) => {
                format!("It is dated before {start}, where syncing starts.")
            }
            Self::CustomerUnmatched(customer) => unmatched(customer),
            Self::CustomerInactive(name) => inactive("Customer", name),
            Self::JobOfOtherCustomer { job, customer } => other_customer(job, customer),
            Self::CustomerCurrency { customer, has, needs } => other_currency(customer, has, needs),
            Self::ClassInactive(name) => inactive("Class", name),
            Self::ItemInactive => "The product or service that RIVET posts to was merged into another in QuickBooks. Sync Now posts to a new one.".into(),
            Self::ItemChanged(change) => item_changed(change),
            Self::RetainageExceeded { held, needed, is_taken_back: true } => taken_back(*held, *needed),
            Self::RetainageExceeded { held, needed, .. } => released_beyond(*held, *needed),
            Self::PaymentsApplied => "Payments are applied to it in QuickBooks. Take it off them in Receive Payment, or void them there; the void follows.".into(),
            Self::AlreadyInQuickbooks(found) => format!(
                "It seems to be in QuickBooks already: {}. Say that it is that one, or post it anyway. If it is deleted or voided there, RIVET posts it.",
                named(found)
            ),
            Self::CopiesInQuickbooks(found) => format!(
                "QuickBooks did not answer when RIVET posted it, and these look like it: {}. Delete the copies and press Sync Now, or mark the right one as posted.",
                named(found)
            ),
            Self::AlreadyPaid(paid) => paid.message(),
        }
    }
}

fn released_beyond(held: Decimal, needed: Decimal) -> String {
    format!(
        "It takes {needed:.2} from retainage, but the project holds {held:.2}. More pay apps, or the retainage from before RIVET in the settings, release it. Or post it anyway."
    )
}

fn taken_back(held: Decimal, needed: Decimal) -> String {
    format!(
        "It takes {needed:.2} of retainage back, but the project holds {held:.2}: the rest is released. Void the release first, or post it anyway."
    )
}

fn other_customer(job: &str, customer: &str) -> String {
    format!(
        "The settings post this project to \"{job}\", which does not belong to the customer \"{customer}\" in QuickBooks. Choose the customer, or a job or project of it."
    )
}

fn other_currency(customer: &str, has: &str, needs: &str) -> String {
    format!(
        "\"{customer}\" is a customer in {has} in QuickBooks, and the document is in {needs}. QuickBooks keeps one currency for each customer. Add a customer in {needs} there, and choose it in the settings."
    )
}

fn item_changed(change: &ItemChange) -> String {
    [
        &change.what(),
        " ",
        &change.remedy(),
        " The document is posted then. Or choose another account in the settings.",
    ]
    .concat()
}

fn unmatched(customer: &UnmatchedCustomer) -> String {
    let choose = "Choose one in the settings.";
    match customer {
        UnmatchedCustomer::Named(name) => {
            format!("\"{name}\" matches no QuickBooks customer. {choose}")
        }
        UnmatchedCustomer::Suggested { name, suggestion } => format!(
            "\"{name}\" matches no QuickBooks customer. {} {choose}",
            address_suggestion(suggestion)
        ),
    }
}

/// Returns the sentence about a customer in QuickBooks that has the e-mail address of a customer of RIVET, but another name.
#[must_use]
pub fn address_suggestion(customer: &str) -> String {
    format!("An existing customer \"{customer}\" has this e-mail address.")
}

fn inactive(list: &str, name: &str) -> String {
    let message = [
        list,
        " \"",
        name,
        "\" is inactive in QuickBooks or was merged there. Make it active again, or choose another in the settings, then Sync Now.",
    ];
    message.concat()
}

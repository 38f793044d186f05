//! The events of RIVET's billing, as requests send them.

use billing::{DocumentRef, Id};
use schemars::JsonSchema;

/// An event of RIVET's billing. Unknown members are ignored, and unknown types are answered `ignored`.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum BillingEvent {
    /// A pay app is approved or revised.
    PayApp(PayAppEvent),
    /// A pay app is void.
    PayAppVoided(PayAppVoidedEvent),
    /// Retainage is released.
    Released(ReleaseEvent),
    /// A release is void.
    ReleaseVoided(ReleaseVoidedEvent),
    /// A payment is recorded.
    Payment(PaymentEvent),
    /// A payment is void.
    PaymentVoided(PaymentVoidedEvent),
    /// A project is new.
    Project(ProjectEvent),
    /// The details of a customer changed.
    Customer(CustomerEvent),
}

macro_rules! event {
    ($(#[doc = $doc:literal])+ $name:ident, $data:ident, [$($type:literal),+] { $($(#[$meta:meta])+ $field:ident: $kind:ty,)+ }) => {
        $(#[doc = $doc])+
        #[derive(JsonSchema)]
        pub struct $name {
            /// The type.
            #[schemars(rename = "type", extend("enum" = [$($type),+]))]
            pub kind: String,
            /// The time of the event.
            #[schemars(extend("format" = "date-time"))]
            pub timestamp: String,
            /// The data.
            pub data: $data,
        }

        $(#[doc = $doc])+
        #[derive(JsonSchema)]
        pub struct $data {
            /// The firm.
            pub firm_id: Id,
            /// The firm's plan.
            #[schemars(extend("enum" = ["starter", "pro", "scale"]))]
            pub plan: String,
            $($(#[$meta])+ pub $field: $kind,)+
        }
    };
}

event! {
    /// A pay app is approved or revised.
    PayAppEvent, PayAppData, ["pay_app.approved", "pay_app.revised"] {
        /// The pay app.
        pay_app: PayApp,
    }
}

event! {
    /// A pay app is void.
    PayAppVoidedEvent, PayAppVoidedData, ["pay_app.voided"] {
        /// The pay app.
        pay_app_id: Id,
        /// The revision that is void.
        revision: u32,
        /// The day of the void.
        #[schemars(extend("format" = "date"))]
        voided_on: String,
    }
}

event! {
    /// Retainage is released.
    ReleaseEvent, ReleaseData, ["retainage.released"] {
        /// The release.
        release: Release,
    }
}

event! {
    /// A release is void.
    ReleaseVoidedEvent, ReleaseVoidedData, ["retainage.release_voided"] {
        /// The release.
        release_id: Id,
        /// The day of the void.
        #[schemars(extend("format" = "date"))]
        voided_on: String,
    }
}

event! {
    /// A payment is recorded.
    PaymentEvent, PaymentData, ["payment.recorded"] {
        /// The payment.
        payment: Payment,
    }
}

event! {
    /// A payment is void.
    PaymentVoidedEvent, PaymentVoidedData, ["payment.voided"] {
        /// The payment.
        payment_id: Id,
        /// The day of the void.
        #[schemars(extend("format" = "date"))]
        voided_on: String,
    }
}

event! {
    /// A project is new.
    ProjectEvent, ProjectData, ["project.created"] {
        /// The project.
        project: Project,
        /// The customer of the project.
        customer: Customer,
    }
}

event! {
    /// The details of a customer changed.
    CustomerEvent, CustomerData, ["customer.updated"] {
        /// The customer.
        customer: Customer,
    }
}

/// A pay application.
#[derive(JsonSchema)]
pub struct PayApp {
    /// RIVET's id.
    pub id: Id,
    /// The revision, counted from 1.
    pub revision: u32,
    /// The number in its project, counted from 1.
    pub number: u32,
    /// The first day of the period.
    #[schemars(extend("format" = "date"))]
    pub period_start: String,
    /// The last day of the period.
    #[schemars(extend("format" = "date"))]
    pub period_end: String,
    /// The day on which the amount is due.
    #[schemars(extend("format" = "date"))]
    pub due_date: Option<String>,
    /// The days after the period's end until the amount is due, without `due_date`.
    pub payment_terms_days: Option<u32>,
    /// The ISO 4217 code of all amounts.
    pub currency: String,
    /// The project.
    pub project: Project,
    /// The customer who is billed.
    pub customer: Customer,
    /// The lines.
    pub lines: Vec<Line>,
    /// The sums of the lines, to the cent.
    pub totals: Totals,
}

/// A line of a pay app. Amounts are decimal text with at most two decimals.
#[derive(JsonSchema)]
pub struct Line {
    /// The item of the schedule of values.
    pub sov_item_id: Id,
    /// The number of the item.
    pub item_number: String,
    /// The text of the item.
    pub description: String,
    /// The work completed in this period.
    pub work_completed: String,
    /// The materials stored in this period.
    pub materials_stored: String,
    /// The retainage withheld.
    pub retainage: String,
}

/// The sums of a pay app.
#[derive(JsonSchema)]
pub struct Totals {
    /// The amount billed.
    pub billed: String,
    /// The retainage withheld.
    pub retainage: String,
    /// Billed less retainage.
    pub net: String,
}

/// A release of retainage.
#[derive(JsonSchema)]
pub struct Release {
    /// RIVET's id.
    pub id: Id,
    /// The day of the release.
    #[schemars(extend("format" = "date"))]
    pub released_on: String,
    /// The amount, as decimal text.
    pub amount: String,
    /// The project.
    pub project: Project,
    /// The customer.
    pub customer: Customer,
    /// The day on which the amount is due.
    #[schemars(extend("format" = "date"))]
    pub due_date: Option<String>,
    /// The days until the amount is due, without `due_date`.
    pub payment_terms_days: Option<u32>,
}

/// A payment of a customer.
#[derive(JsonSchema)]
pub struct Payment {
    /// RIVET's id.
    pub id: Id,
    /// The day of receipt.
    #[schemars(extend("format" = "date"))]
    pub received_on: String,
    /// The amount, as decimal text.
    pub amount: String,
    /// The number of the check or transfer.
    pub reference: Option<String>,
    /// The customer.
    pub customer: Customer,
    /// The documents that are paid.
    pub applied: Vec<Applied>,
}

/// The part of a payment for one document.
#[derive(JsonSchema)]
pub struct Applied {
    /// The document.
    #[schemars(flatten)]
    pub document: DocumentRef,
    /// The amount, as decimal text.
    pub amount: String,
}

/// A project.
#[derive(JsonSchema)]
pub struct Project {
    /// RIVET's id.
    pub id: Id,
    /// The number that people use.
    pub number: String,
    /// The name.
    pub name: String,
}

/// A customer.
#[derive(JsonSchema)]
pub struct Customer {
    /// RIVET's id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// The address.
    pub address: Option<Address>,
}

/// An address.
#[derive(JsonSchema)]
pub struct Address {
    /// The first line.
    pub line1: String,
    /// The second line.
    pub line2: Option<String>,
    /// The city.
    pub city: String,
    /// The state.
    pub state: String,
    /// The postal code.
    pub postal_code: String,
    /// The country.
    pub country: String,
}

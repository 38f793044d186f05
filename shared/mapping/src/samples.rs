//! Documents, settings and preferences that tests start from.

use std::collections::BTreeMap;

use billing::{
    AppliedAmount, Customer, Document, DocumentKind, PayApp, Payment, Project, ProjectCreated,
    RetainageRelease, SovLine, Totals,
};
use jiff::civil::{Date, date};
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;

use crate::{
    Accounts, ClassMode, ClassTracking, ClassUse, ClosingDate, CompanyPreferences, Effect, Held,
    Ids, InvoiceLines, NO_PAYMENT, Parties, PlanInputs, PostingPlan, ReleaseForm, RetainageMethod,
    Settings, UndoDays, plan,
};

pub(crate) const METHODS: [RetainageMethod; 3] = [
    RetainageMethod::JournalEntry,
    RetainageMethod::InvoiceLine,
    RetainageMethod::BilledOnRelease,
];
pub(crate) const STYLES: [InvoiceLines; 2] = [InvoiceLines::Single, InvoiceLines::BySovItem];

pub(crate) const REVENUE: &str = "79";
pub(crate) const RECEIVABLE: &str = "84";
pub(crate) const RETAINAGE: &str = "91";
pub(crate) const CLASS: &str = "5000000000000007280";

pub(crate) fn cents(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// Returns the days of books that are not closed.
pub(crate) fn open_books() -> UndoDays {
    UndoDays::new(ClosingDate::default(), period_end())
}

pub(crate) fn period_end() -> Date {
    date(2026, 3, 31)
}

pub(crate) fn project() -> Project {
    Project {
        id: "prj_1042".parse().unwrap(),
        number: "1042".into(),
        name: "Harbor Point Tower".into(),
    }
}

pub(crate) fn customer() -> Customer {
    Customer {
        id: "gc_turner_bay".parse().unwrap(),
        name: "Turner Bay Constructors".into(),
        email: None,
        phone: None,
        address: None,
    }
}

/// Returns a pay application with lines of work, stored material and retainage, in cents.
pub(crate) fn pay_app(lines: &[(i64, i64, i64)]) -> PayApp {
    let line = |(index, (work, stored, retainage)): (usize, &(i64, i64, i64))| SovLine {
        sov_item_id: format!("sov_{index}").parse().unwrap(),
        item_number: format!("{:02}", index + 1),
        description: format!("Item {}", index + 1),
        work_completed: cents(*work),
        materials_stored: cents(*stored),
        retainage: cents(*retainage),
    };
    let lines: Vec<_> = lines.iter().enumerate().map(line).collect();
    PayApp {
        id: "pa_1042_1".parse().unwrap(),
        revision: 1,
        number: 1,
        period_start: date(2026, 3, 1),
        period_end: period_end(),
        due_date: None,
        payment_terms_days: Some(30),
        currency: "USD".into(),
        project: project(),
        customer: customer(),
        totals: Totals::of(&lines),
        lines,
    }
}

/// Returns the first pay application of Harbor Point: 48 500.00 billed, 4 850.00 withheld.
pub(crate) fn worked_example() -> PayApp {
    pay_app(&[
        (850_000, 0, 85_000),
        (2_800_000, 0, 280_000),
        (0, 1_200_000, 120_000),
    ])
}

pub(crate) fn release() -> RetainageRelease {
    RetainageRelease {
        id: "rel_1042_1".parse().unwrap(),
        released_on: date(2026, 6, 15),
        amount: cents(500_000),
        project: project(),
        customer: customer(),
        due_date: None,
        payment_terms_days: None,
    }
}

pub(crate) fn payment() -> Payment {
    let part = |kind, id: &str, amount| AppliedAmount {
        kind,
        id: id.parse().unwrap(),
        amount: cents(amount),
    };
    Payment {
        id: "pay_0002".parse().unwrap(),
        received_on: date(2026, 6, 30),
        amount: cents(8_000_000),
        reference: Some("Check 20114".into()),
        customer: customer(),
        applied: vec![
            part(DocumentKind::PayApp, "pa_1042_2", 7_357_567),
            part(DocumentKind::RetainageRelease, "rel_1042_1", 500_000),
        ],
    }
}

pub(crate) fn project_created() -> Document {
    Document::Project(ProjectCreated {
        project: project(),
        customer: customer(),
    })
}

pub(crate) fn settings(method: RetainageMethod, style: InvoiceLines) -> Settings {
    let account = |id: &str| Some(id.to_owned());
    Settings {
        accounts: Accounts {
            contract_revenue: account(REVENUE),
            accounts_receivable: account(RECEIVABLE),
            retainage: account(RETAINAGE),
            deposit: None,
        },
        retainage_method: method,
        invoice_lines: style,
        ..Settings::default()
    }
}

/// Returns an effect by a method: what RIVET alone holds is neither retainage nor revenue in the books.
pub(crate) fn by_method(effect: Effect, method: RetainageMethod) -> Effect {
    match method {
        RetainageMethod::JournalEntry | RetainageMethod::InvoiceLine => effect,
        RetainageMethod::BilledOnRelease => Effect {
            retainage: Decimal::ZERO,
            revenue: effect.revenue - effect.retainage,
            ..effect
        },
    }
}

pub(crate) fn with_classes(settings: Settings) -> Settings {
    let class_tracking = ClassTracking {
        mode: ClassMode::AutoCreate,
        projects: BTreeMap::new(),
    };
    Settings {
        class_tracking,
        ..settings
    }
}

pub(crate) fn preferences(classes: ClassUse) -> CompanyPreferences {
    CompanyPreferences {
        has_custom_numbers: true,
        classes,
        home_currency: Some("USD".into()),
        ..CompanyPreferences::default()
    }
}

static NOTHING_HELD: Held = Held {
    others: Vec::new(),
    own: Vec::new(),
};

/// Returns the inputs of a plan for a project that holds nothing yet.
/// The knowledge about parties before any posting.
pub(crate) static NOTHING_KNOWN: Parties = Parties {
    posted_for: None,
    paid_jobs: BTreeMap::new(),
    currency: None,
};

pub(crate) fn inputs<'a>(
    settings: &'a Settings,
    preferences: &'a CompanyPreferences,
) -> PlanInputs<'a> {
    PlanInputs {
        settings,
        preferences,
        held: &NOTHING_HELD,
        release_form: ReleaseForm::ByMethod,
        parties: &NOTHING_KNOWN,
        payment: &NO_PAYMENT,
    }
}

pub(crate) fn planned(pay_app: &PayApp, settings: &Settings) -> PostingPlan {
    plan(
        &Document::PayApp(pay_app.clone()),
        &inputs(settings, &preferences(ClassUse::PerLine)),
    )
    .unwrap()
}

pub(crate) fn ids() -> Ids {
    let item = |account: &str, item: &str| (account.to_owned(), item.to_owned());
    let target =
        |document: &AppliedAmount, kind, id: &str| (document.target(), (kind, id.to_owned()));
    let applied = payment().applied;
    Ids {
        customer: "58".into(),
        class: Some(CLASS.into()),
        items: BTreeMap::from([item(REVENUE, "11"), item(RETAINAGE, "12")]),
        targets: BTreeMap::from([
            target(&applied[0], TxnType::Invoice, "130"),
            target(&applied[1], TxnType::JournalEntry, "141"),
        ]),
        ..Ids::default()
    }
}

//! A contractor's year: an opening balance, a netted credit, closed periods, a void after closing, a returned check and a final release.

use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use mapping::{ClassMode, ClosedBooks, JobMode, RetainageMethod};
use samples::tie_out::Company;
use samples::year::{self, Act, Step, contractor_year};
use simulator::ClassTracking;

const METHODS: [(&str, RetainageMethod); 3] = [
    ("journal_entry", RetainageMethod::JournalEntry),
    ("invoice_line", RetainageMethod::InvoiceLine),
    ("billed_on_release", RetainageMethod::BilledOnRelease),
];

/// Returns a firm that keeps jobs, classes and an opening balance, and posts on the first open day.
fn firm(method: RetainageMethod) -> World {
    let options =
        WorldOptions::with_company(|company| company.class_tracking(ClassTracking::PerLine));
    let world = World::new(options);
    let year = contractor_year("journal_entry").unwrap();
    if method != RetainageMethod::BilledOnRelease {
        year::enter_opening(&mut world.simulator(), &world.realm).unwrap();
    }
    world.connect();
    let opening = serde_json::to_value(&year.opening).unwrap();
    world.save_settings(|settings| {
        settings.retainage_method = method;
        settings.class_tracking.mode = ClassMode::AutoCreate;
        settings.customers.jobs = JobMode::AutoCreate;
        settings.sync.closed_books = ClosedBooks::FirstOpenDay;
        settings.retainage_opening = serde_json::from_value(opening).unwrap();
    });
    world
}

fn assert_ties_out(world: &World, step: &Step, label: &str) {
    let (accounts, names) = (world.accounts(), year::names().unwrap());
    let simulator = world.simulator();
    let company = Company {
        simulator: &simulator,
        realm: &world.realm,
        accounts: &accounts,
        names: &names,
        tracks_classes: true,
    };
    let rows = company.tie_out(&step.expected);
    let differs = |row: &&samples::tie_out::Row| !row.difference().is_zero();
    let different: Vec<_> = rows.iter().filter(differs).collect();
    assert!(different.is_empty(), "after {label}: {different:#?}");
}

fn play(name: &str, method: RetainageMethod) {
    let world = firm(method);
    for step in contractor_year(name).unwrap().steps {
        let label = format!("{name}: {}", step.name);
        match &step.act {
            Act::Event(body) => {
                let body = body.replace("firm_summit", world.firm.as_ref());
                assert_eq!(world.deliver(&body), Outcome::Posted, "{label}");
            }
            Act::CloseBooks(through) => world.close_books(&through.to_string()),
        }
        assert_ties_out(&world, &step, &label);
    }
}

#[test]
fn year_ties_out_after_every_act() {
    for (name, method) in METHODS {
        play(name, method);
    }
}

//! The sample project, posted with every combination of settings.

mod heads;
mod identities;

use crate::support::events::{TieOut, event_body};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use mapping::{ClassMode, InvoiceLines, RetainageMethod};
use samples::story::harbor_point;
use serde_json::json;
use simulation::seeds::stride;
use simulator::{CallClass, ClassTracking};

pub const METHODS: [RetainageMethod; 3] = [
    RetainageMethod::JournalEntry,
    RetainageMethod::InvoiceLine,
    RetainageMethod::BilledOnRelease,
];
const LINES: [InvoiceLines; 2] = [InvoiceLines::Single, InvoiceLines::BySovItem];
const CLASSES: [ClassUse; 4] = [
    ClassUse {
        tracking: ClassTracking::Off,
        mode: ClassMode::Off,
    },
    ClassUse {
        tracking: ClassTracking::PerLine,
        mode: ClassMode::AutoCreate,
    },
    ClassUse {
        tracking: ClassTracking::PerTransaction,
        mode: ClassMode::AutoCreate,
    },
    ClassUse {
        tracking: ClassTracking::PerLine,
        mode: ClassMode::Manual,
    },
];

/// The class tracking of the company, and the class mode in the settings.
#[derive(Clone, Copy, Debug)]
pub struct ClassUse {
    pub tracking: ClassTracking,
    pub mode: ClassMode,
}

/// The settings on which the postings of a firm depend.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    pub method: RetainageMethod,
    pub lines: InvoiceLines,
    pub classes: ClassUse,
}

/// Returns the modes, or a [`stride`]th of them.
pub fn modes() -> impl Iterator<Item = Mode> {
    let modes = METHODS.into_iter().flat_map(|method| {
        LINES.into_iter().flat_map(move |lines| {
            CLASSES.into_iter().map(move |classes| Mode {
                method,
                lines,
                classes,
            })
        })
    });
    modes.step_by(stride())
}

/// Returns a firm that posts with these settings.
pub fn firm_with_mode(mode: Mode) -> World {
    let classes = mode.classes;
    let options = WorldOptions::with_company(|company| company.class_tracking(classes.tracking));
    let world = World::configured_with(options, |settings| {
        settings.retainage_method = mode.method;
        settings.invoice_lines = mode.lines;
        let is_automatic = classes.mode == ClassMode::AutoCreate;
        settings.class_tracking.mode = if is_automatic {
            ClassMode::AutoCreate
        } else {
            ClassMode::Off
        };
    });
    if classes.mode == ClassMode::Manual {
        create_classes(&world);
    }
    world
}

/// Creates classes as a bookkeeper would, with the names that the tie-out expects.
fn create_classes(world: &World) {
    let projects = [
        ("prj_1042", "1042 Harbor Point Tower"),
        ("prj_1057", "1057 Mill Street Clinic"),
    ];
    let ids = projects.map(|(project, name)| {
        let id = world.enter("Class", json!({ "Name": name }));
        (project.to_owned(), id)
    });
    world.save_settings(|settings| {
        settings.class_tracking.mode = ClassMode::Manual;
        settings.class_tracking.projects = ids.into_iter().collect();
    });
}

#[test]
fn harbor_point_ties_out_in_every_mode() {
    for mode in modes() {
        let world = firm_with_mode(mode);
        for step in harbor_point().unwrap() {
            assert_eq!(world.deliver(step.body), Outcome::Posted, "{}", step.name);
            let scope = match mode.classes.tracking {
                ClassTracking::Off => TieOut::Totals,
                _ => TieOut::TotalsAndProjects,
            };
            let expected = match mode.method {
                RetainageMethod::BilledOnRelease => step.expected.billed_on_release(),
                RetainageMethod::JournalEntry | RetainageMethod::InvoiceLine => step.expected,
            };
            world.assert_ties_out(&expected, scope, &format!("{} {mode:?}", step.name));
        }
    }
}

#[test]
fn repeated_events_end_in_same_ledger() {
    let world = World::with_classes(|_| {});
    for step in harbor_point().unwrap() {
        world.deliver(step.body);
        for _ in 0..2 {
            assert_eq!(
                world.deliver(step.body),
                Outcome::Duplicate,
                "{}",
                step.name
            );
        }
        world.assert_ties_out(&step.expected, TieOut::TotalsAndProjects, step.name);
    }
}

#[test]
fn replayed_harbor_point_ends_in_same_ledger() {
    let world = World::configured();
    let story = harbor_point().unwrap();
    for step in &story {
        world.deliver(step.body);
    }
    for step in &story {
        assert_eq!(
            world.deliver(step.body),
            Outcome::Duplicate,
            "{}",
            step.name
        );
    }
    world.assert_ties_out(&story[13].expected, TieOut::Totals, "replay");
}

#[test]
fn second_pay_app_costs_one_batch_call() {
    let world = World::with_classes(|_| {});
    for name in ["01", "03"] {
        world.deliver(event_body(name));
    }
    world.simulator().clear_traffic();
    let writes_before = world.memory.writes();
    assert_eq!(world.deliver(event_body("07")), Outcome::Posted);
    assert_eq!(world.memory.writes() - writes_before, 6);
    let calls: Vec<_> = world
        .simulator()
        .traffic()
        .iter()
        .map(|seen| seen.class)
        .collect();
    let one_batch = CallClass::Batch {
        writes: 2,
        reads: 0,
    };
    assert_eq!(calls, [one_batch]);
}

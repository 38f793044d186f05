//! The sample project, posted with every combination of settings.

use crate::support::events::{TieOut, event_body};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use host::demo::story::harbor_point;
use mapping::{ClassMode, InvoiceLines, RetainageMethod, Settings};
use serde_json::json;
use simulator::{CallClass, ClassTracking};

pub const METHODS: [RetainageMethod; 2] =
    [RetainageMethod::JournalEntry, RetainageMethod::InvoiceLine];
pub const LINES: [InvoiceLines; 2] = [InvoiceLines::Single, InvoiceLines::BySovItem];
pub const CLASSES: [(ClassTracking, ClassMode); 4] = [
    (ClassTracking::Off, ClassMode::Off),
    (ClassTracking::PerLine, ClassMode::AutoCreate),
    (ClassTracking::PerTransaction, ClassMode::AutoCreate),
    (ClassTracking::PerLine, ClassMode::Manual),
];

fn world(tracking: ClassTracking, change: impl FnOnce(&mut Settings)) -> World {
    let given = WorldOptions::with_company(|company| company.class_tracking(tracking));
    World::configured_with(given, change)
}

/// Returns a firm with these settings.
pub fn firm_with_mode(
    method: RetainageMethod,
    lines: InvoiceLines,
    (tracking, mode): (ClassTracking, ClassMode),
) -> World {
    let world = world(tracking, |settings| {
        settings.retainage_method = method;
        settings.invoice_lines = lines;
        let is_automatic = mode == ClassMode::AutoCreate;
        settings.class_tracking.mode = if is_automatic { mode } else { ClassMode::Off };
    });
    if mode == ClassMode::Manual {
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
    for method in METHODS {
        for lines in LINES {
            for (tracking, mode) in CLASSES {
                let world = firm_with_mode(method, lines, (tracking, mode));
                for step in harbor_point().unwrap() {
                    assert_eq!(world.deliver(step.body), Outcome::Posted, "{}", step.name);
                    let mode = format!("{} {method:?} {lines:?} {tracking:?} {mode:?}", step.name);
                    let scope = match tracking {
                        ClassTracking::Off => TieOut::Totals,
                        _ => TieOut::TotalsAndProjects,
                    };
                    world.assert_ties_out(&step.expected, scope, &mode);
                }
            }
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

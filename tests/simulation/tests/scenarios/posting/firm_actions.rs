//! The actions of people in RIVET: they change settings, connect and disconnect. Each action holds documents until it is undone.

use crate::posting::actions;
use crate::posting::scenario::Run;
use jiff::civil::{Date, date};
use mapping::settings::{ClosedBooks, InvoiceLines, RetainageMethod, Settings, SyncMode};
use simulation::firms::{COMPANIES, FIRMS, firm_id};
use simulation::world::Place;

const MODES: [SyncMode; 3] = [SyncMode::Automatic, SyncMode::Manual, SyncMode::Paused];
const METHODS: [RetainageMethod; 2] = [RetainageMethod::JournalEntry, RetainageMethod::InvoiceLine];
const LINES: [InvoiceLines; 2] = [InvoiceLines::Single, InvoiceLines::BySovItem];

const CLOSED_BOOKS: [ClosedBooks; 2] = [ClosedBooks::Hold, ClosedBooks::FirstOpenDay];

/// Start dates of a firm and closing dates of its books: between and after the dates of the documents.
const DAYS: [Option<Date>; 4] = [
    None,
    Some(date(2026, 1, 31)),
    Some(date(2026, 3, 10)),
    Some(date(2026, 12, 31)),
];

/// Does something at random in one of the firms.
pub fn act(run: &Run) {
    let (deployment, world) = (&run.deployment, &run.deployment.world);
    let which = world.below(2);
    let firm = firm_id(FIRMS[which]);
    if run.given.conditions.has_outages && world.one_in(6) {
        let is_paid = world.one_in(3);
        return set_subscribed(run, which, is_paid);
    }
    match world.below(8) {
        0 | 1 => {
            let mode = world.pick(&MODES);
            let change = move |settings: &mut Settings| settings.sync.mode = mode;
            actions::change_settings(deployment, firm, change);
        }
        2 if world.one_in(2) => {
            let treatment = world.pick(&CLOSED_BOOKS);
            let change = move |settings: &mut Settings| settings.sync.closed_books = treatment;
            actions::change_settings(deployment, firm, change);
        }
        2 => {
            let day = world.pick(&DAYS);
            let change = move |settings: &mut Settings| settings.sync.start_date = day;
            actions::change_settings(deployment, firm, change);
        }
        3 => {
            let (method, lines) = (world.pick(&METHODS), world.pick(&LINES));
            let change = move |settings: &mut Settings| {
                (settings.retainage_method, settings.invoice_lines) = (method, lines);
            };
            actions::change_settings(deployment, firm, change);
        }
        4 => {
            actions::disconnect(deployment, firm);
        }
        5 => {
            let deployment = deployment.clone();
            let connecting = async move { deployment.connect(which).await };
            world.spawn(Place::Outside, "person", connecting);
        }
        6 => close_books(run, which, world.pick(&DAYS)),
        _ => {
            deployment.press_sync_now(firm);
        }
    }
}

/// Closes the books of a company through a day, or opens them.
pub fn close_books(run: &Run, which: usize, through: Option<Date>) {
    let (deployment, realm) = (&run.deployment, COMPANIES[which]);
    deployment
        .world
        .trace(|| format!("the books of {realm} are closed through {through:?}"));
    let mut intuit = deployment.intuit.borrow_mut();
    intuit.set_now(deployment.world.now());
    intuit.person(realm).unwrap().close_books(through);
    let mut closed = run.closed.get();
    closed[which] = through;
    run.closed.set(closed);
}

/// Ends the QuickBooks subscription of a company, or renews it.
fn set_subscribed(run: &Run, which: usize, is_paid: bool) {
    let (world, realm) = (&run.deployment.world, COMPANIES[which]);
    world.trace(|| format!("the subscription of {realm} is paid: {is_paid}"));
    let mut intuit = run.deployment.intuit.borrow_mut();
    intuit.set_now(world.now());
    intuit.person(realm).unwrap().set_subscribed(is_paid);
    let mut lapsed = run.lapsed.get();
    lapsed[which] |= !is_paid;
    run.lapsed.set(lapsed);
    let mut subscribed = run.subscribed.get();
    subscribed[which] = is_paid;
    run.subscribed.set(subscribed);
}

/// Undoes all actions of a firm, so that its held documents are posted.
pub async fn undo(run: &Run, which: usize) {
    let (deployment, firm) = (&run.deployment, firm_id(FIRMS[which]));
    let defaults = |settings: &mut Settings| {
        (settings.sync.mode, settings.sync.start_date) = (SyncMode::Automatic, None);
    };
    deployment
        .world
        .join(actions::change_settings(deployment, firm, defaults))
        .await;
    close_books(run, which, None);
    set_subscribed(run, which, true);
}

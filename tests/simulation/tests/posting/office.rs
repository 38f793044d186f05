//! What the firm's people do in RIVET: they choose, connect and disconnect. Each makes documents wait until it is undone.

use crate::actions;
use crate::story::Play;
use jiff::civil::{Date, date};
use mapping::settings::{InvoiceLines, RetainageMethod, Settings, SyncMode};
use simulation::firms::{COMPANIES, FIRMS, firm_id};
use simulation::world::Place;

const MODES: [SyncMode; 3] = [SyncMode::Automatic, SyncMode::Manual, SyncMode::Paused];
const METHODS: [RetainageMethod; 2] = [RetainageMethod::JournalEntry, RetainageMethod::InvoiceLine];
const LINES: [InvoiceLines; 2] = [InvoiceLines::Single, InvoiceLines::BySovItem];

/// Days from which a firm may want to sync, or through which its books may be closed: between and after those of the documents.
const DAYS: [Option<Date>; 4] = [
    None,
    Some(date(2026, 1, 31)),
    Some(date(2026, 3, 10)),
    Some(date(2026, 12, 31)),
];

/// Somebody in one of the firms does something.
pub fn acts(play: &Play) {
    let (stage, world) = (&play.stage, &play.stage.world);
    let which = world.below(2);
    let firm = firm_id(FIRMS[which]);
    match world.below(8) {
        0 | 1 => {
            let mode = world.pick(&MODES);
            let change = move |settings: &mut Settings| settings.sync.mode = mode;
            actions::change_settings(stage, firm, change);
        }
        2 => {
            let day = world.pick(&DAYS);
            let change = move |settings: &mut Settings| settings.sync.start_date = day;
            actions::change_settings(stage, firm, change);
        }
        3 => {
            let (method, lines) = (world.pick(&METHODS), world.pick(&LINES));
            let change = move |settings: &mut Settings| {
                (settings.retainage_method, settings.invoice_lines) = (method, lines);
            };
            actions::change_settings(stage, firm, change);
        }
        4 => {
            actions::disconnect(stage, firm);
        }
        5 => {
            let stage = stage.clone();
            let connecting = async move { stage.connect(which).await };
            world.spawn(Place::Outside, "person", connecting);
        }
        6 => close_books(play, which, world.pick(&DAYS)),
        _ => {
            stage.press_sync_now(firm);
        }
    }
}

/// Somebody closes a company's books through a day, or opens them.
pub fn close_books(play: &Play, which: usize, through: Option<Date>) {
    let (stage, realm) = (&play.stage, COMPANIES[which]);
    stage
        .world
        .note(|| format!("the books of {realm} are closed through {through:?}"));
    let mut intuit = stage.intuit.borrow_mut();
    intuit.set_now(stage.world.now());
    intuit.person(realm).unwrap().close_books(through);
    let mut closed = play.closed.get();
    closed[which] = through;
    play.closed.set(closed);
}

/// All that the firm chose is undone: what was held for it is to be posted.
pub async fn undo(play: &Play, which: usize) {
    let (stage, firm) = (&play.stage, firm_id(FIRMS[which]));
    let all = |settings: &mut Settings| {
        (settings.sync.mode, settings.sync.start_date) = (SyncMode::Automatic, None);
    };
    stage
        .world
        .join(actions::change_settings(stage, firm, all))
        .await;
    close_books(play, which, None);
}

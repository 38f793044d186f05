//! Texts of invoice lines.

use billing::{PayApp, SovLine};
use rust_decimal::Decimal;

use crate::naming::{DESCRIPTION_LIMIT, clip};

/// Returns the text of a line for one item of the schedule of values.
pub(super) fn item_line(line: &SovLine) -> String {
    let text = format!("{} {}", line.item_number, line.description);
    clip(text.trim(), DESCRIPTION_LIMIT)
}

/// Returns the text of a line for the net of one item. The line shows only the difference, so the text names what was billed and what was
/// withheld.
pub(super) fn net_item_line(line: &SovLine) -> String {
    if line.retainage.is_zero() {
        return item_line(line);
    }
    let figures = format!(" · {}", figures(line.billed(), line.retainage));
    let room = DESCRIPTION_LIMIT.saturating_sub(figures.chars().count());
    let text = format!("{} {}", line.item_number, line.description);
    clip(text.trim(), room) + &figures
}

/// Returns the text of the net line. It names billed amount and retainage, because the line itself shows only the difference.
pub(super) fn net_line(pay_app: &PayApp) -> String {
    let totals = pay_app.totals;
    let number = pay_app.number;
    if totals.retainage.is_zero() {
        return gross_line(pay_app);
    }
    let figures = figures(totals.billed, totals.retainage);
    format!("Pay app {number}: {figures}")
}

fn figures(billed: Decimal, retainage: Decimal) -> String {
    let direction = if retainage > Decimal::ZERO {
        "withheld"
    } else {
        "given back"
    };
    let retainage = retainage.abs();
    format!("{billed:.2} billed, {retainage:.2} retainage {direction}")
}

/// Returns the text of one line for all work of a pay application.
pub(super) fn gross_line(pay_app: &PayApp) -> String {
    format!(
        "Pay app {}: work completed and materials stored",
        pay_app.number
    )
}

//! Texts of invoice lines.

use billing::{PayApp, SovLine};
use rust_decimal::Decimal;

use crate::naming::{DESCRIPTION_LIMIT, clip};

/// Returns the text of a line for one item of the schedule of values.
pub(super) fn item_line(line: &SovLine) -> String {
    let text = format!("{} {}", line.item_number, line.description);
    clip(text.trim(), DESCRIPTION_LIMIT)
}

/// Returns the text of the net line. It names billed amount and retainage, because the line itself shows only the difference.
pub(super) fn net_line(pay_app: &PayApp) -> String {
    let totals = pay_app.totals;
    let number = pay_app.number;
    if totals.retainage.is_zero() {
        return gross_line(pay_app);
    }
    let (billed, retainage) = (totals.billed, totals.retainage.abs());
    let direction = if totals.retainage > Decimal::ZERO {
        "withheld"
    } else {
        "given back"
    };
    format!("Pay app {number}: {billed:.2} billed, {retainage:.2} retainage {direction}")
}

/// Returns the text of one line for all work of a pay application.
pub(super) fn gross_line(pay_app: &PayApp) -> String {
    format!(
        "Pay app {}: work completed and materials stored",
        pay_app.number
    )
}

//! What lines say.

use billing::{PayApp, SovLine};
use rust_decimal::Decimal;

use crate::naming::{DESCRIPTION, clipped};

/// An item of the schedule of values.
pub(super) fn describe(line: &SovLine) -> String {
    let text = format!("{} {}", line.item_number, line.description);
    clipped(text.trim(), DESCRIPTION)
}

/// Says on a net line why it is not what was billed.
pub(super) fn summary(pay_app: &PayApp) -> String {
    let totals = pay_app.totals;
    let number = pay_app.number;
    if totals.retainage.is_zero() {
        return gross(pay_app);
    }
    let (billed, retainage) = (totals.billed, totals.retainage.abs());
    let what = if totals.retainage > Decimal::ZERO {
        "withheld"
    } else {
        "given back"
    };
    format!("Pay app {number}: {billed:.2} billed, {retainage:.2} retainage {what}")
}

/// All work of a pay app in one line.
pub(super) fn gross(pay_app: &PayApp) -> String {
    format!(
        "Pay app {}: work completed and materials stored",
        pay_app.number
    )
}

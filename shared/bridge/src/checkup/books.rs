//! Checks of how the company keeps its books: closing date, accounting method, sales tax, and what QuickBooks applies by itself.

use super::finding::Finding;
use super::input::CheckInput;
use super::places;
use jiff::civil::Date;
use mapping::{ClosedBooks, RetainageMethod};

/// Checks that bills are not dated in closed books.
pub(super) fn closing_date(input: &CheckInput) -> Finding {
    let Some(preferences) = input.preferences() else {
        return Finding::unread("whether its books are closed");
    };
    let detail = match input.settings.sync.closed_books {
        ClosedBooks::Hold => {
            "RIVET posts nothing on or before the closing date. What is dated then waits for a decision."
        }
        ClosedBooks::FirstOpenDay => {
            "RIVET posts nothing on or before the closing date. What is dated then is posted on the day after it, as RIVET's settings say."
        }
    };
    let Some(closed_through) = preferences.accounting_info_prefs.book_close_date else {
        return Finding::pass("The books are open: there is no closing date.", detail)
            .on(places::ADVANCED);
    };
    closed_books(input, closed_through, detail).on(places::ADVANCED)
}

/// Returns the finding of a company whose books are closed through a day.
fn closed_books(input: &CheckInput, closed_through: Date, detail: &str) -> Finding {
    let reopen = "In Account and settings, Advanced, Accounting, set the closing date back. Or decide about each waiting document in RIVET.";
    if closed_through >= input.today() {
        let title =
            format!("The books are closed through {closed_through}, which is not over yet.");
        return Finding::warn(
            title,
            format!("{detail} That concerns what is dated today, too."),
        )
        .action(reopen);
    }
    let title = match input.closed_documents {
        0 => {
            return Finding::pass(
                format!("The books are closed through {closed_through}."),
                detail,
            );
        }
        1 => "1 document waits for closed books.".to_owned(),
        several => format!("{several} documents wait for closed books."),
    };
    let detail = format!("The books are closed through {closed_through}. {detail}");
    Finding::warn(title, detail).action(reopen)
}

/// The accounting method with which reports open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReportBasis {
    Accrual,
    Cash,
}

/// Checks that the accounting method of the reports suits the retainage method.
pub(super) fn accounting_method(input: &CheckInput) -> Finding {
    let basis = input
        .preferences()
        .and_then(|preferences| preferences.report_prefs.report_basis.as_deref());
    let basis = match basis {
        Some("Accrual") => ReportBasis::Accrual,
        Some("Cash") => ReportBasis::Cash,
        Some(_) | None => return Finding::unread("which accounting method its reports have"),
    };
    let found = match (basis, input.settings.retainage_method) {
        (ReportBasis::Accrual, RetainageMethod::JournalEntry | RetainageMethod::InvoiceLine) => {
            Finding::pass(
                "Reports have the accounting method Accrual.",
                "A Profit and Loss shows revenue when it is billed, together with the retainage. The Balance Sheet shows the retainage until it \
                 is released.",
            )
        }
        (ReportBasis::Cash, RetainageMethod::JournalEntry) => cash_warning(
            "A cash-basis Profit and Loss shows an Invoice once it is paid, but a Journal Entry on its day. RIVET posts retainage by Journal \
             Entry, so it shows as income before the customer pays it.",
        ),
        (ReportBasis::Cash, RetainageMethod::InvoiceLine) => cash_warning(
            "A cash-basis Profit and Loss shows an Invoice with all its lines once it is paid. The net amount of a pay app pays the whole \
             Invoice, so the retainage shows as income while the customer still holds it.",
        ),
        (ReportBasis::Accrual, RetainageMethod::BilledOnRelease) => Finding::warn(
            "Reports have the accounting method Accrual, and retainage is billed on release.",
            "A Profit and Loss shows withheld work only when its retainage is released, and the Balance Sheet shows no retainage.",
        )
        .action(
            "Ask the bookkeeper which accounting method the firm uses. If it is Accrual, choose another retainage method in RIVET's settings.",
        ),
        (ReportBasis::Cash, RetainageMethod::BilledOnRelease) => Finding::pass(
            "Reports have the accounting method Cash.",
            "Retainage is billed on release, so a Profit and Loss shows it once the customer pays it.",
        ),
    };
    found.on(places::ADVANCED)
}

fn cash_warning(detail: &str) -> Finding {
    Finding::warn("Reports have the accounting method Cash.", detail).action(
        "Ask the bookkeeper which accounting method the firm uses. If it is Accrual, set it in Account and settings, Advanced, Accounting. If \
         it is Cash, choose in RIVET's settings that retainage is billed on release.",
    )
}

/// Checks that no sales tax is expected on RIVET's bills.
pub(super) fn sales_tax(input: &CheckInput) -> Finding {
    let tax = input
        .preferences()
        .map(|preferences| &preferences.tax_prefs);
    let detail = "A pay app states the whole claim. Each line that RIVET posts is marked as not taxed, and its products and services are not taxable.";
    let found = match tax.and_then(|tax| tax.using_sales_tax) {
        None => return Finding::unread("whether it charges sales tax"),
        Some(false) => Finding::pass("Sales tax is off.", detail),
        Some(true) => {
            let is_automated = tax.is_some_and(|tax| tax.partner_tax_enabled);
            let title = match is_automated {
                true => "Sales tax is on, and QuickBooks computes it.",
                false => "Sales tax is on.",
            };
            Finding::warn(title, format!("{detail} So no tax is added to a pay app."))
                .action("If a contract is taxable, bill its tax as a line of the pay app. Else nothing is to do.")
        }
    };
    found.on(places::SALES_TAX)
}

/// Checks that QuickBooks applies no credit by itself.
pub(super) fn automatic_credits(input: &CheckInput) -> Finding {
    let applies = input
        .preferences()
        .and_then(|preferences| preferences.sales_forms_prefs.auto_apply_credit);
    let found = match applies {
        None => return Finding::unread("whether it applies credits by itself"),
        Some(false) => Finding::pass(
            "QuickBooks applies no credit by itself.",
            "A Credit Memo stays open until a person or a payment uses it.",
        ),
        Some(true) => Finding::warn(
            "QuickBooks applies credits to invoices by itself.",
            "A Credit Memo of a pay app goes to the customer's next invoice, whichever project that is for. A payment of that invoice may then \
             be more than what is open, and waits.",
        )
        .action("In Account and settings, Advanced, Automation, turn off Automatically apply credits."),
    };
    found.on(places::ADVANCED)
}

/// Checks that QuickBooks applies no payment by itself.
pub(super) fn automatic_payments(input: &CheckInput) -> Finding {
    let applies = input
        .preferences()
        .and_then(|preferences| preferences.sales_forms_prefs.auto_apply_payments);
    let found = match applies {
        None => return Finding::unread("whether it applies payments by itself"),
        Some(false) => Finding::pass(
            "QuickBooks applies no payment by itself.",
            "A payment pays the invoices that RIVET names. What is left over stays open on the customer.",
        ),
        Some(true) => Finding::warn(
            "QuickBooks applies payments to invoices by itself.",
            "A payment pays the invoices that RIVET names. What is left over goes to the customer's other open invoices, whichever project they \
             are for.",
        )
        .action("In Account and settings, Advanced, Automation, turn off Automatically apply payments."),
    };
    found.on(places::ADVANCED)
}

#[cfg(test)]
mod tests {
    use super::super::finding::CheckState::{self, Pass, Warn};
    use super::super::input::tests::{passing, preferring, unanswered};
    use super::*;
    use jiff::civil::date;

    fn closed(through: Option<Date>, waiting: usize) -> Finding {
        let mut input = preferring(|all| all.accounting_info_prefs.book_close_date = through);
        input.closed_documents = waiting;
        closing_date(&input)
    }

    #[test]
    fn closed_books_matter_while_something_waits() {
        assert_eq!(closed(None, 0).state, Pass);
        assert_eq!(closed(Some(date(2026, 2, 28)), 0).state, Pass);
        assert_eq!(closed(Some(date(2026, 3, 31)), 0).state, Warn);
        assert_eq!(closed(Some(date(2027, 1, 1)), 0).state, Warn);
        let waiting = closed(Some(date(2026, 2, 28)), 2);
        assert_eq!(waiting.title, "2 documents wait for closed books.");
        assert!(waiting.detail.contains("2026-02-28"));
        assert!(waiting.detail.contains("waits for a decision"));
        let mut moved =
            preferring(|all| all.accounting_info_prefs.book_close_date = Some(date(2026, 2, 28)));
        moved.settings.sync.closed_books = ClosedBooks::FirstOpenDay;
        let moved = closing_date(&moved);
        assert_eq!(moved.state, Pass);
        assert!(moved.detail.contains("posted on the day after it"));
    }

    fn reported(basis: Option<&str>, method: RetainageMethod) -> Finding {
        let mut input = preferring(|all| all.report_prefs.report_basis = basis.map(Into::into));
        input.settings.retainage_method = method;
        accounting_method(&input)
    }

    #[test]
    fn accounting_method_must_suit_retainage_method() {
        let (entry, line) = (RetainageMethod::JournalEntry, RetainageMethod::InvoiceLine);
        assert_eq!(reported(Some("Accrual"), entry).state, Pass);
        assert_eq!(reported(Some("Accrual"), line).state, Pass);
        let by_entry = reported(Some("Cash"), entry);
        let by_line = reported(Some("Cash"), line);
        assert_eq!([by_entry.state, by_line.state], [Warn, Warn]);
        assert!(by_entry.detail.contains("Journal Entry on its day"));
        assert_ne!(by_entry.detail, by_line.detail);
        let on_release = RetainageMethod::BilledOnRelease;
        assert_eq!(reported(Some("Cash"), on_release).state, Pass);
        assert_eq!(reported(Some("Accrual"), on_release).state, Warn);
        for unknown in [None, Some(""), Some("Modified")] {
            let found = reported(unknown, entry);
            assert!(found.title.starts_with("Could not be read"));
        }
    }

    #[test]
    fn sales_tax_is_a_warning() {
        let with = |on, automated| {
            sales_tax(&preferring(|all| {
                all.tax_prefs.using_sales_tax = on;
                all.tax_prefs.partner_tax_enabled = automated;
            }))
        };
        assert_eq!(with(Some(false), false).state, Pass);
        assert_eq!(with(Some(true), false).state, Warn);
        assert!(with(Some(true), true).title.contains("computes it"));
        assert!(with(None, false).title.starts_with("Could not be read"));
    }

    #[test]
    fn automatic_applications_are_warnings() {
        let credits = |on| {
            automatic_credits(&preferring(|all| {
                all.sales_forms_prefs.auto_apply_credit = on
            }))
            .state
        };
        let payments = |on| {
            let input = preferring(|all| all.sales_forms_prefs.auto_apply_payments = on);
            automatic_payments(&input).state
        };
        let all =
            |check: &dyn Fn(Option<bool>) -> CheckState| [Some(false), Some(true), None].map(check);
        assert_eq!(all(&credits), [Pass, Warn, Warn]);
        assert_eq!(all(&payments), [Pass, Warn, Warn]);
    }

    #[test]
    fn unanswered_questions_never_pass() {
        let checks = [
            closing_date,
            accounting_method,
            sales_tax,
            automatic_credits,
            automatic_payments,
        ];
        for check in checks {
            assert_eq!(check(&passing()).state, Pass);
            let found = check(&unanswered());
            assert_eq!(found.state, Warn);
            assert!(found.title.starts_with("Could not be read"));
        }
    }
}

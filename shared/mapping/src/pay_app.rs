//! Pay applications: an invoice, and by one of the two methods a retainage entry beside it.

mod wording;

use billing::{DocumentRef, Kind, PayApp, SovLine, Totals};
use jiff::SignedDuration;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::context::{Chosen, Context};
use crate::effect::Effect;
use crate::money::cents;
use crate::naming;
use crate::plan::{Plan, Planned};
use crate::posting::{
    Journal, JournalLine, JournalRole, LineAccount, Posting, Role, Sale, SaleLine, Side,
};
use crate::refusal::Refusal;
use crate::settings::{InvoiceLines, RetainageMethod};
use crate::slot::Slot;

/// The plan, and what it has to do to the ledger by the document's own totals.
pub(crate) fn plan(pay_app: &PayApp, context: &Context<'_>) -> Result<(Plan, Effect), Refusal> {
    let draft = Draft {
        pay_app,
        document: DocumentRef {
            kind: Kind::PayApp,
            id: pay_app.id.clone(),
        },
        accounts: context.accounts()?,
        style: context.settings.invoice_lines,
        classed: context.classed(&pay_app.project)?,
        currency: context.currency(&pay_app.currency)?,
    };
    let expected = expected(pay_app)?;
    if expected == Effect::default() {
        return Err(Refusal::Empty);
    }
    let plan = Plan {
        document: draft.document.clone(),
        revision: pay_app.revision,
        number: Some(draft.number()),
        customer: pay_app.customer.id.clone(),
        project: Some(pay_app.project.id.clone()),
        classed: draft.classed,
        currency: draft.currency.clone(),
        postings: draft.postings(context.settings.retainage_method),
    };
    Ok((plan, expected))
}

/// What the document says that it does. One line of the net would hide that the lines add up to something else.
fn expected(pay_app: &PayApp) -> Result<Effect, Refusal> {
    let (totals, sum) = (pay_app.totals, Totals::of(&pay_app.lines));
    if totals != sum {
        let figures = format!("the totals are {totals:?}; the lines add up to {sum:?}");
        return Err(Refusal::Disagreement { figures });
    }
    Ok(Effect {
        receivable: totals.net,
        retainage: totals.retainage,
        revenue: totals.billed,
        deposits: Decimal::ZERO,
    })
}

/// A pay application with what settings and books make of it.
struct Draft<'a> {
    pay_app: &'a PayApp,
    document: DocumentRef,
    accounts: Chosen<'a>,
    style: InvoiceLines,
    classed: bool,
    currency: Option<String>,
}

impl Draft<'_> {
    fn postings(&self, method: RetainageMethod) -> Vec<Planned> {
        let (sale, retainage) = match method {
            RetainageMethod::JournalEntry => (self.net_form(), self.journal()),
            RetainageMethod::InvoiceLine => (Some(self.form(self.gross_lines())), None),
        };
        let sale = sale.map(|posting| Planned {
            slot: Slot::Sale,
            posting,
        });
        let retainage = retainage.map(|posting| Planned {
            slot: Slot::Retainage,
            posting,
        });
        sale.into_iter().chain(retainage).collect()
    }

    /// Nothing is due if the net is zero, however much the lines move; the retainage entry then says it all.
    fn net_form(&self) -> Option<Posting> {
        (!self.pay_app.totals.net.is_zero()).then(|| self.form(self.net_lines()))
    }

    /// QuickBooks refuses a negative invoice, so what is owed to the customer is a credit memo with every sign turned.
    fn form(&self, mut lines: Vec<SaleLine>) -> Posting {
        let total: Decimal = lines.iter().map(|line| line.amount).sum();
        if total < Decimal::ZERO {
            lines.iter_mut().for_each(|line| line.amount = -line.amount);
            return Posting::CreditMemo(self.sale(None, lines));
        }
        Posting::Invoice(self.sale(due_date(self.pay_app), lines))
    }

    fn sale(&self, due: Option<Date>, lines: Vec<SaleLine>) -> Sale {
        Sale {
            customer: self.pay_app.customer.id.clone(),
            project: self.pay_app.project.id.clone(),
            classed: self.classed,
            number: Some(self.number()),
            date: self.pay_app.period_end,
            due,
            currency: self.currency.clone(),
            memo: naming::memo(self.pay_app),
            note: naming::note(&self.document, self.pay_app.revision, Slot::Sale),
            lines,
        }
    }

    fn net_lines(&self) -> Vec<SaleLine> {
        match self.style {
            InvoiceLines::Single => {
                vec![self.revenue(wording::summary(self.pay_app), self.pay_app.totals.net)]
            }
            InvoiceLines::BySovItem => self.lines_by_item(SovLine::net),
        }
    }

    fn gross_lines(&self) -> Vec<SaleLine> {
        let work = match self.style {
            InvoiceLines::Single => {
                vec![self.revenue(wording::gross(self.pay_app), self.pay_app.totals.billed)]
            }
            InvoiceLines::BySovItem => self.lines_by_item(SovLine::billed),
        };
        let withheld = SaleLine {
            account: LineAccount {
                role: Role::Retainage,
                id: self.accounts.retainage.to_owned(),
            },
            description: "Retainage withheld".to_owned(),
            amount: cents(-self.pay_app.totals.retainage),
        };
        work.into_iter()
            .chain([withheld])
            .filter(|line| !line.amount.is_zero())
            .collect()
    }

    fn lines_by_item(&self, amount: fn(&SovLine) -> Decimal) -> Vec<SaleLine> {
        let lines = self
            .pay_app
            .lines
            .iter()
            .map(|line| (wording::describe(line), amount(line)));
        lines
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(text, amount)| self.revenue(text, amount))
            .collect()
    }

    fn revenue(&self, description: String, amount: Decimal) -> SaleLine {
        let account = LineAccount {
            role: Role::Revenue,
            id: self.accounts.revenue.to_owned(),
        };
        SaleLine {
            account,
            description,
            amount: cents(amount),
        }
    }

    /// Debits what is withheld and credits revenue; turned round when earlier retainage is given back.
    fn journal(&self) -> Option<Posting> {
        let retainage = self.pay_app.totals.retainage;
        if retainage.is_zero() {
            return None;
        }
        let side = if retainage > Decimal::ZERO {
            Side::Debit
        } else {
            Side::Credit
        };
        Some(Posting::JournalEntry(Journal {
            customer: self.pay_app.customer.id.clone(),
            project: self.pay_app.project.id.clone(),
            classed: self.classed,
            number: Some(naming::journal_number(
                &self.pay_app.project.number,
                self.pay_app.number,
            )),
            date: self.pay_app.period_end,
            currency: self.currency.clone(),
            note: naming::note(&self.document, self.pay_app.revision, Slot::Retainage),
            lines: vec![
                self.entry(JournalRole::Retainage, self.accounts.retainage, side),
                self.entry(JournalRole::Revenue, self.accounts.revenue, side.opposite()),
            ],
        }))
    }

    fn entry(&self, role: JournalRole, account: &str, side: Side) -> JournalLine {
        JournalLine {
            role,
            account: account.to_owned(),
            side,
            amount: cents(self.pay_app.totals.retainage.abs()),
            description: format!("Retainage · {}", naming::memo(self.pay_app)),
        }
    }

    fn number(&self) -> String {
        naming::document_number(&self.pay_app.project.number, self.pay_app.number)
    }
}

fn due_date(pay_app: &PayApp) -> Option<Date> {
    let by_terms = |days: u32| {
        let days = SignedDuration::from_hours(24 * i64::from(days));
        pay_app.period_end.saturating_add(days)
    };
    pay_app
        .due_date
        .or(pay_app.payment_terms_days.map(by_terms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming::DESCRIPTION;
    use crate::samples::{METHODS, STYLES, cents, pay_app, planned, settings, worked_example};
    use jiff::civil::date;

    const BY_JOURNAL: RetainageMethod = METHODS[0];
    const BY_LINE: RetainageMethod = METHODS[1];
    const SINGLE: InvoiceLines = STYLES[0];
    const BY_ITEM: InvoiceLines = STYLES[1];

    /// The postings as a bookkeeper would jot them down.
    fn jotted(lines: &[(i64, i64, i64)], method: RetainageMethod, style: InvoiceLines) -> String {
        let plan = planned(&pay_app(lines), &settings(method, style));
        plan.postings
            .iter()
            .map(|planned| jot(&planned.posting))
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn jot(posting: &Posting) -> String {
        match posting {
            Posting::Invoice(sale) => format!("Invoice {}{}", sale.total(), jot_lines(sale)),
            Posting::CreditMemo(sale) => format!("CreditMemo {}{}", sale.total(), jot_lines(sale)),
            Posting::JournalEntry(journal) => {
                let line = |line: &JournalLine| {
                    format!("\n  {:?} {:?} {}", line.side, line.role, line.amount)
                };
                format!(
                    "JournalEntry{}",
                    journal.lines.iter().map(line).collect::<String>()
                )
            }
            Posting::Payment(_) => panic!("a pay app is no payment"),
        }
    }

    fn jot_lines(sale: &Sale) -> String {
        let line = |line: &SaleLine| {
            format!(
                "\n  {:?} {} {}",
                line.account.role, line.amount, line.description
            )
        };
        sale.lines.iter().map(line).collect()
    }

    const ORDINARY: [(i64, i64, i64); 2] = [(850_000, 0, 85_000), (0, 1_200_000, 120_000)];

    #[test]
    fn by_journal_the_invoice_is_net_and_an_entry_books_what_is_withheld() {
        insta::assert_snapshot!(jotted(&ORDINARY, BY_JOURNAL, SINGLE), @"
        Invoice 18450.00
          Revenue 18450.00 Pay app 1: 20500.00 billed, 2050.00 retainage withheld
        JournalEntry
          Debit Retainage 2050.00
          Credit Revenue 2050.00
        ");
        insta::assert_snapshot!(jotted(&ORDINARY, BY_JOURNAL, BY_ITEM), @"
        Invoice 18450.00
          Revenue 7650.00 01 Item 1
          Revenue 10800.00 02 Item 2
        JournalEntry
          Debit Retainage 2050.00
          Credit Revenue 2050.00
        ");
    }

    #[test]
    fn by_line_the_invoice_is_gross_with_a_negative_line() {
        insta::assert_snapshot!(jotted(&ORDINARY, BY_LINE, SINGLE), @"
        Invoice 18450.00
          Revenue 20500.00 Pay app 1: work completed and materials stored
          Retainage -2050.00 Retainage withheld
        ");
        insta::assert_snapshot!(jotted(&ORDINARY, BY_LINE, BY_ITEM), @"
        Invoice 18450.00
          Revenue 8500.00 01 Item 1
          Revenue 12000.00 02 Item 2
          Retainage -2050.00 Retainage withheld
        ");
    }

    #[test]
    fn retainage_given_back_turns_the_entry_round_and_adds_to_the_invoice() {
        let stepped_down = [(6_100_000, -725_025, -120_000)];
        insta::assert_snapshot!(jotted(&stepped_down, BY_JOURNAL, SINGLE), @"
        Invoice 54949.75
          Revenue 54949.75 Pay app 1: 53749.75 billed, 1200.00 retainage given back
        JournalEntry
          Credit Retainage 1200.00
          Debit Revenue 1200.00
        ");
        insta::assert_snapshot!(jotted(&stepped_down, BY_LINE, SINGLE), @"
        Invoice 54949.75
          Revenue 53749.75 Pay app 1: work completed and materials stored
          Retainage 1200.00 Retainage withheld
        ");
    }

    #[test]
    fn a_negative_net_is_a_credit_memo_with_every_sign_turned() {
        let back_charge = [(-240_000, 0, -12_000), (40_000, 0, 2_000)];
        insta::assert_snapshot!(jotted(&back_charge, BY_JOURNAL, BY_ITEM), @"
        CreditMemo 1900.00
          Revenue 2280.00 01 Item 1
          Revenue -380.00 02 Item 2
        JournalEntry
          Credit Retainage 100.00
          Debit Revenue 100.00
        ");
        insta::assert_snapshot!(jotted(&back_charge, BY_LINE, BY_ITEM), @"
        CreditMemo 1900.00
          Revenue 2400.00 01 Item 1
          Revenue -400.00 02 Item 2
          Retainage -100.00 Retainage withheld
        ");
    }

    #[test]
    fn a_net_of_zero_leaves_only_the_entry_or_an_invoice_of_zero() {
        let all_withheld = [(100_000, 0, 100_000)];
        insta::assert_snapshot!(jotted(&all_withheld, BY_JOURNAL, SINGLE), @"
        JournalEntry
          Debit Retainage 1000.00
          Credit Revenue 1000.00
        ");
        insta::assert_snapshot!(jotted(&all_withheld, BY_LINE, SINGLE), @"
        Invoice 0.00
          Revenue 1000.00 Pay app 1: work completed and materials stored
          Retainage -1000.00 Retainage withheld
        ");
    }

    #[test]
    fn nothing_billed_with_retainage_given_back_is_billed_as_retainage() {
        let given_back = [(0, 0, -50_000), (0, 0, 0)];
        insta::assert_snapshot!(jotted(&given_back, BY_JOURNAL, BY_ITEM), @"
        Invoice 500.00
          Revenue 500.00 01 Item 1
        JournalEntry
          Credit Retainage 500.00
          Debit Revenue 500.00
        ");
        insta::assert_snapshot!(jotted(&given_back, BY_LINE, BY_ITEM), @"
        Invoice 500.00
          Retainage 500.00 Retainage withheld
        ");
        insta::assert_snapshot!(jotted(&given_back, BY_LINE, SINGLE), @"
        Invoice 500.00
          Retainage 500.00 Retainage withheld
        ");
    }

    #[test]
    fn without_retainage_there_is_neither_an_entry_nor_a_line_for_it() {
        for (method, style) in METHODS
            .iter()
            .flat_map(|method| STYLES.map(|style| (*method, style)))
        {
            let text = jotted(
                &[(100_000, 0, 10_000), (0, 0, -10_000), (0, 0, 0)],
                method,
                style,
            );
            assert!(
                !text.contains("JournalEntry") && !text.contains("Retainage"),
                "{text}"
            );
        }
    }

    #[test]
    fn lines_of_zero_are_left_out() {
        let lines = [(100, -100, 0), (500, 0, 500), (900, 0, 0)];
        insta::assert_snapshot!(jotted(&lines, BY_JOURNAL, BY_ITEM), @"
        Invoice 9.00
          Revenue 9.00 03 Item 3
        JournalEntry
          Debit Retainage 5.00
          Credit Revenue 5.00
        ");
        insta::assert_snapshot!(jotted(&lines, BY_LINE, BY_ITEM), @"
        Invoice 9.00
          Revenue 5.00 02 Item 2
          Revenue 9.00 03 Item 3
          Retainage -5.00 Retainage withheld
        ");
    }

    #[test]
    fn lines_that_cancel_out_are_nothing_to_post_in_any_style() {
        let lines = [(100_000, 0, 10_000), (-100_000, 0, -10_000)];
        for (method, style) in METHODS
            .iter()
            .flat_map(|method| STYLES.map(|style| (*method, style)))
        {
            let (settings, books) = (settings(method, style), crate::Books::default());
            let refusal = plan(
                &pay_app(&lines),
                &Context {
                    settings: &settings,
                    books: &books,
                },
            );
            assert_eq!(refusal.unwrap_err(), Refusal::Empty);
        }
    }

    #[test]
    fn it_is_due_when_the_event_says_or_by_its_terms_or_when_quickbooks_thinks() {
        let mut pay_app = worked_example();
        assert_eq!(due_date(&pay_app), Some(date(2026, 4, 30)));
        pay_app.due_date = Some(date(2026, 7, 15));
        assert_eq!(due_date(&pay_app), Some(date(2026, 7, 15)));
        (pay_app.due_date, pay_app.payment_terms_days) = (None, Some(0));
        assert_eq!(due_date(&pay_app), Some(date(2026, 3, 31)));
        pay_app.payment_terms_days = None;
        assert_eq!(due_date(&pay_app), None);
    }

    #[test]
    fn a_credit_memo_is_never_due() {
        let plan = planned(&pay_app(&[(-100, 0, 0)]), &settings(BY_JOURNAL, SINGLE));
        assert!(
            matches!(&plan.postings[0].posting, Posting::CreditMemo(sale) if sale.due.is_none())
        );
    }

    #[test]
    fn totals_that_the_lines_do_not_bear_out_are_refused_with_the_figures() {
        let mut wrong = worked_example();
        wrong.totals.net += cents(1);
        let (settings, books) = (settings(BY_JOURNAL, SINGLE), crate::Books::default());
        let refusal = plan(
            &wrong,
            &Context {
                settings: &settings,
                books: &books,
            },
        )
        .unwrap_err()
        .to_string();
        assert!(
            refusal.contains("43650.01") && refusal.contains("43650.00"),
            "{refusal}"
        );
    }

    #[test]
    fn a_description_that_is_too_long_is_cut() {
        let mut long = worked_example();
        long.lines[0].description = "é".repeat(5000);
        let plan = planned(&long, &settings(BY_LINE, BY_ITEM));
        let Posting::Invoice(sale) = &plan.postings[0].posting else {
            panic!()
        };
        assert_eq!(sale.lines[0].description.chars().count(), DESCRIPTION);
    }
}

//! Plans of pay applications: an invoice and, if an account holds retainage by entries, a retainage entry.

// Top first: a module uses only modules below it.
mod lines;
mod entry;
mod draft;
mod withheld;
mod wording;

use self::draft::Draft;
use self::withheld::Withheld;
use billing::{DocumentKind, DocumentRef, PayApp, Totals};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::due_date::Terms;
use crate::naming;
use crate::plan::{PlannedPosting, PostingPlan, UncheckedPlan};
use crate::plan_inputs::PlanInputs;
use crate::posting::{Posting, Sale, SaleLine};
use crate::refusal::Refusal;
use crate::settings::RetainageMethod;
use crate::slot::Slot;

/// Plans a pay application. The stated effect follows from the document's own totals.
pub(crate) fn plan(pay_app: &PayApp, inputs: &PlanInputs<'_>) -> Result<UncheckedPlan, Refusal> {
    let draft = draft(pay_app, inputs)?;
    let stated_effect = draft.stated_effect()?;
    if pay_app.totals == Totals::of(&[]) {
        return Err(Refusal::Empty);
    }
    let postings = draft.postings(inputs.settings.retainage_method);
    Ok(UncheckedPlan {
        plan: draft.plan(postings),
        stated_effect,
    })
}

/// Plans a pay application that bills nothing, as a form of zero.
pub(crate) fn plan_of_zero(
    pay_app: &PayApp,
    inputs: &PlanInputs<'_>,
) -> Result<PostingPlan, Refusal> {
    let draft = draft(pay_app, inputs)?;
    let posting = draft.form(draft.net_lines());
    let slot = Slot::Sale;
    Ok(draft.plan(vec![PlannedPosting { slot, posting }]))
}

fn draft<'a>(pay_app: &'a PayApp, inputs: &PlanInputs<'a>) -> Result<Draft<'a>, Refusal> {
    let accounts = inputs.required_accounts()?;
    let withheld = Withheld::of(pay_app, inputs.held, &accounts.holder);
    Ok(Draft {
        pay_app,
        document: DocumentRef {
            kind: DocumentKind::PayApp,
            id: pay_app.id.clone(),
        },
        accounts,
        withheld,
        invoice_lines: inputs.settings.invoice_lines,
        is_classed: inputs.is_classed(&pay_app.project)?,
        is_for_job: inputs.is_for_job(&pay_app.project),
        currency: inputs.currency(&pay_app.currency)?,
    })
}

impl Draft<'_> {
    fn plan(&self, postings: Vec<PlannedPosting>) -> PostingPlan {
        PostingPlan {
            document: self.document.clone(),
            revision: self.pay_app.revision,
            number: Some(self.number()),
            customer: self.pay_app.customer.id.clone(),
            project: Some(self.pay_app.project.id.clone()),
            is_classed: self.is_classed,
            is_for_job: self.is_for_job,
            currency: self.currency.clone(),
            postings,
        }
    }

    fn postings(&self, method: RetainageMethod) -> Vec<PlannedPosting> {
        let (sale, retainage) = match method {
            RetainageMethod::JournalEntry | RetainageMethod::BilledOnRelease => {
                (self.net_form(), self.retainage_entry())
            }
            RetainageMethod::InvoiceLine => (Some(self.form(self.gross_lines())), None),
        };
        let sale = sale.map(|posting| PlannedPosting {
            slot: Slot::Sale,
            posting,
        });
        let retainage = retainage.map(|posting| PlannedPosting {
            slot: Slot::Retainage,
            posting,
        });
        sale.into_iter().chain(retainage).collect()
    }

    /// Returns the form of the net. A net of zero needs no form, whatever the lines say: the retainage entry has the whole effect. A form
    /// of zero shows what RIVET alone holds.
    fn net_form(&self) -> Option<Posting> {
        let has_effect = !self.pay_app.totals.net.is_zero() || !self.withheld.by_rivet().is_zero();
        has_effect.then(|| self.form(self.net_lines()))
    }

    /// Returns an invoice, or a credit memo with opposite signs if the total is negative: QuickBooks refuses a negative invoice.
    fn form(&self, mut lines: Vec<SaleLine>) -> Posting {
        let total: Decimal = lines.iter().map(|line| line.amount).sum();
        if total < Decimal::ZERO {
            lines.iter_mut().for_each(|line| line.amount = -line.amount);
            let sale = self.sale(None, lines);
            return Posting::CreditMemo(Sale {
                held_by_rivet: -sale.held_by_rivet,
                ..sale
            });
        }
        Posting::Invoice(self.sale(due_date(self.pay_app), lines))
    }

    fn sale(&self, due: Option<Date>, lines: Vec<SaleLine>) -> Sale {
        Sale {
            customer: self.pay_app.customer.id.clone(),
            project: self.pay_app.project.id.clone(),
            is_classed: self.is_classed,
            number: Some(self.number()),
            date: self.pay_app.period_end,
            due,
            currency: self.currency.clone(),
            memo: naming::memo(self.pay_app),
            note: naming::origin_note(&self.document, self.pay_app.revision, Slot::Sale),
            lines,
            held_by_rivet: self.withheld.by_rivet(),
        }
    }
}

/// Returns the due date by the terms of the pay application.
fn due_date(pay_app: &PayApp) -> Option<Date> {
    let terms = Terms {
        from: pay_app.period_end,
        due_date: pay_app.due_date,
        days: pay_app.payment_terms_days,
    };
    terms.due_date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::held::{Held, RetainageShare};
    use crate::naming::DESCRIPTION_LIMIT;
    use crate::posting::JournalLine;
    use crate::samples::{
        METHODS, STYLES, cents, inputs, pay_app, planned, settings, worked_example,
    };
    use crate::settings::InvoiceLines;
    use jiff::civil::date;

    const BY_JOURNAL: RetainageMethod = METHODS[0];
    const BY_LINE: RetainageMethod = METHODS[1];
    const ON_RELEASE: RetainageMethod = METHODS[2];
    const SINGLE: InvoiceLines = STYLES[0];
    const BY_ITEM: InvoiceLines = STYLES[1];

    /// Returns the postings as a short text.
    fn summary(lines: &[(i64, i64, i64)], method: RetainageMethod, style: InvoiceLines) -> String {
        let plan = planned(&pay_app(lines), &settings(method, style));
        plan_summary(&plan)
    }

    fn plan_summary(plan: &PostingPlan) -> String {
        plan.postings
            .iter()
            .map(|planned| posting_summary(&planned.posting))
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn posting_summary(posting: &Posting) -> String {
        match posting {
            Posting::Invoice(sale) => format!("Invoice {}{}", sale.total(), line_summaries(sale)),
            Posting::CreditMemo(sale) => {
                format!("CreditMemo {}{}", sale.total(), line_summaries(sale))
            }
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

    fn line_summaries(sale: &Sale) -> String {
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
    fn journal_method_posts_net_invoice_and_entry() {
        insta::assert_snapshot!(summary(&ORDINARY, BY_JOURNAL, SINGLE), @"
        Invoice 18450.00
          Revenue 18450.00 Pay app 1: 20500.00 billed, 2050.00 retainage withheld
        JournalEntry
          Debit Retainage 2050.00
          Credit Revenue 2050.00
        ");
        insta::assert_snapshot!(summary(&ORDINARY, BY_JOURNAL, BY_ITEM), @"
        Invoice 18450.00
          Revenue 7650.00 01 Item 1 · 8500.00 billed, 850.00 retainage withheld
          Revenue 10800.00 02 Item 2 · 12000.00 billed, 1200.00 retainage withheld
        JournalEntry
          Debit Retainage 2050.00
          Credit Revenue 2050.00
        ");
    }

    #[test]
    fn line_method_posts_gross_invoice_with_negative_line() {
        insta::assert_snapshot!(summary(&ORDINARY, BY_LINE, SINGLE), @"
        Invoice 18450.00
          Revenue 20500.00 Pay app 1: work completed and materials stored
          Retainage -2050.00 Retainage withheld
        ");
        insta::assert_snapshot!(summary(&ORDINARY, BY_LINE, BY_ITEM), @"
        Invoice 18450.00
          Revenue 8500.00 01 Item 1
          Revenue 12000.00 02 Item 2
          Retainage -2050.00 Retainage withheld
        ");
    }

    #[test]
    fn returned_retainage_reverses_the_entry() {
        let stepped_down = [(6_100_000, -725_025, -120_000)];
        insta::assert_snapshot!(summary(&stepped_down, BY_JOURNAL, SINGLE), @"
        Invoice 54949.75
          Revenue 54949.75 Pay app 1: 53749.75 billed, 1200.00 retainage given back
        JournalEntry
          Credit Retainage 1200.00
          Debit Revenue 1200.00
        ");
        insta::assert_snapshot!(summary(&stepped_down, BY_LINE, SINGLE), @"
        Invoice 54949.75
          Revenue 53749.75 Pay app 1: work completed and materials stored
          Retainage 1200.00 Retainage withheld
        ");
    }

    #[test]
    fn negative_net_becomes_a_credit_memo() {
        let back_charge = [(-240_000, 0, -12_000), (40_000, 0, 2_000)];
        insta::assert_snapshot!(summary(&back_charge, BY_JOURNAL, BY_ITEM), @"
        CreditMemo 1900.00
          Revenue 2280.00 01 Item 1 · -2400.00 billed, 120.00 retainage given back
          Revenue -380.00 02 Item 2 · 400.00 billed, 20.00 retainage withheld
        JournalEntry
          Credit Retainage 100.00
          Debit Revenue 100.00
        ");
        insta::assert_snapshot!(summary(&back_charge, BY_LINE, BY_ITEM), @"
        CreditMemo 1900.00
          Revenue 2400.00 01 Item 1
          Revenue -400.00 02 Item 2
          Retainage -100.00 Retainage withheld
        ");
    }

    #[test]
    fn zero_net_posts_entry_or_zero_invoice() {
        let all_withheld = [(100_000, 0, 100_000)];
        insta::assert_snapshot!(summary(&all_withheld, BY_JOURNAL, SINGLE), @"
        JournalEntry
          Debit Retainage 1000.00
          Credit Revenue 1000.00
        ");
        insta::assert_snapshot!(summary(&all_withheld, BY_LINE, SINGLE), @"
        Invoice 0.00
          Revenue 1000.00 Pay app 1: work completed and materials stored
          Retainage -1000.00 Retainage withheld
        ");
    }

    #[test]
    fn returned_retainage_without_work_is_billed() {
        let given_back = [(0, 0, -50_000), (0, 0, 0)];
        insta::assert_snapshot!(summary(&given_back, BY_JOURNAL, BY_ITEM), @"
        Invoice 500.00
          Revenue 500.00 01 Item 1 · 0.00 billed, 500.00 retainage given back
        JournalEntry
          Credit Retainage 500.00
          Debit Revenue 500.00
        ");
        insta::assert_snapshot!(summary(&given_back, BY_LINE, BY_ITEM), @"
        Invoice 500.00
          Retainage 500.00 Retainage withheld
        ");
        insta::assert_snapshot!(summary(&given_back, BY_LINE, SINGLE), @"
        Invoice 500.00
          Retainage 500.00 Retainage withheld
        ");
    }

    #[test]
    fn billing_on_release_posts_the_net_alone() {
        insta::assert_snapshot!(summary(&ORDINARY, ON_RELEASE, SINGLE), @"
        Invoice 18450.00
          Revenue 18450.00 Pay app 1: 20500.00 billed, 2050.00 retainage withheld
        ");
        let plan = planned(&pay_app(&ORDINARY), &settings(ON_RELEASE, BY_ITEM));
        let shares = plan.postings[0].posting.retainage_shares();
        assert_eq!(shares, [share("2026-03-31 rivet 2050.00")]);
    }

    #[test]
    fn share_held_by_rivet_has_document_sign() {
        let plan = planned(
            &pay_app(&[(-240_000, 0, -12_000)]),
            &settings(ON_RELEASE, SINGLE),
        );
        assert_eq!(
            plan_summary(&plan),
            "CreditMemo 2280.00\n  Revenue 2280.00 Pay app 1: -2400.00 billed, 120.00 retainage given back"
        );
        let shares = plan.postings[0].posting.retainage_shares();
        assert_eq!(shares, [share("2026-03-31 rivet -120.00")]);
    }

    #[test]
    fn work_withheld_whole_is_an_invoice_of_zero() {
        let lines = [(0, 0, 0), (50_000, 0, 50_000)];
        insta::assert_snapshot!(summary(&lines, ON_RELEASE, BY_ITEM), @"
        Invoice 0.00
          Revenue 0.00 Pay app 1: 500.00 billed, 500.00 retainage withheld
        ");
    }

    fn share(text: &str) -> RetainageShare {
        RetainageShare::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn given_back_retainage_comes_from_its_holders() {
        let held = Held {
            others: vec![
                share("2026-01-31 rivet 100.00"),
                share("2026-02-28 90 200.00"),
                share("2026-03-31 91 300.00"),
            ],
            own: Vec::new(),
        };
        let given_back = |method| {
            let (settings, preferences) = (
                settings(method, SINGLE),
                crate::CompanyPreferences::default(),
            );
            let inputs = PlanInputs {
                held: &held,
                ..inputs(&settings, &preferences)
            };
            let unchecked = plan(&pay_app(&[(100_000, 0, -35_000)]), &inputs).unwrap();
            assert_eq!(unchecked.plan.effect(), unchecked.stated_effect);
            plan_summary(&unchecked.plan)
        };
        let entry = given_back(BY_JOURNAL);
        insta::assert_snapshot!(entry, @"
        Invoice 1350.00
          Revenue 1350.00 Pay app 1: 1000.00 billed, 350.00 retainage given back
        JournalEntry
          Credit Retainage 200.00
          Credit Retainage 50.00
          Debit Revenue 250.00
        ");
        assert_eq!(given_back(ON_RELEASE), entry);
        insta::assert_snapshot!(given_back(BY_LINE), @"
        Invoice 1350.00
          Revenue 1000.00 Pay app 1: work completed and materials stored
          Retainage 200.00 Retainage withheld
          Retainage 50.00 Retainage withheld
          Revenue 100.00 Retainage given back
        ");
    }

    #[test]
    fn zero_retainage_has_no_entry_and_no_line() {
        for (method, style) in METHODS
            .iter()
            .flat_map(|method| STYLES.map(|style| (*method, style)))
        {
            let text = summary(
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
    fn zero_lines_are_omitted() {
        let lines = [(100, -100, 0), (500, 0, 500), (900, 0, 0)];
        insta::assert_snapshot!(summary(&lines, BY_JOURNAL, BY_ITEM), @"
        Invoice 9.00
          Revenue 9.00 03 Item 3
        JournalEntry
          Debit Retainage 5.00
          Credit Revenue 5.00
        ");
        insta::assert_snapshot!(summary(&lines, BY_LINE, BY_ITEM), @"
        Invoice 9.00
          Revenue 5.00 02 Item 2
          Revenue 9.00 03 Item 3
          Retainage -5.00 Retainage withheld
        ");
    }

    #[test]
    fn lines_that_cancel_out_post_nothing() {
        let lines = [(100_000, 0, 10_000), (-100_000, 0, -10_000)];
        for (method, style) in METHODS
            .iter()
            .flat_map(|method| STYLES.map(|style| (*method, style)))
        {
            let (settings, preferences) = (
                settings(method, style),
                crate::CompanyPreferences::default(),
            );
            let refusal = plan(&pay_app(&lines), &inputs(&settings, &preferences));
            assert_eq!(refusal.unwrap_err(), Refusal::Empty);
        }
    }

    #[test]
    fn due_date_follows_event_then_terms_then_quickbooks() {
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
    fn credit_memo_has_no_due_date() {
        let plan = planned(&pay_app(&[(-100, 0, 0)]), &settings(BY_JOURNAL, SINGLE));
        assert!(
            matches!(&plan.postings[0].posting, Posting::CreditMemo(sale) if sale.due.is_none())
        );
    }

    #[test]
    fn totals_that_differ_from_lines_are_refused() {
        let mut wrong = worked_example();
        wrong.totals.net += cents(1);
        let (settings, preferences) = (
            settings(BY_JOURNAL, SINGLE),
            crate::CompanyPreferences::default(),
        );
        let refusal = plan(&wrong, &inputs(&settings, &preferences))
            .unwrap_err()
            .to_string();
        assert!(
            refusal.contains("43650.01") && refusal.contains("43650.00"),
            "{refusal}"
        );
    }

    #[test]
    fn long_description_is_cut() {
        let mut long = worked_example();
        long.lines[0].description = "é".repeat(5000);
        let plan = planned(&long, &settings(BY_LINE, BY_ITEM));
        let Posting::Invoice(sale) = &plan.postings[0].posting else {
            panic!()
        };
        assert_eq!(sale.lines[0].description.chars().count(), DESCRIPTION_LIMIT);
    }
}

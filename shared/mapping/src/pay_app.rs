//! Pay applications: an invoice, and by one of the two methods a retainage entry beside it.

use billing::{DocumentRef, Kind, PayApp, SovLine, Totals};
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::Effect;
use crate::context::{Chosen, Context};
use crate::money::cents;
use crate::naming::{self, DESCRIPTION, clipped};
use crate::plan::{Plan, Planned, Refusal};
use crate::posting::{
    Journal, JournalLine, JournalRole, LineAccount, Posting, Role, Sale, SaleLine, Side,
};
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
                vec![self.revenue(summary(self.pay_app), self.pay_app.totals.net)]
            }
            InvoiceLines::BySovItem => self.lines_by_item(SovLine::net),
        }
    }

    fn gross_lines(&self) -> Vec<SaleLine> {
        let work = match self.style {
            InvoiceLines::Single => {
                let text = format!(
                    "Pay app {}: work completed and materials stored",
                    self.pay_app.number
                );
                vec![self.revenue(text, self.pay_app.totals.billed)]
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
            .map(|line| (describe(line), amount(line)));
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
    let by_terms = |days: u32| pay_app.period_end.saturating_add(i64::from(days).days());
    pay_app
        .due_date
        .or(pay_app.payment_terms_days.map(by_terms))
}

fn describe(line: &SovLine) -> String {
    let text = format!("{} {}", line.item_number, line.description);
    clipped(text.trim(), DESCRIPTION)
}

/// Says on a net line why it is not what was billed.
fn summary(pay_app: &PayApp) -> String {
    let totals = pay_app.totals;
    let number = pay_app.number;
    if totals.retainage.is_zero() {
        return format!("Pay app {number}: work completed and materials stored");
    }
    let (billed, retainage) = (totals.billed, totals.retainage.abs());
    let what = if totals.retainage > Decimal::ZERO {
        "withheld"
    } else {
        "given back"
    };
    format!("Pay app {number}: {billed:.2} billed, {retainage:.2} retainage {what}")
}

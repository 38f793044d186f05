//! Plans of retainage releases: the customer now owes an amount that was held back.

mod postings;

use billing::{DocumentKind, DocumentRef, RetainageRelease};

use self::postings::{Source, invoice, journal};
use crate::effect::Effect;
use crate::naming;
use crate::plan::{PlannedPosting, PostingPlan, UncheckedPlan};
use crate::plan_inputs::PlanInputs;
use crate::posting::Posting;
use crate::refusal::Refusal;
use crate::slot::Slot;

/// The revision of every release: RIVET never revises one.
const REVISION: u32 = 1;

/// Plans a release. The stated effect moves its amount from Retainage Receivable to Accounts Receivable. What RIVET alone held is earned now.
pub(crate) fn plan(
    release: &RetainageRelease,
    inputs: &PlanInputs<'_>,
) -> Result<UncheckedPlan, Refusal> {
    let accounts = inputs.required_accounts()?;
    let draft = PostingPlan {
        document: DocumentRef {
            kind: DocumentKind::RetainageRelease,
            id: release.id.clone(),
        },
        revision: REVISION,
        number: Some(naming::release_number(&release.project.number, &release.id)),
        customer: release.customer.id.clone(),
        project: Some(release.project.id.clone()),
        is_classed: inputs.is_classed(&release.project)?,
        is_for_job: inputs.is_for_job(&release.project),
        currency: inputs.customer_currency(),
        postings: Vec::new(),
    };
    let source = Source {
        taken: inputs.held.take(release.amount, &accounts.holder),
        accounts,
    };
    let is_foreign = inputs.is_foreign(draft.currency.as_deref());
    let posting = if inputs.releases_by_entry() && !is_foreign {
        Posting::JournalEntry(journal(release, &source, &draft))
    } else {
        Posting::Invoice(invoice(release, &source, &draft))
    };
    let postings = vec![PlannedPosting {
        slot: Slot::Release,
        posting,
    }];
    let by_rivet = source.by_rivet();
    let stated_effect = Effect {
        receivable: release.amount,
        retainage: by_rivet - release.amount,
        revenue: by_rivet,
        ..Effect::default()
    };
    Ok(UncheckedPlan {
        plan: PostingPlan { postings, ..draft },
        stated_effect,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ClassUse;
    use crate::held::{Held, RetainageShare};
    use crate::plan_inputs::ReleaseForm;
    use crate::posting::{JournalRole, Role, Side};
    use crate::samples::{METHODS, STYLES, inputs, preferences, release, settings, with_classes};
    use crate::settings::RetainageMethod;

    fn planned(method: RetainageMethod) -> PostingPlan {
        planned_from(method, &Held::default())
    }

    fn planned_from(method: RetainageMethod, held: &Held) -> PostingPlan {
        let (settings, preferences) = (
            with_classes(settings(method, STYLES[0])),
            preferences(ClassUse::PerLine),
        );
        let inputs = PlanInputs {
            held,
            ..inputs(&settings, &preferences)
        };
        let unchecked = plan(&release(), &inputs).unwrap();
        assert_eq!(unchecked.plan.effect(), unchecked.stated_effect);
        unchecked.plan
    }

    /// Returns the lines of the plan's only posting, and the effect of the plan.
    fn summary(plan: &PostingPlan) -> Vec<String> {
        let mut lines: Vec<String> = match &plan.postings[0].posting {
            Posting::Invoice(sale) => sale
                .lines
                .iter()
                .map(|line| {
                    format!(
                        "{:?} {} {}",
                        line.account.role, line.account.id, line.amount
                    )
                })
                .collect(),
            Posting::JournalEntry(journal) => journal
                .lines
                .iter()
                .map(|line| {
                    format!(
                        "{:?} {} {:?} {}",
                        line.role, line.account, line.side, line.amount
                    )
                })
                .collect(),
            other => panic!("{other:?}"),
        };
        lines.push(plan.effect().to_string());
        lines
    }

    fn share(text: &str) -> RetainageShare {
        RetainageShare::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn release_takes_from_every_holder_by_each_method() {
        let held = Held {
            others: vec![
                share("2026-02-28 90 1000.00"),
                share("2026-03-31 rivet 1500.00"),
                share("2026-04-30 91 2500.00"),
            ],
            own: Vec::new(),
        };
        let effect = "receivable 5000.00, retainage -3500.00, revenue 1500.00, deposits 0.00";
        let entry = [
            "Receivable 84 Debit 5000.00",
            "Retainage 90 Credit 1000.00",
            "Retainage 91 Credit 2500.00",
            "Revenue 79 Credit 1500.00",
            effect,
        ];
        let invoice = [
            "Retainage 90 1000.00",
            "Retainage 91 2500.00",
            "Revenue 79 1500.00",
            effect,
        ];
        assert_eq!(summary(&planned_from(METHODS[0], &held)), entry);
        assert_eq!(summary(&planned_from(METHODS[1], &held)), invoice);
        assert_eq!(summary(&planned_from(METHODS[2], &held)), invoice);
    }

    #[test]
    fn release_of_what_rivet_holds_is_revenue() {
        let plan = planned(METHODS[2]);
        let effect = "receivable 5000.00, retainage 0.00, revenue 5000.00, deposits 0.00";
        assert_eq!(summary(&plan), ["Revenue 79 5000.00", effect]);
        let shares = plan.postings[0].posting.retainage_shares();
        assert_eq!(shares, [share("2026-06-15 rivet -5000.00")]);
    }

    #[test]
    fn several_receivable_accounts_make_releases_invoices() {
        let settings = settings(METHODS[0], STYLES[0]);
        let preferences = preferences(ClassUse::None);
        let inputs = PlanInputs {
            release_form: ReleaseForm::Invoice,
            ..inputs(&settings, &preferences)
        };
        let plan = plan(&release(), &inputs).unwrap().plan;
        let effect = "receivable 5000.00, retainage -5000.00, revenue 0.00, deposits 0.00";
        assert_eq!(summary(&plan), ["Retainage 91 5000.00", effect]);
    }

    #[test]
    fn due_date_reaches_invoice_and_entry() {
        let due = RetainageRelease {
            payment_terms_days: Some(30),
            ..release()
        };
        let planned = |method| {
            let (settings, preferences) =
                (settings(method, STYLES[0]), preferences(ClassUse::None));
            plan(&due, &inputs(&settings, &preferences))
                .unwrap()
                .plan
                .postings
                .remove(0)
                .posting
        };
        let Posting::Invoice(invoice) = planned(METHODS[1]) else {
            panic!()
        };
        assert_eq!(invoice.due, Some(jiff::civil::date(2026, 7, 15)));
        let Posting::JournalEntry(entry) = planned(METHODS[0]) else {
            panic!()
        };
        assert_eq!(
            entry.lines[0].description,
            "1042 Harbor Point Tower · Retainage release · due 2026-07-15"
        );
    }

    #[test]
    fn journal_method_moves_retainage_to_receivable() {
        let Posting::JournalEntry(journal) = &planned(METHODS[0]).postings[0].posting else {
            panic!()
        };
        let lines: Vec<_> = journal
            .lines
            .iter()
            .map(|line| (line.role, line.side, line.amount.to_string()))
            .collect();
        let expected = [
            (JournalRole::Receivable, Side::Debit, "5000.00".to_owned()),
            (JournalRole::Retainage, Side::Credit, "5000.00".to_owned()),
        ];
        assert_eq!(lines, expected);
        assert_eq!(
            journal.note,
            "RIVET retainage_release rel_1042_1 revision 1"
        );
    }

    #[test]
    fn line_method_posts_a_retainage_invoice() {
        let Posting::Invoice(sale) = &planned(METHODS[1]).postings[0].posting else {
            panic!()
        };
        assert_eq!(
            (
                sale.total().to_string().as_str(),
                sale.lines.len(),
                sale.due
            ),
            ("5000.00", 1, None)
        );
        assert_eq!(sale.lines[0].account.role, Role::Retainage);
        assert_eq!(sale.memo, "1042 Harbor Point Tower · Retainage release");
    }

    #[test]
    fn both_methods_share_number_slot_and_class() {
        for method in METHODS {
            let plan = planned(method);
            assert_eq!(plan.postings[0].slot, Slot::Release);
            assert_eq!(
                plan.number,
                Some(naming::release_number("1042", &release().id))
            );
            assert_eq!(plan.class(), Some(&release().project.id));
        }
    }
}

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
use crate::settings::RetainageMethod;
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
        taken: inputs.held.take(release.amount, &accounts.holder()),
        accounts,
    };
    let is_entry = inputs.settings.retainage_method == RetainageMethod::JournalEntry
        && !inputs.has_several_receivables
        && !inputs.is_foreign(draft.currency.as_deref());
    let posting = if is_entry {
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
    use crate::posting::{JournalRole, Role, Side};
    use crate::samples::{METHODS, STYLES, inputs, preferences, release, settings, with_classes};

    fn planned(method: RetainageMethod) -> PostingPlan {
        let (settings, preferences) = (
            with_classes(settings(method, STYLES[0])),
            preferences(ClassUse::PerLine),
        );
        let unchecked = plan(&release(), &inputs(&settings, &preferences)).unwrap();
        assert_eq!(unchecked.plan.effect(), unchecked.stated_effect);
        unchecked.plan
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

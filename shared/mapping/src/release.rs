//! Plans of retainage releases: the customer now owes an amount that was held back.

use billing::{DocumentKind, DocumentRef, RetainageRelease};

use crate::context::{Context, RequiredAccounts};
use crate::effect::Effect;
use crate::money::cents;
use crate::naming::{self, MEMO_LIMIT, clip};
use crate::plan::{PlannedPosting, PostingPlan, UncheckedPlan};
use crate::posting::{
    Journal, JournalLine, JournalRole, LineAccount, Posting, Role, Sale, SaleLine, Side,
};
use crate::refusal::Refusal;
use crate::settings::RetainageMethod;
use crate::slot::Slot;

/// The revision of every release: RIVET never revises one.
const REVISION: u32 = 1;

/// Plans a release. The stated effect moves its amount from Retainage Receivable to Accounts Receivable.
pub(crate) fn plan(
    release: &RetainageRelease,
    context: &Context<'_>,
) -> Result<UncheckedPlan, Refusal> {
    let accounts = context.required_accounts()?;
    let draft = PostingPlan {
        document: DocumentRef {
            kind: DocumentKind::RetainageRelease,
            id: release.id.clone(),
        },
        revision: REVISION,
        number: Some(naming::release_number(&release.project.number, &release.id)),
        customer: release.customer.id.clone(),
        project: Some(release.project.id.clone()),
        is_classed: context.is_classed(&release.project)?,
        currency: context.home_currency(),
        postings: Vec::new(),
    };
    let posting = match context.settings.retainage_method {
        RetainageMethod::JournalEntry => Posting::JournalEntry(journal(release, &accounts, &draft)),
        RetainageMethod::InvoiceLine => Posting::Invoice(invoice(release, &accounts, &draft)),
    };
    let postings = vec![PlannedPosting {
        slot: Slot::Release,
        posting,
    }];
    let stated_effect = Effect {
        receivable: release.amount,
        retainage: -release.amount,
        ..Effect::default()
    };
    Ok(UncheckedPlan {
        plan: PostingPlan { postings, ..draft },
        stated_effect,
    })
}

fn journal(
    release: &RetainageRelease,
    accounts: &RequiredAccounts<'_>,
    draft: &PostingPlan,
) -> Journal {
    let line = |role, account: &str, side| JournalLine {
        role,
        account: account.to_owned(),
        side,
        amount: cents(release.amount),
        description: memo(release),
    };
    Journal {
        customer: draft.customer.clone(),
        project: release.project.id.clone(),
        is_classed: draft.is_classed,
        number: draft.number.clone(),
        date: release.released_on,
        currency: draft.currency.clone(),
        note: naming::origin_note(&draft.document, REVISION, Slot::Release),
        lines: vec![
            line(JournalRole::Receivable, accounts.receivable, Side::Debit),
            line(JournalRole::Retainage, accounts.retainage, Side::Credit),
        ],
    }
}

fn invoice(
    release: &RetainageRelease,
    accounts: &RequiredAccounts<'_>,
    draft: &PostingPlan,
) -> Sale {
    let account = LineAccount {
        role: Role::Retainage,
        id: accounts.retainage.to_owned(),
    };
    Sale {
        customer: draft.customer.clone(),
        project: release.project.id.clone(),
        is_classed: draft.is_classed,
        number: draft.number.clone(),
        date: release.released_on,
        due: None,
        currency: draft.currency.clone(),
        memo: memo(release),
        note: naming::origin_note(&draft.document, REVISION, Slot::Release),
        lines: vec![SaleLine {
            account,
            description: "Retainage released".to_owned(),
            amount: cents(release.amount),
        }],
    }
}

fn memo(release: &RetainageRelease) -> String {
    clip(
        &format!(
            "{} {} · Retainage release",
            release.project.number, release.project.name
        ),
        MEMO_LIMIT,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{METHODS, STYLES, preferences, release, settings, with_classes};
    use crate::{ClassUse, Posting};

    fn planned(method: RetainageMethod) -> PostingPlan {
        let (settings, preferences) = (
            with_classes(settings(method, STYLES[0])),
            preferences(ClassUse::PerLine),
        );
        let unchecked = plan(
            &release(),
            &Context {
                settings: &settings,
                preferences: &preferences,
            },
        )
        .unwrap();
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

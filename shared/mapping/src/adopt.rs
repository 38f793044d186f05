//! Taking what QuickBooks has for what stands, where a person decided so, and making again what is gone from there.

use quickbooks::entity::Standing;
use rust_decimal::Decimal;

use crate::difference::Difference;
use crate::ids::Ids;
use crate::posted_object::Posted;
use crate::posting::{Journal, JournalLine, JournalRole, Posting, Receipt, Role, Sale, Side};

impl Posted {
    /// Takes the version that QuickBooks has, none if it is gone, so that later steps change that one and take exactly that back.
    ///
    /// What is gone or voided does not count any more. Of what was edited, its day, its customer and what it does to the accounts are
    /// taken; a class is assumed to be the one that we wrote. A sales form tells the part withheld by our retainage item alone. What
    /// is left of the differences is kept in mind, so that it is not taken for another edit later.
    pub fn adopt(&mut self, found: Option<&Standing>) {
        let Some(found) = found else {
            self.lose();
            return;
        };
        if found.sync_token == self.sync_token {
            return;
        }
        let mut kept = self.unlike(found);
        self.take_version(found);
        self.number.clone_from(&found.doc_number);
        if found.is_voided() {
            self.live = false;
            return;
        }
        self.take(found);
        kept.extend(self.unlike(found));
        self.kept = kept.iter().map(Difference::mark).collect();
        self.kept.dedup();
    }

    fn take(&mut self, found: &Standing) {
        if let Some(customer) = &found.customer {
            self.ids.customer.clone_from(&customer.value);
        }
        let date = found.date.unwrap_or(self.posting.date());
        match &mut self.posting {
            Posting::Invoice(sale) | Posting::CreditMemo(sale) => {
                sale.date = date;
                adopt_sale(sale, &self.ids, found);
            }
            Posting::JournalEntry(journal) => {
                journal.date = date;
                adopt_journal(journal, found);
            }
            Posting::Payment(receipt) => {
                receipt.date = date;
                receipt.total = found.total.unwrap_or(receipt.total);
                adopt_application(receipt, &self.ids, found);
            }
        }
    }
}

/// What a payment is applied to, of what RIVET knows: nothing else is anything that RIVET recorded.
fn adopt_application(receipt: &mut Receipt, ids: &Ids, found: &Standing) {
    for share in &mut receipt.applied {
        let target = ids.targets.get(&share.document);
        let pays = found.links.iter().filter(|link| {
            target.is_some_and(|(kind, id)| kind.kind() == Some(link.kind) && link.id == *id)
        });
        share.amount = pays.filter_map(|link| link.amount).sum();
    }
    receipt.applied.retain(|share| !share.amount.is_zero());
}

fn adopt_sale(sale: &mut Sale, ids: &Ids, found: &Standing) {
    let Some(total) = found.total else {
        return;
    };
    let withheld = |line: &&(String, Decimal)| {
        let ours = |account: &str| ids.items.get(account) == Some(&line.0);
        let mut lines = sale.lines.iter();
        lines.any(|line| line.account.role == Role::Retainage && ours(&line.account.id))
    };
    let withheld: Vec<_> = found.lines.iter().filter(withheld).collect();
    if withheld.is_empty() && total == sale.total() {
        return;
    }
    let mut retainage: Decimal = withheld.iter().map(|(_, amount)| amount).sum();
    let mut rest = total - retainage;
    for line in &mut sale.lines {
        line.amount = std::mem::take(match line.account.role {
            Role::Retainage => &mut retainage,
            Role::Revenue => &mut rest,
        });
    }
}

/// An entry has no void and is answered by its opposite, so all its lines are taken, whatever account a person moved them to.
fn adopt_journal(journal: &mut Journal, found: &Standing) {
    let before = std::mem::take(&mut journal.lines);
    let posts = found.lines.iter().filter(|(_, amount)| !amount.is_zero());
    let taken = posts.map(|(account, amount)| {
        let same = before.iter().find(|line| line.account == *account);
        JournalLine {
            role: same.map_or(JournalRole::Revenue, |line| line.role),
            account: account.clone(),
            side: if amount.is_sign_negative() {
                Side::Credit
            } else {
                Side::Debit
            },
            amount: amount.abs(),
            description: same
                .map(|line| line.description.clone())
                .unwrap_or_default(),
        }
    });
    journal.lines = taken.collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, METHODS, STYLES, cents, ids, planned, settings, worked_example};
    use crate::{Stands, steps, void_steps};
    use quickbooks::Reference;

    fn posted(method: usize) -> Vec<Posted> {
        let mut all = Vec::new();
        let plan = planned(&worked_example(), &settings(METHODS[method], STYLES[0]));
        for (step, id) in steps(&[], &plan).iter().zip(["130", "131"]) {
            let stands = Stands {
                id: id.into(),
                sync_token: "0".into(),
                written_at: 0,
                number: None,
                ids: ids(),
            };
            Posted::apply(&mut all, step, stands);
        }
        all
    }

    fn found(posted: &Posted, total: i64, lines: &[(&str, i64)]) -> Standing {
        let line = |(place, amount): &(&str, i64)| ((*place).to_owned(), cents(*amount));
        Standing {
            kind: posted.kind.kind().unwrap(),
            id: posted.id.clone(),
            sync_token: "1".into(),
            doc_number: Some("X".into()),
            private_note: None,
            date: Some("2026-04-01".parse().unwrap()),
            customer: Some(Reference::to("77")),
            total: Some(cents(total)),
            balance: None,
            lines: lines.iter().map(line).collect(),
            words: Vec::new(),
            reference: None,
            updated_at: None,
            links: Vec::new(),
            unapplied: None,
        }
    }

    #[test]
    fn what_is_gone_or_voided_counts_no_more() {
        let mut all = posted(0);
        let mut voided = found(&all[0], 0, &[]);
        voided.private_note = Some("Voided - RIVET".into());
        all[0].adopt(Some(&voided));
        all[1].adopt(None);
        assert!(all.iter().all(|posted| !posted.live));
        assert!(void_steps(&all, samples::period_end()).is_empty());
    }

    #[test]
    fn what_is_unchanged_stays_as_it_is_known() {
        let all = posted(0);
        let mut same = all.clone();
        let mut untouched = found(&all[0], 1, &[]);
        untouched.sync_token = "0".into();
        same[0].adopt(Some(&untouched));
        assert_eq!(same, all);
    }

    #[test]
    fn an_edited_entry_is_reversed_as_it_stands_and_not_as_it_was_written() {
        let mut entry = posted(0).remove(1);
        let accounts = match &entry.posting {
            Posting::JournalEntry(journal) => journal.lines.clone(),
            other => panic!("{other:?}"),
        };
        let (debit, credit) = (accounts[0].account.as_str(), accounts[1].account.as_str());
        let lines = [(debit, 500_000), (credit, -450_000), ("other", -50_000)];
        entry.adopt(Some(&found(&entry.clone(), 0, &lines)));
        assert_eq!(entry.posting.retainage(), cents(500_000));
        let reversal = &void_steps(&[entry], samples::period_end())[0];
        let Some(Posting::JournalEntry(journal)) = reversal.posting() else {
            panic!("{reversal:?}");
        };
        let turned: Vec<_> = journal
            .lines
            .iter()
            .map(|line| (line.account.as_str(), line.side, line.amount))
            .collect();
        let expected = [
            (debit, Side::Credit, cents(500_000)),
            (credit, Side::Debit, cents(450_000)),
            ("other", Side::Debit, cents(50_000)),
        ];
        assert_eq!(turned, expected);
    }

    #[test]
    fn an_edited_form_withholds_what_its_retainage_item_says() {
        let mut form = posted(1).remove(0);
        let item = ids()
            .items
            .get(match &form.posting {
                Posting::Invoice(sale) => &sale.lines.last().unwrap().account.id,
                other => panic!("{other:?}"),
            })
            .cloned()
            .unwrap();
        let lines = [("work", 4_850_000), (item.as_str(), -500_000)];
        form.adopt(Some(&found(&form.clone(), 4_350_000, &lines)));
        assert_eq!(form.posting.retainage(), cents(500_000));
        assert_eq!(form.posting.total(), cents(4_350_000));
        assert_eq!(form.ids.customer, "77");
    }

    #[test]
    fn what_is_made_again_has_a_mark_of_its_own() {
        let mut posting = posted(0).remove(0).posting;
        let note = posting.note().to_owned();
        posting.made_again(3);
        assert_eq!(posting.note(), format!("{note} again 3"));
    }
}

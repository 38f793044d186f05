//! Taking what QuickBooks has for what stands, where a person decided so, and making again what is gone from there.

use quickbooks::entity::Standing;
use rust_decimal::Decimal;

use crate::ids::Ids;
use crate::posting::{Journal, JournalLine, JournalRole, Posting, Role, Sale, Side};
use crate::stands::Posted;

impl Posted {
    /// Takes the version that QuickBooks has, none if it is gone, so that later steps change that one and take exactly that back.
    ///
    /// What is gone or voided does not count any more. Of what was edited, its day, its customer and what it does to the accounts are
    /// taken; a class is assumed to be the one that we wrote. A sales form tells the part withheld by our retainage item alone.
    pub fn adopt(&mut self, found: Option<&Standing>) {
        let Some(found) = found else {
            self.live = false;
            return;
        };
        if found.sync_token == self.sync_token {
            return;
        }
        self.sync_token.clone_from(&found.sync_token);
        self.number.clone_from(&found.doc_number);
        if found.is_voided() {
            self.live = false;
            return;
        }
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
            }
        }
    }
}

impl Posted {
    /// Whether all that we wrote stands there, whatever its version is: QuickBooks gives a form another one also when a payment is
    /// applied to it or taken off. A payment has no such reason.
    #[must_use]
    pub fn is_as_written(&self, found: &Standing) -> bool {
        let customer = found.customer.as_ref();
        found.doc_number == self.number
            && found.date == Some(self.posting.date())
            && customer.is_some_and(|customer| customer.value == self.ids.customer)
            && found.private_note.as_deref() == Some(self.posting.note())
            && found.amount() == Some(self.posting.total())
            && match &self.posting {
                Posting::Invoice(sale) | Posting::CreditMemo(sale) => {
                    is_said(sale, found)
                        && self.has_lines(
                            found,
                            sale.lines.iter().map(|line| {
                                let item = self.ids.items.get(&line.account.id);
                                (
                                    item.map_or("", String::as_str),
                                    line.amount,
                                    &line.description,
                                )
                            }),
                            sale.classed,
                        )
                }
                Posting::JournalEntry(journal) => self.has_lines(
                    found,
                    journal.lines.iter().map(|line| {
                        let amount = match line.side {
                            Side::Debit => line.amount,
                            Side::Credit => -line.amount,
                        };
                        (line.account.as_str(), amount, &line.description)
                    }),
                    journal.classed,
                ),
                Posting::Payment(_) => false,
            }
    }

    /// Line by line: where it posts, how much, what it says; and whether they are of the class that we gave them, if we did.
    fn has_lines<'a>(
        &'a self,
        found: &'a Standing,
        ours: impl Iterator<Item = (&'a str, Decimal, &'a String)>,
        classed: bool,
    ) -> bool {
        let class = self.ids.class.as_ref().filter(|_| classed);
        let same_class = |words: &[String; 3]| words[1].is_empty() || Some(&words[1]) == class;
        let words = || found.words.iter().skip(1);
        let theirs = found.lines.iter().zip(words());
        let theirs = theirs.map(|((place, amount), words)| (place.as_str(), *amount, &words[0]));
        theirs.eq(ours) && words().all(same_class)
    }
}

impl Posting {
    /// What it comes to: the total of a form or payment, the debits of an entry.
    #[must_use]
    pub fn total(&self) -> Decimal {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => sale.total(),
            Self::JournalEntry(journal) => {
                let debits = journal.lines.iter().filter(|line| line.side == Side::Debit);
                debits.map(|line| line.amount).sum()
            }
            Self::Payment(receipt) => receipt.total,
        }
    }

    /// Marks it as made for the `nth` time: a void one may still carry the mark of the first.
    pub fn made_again(&mut self, nth: u32) {
        let note = match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => &mut sale.note,
            Self::JournalEntry(journal) => &mut journal.note,
            Self::Payment(receipt) => &mut receipt.note,
        };
        note.push_str(&format!(" again {nth}"));
    }
}

/// What is printed on a form beside its lines.
fn is_said(sale: &Sale, found: &Standing) -> bool {
    let Some([memo, due, _]) = found.words.first() else {
        return false;
    };
    *memo == sale.memo && sale.due.is_none_or(|day| day.to_string() == *due)
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

    /// What QuickBooks has of it, as we wrote it, but under another version.
    fn as_written(posted: &Posted) -> Standing {
        let (lines, words): (Vec<_>, Vec<_>) = match &posted.posting {
            Posting::Invoice(sale) => sale
                .lines
                .iter()
                .map(|line| {
                    let item = posted.ids.items[&line.account.id].clone();
                    (
                        (item, line.amount),
                        [line.description.clone(), String::new(), String::new()],
                    )
                })
                .unzip(),
            other => panic!("{other:?}"),
        };
        let Posting::Invoice(sale) = &posted.posting else {
            panic!("an invoice");
        };
        let due = sale.due.unwrap().to_string();
        Standing {
            doc_number: posted.number.clone(),
            private_note: Some(sale.note.clone()),
            date: Some(sale.date),
            total: Some(sale.total()),
            customer: Some(Reference::to(&posted.ids.customer)),
            lines,
            words: [vec![[sale.memo.clone(), due, String::new()]], words].concat(),
            ..found(posted, 0, &[])
        }
    }

    #[test]
    fn a_form_under_another_version_is_as_written_unless_anything_that_we_write_is_another() {
        let posted = posted(0).remove(0);
        assert!(posted.is_as_written(&as_written(&posted)));
        let edits: [fn(&mut Standing); 8] = [
            |found| found.doc_number = Some("7".into()),
            |found| found.private_note = None,
            |found| found.date = None,
            |found| found.customer = Some(Reference::to("7")),
            |found| found.words[0][1].clear(),
            |found| found.words[0][0] = "Thank you".into(),
            |found| found.lines[0].1 += Decimal::ONE,
            |found| found.words[1][0].push('!'),
        ];
        for (number, edit) in edits.into_iter().enumerate() {
            let mut edited = as_written(&posted);
            edit(&mut edited);
            assert!(!posted.is_as_written(&edited), "edit {number}");
        }
    }
}

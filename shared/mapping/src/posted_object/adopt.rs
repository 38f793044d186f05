//! Acceptance of the version in QuickBooks in place of the version that RIVET wrote.

use quickbooks::entity::{ObjectSnapshot, TxnType};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

use super::difference::{Difference, all_differences};
use super::{PostedObject, VOID};
use crate::ids::{AppliedTo, Ids};
use crate::posting::{Journal, JournalLine, JournalRole, Posting, Receipt, Role, Sale, Side};
use crate::slot::Slot;

impl PostedObject {
    /// Returns an object that was found in QuickBooks and stands for a planned posting, with the content that QuickBooks has.
    #[must_use]
    pub fn found(slot: Slot, planned: Posting, ids: Ids, found: &ObjectSnapshot) -> Self {
        let mut posted = Self {
            slot,
            kind: planned.txn_type(),
            id: found.id.clone(),
            sync_token: String::new(),
            written_at: 0,
            number: None,
            posting: planned,
            ids,
            is_active: true,
            is_reversed: false,
            accepted_differences: Vec::new(),
            taken_over_differences: Vec::new(),
            is_posted_differently: false,
            moved_from: None,
        };
        posted.adopt(Some(found));
        posted
    }

    /// Adopts the version in QuickBooks, `None` if the object was deleted. Later steps then change that version and reverse it exactly.
    ///
    /// A deleted or voided object becomes inactive. Otherwise day, customer and amounts are adopted. The class is assumed to be the one
    /// that RIVET wrote. On a sales form only lines of RIVET's retainage item count as withheld. The remaining differences are recorded
    /// as accepted, so that they are not taken for a later edit.
    pub fn adopt(&mut self, found: Option<&ObjectSnapshot>) {
        let Some(found) = found else {
            self.mark_deleted();
            return;
        };
        if found.sync_token == self.sync_token && !self.is_posted_differently {
            return;
        }
        let mut accepted = all_differences(self, found);
        self.is_posted_differently = false;
        self.set_version(found);
        self.number.clone_from(&found.doc_number);
        if found.is_voided() {
            if self.cancels_out() {
                self.accepted_differences = vec![VOID.to_owned()];
            }
            self.is_active = false;
            return;
        }
        adopt_content(self, found);
        accepted.extend(all_differences(self, found));
        self.accepted_differences = accepted.iter().map(Difference::acceptance).collect();
        self.accepted_differences.dedup();
    }
}

/// Adopts day, customer and amounts.
fn adopt_content(posted: &mut PostedObject, found: &ObjectSnapshot) {
    if let Some(customer) = &found.customer {
        posted.ids.customer.clone_from(&customer.value);
    }
    let date = found.date.unwrap_or(posted.posting.date());
    match &mut posted.posting {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => {
            sale.date = date;
            adopt_sale(sale, &posted.ids, found);
        }
        Posting::JournalEntry(journal) => {
            journal.date = date;
            adopt_journal(journal, found);
        }
        Posting::Payment(receipt) => {
            receipt.date = date;
            receipt.total = found.total.unwrap_or(receipt.total);
            adopt_applications(receipt, &posted.ids, found);
        }
    }
}

/// Adopts the amounts applied to documents that RIVET knows, and those of the credits used. Other applications are no part of the
/// posting.
fn adopt_applications(receipt: &mut Receipt, ids: &Ids, found: &ObjectSnapshot) {
    let before = receipt.clone();
    let mut rest: Vec<AppliedTo<'_>> = ids.applied_to(&before);
    for applied in &mut rest {
        let links = found
            .links
            .iter()
            .filter(|link| applied.kind.kind() == Some(link.kind) && link.id == applied.id);
        applied.amount = links.filter_map(|link| link.amount).sum();
    }
    for share in &mut receipt.applied {
        share.amount = taken(&mut rest, ids.paid(share), share.amount);
    }
    for share in &mut receipt.credits {
        share.amount = taken(&mut rest, ids.credit(share), share.amount);
    }
    receipt.applied.retain(|share| !share.amount.is_zero());
    receipt.credits.retain(|share| !share.amount.is_zero());
}

/// Takes a share out of what is applied to its transaction. The last share of a transaction takes all of it.
fn taken(
    rest: &mut [AppliedTo<'_>],
    target: Option<&(TxnType, String)>,
    wanted: Decimal,
) -> Decimal {
    let is_target = |applied: &&mut AppliedTo<'_>| {
        target.is_some_and(|(kind, id)| applied.kind == *kind && applied.id == id)
    };
    let Some(applied) = rest.iter_mut().find(is_target) else {
        return Decimal::ZERO;
    };
    let taken = match applied.shares {
        0 | 1 => applied.amount,
        _ => wanted.min(applied.amount),
    };
    applied.shares = applied.shares.saturating_sub(1);
    applied.amount -= taken;
    taken
}

/// Adopts the total of a form. Lines of RIVET's retainage items are the withheld amounts; all else is revenue.
fn adopt_sale(sale: &mut Sale, ids: &Ids, found: &ObjectSnapshot) {
    let Some(total) = found.total else {
        return;
    };
    let withheld = withheld_amounts(sale, ids, found);
    if withheld.is_empty() && total == sale.total() {
        return;
    }
    let mut revenue: Decimal = total - withheld.values().sum::<Decimal>();
    let mut withheld = withheld;
    for line in &mut sale.lines {
        line.amount = match line.account.role {
            Role::Retainage => withheld.remove(&line.account.id).unwrap_or_default(),
            Role::Revenue => std::mem::take(&mut revenue),
        };
    }
}

/// Returns the amounts of the found lines on RIVET's retainage items, by account id.
fn withheld_amounts(sale: &Sale, ids: &Ids, found: &ObjectSnapshot) -> BTreeMap<String, Decimal> {
    let accounts = sale
        .lines
        .iter()
        .filter(|line| line.account.role == Role::Retainage);
    let accounts: BTreeSet<&String> = accounts.map(|line| &line.account.id).collect();
    let mut withheld = BTreeMap::new();
    for account in accounts {
        let item = ids.items.get(account);
        let lines = found
            .lines
            .iter()
            .filter(|line| Some(&line.account_or_item_id) == item);
        let amounts: Vec<Decimal> = lines.map(|line| line.amount).collect();
        if !amounts.is_empty() {
            withheld.insert(account.clone(), amounts.into_iter().sum());
        }
    }
    withheld
}

/// Adopts all lines, on whatever accounts a person put them. QuickBooks cannot void an entry, so its reversal must match each line.
///
/// An entry on Accounts Receivable releases retainage: what it credits to another account than planned was held there.
fn adopt_journal(journal: &mut Journal, found: &ObjectSnapshot) {
    let written = std::mem::take(&mut journal.lines);
    let is_release = written
        .iter()
        .any(|line| line.role == JournalRole::Receivable);
    let role_elsewhere = if is_release {
        JournalRole::Retainage
    } else {
        JournalRole::Revenue
    };
    let lines = found.lines.iter().filter(|line| !line.amount.is_zero());
    let adopted = lines.map(|found| {
        let (account, amount) = (&found.account_or_item_id, found.amount);
        let same = written.iter().find(|line| line.account == *account);
        JournalLine {
            role: same.map_or(role_elsewhere, |line| line.role),
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
    journal.lines = adopted.collect();
    if is_release {
        journal.held_by_rivet = -journal.effect().revenue;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{
        METHODS, RECEIVABLE, RETAINAGE, STYLES, cents, ids, inputs, open_books, planned,
        preferences, release, settings, worked_example,
    };
    use crate::{ClassUse, plan};
    use crate::{StepResult, steps, void_steps};
    use billing::Document;
    use quickbooks::Reference;
    use quickbooks::entity::SnapshotLine;

    fn posted(method: usize) -> Vec<PostedObject> {
        let mut all = Vec::new();
        let plan = planned(&worked_example(), &settings(METHODS[method], STYLES[0]));
        for (step, id) in steps(&[], &plan).iter().zip(["130", "131"]) {
            let result = StepResult {
                id: id.into(),
                sync_token: "0".into(),
                written_at: 0,
                number: None,
                ids: ids(),
            };
            PostedObject::record_step(&mut all, step, result);
        }
        all
    }

    fn found(posted: &PostedObject, total: i64, lines: &[(&str, i64)]) -> ObjectSnapshot {
        let line = |(place, amount): &(&str, i64)| SnapshotLine {
            account_or_item_id: (*place).to_owned(),
            item_account_id: String::new(),
            amount: cents(*amount),
            description: String::new(),
            class_id: String::new(),
            name_id: String::new(),
        };
        ObjectSnapshot {
            kind: posted.kind.kind().unwrap(),
            id: posted.id.clone(),
            sync_token: "1".into(),
            doc_number: Some("X".into()),
            private_note: None,
            date: Some("2026-04-01".parse().unwrap()),
            customer: Some(Reference::to("77")),
            total: Some(cents(total)),
            balance: None,
            customer_memo: String::new(),
            due_date: String::new(),
            lines: lines.iter().map(line).collect(),
            payment_reference: None,
            created_at: None,
            updated_at: None,
            links: Vec::new(),
            unapplied_amount: None,
            exchange_rate: None,
            deposit_account_id: None,
        }
    }

    #[test]
    fn deleted_or_voided_object_becomes_inactive() {
        let mut all = posted(0);
        let mut voided = found(&all[0], 0, &[]);
        voided.private_note = Some("Voided - RIVET".into());
        all[0].adopt(Some(&voided));
        all[1].adopt(None);
        assert!(all.iter().all(|posted| !posted.is_active));
        assert!(void_steps(&all, &open_books()).is_empty());
    }

    #[test]
    fn later_version_is_newer_than_found_one() {
        let mut ours = posted(0).remove(0);
        let found = found(&ours, 1, &[]);
        assert!(!ours.is_newer_than(&found));
        ours.sync_token = "10".into();
        assert!(ours.is_newer_than(&found));
        ours.sync_token = "unknown".into();
        assert!(!ours.is_newer_than(&found));
    }

    #[test]
    fn unchanged_version_is_not_adopted() {
        let all = posted(0);
        let mut same = all.clone();
        let mut untouched = found(&all[0], 1, &[]);
        untouched.sync_token = "0".into();
        same[0].adopt(Some(&untouched));
        assert_eq!(same, all);
    }

    #[test]
    fn edited_entry_is_reversed_as_found() {
        let mut entry = posted(0).remove(1);
        let accounts = match &entry.posting {
            Posting::JournalEntry(journal) => journal.lines.clone(),
            other => panic!("{other:?}"),
        };
        let (debit, credit) = (accounts[0].account.as_str(), accounts[1].account.as_str());
        let lines = [(debit, 500_000), (credit, -450_000), ("other", -50_000)];
        entry.adopt(Some(&found(&entry.clone(), 0, &lines)));
        assert_eq!(entry.posting.retainage(), cents(500_000));
        let reversal = &void_steps(&[entry], &open_books())[0];
        let Some(Posting::JournalEntry(journal)) = reversal.posting() else {
            panic!("{reversal:?}");
        };
        let reversed: Vec<_> = journal
            .lines
            .iter()
            .map(|line| (line.account.as_str(), line.side, line.amount))
            .collect();
        let expected = [
            (debit, Side::Credit, cents(500_000)),
            (credit, Side::Debit, cents(450_000)),
            ("other", Side::Debit, cents(50_000)),
        ];
        assert_eq!(reversed, expected);
    }

    #[test]
    fn release_on_another_account_takes_from_that_account() {
        let settings = settings(METHODS[0], STYLES[0]);
        let preferences = preferences(ClassUse::None);
        let document = Document::RetainageRelease(release());
        let plan = plan(&document, &inputs(&settings, &preferences)).unwrap();
        let mut all = Vec::new();
        let result = StepResult {
            id: "141".into(),
            sync_token: "0".into(),
            written_at: 0,
            number: None,
            ids: ids(),
        };
        PostedObject::record_step(&mut all, &steps(&[], &plan)[0], result);
        let mut entry = all.remove(0);
        let lines = [
            (RECEIVABLE, 500_000),
            ("92", -450_000),
            (RETAINAGE, -50_000),
        ];
        entry.adopt(Some(&found(&entry.clone(), 0, &lines)));
        let shares = entry.posting.retainage_shares().into_iter();
        let shares: Vec<String> = shares.map(String::from).collect();
        assert_eq!(shares, ["2026-04-01 92 -4500.00", "2026-04-01 91 -500.00"]);
    }

    #[test]
    fn edited_form_withholds_by_its_retainage_item() {
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
    fn repeated_posting_has_its_own_note() {
        let mut posting = posted(0).remove(0).posting;
        let note = posting.note().to_owned();
        posting.add_attempt_to_note(3);
        assert_eq!(posting.note(), format!("{note} again 3"));
    }
}

//! An independent test ledger: it posts rendered bodies by the rules of double entry, without any plan.

use std::collections::BTreeMap;

use quickbooks::entity::{
    CreditMemo, Invoice, JournalEntry, Payment, PostingType, Reference, SalesLine,
};
use quickbooks::{Kind, Object, Write};
use rust_decimal::Decimal;

use crate::samples::{RECEIVABLE, ids};
use crate::{CompanyPreferences, Ids, PostedObject, Step, StepResult, render};

/// A debit (positive) or credit (negative) of one account.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    account: String,
    customer: Option<String>,
    class: Option<String>,
    amount: Decimal,
}

/// The ledger of one company.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    objects: BTreeMap<(Kind, String), Vec<Entry>>,
    next: u32,
}

/// Steps with the QuickBooks ids of their document.
pub(crate) struct ResolvedSteps<'a> {
    pub steps: &'a [Step],
    pub ids: &'a Ids,
}

impl Ledger {
    /// Executes the steps of a document and records them in its posted objects.
    pub fn execute(
        &mut self,
        posted: &mut Vec<PostedObject>,
        resolved: &ResolvedSteps<'_>,
        preferences: &CompanyPreferences,
    ) {
        for step in resolved.steps {
            let id = self.write(&render(step, resolved.ids, preferences).unwrap());
            let result = StepResult {
                written_at: 0,
                id,
                sync_token: self.next.to_string(),
                number: None,
                ids: resolved.ids.clone(),
            };
            PostedObject::record_step(posted, step, result);
        }
    }

    /// Returns debits less credits of an account, for one customer or all.
    pub fn balance(&self, account: &str, customer: Option<&str>) -> Decimal {
        let matches = |entry: &&Entry| {
            entry.account == account
                && customer.is_none_or(|customer| entry.customer.as_deref() == Some(customer))
        };
        self.objects
            .values()
            .flatten()
            .filter(matches)
            .map(|entry| entry.amount)
            .sum()
    }

    /// Returns debits less credits of an account in one class.
    pub fn balance_of_class(&self, account: &str, class: &str) -> Decimal {
        let matches =
            |entry: &&Entry| entry.account == account && entry.class.as_deref() == Some(class);
        self.objects
            .values()
            .flatten()
            .filter(matches)
            .map(|entry| entry.amount)
            .sum()
    }

    fn write(&mut self, write: &Write) -> String {
        self.next += 1;
        let (id, entries) = match write {
            Write::Create(object) => (self.next.to_string(), entries(object)),
            Write::Update(object) => {
                let id = object.id().unwrap().to_owned();
                assert!(
                    self.objects.contains_key(&(write.kind(), id.clone())),
                    "{id} is to be changed but is not there"
                );
                (id, entries(object))
            }
            Write::VoidInvoice(version) | Write::VoidPayment(version) => {
                (version.id.clone(), Vec::new())
            }
        };
        assert_eq!(
            entries.iter().map(|entry| entry.amount).sum::<Decimal>(),
            Decimal::ZERO,
            "{entries:?}"
        );
        self.objects.insert((write.kind(), id.clone()), entries);
        id
    }
}

fn entries(object: &Object) -> Vec<Entry> {
    match object {
        Object::Invoice(invoice) => of_invoice(invoice),
        Object::CreditMemo(memo) => of_credit_memo(memo),
        Object::JournalEntry(entry) => of_journal(entry),
        Object::Payment(payment) => of_payment(payment),
        other => panic!("{other:?} does not post"),
    }
}

fn of_invoice(invoice: &Invoice) -> Vec<Entry> {
    form(
        invoice.customer_ref.as_ref(),
        invoice.class_ref.as_ref(),
        &invoice.line,
        Decimal::ONE,
    )
}

fn of_credit_memo(memo: &CreditMemo) -> Vec<Entry> {
    form(
        memo.customer_ref.as_ref(),
        memo.class_ref.as_ref(),
        &memo.line,
        Decimal::NEGATIVE_ONE,
    )
}

fn form(
    customer: Option<&Reference>,
    class: Option<&Reference>,
    lines: &[SalesLine],
    sign: Decimal,
) -> Vec<Entry> {
    let total: Decimal = lines.iter().filter_map(|line| line.amount).sum();
    assert!(
        !lines.is_empty() && total >= Decimal::ZERO,
        "QuickBooks refuses {lines:?}"
    );
    let line = |line: &SalesLine| {
        let detail = line.sales_item_line_detail.clone().unwrap();
        Entry {
            account: account_of(&detail.item_ref.unwrap().value),
            customer: value(customer),
            class: value(detail.class_ref.as_ref()).or(value(class)),
            amount: -sign * line.amount.unwrap(),
        }
    };
    let receivable = Entry {
        account: RECEIVABLE.into(),
        customer: value(customer),
        class: None,
        amount: sign * total,
    };
    lines.iter().map(line).chain([receivable]).collect()
}

fn of_journal(entry: &JournalEntry) -> Vec<Entry> {
    assert!(entry.line.len() >= 2);
    let line = |line: &quickbooks::entity::JournalLine| {
        let detail = line.journal_entry_line_detail.as_ref().unwrap();
        let amount = line.amount.unwrap();
        assert!(amount > Decimal::ZERO, "QuickBooks refuses {amount}");
        let customer = detail
            .entity
            .as_ref()
            .and_then(|entity| value(entity.entity_ref.as_ref()));
        assert!(
            customer
                .as_ref()
                .is_some_and(|customer| !customer.is_empty())
        );
        Entry {
            account: detail.account_ref.value.clone(),
            customer,
            class: value(detail.class_ref.as_ref()),
            amount: if detail.posting_type == PostingType::Debit {
                amount
            } else {
                -amount
            },
        }
    };
    entry.line.iter().map(line).collect()
}

fn of_payment(payment: &Payment) -> Vec<Entry> {
    let total = payment.total_amt.unwrap();
    let entry = |account: String, amount| Entry {
        account,
        customer: value(payment.customer_ref.as_ref()),
        class: None,
        amount,
    };
    let deposit = value(payment.deposit_to_account_ref.as_ref()).unwrap_or("undeposited".into());
    vec![entry(deposit, total), entry(RECEIVABLE.into(), -total)]
}

fn value(reference: Option<&Reference>) -> Option<String> {
    reference.map(|reference| reference.value.clone())
}

fn account_of(item: &str) -> String {
    let items = ids().items;
    items
        .iter()
        .find(|(_, id)| *id == item)
        .map(|(account, _)| account.clone())
        .unwrap()
}

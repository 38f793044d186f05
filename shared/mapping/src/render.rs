//! Steps as the bodies that QuickBooks takes.

use billing::Id;
use quickbooks::Write;
use quickbooks::entity::{
    CreditMemo, EntityRef, Invoice, JournalEntry, JournalEntryLineDetail, JournalLine as EntryLine,
    LinkedTxn, Memo, Payment, PaymentLine, PostingType, SalesLine, TxnType,
};
use quickbooks::request::Version;
use quickbooks::{Object, Reference};
use thiserror::Error;

use crate::books::{Books, ClassUse};
use crate::ids::Ids;
use crate::posting::{
    Journal, JournalLine, JournalRole, Posting, Receipt, Sale, SaleLine, Share, Side,
};
use crate::steps::{Step, Target};

/// A QuickBooks id that the step needs is not among the [`Ids`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no QuickBooks id for {what}")]
pub struct Unresolved {
    /// What it would be the id of.
    pub what: String,
}

/// Writes `step` as QuickBooks takes it. `ids` are those of what is made or changed; what takes something back brings its own.
///
/// # Errors
/// [`Unresolved`] if an id is missing.
pub fn render(step: &Step, ids: &Ids, books: &Books) -> Result<Write, Unresolved> {
    let writer = |ids| Writer { ids, books };
    match step {
        Step::Create { posting, .. } => writer(ids).object(posting, None).map(Write::Create),
        Step::Update {
            target, posting, ..
        } => writer(ids).object(posting, Some(target)).map(Write::Update),
        Step::Void { target, .. } => void(target),
        Step::Zero {
            target,
            posting,
            ids,
            ..
        } => writer(ids).object(posting, Some(target)).map(Write::Update),
        Step::Reverse { posting, ids, .. } => writer(ids).object(posting, None).map(Write::Create),
    }
}

fn void(target: &Target) -> Result<Write, Unresolved> {
    let version = Version {
        id: target.id.clone(),
        sync_token: target.sync_token.clone(),
    };
    match target.kind {
        TxnType::Invoice => Ok(Write::VoidInvoice(version)),
        TxnType::Payment => Ok(Write::VoidPayment(version)),
        other => Err(Unresolved {
            what: format!("a void of {other:?}, which QuickBooks does not have"),
        }),
    }
}

struct Writer<'a> {
    ids: &'a Ids,
    books: &'a Books,
}

/// The fields by which a new object differs from a change to one.
///
/// A change is sparse: what people added to a form by hand, such as an address to mail it to, stays.
struct Head {
    id: Option<String>,
    sync_token: Option<String>,
    sparse: Option<bool>,
    number: Option<String>,
}

impl Writer<'_> {
    fn object(&self, posting: &Posting, target: Option<&Target>) -> Result<Object, Unresolved> {
        let head = self.head(posting, target);
        Ok(match posting {
            Posting::Invoice(sale) => self.invoice(sale, head)?.into(),
            Posting::CreditMemo(sale) => self.credit_memo(sale, head)?.into(),
            Posting::JournalEntry(journal) => self.entry(journal, head)?.into(),
            Posting::Payment(receipt) => self.payment(receipt, head)?.into(),
        })
    }

    fn head(&self, posting: &Posting, target: Option<&Target>) -> Head {
        let new_number = posting
            .number()
            .filter(|_| target.is_none() && self.books.custom_numbers);
        Head {
            id: target.map(|target| target.id.clone()),
            sync_token: target.map(|target| target.sync_token.clone()),
            sparse: target.map(|_| true),
            number: new_number.map(str::to_owned),
        }
    }

    fn invoice(&self, sale: &Sale, head: Head) -> Result<Invoice, Unresolved> {
        Ok(Invoice {
            id: head.id,
            sync_token: head.sync_token,
            sparse: head.sparse,
            doc_number: head.number,
            txn_date: Some(sale.date),
            due_date: sale.due,
            customer_ref: Some(self.customer()),
            class_ref: self.class(sale.classed, ClassUse::PerTransaction, &sale.project)?,
            currency_ref: reference(sale.currency.as_ref()),
            customer_memo: Some(Memo {
                value: sale.memo.clone(),
            }),
            private_note: Some(sale.note.clone()),
            line: self.sale_lines(sale)?,
            ..Invoice::default()
        })
    }

    fn credit_memo(&self, sale: &Sale, head: Head) -> Result<CreditMemo, Unresolved> {
        Ok(CreditMemo {
            id: head.id,
            sync_token: head.sync_token,
            sparse: head.sparse,
            doc_number: head.number,
            txn_date: Some(sale.date),
            customer_ref: Some(self.customer()),
            class_ref: self.class(sale.classed, ClassUse::PerTransaction, &sale.project)?,
            currency_ref: reference(sale.currency.as_ref()),
            customer_memo: Some(Memo {
                value: sale.memo.clone(),
            }),
            private_note: Some(sale.note.clone()),
            line: self.sale_lines(sale)?,
            ..CreditMemo::default()
        })
    }

    fn sale_lines(&self, sale: &Sale) -> Result<Vec<SalesLine>, Unresolved> {
        let class = self.class(sale.classed, ClassUse::PerLine, &sale.project)?;
        sale.lines
            .iter()
            .map(|line| self.sale_line(line, class.clone()))
            .collect()
    }

    fn sale_line(
        &self,
        line: &SaleLine,
        class: Option<Reference>,
    ) -> Result<SalesLine, Unresolved> {
        let account = &line.account.id;
        let item = self
            .ids
            .items
            .get(account)
            .ok_or_else(|| missing("the service item of account", account))?;
        let mut body = SalesLine::item(Reference::to(item), line.amount);
        body.description = Some(line.description.clone()).filter(|text| !text.is_empty());
        if let Some(detail) = &mut body.sales_item_line_detail {
            detail.class_ref = class;
        }
        Ok(body)
    }

    fn entry(&self, journal: &Journal, head: Head) -> Result<JournalEntry, Unresolved> {
        let class = match self.books.classes {
            ClassUse::None => None,
            wherever => self.class(journal.classed, wherever, &journal.project)?,
        };
        Ok(JournalEntry {
            id: head.id,
            sync_token: head.sync_token,
            sparse: head.sparse,
            doc_number: head.number,
            txn_date: Some(journal.date),
            currency_ref: reference(journal.currency.as_ref()),
            private_note: Some(journal.note.clone()),
            line: journal
                .lines
                .iter()
                .map(|line| self.entry_line(line, class.as_ref()))
                .collect(),
            ..JournalEntry::default()
        })
    }

    /// A class says what was earned or held back on a project; what is owed is the customer's, whatever for.
    fn entry_line(&self, line: &JournalLine, class: Option<&Reference>) -> EntryLine {
        let detail = JournalEntryLineDetail {
            posting_type: match line.side {
                Side::Debit => PostingType::Debit,
                Side::Credit => PostingType::Credit,
            },
            account_ref: Reference::to(&line.account),
            entity: Some(EntityRef::customer(&self.ids.customer)),
            class_ref: class
                .filter(|_| line.role != JournalRole::Receivable)
                .cloned(),
        };
        let mut body = EntryLine::posting(line.amount, detail);
        body.description = Some(line.description.clone());
        body
    }

    fn payment(&self, receipt: &Receipt, head: Head) -> Result<Payment, Unresolved> {
        Ok(Payment {
            id: head.id,
            sync_token: head.sync_token,
            sparse: head.sparse,
            txn_date: Some(receipt.date),
            customer_ref: Some(self.customer()),
            deposit_to_account_ref: reference(receipt.deposit.as_ref()),
            currency_ref: reference(receipt.currency.as_ref()),
            payment_ref_num: receipt.reference.clone(),
            private_note: Some(receipt.note.clone()),
            total_amt: Some(receipt.total),
            line: receipt
                .applied
                .iter()
                .map(|share| self.payment_line(share))
                .collect::<Result<_, _>>()?,
            ..Payment::default()
        })
    }

    /// Money can settle an invoice or what an entry put into Accounts Receivable, but not a credit memo.
    fn payment_line(&self, share: &Share) -> Result<PaymentLine, Unresolved> {
        match self.ids.targets.get(&share.document) {
            Some((kind @ (TxnType::Invoice | TxnType::JournalEntry), id)) => {
                Ok(PaymentLine::applied(
                    share.amount,
                    LinkedTxn {
                        txn_id: id.clone(),
                        txn_type: *kind,
                    },
                ))
            }
            _ => Err(missing("what is owed on", &share.document.to_string())),
        }
    }

    fn customer(&self) -> Reference {
        Reference::to(&self.ids.customer)
    }

    /// The class to put at `place`, if the posting carries one and the company has classes there.
    fn class(
        &self,
        classed: bool,
        place: ClassUse,
        project: &Id,
    ) -> Result<Option<Reference>, Unresolved> {
        if !classed || self.books.classes != place {
            return Ok(None);
        }
        let class = self
            .ids
            .class
            .as_ref()
            .ok_or_else(|| missing("the class of project", project.as_ref()))?;
        Ok(Some(Reference::to(class)))
    }
}

fn reference(id: Option<&String>) -> Option<Reference> {
    id.map(Reference::to)
}

fn missing(what: &str, which: &str) -> Unresolved {
    Unresolved {
        what: format!("{what} {which}"),
    }
}

//! Invoices and credit memos.

use quickbooks::Reference;
use quickbooks::entity::{CreditMemo, Invoice, Memo, SalesLine};

use super::unresolved::{Unresolved, missing};
use super::writer::{Head, Writer, reference};
use crate::company_preferences::ClassUse;
use crate::posting::{Sale, SaleLine};

impl Writer<'_> {
    pub(super) fn invoice(&self, sale: &Sale, head: Head) -> Result<Invoice, Unresolved> {
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

    pub(super) fn credit_memo(&self, sale: &Sale, head: Head) -> Result<CreditMemo, Unresolved> {
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
}

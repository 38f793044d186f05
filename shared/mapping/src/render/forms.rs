//! Bodies of invoices and credit memos.

use quickbooks::Reference;
use quickbooks::entity::{CreditMemo, Invoice, Memo, SalesLine};

use super::missing_id::MissingId;
use super::writer::{Header, Writer, reference};
use crate::company_preferences::ClassUse;
use crate::posting::{Sale, SaleLine};

/// Writes an invoice.
pub(super) fn invoice(
    writer: &Writer<'_>,
    sale: &Sale,
    header: Header,
) -> Result<Invoice, MissingId> {
    let value = sale.memo.clone();
    Ok(Invoice {
        id: header.id,
        sync_token: header.sync_token,
        sparse: header.sparse,
        doc_number: header.number,
        txn_date: Some(sale.date),
        due_date: sale.due,
        customer_ref: Some(writer.customer()),
        class_ref: class(writer, sale, ClassUse::PerTransaction)?,
        currency_ref: reference(sale.currency.as_ref()),
        customer_memo: Some(Memo { value }),
        private_note: Some(sale.note.clone()),
        line: sale_lines(writer, sale)?,
        ..Invoice::default()
    })
}

/// Writes a credit memo.
pub(super) fn credit_memo(
    writer: &Writer<'_>,
    sale: &Sale,
    header: Header,
) -> Result<CreditMemo, MissingId> {
    Ok(CreditMemo {
        id: header.id,
        sync_token: header.sync_token,
        sparse: header.sparse,
        doc_number: header.number,
        txn_date: Some(sale.date),
        customer_ref: Some(writer.customer()),
        class_ref: class(writer, sale, ClassUse::PerTransaction)?,
        currency_ref: reference(sale.currency.as_ref()),
        customer_memo: Some(Memo {
            value: sale.memo.clone(),
        }),
        private_note: Some(sale.note.clone()),
        line: sale_lines(writer, sale)?,
        ..CreditMemo::default()
    })
}

fn class(
    writer: &Writer<'_>,
    sale: &Sale,
    place: ClassUse,
) -> Result<Option<Reference>, MissingId> {
    writer.class(place, sale.is_classed.then_some(&sale.project))
}

fn sale_lines(writer: &Writer<'_>, sale: &Sale) -> Result<Vec<SalesLine>, MissingId> {
    let class = class(writer, sale, ClassUse::PerLine)?;
    sale.lines
        .iter()
        .map(|line| sale_line(writer, line, class.clone()))
        .collect()
}

fn sale_line(
    writer: &Writer<'_>,
    line: &SaleLine,
    class: Option<Reference>,
) -> Result<SalesLine, MissingId> {
    let account = &line.account.id;
    let Some(item) = writer.ids.items.get(account) else {
        return Err(MissingId::of("the service item of account", account));
    };
    let mut body = SalesLine::item(Reference::to(item), line.amount);
    body.description = Some(line.description.clone()).filter(|text| !text.is_empty());
    if let Some(detail) = &mut body.sales_item_line_detail {
        detail.class_ref = class;
    }
    Ok(body)
}

//! The order in which a pay app's invoice and entry are sent.

use billing::DocumentKind;
use mapping::Slot;
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;
use store::queue::entry::QueueEntry;

/// The knowledge of a run whether QuickBooks takes invoices. A refusal may hold for all invoices of the company.
#[derive(Debug, Default)]
pub struct InvoiceOrder {
    /// QuickBooks refused the last invoice of this run.
    has_refused_invoice: bool,
}

impl InvoiceOrder {
    /// Learns from the status of a pay app whether QuickBooks takes invoices.
    pub fn learn(&mut self, record: &DocumentRecord, status: &DocumentStatus) {
        if record.reference.kind != DocumentKind::PayApp {
            return;
        }
        let has_sale = record
            .active_objects()
            .any(|posted| posted.slot == Slot::Sale);
        match status {
            DocumentStatus::Failed(_) if !has_sale => self.has_refused_invoice = true,
            _ if has_sale => self.has_refused_invoice = false,
            _ => {}
        }
    }

    /// Returns whether a document is posted alone, its invoice first. No entry then stays without an invoice, until QuickBooks takes one.
    pub fn is_invoice_first(&self, entry: &QueueEntry) -> bool {
        self.has_refused_invoice && entry.document.kind == DocumentKind::PayApp
    }
}

//! The parts of a document that a row of a list shows.

use mapping::money_text;
use serde::Serialize;
use store::document_summary::{DocumentSummary, ProjectName};

/// The number, customer, project and amount of a document. All are null for a document from before there were lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SummaryView {
    number: Option<String>,
    customer: Option<String>,
    project: Option<ProjectName>,
    /// The amount, as text with two decimals.
    amount: Option<String>,
}

impl SummaryView {
    /// Returns the summary as shown.
    pub fn of(summary: Option<&DocumentSummary>) -> Self {
        let Some(summary) = summary else {
            return Self::default();
        };
        Self {
            number: summary.number.clone(),
            customer: Some(summary.customer.clone()),
            project: summary.project.clone(),
            amount: summary.amount.map(money_text),
        }
    }
}

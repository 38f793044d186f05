//! The parts of a document that a list shows: its number, its customer, its project and its amount.

use crate::line::{Line, stored_as_line};
use billing::{Document, Id, Project};
use mapping::{document_number, money_text, release_number};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The most characters of each text.
const LONGEST: usize = 60;

/// The parts of a document that a list shows. The queue and the activity keep it, so that a list need not load the document.
///
/// Stored as one line, its parts separated by tabs: texts of RIVET have no tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentSummary {
    /// The number: in QuickBooks for a pay application or a release, the reference of a payment.
    pub number: Option<String>,
    /// The name of the customer.
    pub customer: String,
    /// The project, if the document belongs to one.
    pub project: Option<ProjectName>,
    /// The amount: net of a pay application, of a release or of a payment.
    pub amount: Option<Decimal>,
}

/// The id, number and name of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProjectName {
    /// RIVET's id.
    pub id: Id,
    /// The number that people use.
    pub number: String,
    /// The name.
    pub name: String,
}

impl DocumentSummary {
    /// Returns the summary of a document as RIVET sent it.
    pub fn of(document: &Document) -> Self {
        let (number, amount) = match document {
            Document::PayApp(pay_app) => (
                Some(document_number(&pay_app.project.number, pay_app.number)),
                Some(pay_app.totals.net),
            ),
            Document::RetainageRelease(release) => (
                Some(release_number(&release.project.number, &release.id)),
                Some(release.amount),
            ),
            Document::Payment(payment) => (payment.reference.clone(), Some(payment.amount)),
            Document::Project(created) => (Some(created.project.number.clone()), None),
        };
        Self {
            number: number.map(|number| shortened(&number)),
            customer: shortened(&document.customer().name),
            project: document.project().map(ProjectName::of),
            amount,
        }
    }

    /// Returns whether the number, customer, project or amount contains a text in lower case.
    pub fn contains(&self, text: &str) -> bool {
        let project = self.project.iter();
        let names = project.flat_map(|project| [&project.number, &project.name]);
        let mut texts = names.chain(&self.number).chain([&self.customer]);
        let amount = text.replace(['$', ','], "");
        texts.any(|known| known.to_lowercase().contains(text))
            || self.amount.is_some_and(|known| {
                !amount.is_empty() && money_text(known).contains(amount.as_str())
            })
    }
}

impl ProjectName {
    fn of(project: &Project) -> Self {
        Self {
            id: project.id.clone(),
            number: shortened(&project.number),
            name: shortened(&project.name),
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => [&text[..end], "…"].concat(),
        None => text.to_owned(),
    }
}

impl Line for DocumentSummary {
    const EXPECTED: &'static str = "must be the summary of a document";

    fn read(line: &str) -> Option<Self> {
        let mut parts = line.split('\t');
        let mut part = || parts.next().map(str::to_owned);
        let (number, customer, id) = (part()?, part()?, part()?);
        let (project_number, name, amount) = (part()?, part()?, part()?);
        let project = match id.as_str() {
            "" => None,
            id => Some(ProjectName {
                id: id.parse().ok()?,
                number: project_number,
                name,
            }),
        };
        Some(Self {
            number: Some(number).filter(|number| !number.is_empty()),
            customer,
            project,
            amount: match amount.as_str() {
                "" => None,
                amount => Some(amount.parse().ok()?),
            },
        })
    }

    fn write(&self) -> String {
        let project = self.project.as_ref();
        let amount = self.amount.map(money_text).unwrap_or_default();
        [
            self.number.as_deref().unwrap_or_default(),
            &self.customer,
            project.map_or("", |project| project.id.as_ref()),
            project.map_or("", |project| &project.number),
            project.map_or("", |project| &project.name),
            &amount,
        ]
        .join("\t")
    }
}

stored_as_line!(DocumentSummary);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn payment(name: &str) -> DocumentSummary {
        let document: Document = serde_json::from_value(json!({ "payment": {
            "id": "pay_1", "received_on": "2026-03-31", "amount": "80000.00", "reference": "41",
            "customer": { "id": "c", "name": name }, "applied": [],
        } }))
        .unwrap();
        DocumentSummary::of(&document)
    }

    fn project() -> DocumentSummary {
        let document: Document = serde_json::from_value(json!({ "project": {
            "project": { "id": "prj_1042", "number": "1042", "name": "Harbor Point" },
            "customer": { "id": "c", "name": "Turner Bay" },
        } }))
        .unwrap();
        DocumentSummary::of(&document)
    }

    #[test]
    fn document_summary_is_stored_as_one_line() {
        for (summary, line) in [
            (payment("Turner Bay"), "41\tTurner Bay\t\t\t\t80000.00"),
            (
                project(),
                "1042\tTurner Bay\tprj_1042\t1042\tHarbor Point\t",
            ),
        ] {
            let stored = serde_json::to_value(&summary).unwrap();
            assert_eq!(stored, line);
            assert_eq!(json::read::<DocumentSummary>(&stored).unwrap(), summary);
        }
        for wrong in ["", "a\tb", "a\tb\t\t\t\tx"] {
            assert!(json::read::<DocumentSummary>(&json!(wrong)).is_err());
        }
    }

    #[test]
    fn search_finds_names_numbers_and_amounts() {
        let summary = payment("Turner Bay");
        for found in ["turner", "41", "80000", "80,000.00", "$80,000"] {
            assert!(summary.contains(found), "{found}");
        }
        for missing in ["harbor", "81000", "$", ",", "-"] {
            assert!(!summary.contains(missing), "{missing}");
        }
        assert!(project().contains("point") && project().contains("1042"));
    }

    #[test]
    fn long_name_is_cut_between_characters() {
        let summary = payment(&"é".repeat(100));
        assert_eq!(summary.customer.chars().count(), LONGEST + 1);
    }
}

//! The checks at the end of a run: each document is in the books once, as billed, and each balance is right to the cent.

mod company_books;

use company_books::CompanyBooks;

use super::expected::ExpectedDocument;
use super::run::BillingRun;
use crate::demo::deployment::Deployment as _;
use samples::tie_out::Company;

impl BillingRun {
    /// Checks each firm and saves the violations. The host must be up.
    pub async fn check(&mut self) -> anyhow::Result<()> {
        for index in 0..self.expected.len() {
            let firm = &self.deliveries.firms[index];
            let mut violations = self.check_documents(index).await?;
            let books = CompanyBooks {
                simulator: &self.world.simulator(),
                realm: &firm.realm,
            };
            let expected = &self.expected[index];
            violations.extend(books.check_transactions(expected));
            violations.extend(books.check_lists(expected));
            let company = Company {
                simulator: books.simulator,
                realm: books.realm,
                accounts: &self.accounts[index],
                names: &expected.names,
                tracks_classes: true,
            };
            let rows = company.tie_out(&expected.balances).into_iter();
            let differing = rows.filter(|row| !row.difference().is_zero());
            violations.extend(differing.map(|row| {
                format!(
                    "{} is {} and should be {}",
                    row.balance, row.books, row.expected
                )
            }));
            let violations = violations.into_iter();
            self.violations
                .extend(violations.map(|what| format!("{}: {what}", firm.id)));
        }
        Ok(())
    }

    /// Returns a violation for each document in a wrong state.
    async fn check_documents(&self, index: usize) -> anyhow::Result<Vec<String>> {
        let (mut violations, firm) = (Vec::new(), self.firm(index));
        for ExpectedDocument { kind, id, state } in &self.expected[index].documents {
            let document = firm.document(kind, id).await?;
            if document["state"] != **state {
                let (found, reason) = (&document["state"], &document["reason"]);
                violations.push(format!(
                    "{kind} {id} is {found} and should be {state}: {reason}"
                ));
            }
        }
        Ok(violations)
    }
}

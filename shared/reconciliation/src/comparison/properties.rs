//! Properties of every comparison: the piles explain the differences, and the balances of QuickBooks are met.

use super::company_books::CompanyBooks;
use super::{Pile, compare};
use crate::rivet_side::{RivetCustomer, RivetDocument, RivetProject, RivetSide};
use billing::{DocumentKind, DocumentRef, Id};
use jiff::Timestamp;
use proptest::prelude::*;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use store::books_copy::{KeptAccount, KeptCustomer, KeptLine, KeptTransaction, LoadedCopy};
use store::subledger::{AccountUse, Balances, DocumentFigures, Standing, TransactionFigures};

const KINDS: [TxnType; 4] = [
    TxnType::Invoice,
    TxnType::CreditMemo,
    TxnType::JournalEntry,
    TxnType::Payment,
];
const ACCOUNTS: [&str; 4] = ["84", "91", "79", "5"];
const CUSTOMERS: [&str; 4] = ["24", "25", "26", ""];
const STANDINGS: [Standing; 3] = [Standing::Active, Standing::Accepted, Standing::Inactive];

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

prop_compose! {
    fn cents()(cents in -20_000_i64..20_000) -> Decimal {
        Decimal::new(cents, 2)
    }
}

prop_compose! {
    fn balances()(receivable in cents(), retainage in cents(), revenue in cents()) -> Balances {
        Balances { receivable, retainage, revenue }
    }
}

prop_compose! {
    fn figures()(kind in 0..4_usize, number in 0..6_u32, standing in 0..3_usize, balances in balances(), total in cents())
        -> TransactionFigures {
        TransactionFigures {
            kind: KINDS[kind],
            id: number.to_string(),
            version: "0".into(),
            written_at: 0,
            date: "2026-03-31".parse().unwrap(),
            customer: "24".into(),
            standing: STANDINGS[standing],
            total,
            balances,
            paid: Vec::new(),
            number: String::new(),
        }
    }
}

prop_compose! {
    fn document()(number in 0..1000_u32, transactions in prop::collection::vec(figures(), 1..3), other in cents())
        -> RivetDocument {
        RivetDocument {
            figures: DocumentFigures {
                document: DocumentRef { kind: DocumentKind::PayApp, id: id(&format!("pa_{number}")) },
                customer: id("gc_1"),
                paid_by_others: other,
                transactions,
            },
            project: Some(id("prj_1")),
            shares: Vec::new(),
            state: None,
            unposted: None,
        }
    }
}

prop_compose! {
    fn line()(account in 0..4_usize, customer in 0..4_usize, class in 0..2_usize, amount in cents()) -> KeptLine {
        KeptLine {
            account: ACCOUNTS[account].into(),
            customer: CUSTOMERS[customer].into(),
            class: ["", "c1"][class].into(),
            amount,
        }
    }
}

prop_compose! {
    fn row()(kind in 0..4_usize, number in 0..9_u32, customer in 0..4_usize, total in cents(),
        lines in prop::collection::vec(line(), 0..4)) -> KeptTransaction {
        KeptTransaction {
            kind: KINDS[kind],
            id: number.to_string(),
            version: "0".into(),
            date: None,
            customer: CUSTOMERS[customer].into(),
            total,
            rate: None,
            lines,
            links: Vec::new(),
            number: String::new(),
        }
    }
}

fn rivet_side(mut documents: Vec<RivetDocument>, opening: Decimal) -> RivetSide {
    // One transaction belongs to one document.
    let mut seen = Vec::new();
    for document in &mut documents {
        document.figures.transactions.retain(|figures| {
            let key = (figures.kind, figures.id.clone());
            let is_new = !seen.contains(&key);
            seen.push(key);
            is_new
        });
    }
    let customer = RivetCustomer {
        name: "Harbor Builders".into(),
        quickbooks_id: Some("24".into()),
        currency: None,
    };
    let project = RivetProject {
        customer: Some(id("gc_1")),
        class: Some("c1".into()),
        opening,
        opening_on_account: opening,
        ..RivetProject::default()
    };
    RivetSide {
        documents,
        customers: BTreeMap::from([(id("gc_1"), customer)]),
        projects: BTreeMap::from([(id("prj_1"), project)]),
        ..RivetSide::default()
    }
}

fn copy(rows: Vec<KeptTransaction>, owed: Decimal, held: Decimal) -> LoadedCopy {
    let mut loaded = LoadedCopy::default();
    rows.into_iter().for_each(|row| loaded.set(row));
    loaded.copy.read_at = Some(Timestamp::from_second(1_772_000_000).unwrap());
    let account = |id: &str, is_receivable, balance| KeptAccount {
        id: id.into(),
        name: "Retainage Receivable".into(),
        is_receivable,
        balance,
    };
    loaded.copy.accounts = vec![account("84", true, owed), account("91", false, held)];
    let customer = |id: &str, parent: &str, balance| KeptCustomer {
        id: id.into(),
        parent: parent.into(),
        balance,
    };
    loaded.copy.customers = vec![customer("24", "", owed), customer("26", "24", held)];
    loaded
}

fn books(loaded: &LoadedCopy) -> CompanyBooks<'_> {
    let uses = [("91", AccountUse::Retainage), ("79", AccountUse::Revenue)];
    let uses = uses.map(|(account, account_use)| (account.to_owned(), account_use));
    let mut books = CompanyBooks::of(loaded, uses.into());
    books.owners = ["24", "26"].map(|job| (job.to_owned(), id("gc_1"))).into();
    books.classes = [("c1".to_owned(), id("prj_1"))].into();
    books
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn piles_explain_every_difference_to_the_cent(
        documents in prop::collection::vec(document(), 0..6),
        rows in prop::collection::vec(row(), 0..12),
        owed in cents(),
        held in cents(),
        opening in cents(),
    ) {
        let rivet = rivet_side(documents, opening);
        let loaded = copy(rows, owed, held);
        let comparison = compare(&rivet, &books(&loaded));
        let piles = [Pile::OnlyInQuickbooks, Pile::OnlyInRivet, Pile::Different];
        let entries = piles.into_iter().flat_map(|pile| comparison.pile(pile));
        let explained: Balances = entries.map(|entry| entry.balances.difference()).sum();
        let accounts = &comparison.totals.accounts;
        prop_assert_eq!(explained, accounts.difference());
        // The figures of QuickBooks are its balances.
        prop_assert_eq!(accounts.quickbooks.retainage, held);
        prop_assert_eq!(accounts.quickbooks.receivable, owed + held);
        let customer = &comparison.totals.customers[&id("gc_1")];
        prop_assert_eq!(customer.quickbooks.receivable, owed + held);
        prop_assert_eq!(comparison.is_tied_out(), piles.iter().all(|pile| comparison.pile(*pile).next().is_none()));
    }

    #[test]
    fn figures_of_rivet_are_those_of_its_documents(documents in prop::collection::vec(document(), 0..6)) {
        let mut rivet = rivet_side(documents, Decimal::ZERO);
        for document in &mut rivet.documents {
            document.figures.transactions.iter_mut().for_each(|figures| figures.standing = Standing::Active);
        }
        let loaded = copy(Vec::new(), Decimal::ZERO, Decimal::ZERO);
        let comparison = compare(&rivet, &books(&loaded));
        let expected: Balances = rivet.documents.iter().map(|document| document.figures.balances()).sum();
        prop_assert_eq!(comparison.totals.accounts.rivet, expected);
        prop_assert_eq!(comparison.totals.projects[&id("prj_1")].balances.rivet, expected);
    }
}

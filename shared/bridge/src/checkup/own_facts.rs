//! RIVET's own side of the facts: the retainage of all projects, and the numbers that others used.

use crate::error::Error;
use billing::FirmId;
use mapping::Holder;
use ports::records::Records;
use store::Store;
use store::company_facts::OwnFacts;
use store::matches::ProjectRecord;
use store::subledger::Party;

/// The most numbers of others that are kept.
const NUMBERS_KEPT: usize = 200;

/// Returns the facts of all projects of a firm.
pub(super) async fn own_facts<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
) -> Result<OwnFacts, Error> {
    let subledger = store.subledger(firm).await?;
    let mut facts = OwnFacts::default();
    for party in store.parties(firm, &subledger).await? {
        if let Party::Project(project) = party {
            add_project(&mut facts, &store.project(firm, &project).await?);
        }
    }
    facts.numbers.sort_unstable();
    facts.numbers.dedup();
    facts.numbers.truncate(NUMBERS_KEPT);
    Ok(facts)
}

/// Adds the facts of a project.
fn add_project(facts: &mut OwnFacts, project: &ProjectRecord) {
    let shares = project.retainage.values().flat_map(|shares| &shares.0);
    for share in shares {
        let held = match &share.holder {
            Holder::Account(id) => facts.held.entry(id.clone()).or_default(),
            Holder::Mapped => &mut facts.held_in_mapped,
            Holder::Rivet => continue,
        };
        *held += share.amount;
    }
    let looks = project.looks.iter();
    let numbers = looks.flat_map(|look| look.numbers.iter().flatten());
    let expected = numbers.filter(|number| is_expected(number));
    facts.numbers.extend(expected.cloned());
}

/// Returns whether a number is one that RIVET would give to a pay app: it ends with a hyphen and a number.
fn is_expected(number: &str) -> bool {
    let end = number.rsplit_once('-').map(|(_, end)| end);
    end.is_some_and(|end| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing::{DocumentKind, DocumentRef};
    use jiff::Timestamp;
    use mapping::RetainageShare;
    use rust_decimal::Decimal;
    use store::matches::NumberLook;

    fn share(holder: Holder, amount: i64) -> RetainageShare {
        RetainageShare {
            date: jiff::civil::date(2026, 3, 31),
            holder,
            amount: amount.into(),
        }
    }

    #[test]
    fn retainage_is_summed_by_account() {
        let mut project = ProjectRecord::default();
        let document = DocumentRef {
            kind: DocumentKind::PayApp,
            id: "pa_1".parse().unwrap(),
        };
        let account = |id: &str| Holder::Account(id.into());
        let shares = vec![
            share(account("91"), 100),
            share(account("92"), 30),
            share(Holder::Rivet, 7),
            share(Holder::Mapped, 5),
            share(account("91"), -40),
        ];
        project.set_retainage(&document, shares);
        let numbers = ["1042-4", "1042-Extra", "1042", "1042-"];
        let numbers = numbers.map(str::to_owned).to_vec();
        let look = NumberLook::new("1042-%".into(), Timestamp::UNIX_EPOCH, numbers);
        project.add_look(look);
        let mut facts = OwnFacts::default();
        add_project(&mut facts, &project);
        assert_eq!(facts.held["91"], Decimal::from(60));
        assert_eq!(facts.held["92"], Decimal::from(30));
        assert_eq!(facts.held_in_mapped, Decimal::from(5));
        assert_eq!(facts.numbers, ["1042-4"]);
    }
}

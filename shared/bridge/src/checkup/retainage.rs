//! The check of the retainage account's balance.

use super::finding::Finding;
use super::input::CheckInput;
use super::places;
use mapping::{Settings, money_text};
use rust_decimal::Decimal;
use store::company_facts::OwnFacts;

/// Checks that the retainage account holds what RIVET knows.
pub(super) fn retainage_account(input: &CheckInput) -> Finding {
    let settings = &input.settings;
    let Some(id) = &settings.accounts.retainage else {
        if !settings.needs_retainage_account() {
            let title = "Retainage is billed on release and lies on no account.";
            return Finding::pass(title, "RIVET alone keeps what customers hold back.");
        }
        let title = "No retainage account is chosen, so there is no balance to compare.";
        return Finding::warn(title, "The account shows what customers hold back.")
            .action("Choose the account for retainage in RIVET's settings.");
    };
    let account = input.account(id);
    let balance = account.and_then(|account| account.balance);
    let (Some(account), Some(balance)) = (account, balance) else {
        return Finding::unread("which balance the retainage account has");
    };
    let detail = "RIVET adds up the retainage of all pay apps, less what was released, and compares it with the balance of the account.";
    let found = match &input.company.own {
        None => Finding::warn(
            "RIVET is posting, so the balance of the retainage account cannot be compared now.",
            detail,
        )
        .action("Open the check-up again in a few minutes."),
        Some(own) => compared(&account.name, balance, held(settings, own, id), detail),
    };
    found.on(&places::register(id))
}

/// Returns what RIVET holds in the chosen account. Opening retainage lies there, unless RIVET alone keeps it.
fn held(settings: &Settings, own: &OwnFacts, account: &str) -> Decimal {
    let openings = settings.retainage_opening.values();
    let opening: Decimal = match settings.needs_retainage_account() {
        true => openings.map(|opening| opening.0).sum(),
        false => Decimal::ZERO,
    };
    let known = own.held.get(account).copied().unwrap_or_default();
    known + own.held_in_mapped + opening
}

fn compared(name: &str, balance: Decimal, held: Decimal, detail: &str) -> Finding {
    let (balance_text, held_text) = (money_text(balance), money_text(held));
    if balance == held {
        let title = format!("\"{name}\" has the balance that RIVET knows: {held_text}.");
        return Finding::pass(title, detail);
    }
    let title =
        format!("\"{name}\" has {balance_text} in QuickBooks, and RIVET holds {held_text}.");
    let difference = money_text((balance - held).abs());
    let detail = format!(
        "{detail} The difference is {difference}. Somebody may have posted to the account by hand or changed what RIVET posted, or the account \
         had a balance before RIVET."
    );
    Finding::warn(title, detail).action(
        "Open the register of the account and look for what is not RIVET's; the tie-out in RIVET lists it. A balance from before RIVET \
         belongs in RIVET's settings, as opening retainage.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::finding::CheckState::{Pass, Warn};
    use super::super::input::tests::{passing, unanswered};
    use super::*;
    use mapping::RetainageMethod;

    fn with(balance: Option<i64>, own: Option<OwnFacts>) -> CheckInput {
        let mut input = passing();
        let accounts = input.company.accounts.iter_mut().flatten();
        for account in accounts.filter(|account| account.id == "91") {
            account.balance = balance.map(Decimal::from);
        }
        input.company.own = own;
        input
    }

    fn own(held: i64, in_mapped: i64) -> Option<OwnFacts> {
        let mut own = OwnFacts {
            held_in_mapped: in_mapped.into(),
            ..OwnFacts::default()
        };
        own.held.insert("91".into(), held.into());
        own.held.insert("92".into(), 1000.into());
        Some(own)
    }

    #[test]
    fn balance_must_be_what_rivet_holds() {
        let found = |balance, own| retainage_account(&with(Some(balance), own));
        assert_eq!(found(4850, own(4850, 0)).state, Pass);
        assert_eq!(found(4850, own(4800, 50)).state, Pass);
        let off = found(5000, own(4850, 0));
        assert_eq!(off.state, Warn);
        assert_eq!(
            off.title,
            "\"Retainage Receivable\" has 5000.00 in QuickBooks, and RIVET holds 4850.00."
        );
        assert!(off.detail.contains("The difference is 150.00."));
        assert!(off.link.unwrap().ends_with("register?accountId=91"));
    }

    #[test]
    fn balance_is_not_compared_while_posting() {
        let found = retainage_account(&with(Some(4850), None));
        assert_eq!(found.state, Warn);
        assert!(found.title.starts_with("RIVET is posting"));
    }

    #[test]
    fn opening_retainage_counts_unless_rivet_keeps_it() {
        let mut input = with(Some(5000), own(4850, 0));
        input.settings = mapping::settings::parse(
            br#"{"accounts":{"retainage":"91"},"retainage_opening":{"prj_1":"150.00"}}"#,
        )
        .unwrap();
        assert_eq!(retainage_account(&input).state, Pass);
        input.settings.retainage_method = RetainageMethod::BilledOnRelease;
        assert_eq!(retainage_account(&input).state, Warn);
        input.settings.accounts.retainage = None;
        let without = retainage_account(&input);
        assert_eq!(without.state, Pass);
        assert!(without.title.contains("lies on no account"));
    }

    #[test]
    fn unknown_balance_never_passes() {
        let unread = retainage_account(&with(None, own(0, 0)));
        assert!(unread.title.starts_with("Could not be read"));
        assert_eq!(retainage_account(&unanswered()).state, Warn);
        let mut unchosen = passing();
        unchosen.settings.accounts.retainage = None;
        assert_eq!(retainage_account(&unchosen).state, Warn);
    }
}

//! Checks of the accounts that RIVET posts to, and of its products and services.

use super::finding::Finding;
use super::input::CheckInput;
use super::places;
use mapping::AccountPurpose;
use store::company_facts::{AccountFact, ItemFact};
use store::reason::item_change::{ItemChange, OtherAccount};

/// An account of the settings that cannot be posted to, in words.
struct UnfitAccount {
    what: String,
    remedy: String,
}

/// Checks that the accounts of the settings are active and of the right type.
pub(super) fn accounts(input: &CheckInput) -> Finding {
    if input.company.accounts.is_none() {
        return Finding::unread("which accounts it has");
    }
    let detail = "RIVET posts to an account only while it is active and of the right type. Until then documents wait.";
    let unfit: Vec<UnfitAccount> = AccountPurpose::ALL
        .into_iter()
        .filter_map(|purpose| unfit_account(input, purpose))
        .collect();
    let found = match unfit.as_slice() {
        [] => {
            let title = "The accounts of RIVET's settings are active and of the right type.";
            return Finding::pass(title, named_accounts(input)).on(places::CHART_OF_ACCOUNTS);
        }
        [one] => Finding::fail(one.what.clone(), detail),
        several => {
            let all: Vec<&str> = several.iter().map(|unfit| unfit.what.as_str()).collect();
            let title = format!("{} accounts of RIVET's settings do not fit.", several.len());
            Finding::fail(title, format!("{} {detail}", all.join(" ")))
        }
    };
    let remedies: Vec<&str> = unfit.iter().map(|unfit| unfit.remedy.as_str()).collect();
    found
        .action(remedies.join(" "))
        .on(places::CHART_OF_ACCOUNTS)
}

/// Returns the words that people use for the account of a purpose.
fn purpose_name(purpose: AccountPurpose) -> &'static str {
    match purpose {
        AccountPurpose::ContractRevenue => "contract revenue",
        AccountPurpose::AccountsReceivable => "accounts receivable",
        AccountPurpose::Retainage => "retainage",
        AccountPurpose::Deposit => "deposits",
    }
}

/// Returns what is wrong with the account of a purpose, if anything is.
fn unfit_account(input: &CheckInput, purpose: AccountPurpose) -> Option<UnfitAccount> {
    let name = purpose_name(purpose);
    let choose = format!("choose the account for {name} in RIVET's settings.");
    let Some(id) = purpose.chosen_account(&input.settings.accounts) else {
        let missing = input.settings.missing_accounts();
        let is_missing = missing.contains(&purpose.settings_path());
        return is_missing.then(|| UnfitAccount {
            what: format!("No account is chosen for {name}."),
            remedy: format!("To go on, {choose}"),
        });
    };
    let types = purpose.account_types_text();
    let Some(account) = input.account(id) else {
        return Some(UnfitAccount {
            what: format!("The account for {name} is not in the Chart of accounts any more."),
            remedy: format!("To go on, {choose}"),
        });
    };
    let quoted = format!("\"{}\"", account.name);
    if !account.is_active {
        return Some(UnfitAccount {
            what: format!("The account for {name}, {quoted}, is inactive."),
            remedy: format!(
                "In Chart of accounts, show inactive accounts and choose Make active for {quoted}; or {choose}"
            ),
        });
    }
    let is_fit = purpose.fits(account.kind.as_deref(), account.sub_type.as_deref());
    (!is_fit).then(|| UnfitAccount {
        what: format!(
            "The account for {name}, {quoted}, has the account type {}, not {types}.",
            account.kind.as_deref().unwrap_or("none")
        ),
        remedy: format!(
            "In Chart of accounts, choose Edit for {quoted} and give it the account type {types}; or {choose}"
        ),
    })
}

/// Returns the sentence that names the account of each purpose.
fn named_accounts(input: &CheckInput) -> String {
    let mut named: Vec<String> = AccountPurpose::ALL
        .into_iter()
        .filter_map(|purpose| {
            let id = purpose.chosen_account(&input.settings.accounts)?;
            let account = input.account(id)?;
            Some(format!("{}: {}", purpose_name(purpose), account.name))
        })
        .collect();
    if input.settings.accounts.deposit.is_none() {
        named.push("deposits: Undeposited Funds".to_owned());
    }
    format!("RIVET posts to these accounts. {}.", named.join("; "))
}

/// Checks that the company has one Accounts Receivable account in use.
pub(super) fn receivable_accounts(input: &CheckInput) -> Finding {
    let Some(accounts) = &input.company.accounts else {
        return Finding::unread("which accounts it has");
    };
    let is_receivable = |account: &&AccountFact| {
        let kind = account.kind.as_deref();
        account.is_active && AccountPurpose::AccountsReceivable.fits(kind, None)
    };
    let found: Vec<&AccountFact> = accounts.iter().filter(is_receivable).collect();
    let finding = match found.as_slice() {
        [] => Finding::fail(
            "No Accounts Receivable account is active.",
            "Without one QuickBooks has no place for what customers owe.",
        )
        .action("In Chart of accounts, make an account of the type Accounts Receivable active."),
        [one] => Finding::pass(
            format!("One Accounts Receivable account is in use: {}.", one.name),
            "Invoices and retainage releases lie in the same account, so that one payment can pay both.",
        ),
        several => {
            let names: Vec<&str> = several
                .iter()
                .map(|account| account.name.as_str())
                .collect();
            Finding::warn(
                format!("{} Accounts Receivable accounts are active.", several.len()),
                format!(
                    "They are {}. Invoices go to the one that QuickBooks chooses for sales forms. RIVET posts a retainage release as an \
                     Invoice and not as a Journal Entry, so that it lies where the invoices lie.",
                    names.join(", ")
                ),
            )
            .action("If only one is used, choose Make inactive for the others in Chart of accounts.")
        }
    };
    finding.on(places::CHART_OF_ACCOUNTS)
}

/// Checks that RIVET's products and services are as RIVET made them.
pub(super) fn items(input: &CheckInput) -> Finding {
    let Some(items) = &input.company.items else {
        return Finding::unread("which products and services it has");
    };
    let detail = "RIVET posts invoices with products and services of its own. Each posts to one account of RIVET's settings, is active and not taxable.";
    let mut found = 0;
    let mut changes = Vec::new();
    for purpose in AccountPurpose::ALL {
        let account = purpose.chosen_account(&input.settings.accounts);
        let Some(account) = account else { continue };
        let id = input.items.by_account.get(account);
        let is_known = |item: &&ItemFact| Some(&item.id) == id;
        if let Some(item) = items.iter().find(is_known) {
            found += 1;
            changes.extend(change_of(input, account, item));
        }
    }
    let finding = match (found, changes.as_slice()) {
        (0, _) => Finding::pass(
            "RIVET has made no product or service yet.",
            format!("{detail} It makes each with the first Invoice that needs it."),
        ),
        (_, []) => Finding::pass(
            "RIVET's products and services are as RIVET made them.",
            detail,
        ),
        (_, changes) => {
            let what: Vec<String> = changes.iter().map(ItemChange::what).collect();
            let remedies: Vec<String> = changes.iter().map(ItemChange::remedy).collect();
            Finding::fail(
                what.join(" "),
                format!("{detail} Invoices that need it wait."),
            )
            .action(remedies.join(" "))
        }
    };
    finding.on(places::ITEMS)
}

/// Returns how an item differs from what RIVET needs, if it does.
fn change_of(input: &CheckInput, account: &str, item: &ItemFact) -> Option<ItemChange> {
    let needed = input.account(account);
    let needed = needed.map_or(account, |account| &account.name);
    let change = ItemChange {
        id: item.id.clone(),
        name: item.name.clone(),
        account: (item.income_account_id != account).then(|| OtherAccount {
            id: item.income_account_id.clone(),
            name: item.income_account_name.clone(),
            needed: needed.to_owned(),
        }),
        is_inactive: !item.is_active,
        is_taxable: item.is_taxable,
    };
    (!change.is_none()).then_some(change)
}

#[cfg(test)]
mod tests {
    use super::super::finding::CheckState::{Fail, Pass, Warn};
    use super::super::input::tests::{account, passing, unanswered};
    use super::*;

    /// Returns the passing firm with one of its accounts changed.
    fn changed(id: &str, change: impl Fn(&mut AccountFact)) -> CheckInput {
        let mut input = passing();
        let accounts = input.company.accounts.iter_mut().flatten();
        accounts.filter(|account| account.id == id).for_each(change);
        input
    }

    #[test]
    fn fitting_accounts_pass_by_name() {
        let found = accounts(&passing());
        assert_eq!(found.state, Pass);
        assert_eq!(
            found.detail,
            "RIVET posts to these accounts. contract revenue: Contract Revenue; accounts receivable: Accounts Receivable (A/R); \
             retainage: Retainage Receivable; deposits: Undeposited Funds."
        );
    }

    #[test]
    fn unfit_account_is_named_with_its_remedy() {
        let inactive = accounts(&changed("91", |account| account.is_active = false));
        assert_eq!(inactive.state, Fail);
        assert_eq!(
            inactive.title,
            "The account for retainage, \"Retainage Receivable\", is inactive."
        );
        let retyped = accounts(&changed("79", |account| {
            account.kind = Some("Other Income".into());
        }));
        assert_eq!(
            retyped.title,
            "The account for contract revenue, \"Contract Revenue\", has the account type Other Income, not Income."
        );
        let gone = accounts(&changed("84", |account| account.id = "1".into()));
        assert!(gone.title.contains("not in the Chart of accounts"));
        let mut unchosen = passing();
        unchosen.settings.accounts.retainage = None;
        unchosen.settings.accounts.deposit = Some("35".into());
        let several = accounts(&unchosen);
        assert_eq!(several.title, "2 accounts of RIVET's settings do not fit.");
        assert!(
            several
                .detail
                .contains("No account is chosen for retainage.")
        );
    }

    #[test]
    fn several_receivable_accounts_are_a_warning() {
        assert_eq!(receivable_accounts(&passing()).state, Pass);
        let mut input = passing();
        let mut second = account("85", "A/R Service", "Accounts Receivable");
        let with = |second: &AccountFact, input: &mut CheckInput| {
            let accounts = input.company.accounts.as_mut().unwrap();
            accounts.retain(|account| account.id != "85");
            accounts.push(second.clone());
            receivable_accounts(input)
        };
        let found = with(&second, &mut input);
        assert_eq!(found.state, Warn);
        assert!(found.detail.contains("A/R Service"));
        second.is_active = false;
        assert_eq!(with(&second, &mut input).state, Pass);
        let none = changed("84", |account| account.is_active = false);
        assert_eq!(receivable_accounts(&none).state, Fail);
    }

    #[test]
    fn changed_item_fails_with_its_remedy() {
        let with = |change: fn(&mut ItemFact)| {
            let mut input = passing();
            input.company.items.iter_mut().flatten().for_each(change);
            items(&input)
        };
        assert_eq!(with(|_| {}).state, Pass);
        for change in [
            (|item| item.is_active = false) as fn(&mut ItemFact),
            |item| item.is_taxable = true,
            |item| item.income_account_id = "80".into(),
        ] {
            let found = with(change);
            assert_eq!(found.state, Fail);
            assert!(found.action.unwrap().starts_with("To put it back,"));
        }
        let moved = with(|item| {
            item.income_account_id = "80".into();
            item.income_account_name = "Sales".into();
        });
        assert!(
            moved
                .title
                .ends_with("its income account is \"Sales\" instead of \"Contract Revenue\".")
        );
    }

    #[test]
    fn firm_without_items_passes_and_says_so() {
        let mut input = passing();
        input.items.by_account.clear();
        let found = items(&input);
        assert_eq!(found.state, Pass);
        assert!(found.title.contains("no product or service yet"));
    }

    #[test]
    fn unanswered_questions_never_pass() {
        for check in [accounts, receivable_accounts, items] {
            let found = check(&unanswered());
            assert_eq!(found.state, Warn);
            assert!(found.title.starts_with("Could not be read"));
        }
    }
}

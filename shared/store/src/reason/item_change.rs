//! A change that a person made to one of RIVET's products or services, in a bookkeeper's words.

use serde::{Deserialize, Serialize};

/// A product or service of RIVET's that no longer is as RIVET needs it. Nothing is posted on it until it is put back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemChange {
    /// The item's id in QuickBooks.
    pub id: String,
    /// The item's name in QuickBooks.
    pub name: String,
    /// The income account, if it is another than RIVET needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<OtherAccount>,
    /// The item is inactive.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_inactive: bool,
    /// Sales tax applies to the item.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_taxable: bool,
}

/// The income account of a changed item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherAccount {
    /// The id of the account to which the item posts now. Empty if it has none.
    pub id: String,
    /// The name of that account.
    pub name: String,
    /// The name of the account to which the item must post.
    pub needed: String,
}

impl ItemChange {
    /// Returns whether the item is as RIVET needs it.
    pub fn is_none(&self) -> bool {
        self.account.is_none() && !self.is_inactive && !self.is_taxable
    }

    /// Returns whether both describe the same state of an item, whatever its names are.
    pub fn is_same_state(&self, other: &Self) -> bool {
        let account = |change: &Self| change.account.as_ref().map(|account| account.id.clone());
        let flags = |change: &Self| [change.is_inactive, change.is_taxable];
        self.id == other.id && account(self) == account(other) && flags(self) == flags(other)
    }

    /// Returns the sentence that says which item was changed, and how.
    pub fn what(&self) -> String {
        let mut changes = Vec::new();
        if let Some(OtherAccount { name, needed, .. }) = &self.account {
            changes.push(match name.as_str() {
                "" => format!("it has no income account instead of \"{needed}\""),
                name => format!("its income account is \"{name}\" instead of \"{needed}\""),
            });
        }
        if self.is_inactive {
            changes.push("it is inactive".to_owned());
        }
        if self.is_taxable {
            changes.push("it is taxable".to_owned());
        }
        let (name, changes) = (&self.name, joined(&changes));
        format!("The product or service \"{name}\" was changed in QuickBooks: {changes}.")
    }

    /// Returns the sentence that says how a person puts the item back.
    pub fn remedy(&self) -> String {
        let mut steps = Vec::new();
        if self.is_inactive {
            steps.push("make it active".to_owned());
        }
        if let Some(OtherAccount { needed, .. }) = &self.account {
            steps.push(format!("set its income account to \"{needed}\""));
        }
        if self.is_taxable {
            steps.push("set its sales tax category to non-taxable".to_owned());
        }
        format!("To put it back, {}.", joined(&steps))
    }
}

/// Returns `a, b and c`.
fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved() -> ItemChange {
        ItemChange {
            id: "7".into(),
            name: "RIVET Contract Revenue".into(),
            account: Some(OtherAccount {
                id: "80".into(),
                name: "Service Revenue".into(),
                needed: "Contract Revenue".into(),
            }),
            ..ItemChange::default()
        }
    }

    #[test]
    fn change_says_what_and_how_to_undo() {
        insta::assert_snapshot!(moved().what(), @r#"The product or service "RIVET Contract Revenue" was changed in QuickBooks: its income account is "Service Revenue" instead of "Contract Revenue"."#);
        insta::assert_snapshot!(moved().remedy(), @r#"To put it back, set its income account to "Contract Revenue"."#);
        let all = ItemChange {
            is_inactive: true,
            is_taxable: true,
            ..moved()
        };
        assert!(all.what().ends_with(", it is inactive and it is taxable."));
        assert!(
            all.remedy()
                .starts_with("To put it back, make it active, set")
        );
    }

    #[test]
    fn same_state_ignores_names() {
        let mut renamed = moved();
        renamed.name = "Contract work".into();
        assert!(renamed.is_same_state(&moved()));
        renamed.is_taxable = true;
        assert!(!renamed.is_same_state(&moved()));
        assert!(ItemChange::default().is_none());
    }
}

//! The reasons for QuickBooks' faults: the cause, the action, and the page in QuickBooks.
//!
//! QuickBooks' own words are for programmers. A message repeats one sentence of them only where it names the broken rule of the books.

#[cfg(test)]
mod tests;

use quickbooks::Failure;
use store::reason::{Action, Reason, place};

/// The reason that a document shows for some of QuickBooks' fault codes.
struct FaultReason {
    /// QuickBooks' codes, separated by spaces.
    fault_codes: &'static str,
    code: &'static str,
    action: Action,
    /// The page of QuickBooks where a person acts; empty if there is none.
    page: &'static str,
    message: &'static str,
}

/// The fault code of a refusal by a rule of the books. The fault's detail names the rule.
const BY_A_RULE: &str = "6000";

/// The reasons for all fault codes that concern one document.
///
/// Codes that concern the connection show as its status, and closed books as a hold. Any other code is an unknown fault.
const REASONS: [FaultReason; 20] = [
    FaultReason {
        fault_codes: "5010",
        code: "changed_in_quickbooks",
        action: Action::FixInQuickbooks,
        page: "",
        message: "Somebody changed it in QuickBooks after RIVET posted it. Choose which version to keep.",
    },
    FaultReason {
        fault_codes: "6140",
        code: "duplicate_number",
        action: Action::FixInQuickbooks,
        page: "",
        message: "Other transactions in QuickBooks have its number and the next ones. Renumber one of them, then retry.",
    },
    FaultReason {
        fault_codes: "600",
        code: "duplicate_request",
        action: Action::SyncNow,
        page: "",
        message: "QuickBooks says that it has had this request, but nothing came of it. Retry sends it anew.",
    },
    FaultReason {
        fault_codes: "610 2500",
        code: "not_found",
        action: Action::FixInQuickbooks,
        page: "",
        message: "Something that it needs was deleted, merged or made inactive in QuickBooks. Restore it there, or choose another in the settings, then retry.",
    },
    FaultReason {
        fault_codes: BY_A_RULE,
        code: "refused_by_quickbooks",
        action: Action::FixInQuickbooks,
        page: "",
        message: "QuickBooks refused it by a rule of the books.",
    },
    FaultReason {
        fault_codes: "620",
        code: "cannot_be_linked",
        action: Action::FixInQuickbooks,
        page: "",
        message: "QuickBooks cannot apply the Payment: what it pays is paid, voided or of another customer there. Correct that, then retry.",
    },
    FaultReason {
        fault_codes: "2210",
        code: "invalid_email",
        action: Action::FixDocument,
        page: "",
        message: "QuickBooks does not accept the customer's e-mail address. Correct it in RIVET, then retry.",
    },
    FaultReason {
        fault_codes: "2390",
        code: "item_without_account",
        action: Action::FixInQuickbooks,
        page: "items",
        message: "A product or service of RIVET's has lost its income account in QuickBooks. Set it again, then retry.",
    },
    FaultReason {
        fault_codes: "5020",
        code: "not_permitted",
        action: Action::FixInQuickbooks,
        page: "",
        message: "QuickBooks does not permit it: a feature is off there, or the person who connected may not use it. Change that, then retry.",
    },
    FaultReason {
        fault_codes: "5030",
        code: "feature_missing",
        action: Action::FixSettings,
        page: "",
        message: "This edition of QuickBooks lacks a feature that the settings use, such as classes. Turn it off in the settings, then retry.",
    },
    FaultReason {
        fault_codes: "6080",
        code: "name_missing",
        action: Action::FixDocument,
        page: "",
        message: "QuickBooks wants a name for the customer. Give it one in RIVET, then retry.",
    },
    FaultReason {
        fault_codes: "6240",
        code: "duplicate_name",
        action: Action::FixInQuickbooks,
        page: "customers",
        message: "Something else in QuickBooks has this name. Rename it there, or choose the match in the settings, then retry.",
    },
    FaultReason {
        fault_codes: "6130 6150 6180",
        code: "customer_hierarchy",
        action: Action::FixInQuickbooks,
        page: "customers",
        message: "The customer's place among parent and sub-customers does not hold in QuickBooks. Correct it there, then retry.",
    },
    FaultReason {
        fault_codes: "6220 6280",
        code: "balance_open",
        action: Action::FixInQuickbooks,
        page: "customers",
        message: "The customer has an open balance or unbilled charges in QuickBooks. Settle them there, then retry.",
    },
    FaultReason {
        fault_codes: "6420",
        code: "email_missing",
        action: Action::FixDocument,
        page: "",
        message: "QuickBooks wants an e-mail address for the customer. Add one in RIVET, then retry.",
    },
    FaultReason {
        fault_codes: "6430",
        code: "account_type",
        action: Action::FixSettings,
        page: "chartofaccounts",
        message: "An account of the settings is of a type that QuickBooks does not take there. Choose another, then retry.",
    },
    FaultReason {
        fault_codes: "6450",
        code: "settled",
        action: Action::FixInQuickbooks,
        page: "",
        message: "It is paid in QuickBooks and cannot be changed. Take it off the Payment in Receive Payment, then retry.",
    },
    FaultReason {
        fault_codes: "6480",
        code: "bank_matched",
        action: Action::FixInQuickbooks,
        page: "banking",
        message: "It is matched with a bank transaction in QuickBooks. Undo the match, then retry.",
    },
    FaultReason {
        fault_codes: "6540",
        code: "deposited",
        action: Action::FixInQuickbooks,
        page: "",
        message: "The Payment is part of a Bank Deposit in QuickBooks. Take it off the deposit, then retry.",
    },
    FaultReason {
        fault_codes: "500 1040 2010 2020 2030 2040 2050 2130 2170 2250 2260 2290 2300 4000 4001 4002 6070 6100 6440",
        code: "request_rejected",
        action: Action::ContactSupport,
        page: "",
        message: "QuickBooks cannot use what RIVET sent, and sending it again will not help. RIVET's support has to correct it.",
    },
];

/// The reason for a fault code without a reason of its own.
const UNKNOWN_FAULT: FaultReason = FaultReason {
    fault_codes: "",
    code: "unexpected_fault",
    action: Action::ContactSupport,
    page: "",
    message: "QuickBooks refused it, and RIVET does not know why.",
};

/// The text before Intuit's trace id in a message. The trace id differs for each answer.
pub const TRACE: &str = ", its trace id ";

/// The longest sentence of QuickBooks that a message repeats, in characters.
const LONGEST: usize = 240;

/// Returns the reason that a document shows for a refusal.
pub fn reason_for(failure: &Failure) -> Reason {
    let fault = failure.deciding_fault();
    let fault_code = fault.map_or("", |fault| fault.code.as_str());
    let known = REASONS
        .iter()
        .find(|reason| reason.has_fault_code(fault_code));
    let reason = known.unwrap_or(&UNKNOWN_FAULT);
    let mut message = reason.message.to_owned();
    if reason.action == Action::ContactSupport {
        message.push_str(&support_sentence(fault_code, failure.tid()));
    }
    if reason.fault_codes == BY_A_RULE
        && let Some(detail) = fault.and_then(|fault| fault.detail())
    {
        message = [message, first_sentence(detail)].join(" ");
    }
    let duplicate = fault.and_then(|fault| fault.duplicate());
    let page = duplicate.map_or(reason.page.to_owned(), |duplicate| {
        place(duplicate.kind, &duplicate.id)
    });
    Reason::new(reason.code, reason.action, message).at(&page)
}

impl FaultReason {
    fn has_fault_code(&self, fault_code: &str) -> bool {
        let mut codes = self.fault_codes.split(' ');
        codes.any(|code| code == fault_code)
    }
}

/// Returns the sentence that RIVET's support needs to find the answer at Intuit.
fn support_sentence(fault_code: &str, trace_id: Option<&str>) -> String {
    let fault_code = match fault_code {
        "" => "unknown",
        code => code,
    };
    let trace_id = trace_id.unwrap_or("unknown");
    format!(" QuickBooks' code is {fault_code}{TRACE}{trace_id}.")
}

/// Returns the first sentence of a fault's detail, as a person may read it.
///
/// The heading that repeats the message is left out. A word that looks like an id, an address, a key or markup is replaced: it
/// has 24 letters or more, or one of `_`, `<`, `>`, `=`, `/` and `@`.
fn first_sentence(detail: &str) -> String {
    let heading = "Business Validation Error:";
    let text = detail.trim().trim_start_matches(heading).trim();
    let first = text.split_inclusive(". ").next().unwrap_or_default();
    let mut sentence = String::new();
    for word in first.split_whitespace() {
        if sentence.chars().count() + word.chars().count() >= LONGEST {
            sentence.push_str(" …");
            break;
        }
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        let is_plain = word.chars().count() < 24 && !word.contains(['_', '<', '>', '=', '/', '@']);
        sentence.push_str(if is_plain { word } else { "…" });
    }
    sentence
}

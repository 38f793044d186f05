//! Bodies of revisions, voids and reversals.

use super::*;

#[test]
fn revision_is_sparse_and_keeps_the_number() {
    let settings = settings(METHODS[0], STYLES[0]);
    let existing = posted(&planned(&worked_example(), &settings));
    let revised = PayApp {
        revision: 2,
        ..pay_app(&[(600_000, 0, 30_000)])
    };
    let changes = steps(&existing, &planned(&revised, &settings));
    insta::assert_snapshot!(written(&changes[0], &preferences(ClassUse::None)), @r#"
    update Invoice
    {
      "Id": "130",
      "SyncToken": "3",
      "sparse": true,
      "TxnDate": "2026-03-31",
      "DueDate": "2026-04-30",
      "CustomerRef": {
        "value": "58"
      },
      "CustomerMemo": {
        "value": "1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31"
      },
      "PrivateNote": "RIVET pay_app pa_1042_1 revision 2",
      "Line": [
        {
          "Description": "Pay app 1: 6000.00 billed, 300.00 retainage withheld",
          "Amount": 5700.00,
          "DetailType": "SalesItemLineDetail",
          "SalesItemLineDetail": {
            "ItemRef": {
              "value": "11"
            },
            "TaxCodeRef": {
              "value": "NON"
            }
          }
        }
      ]
    }
    "#);
    insta::assert_snapshot!(written(&changes[1], &preferences(ClassUse::None)), @r#"
    update JournalEntry
    {
      "Id": "131",
      "SyncToken": "3",
      "sparse": true,
      "TxnDate": "2026-03-31",
      "PrivateNote": "RIVET pay_app pa_1042_1 revision 2 retainage",
      "Line": [
        {
          "Description": "Retainage · 1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31",
          "Amount": 300.00,
          "DetailType": "JournalEntryLineDetail",
          "JournalEntryLineDetail": {
            "PostingType": "Debit",
            "AccountRef": {
              "value": "91"
            },
            "Entity": {
              "Type": "Customer",
              "EntityRef": {
                "value": "58"
              }
            }
          }
        },
        {
          "Description": "Retainage · 1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31",
          "Amount": 300.00,
          "DetailType": "JournalEntryLineDetail",
          "JournalEntryLineDetail": {
            "PostingType": "Credit",
            "AccountRef": {
              "value": "79"
            },
            "Entity": {
              "Type": "Customer",
              "EntityRef": {
                "value": "58"
              }
            }
          }
        }
      ]
    }
    "#);
}

#[test]
fn void_names_the_version_and_reverses_the_entry() {
    let existing = posted(&planned(&worked_example(), &classed(METHODS[0], STYLES[0])));
    let undone = void_steps(&existing, &samples::open_books());
    insta::assert_snapshot!(written(&undone[0], &preferences(ClassUse::PerLine)), @r#"
    void Invoice
    Version { id: "130", sync_token: "3" }
    "#);
    insta::assert_snapshot!(written(&undone[1], &preferences(ClassUse::PerLine)), @r#"
    create JournalEntry
    {
      "DocNumber": "1042-1RV",
      "TxnDate": "2026-03-31",
      "PrivateNote": "RIVET pay_app pa_1042_1 revision 1 retainage reversed",
      "Line": [
        {
          "Description": "Reversal · Retainage · 1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31",
          "Amount": 4850.00,
          "DetailType": "JournalEntryLineDetail",
          "JournalEntryLineDetail": {
            "PostingType": "Credit",
            "AccountRef": {
              "value": "91"
            },
            "Entity": {
              "Type": "Customer",
              "EntityRef": {
                "value": "58"
              }
            },
            "ClassRef": {
              "value": "5000000000000007280"
            }
          }
        },
        {
          "Description": "Reversal · Retainage · 1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31",
          "Amount": 4850.00,
          "DetailType": "JournalEntryLineDetail",
          "JournalEntryLineDetail": {
            "PostingType": "Debit",
            "AccountRef": {
              "value": "79"
            },
            "Entity": {
              "Type": "Customer",
              "EntityRef": {
                "value": "58"
              }
            },
            "ClassRef": {
              "value": "5000000000000007280"
            }
          }
        }
      ]
    }
    "#);
}

#[test]
fn payment_void_names_the_version() {
    let settings = settings(METHODS[0], STYLES[0]);
    let plan = plan(
        &Document::Payment(samples::payment()),
        &samples::inputs(&settings, &preferences(ClassUse::None)),
    )
    .unwrap();
    let undone = void_steps(&posted(&plan), &samples::open_books());
    insta::assert_snapshot!(written(&undone[0], &preferences(ClassUse::None)), @r#"
    void Payment
    Version { id: "130", sync_token: "3" }
    "#);
}

#[test]
fn voided_credit_memo_is_set_to_zero() {
    let existing = posted(&planned(
        &pay_app(&[(-240_000, 0, -12_000)]),
        &settings(METHODS[1], STYLES[0]),
    ));
    insta::assert_snapshot!(written(&void_steps(&existing, &samples::open_books())[0], &preferences(ClassUse::None)), @r#"
    update CreditMemo
    {
      "Id": "130",
      "SyncToken": "3",
      "sparse": true,
      "TxnDate": "2026-03-31",
      "CustomerRef": {
        "value": "58"
      },
      "CustomerMemo": {
        "value": "1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31"
      },
      "PrivateNote": "RIVET pay_app pa_1042_1 revision 1 voided",
      "Line": [
        {
          "Description": "Voided",
          "Amount": 0.00,
          "DetailType": "SalesItemLineDetail",
          "SalesItemLineDetail": {
            "ItemRef": {
              "value": "11"
            },
            "TaxCodeRef": {
              "value": "NON"
            }
          }
        }
      ]
    }
    "#);
}

#[test]
fn reversal_uses_the_original_ids() {
    let existing = posted(&planned(&worked_example(), &classed(METHODS[0], STYLES[0])));
    let reversal = &void_steps(&existing, &samples::open_books())[1];
    let other_ids = Ids {
        customer: "99".into(),
        class: Some("99".into()),
        ..Ids::default()
    };
    let preferences = preferences(ClassUse::PerLine);
    assert_eq!(
        render(reversal, &other_ids, &preferences),
        render(reversal, &ids(), &preferences)
    );
}

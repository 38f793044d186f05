//! Bodies of retainage releases and payments.

use super::*;

#[test]
fn release_entry_has_its_class_on_retainage_only() {
    let release = Document::RetainageRelease(samples::release());
    let bodies = created(
        &release,
        &classed(METHODS[0], STYLES[0]),
        &preferences(ClassUse::PerLine),
    );
    insta::assert_snapshot!(bodies[0], @r#"
    create JournalEntry
    {
      "DocNumber": "1042-REL-mk2mga",
      "TxnDate": "2026-06-15",
      "PrivateNote": "RIVET retainage_release rel_1042_1 revision 1",
      "Line": [
        {
          "Description": "1042 Harbor Point Tower · Retainage release",
          "Amount": 5000.00,
          "DetailType": "JournalEntryLineDetail",
          "JournalEntryLineDetail": {
            "PostingType": "Debit",
            "AccountRef": {
              "value": "84"
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
          "Description": "1042 Harbor Point Tower · Retainage release",
          "Amount": 5000.00,
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
        }
      ]
    }
    "#);
}

#[test]
fn release_invoice_uses_the_retainage_item() {
    let release = Document::RetainageRelease(samples::release());
    let bodies = created(
        &release,
        &settings(METHODS[1], STYLES[0]),
        &preferences(ClassUse::None),
    );
    insta::assert_snapshot!(bodies[0], @r#"
    create Invoice
    {
      "DocNumber": "1042-REL-mk2mga",
      "TxnDate": "2026-06-15",
      "CustomerRef": {
        "value": "58"
      },
      "CustomerMemo": {
        "value": "1042 Harbor Point Tower · Retainage release"
      },
      "PrivateNote": "RIVET retainage_release rel_1042_1 revision 1",
      "Line": [
        {
          "Description": "Retainage released",
          "Amount": 5000.00,
          "DetailType": "SalesItemLineDetail",
          "SalesItemLineDetail": {
            "ItemRef": {
              "value": "12"
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
fn payment_has_a_linked_line_per_target() {
    let mut settings = settings(METHODS[0], STYLES[0]);
    settings.accounts.deposit = Some("35".into());
    let bodies = created(
        &Document::Payment(samples::payment()),
        &settings,
        &preferences(ClassUse::PerLine),
    );
    insta::assert_snapshot!(bodies[0], @r#"
    create Payment
    {
      "TxnDate": "2026-06-30",
      "CustomerRef": {
        "value": "58"
      },
      "DepositToAccountRef": {
        "value": "35"
      },
      "PaymentRefNum": "Check 20114",
      "PrivateNote": "RIVET payment pay_0002 revision 1",
      "TotalAmt": 80000.00,
      "Line": [
        {
          "Amount": 73575.67,
          "LinkedTxn": [
            {
              "TxnId": "130",
              "TxnType": "Invoice"
            }
          ]
        },
        {
          "Amount": 5000.00,
          "LinkedTxn": [
            {
              "TxnId": "141",
              "TxnType": "JournalEntry"
            }
          ]
        }
      ]
    }
    "#);
}

#[test]
fn payment_applies_to_no_credit_memo_or_nothing() {
    let settings = settings(METHODS[0], STYLES[0]);
    let plan = plan(
        &Document::Payment(samples::payment()),
        &samples::inputs(&settings, &preferences(ClassUse::None)),
    )
    .unwrap();
    let step = &steps(&[], &plan)[0];
    let mut credited = ids();
    credited
        .targets
        .iter_mut()
        .for_each(|(_, target)| target.0 = TxnType::CreditMemo);
    let nothing = Ids {
        targets: std::collections::BTreeMap::new(),
        ..ids()
    };
    for ids in [credited, nothing] {
        let refusal = render(step, &ids, &preferences(ClassUse::None)).unwrap_err();
        assert_eq!(refusal.what, "what is owed on pay_app/pa_1042_2");
    }
}

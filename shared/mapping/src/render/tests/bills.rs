//! Bodies of invoices, credit memos and their retainage entries.

use super::*;

#[test]
fn net_invoice_and_entry_with_line_classes() {
    let bodies = created(
        &two_lines(),
        &classed(METHODS[0], STYLES[1]),
        &preferences(ClassUse::PerLine),
    );
    insta::assert_snapshot!(bodies[0], @r#"
    create Invoice
    {
      "DocNumber": "1042-1",
      "TxnDate": "2026-03-31",
      "DueDate": "2026-04-30",
      "CustomerRef": {
        "value": "58"
      },
      "CustomerMemo": {
        "value": "1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31"
      },
      "PrivateNote": "RIVET pay_app pa_1042_1 revision 1",
      "Line": [
        {
          "Description": "01 Item 1 · 8500.00 billed, 850.00 retainage withheld",
          "Amount": 7650.00,
          "DetailType": "SalesItemLineDetail",
          "SalesItemLineDetail": {
            "ItemRef": {
              "value": "11"
            },
            "ClassRef": {
              "value": "5000000000000007280"
            },
            "TaxCodeRef": {
              "value": "NON"
            }
          }
        },
        {
          "Description": "02 Item 2 · 12000.00 billed, 1200.00 retainage withheld",
          "Amount": 10800.00,
          "DetailType": "SalesItemLineDetail",
          "SalesItemLineDetail": {
            "ItemRef": {
              "value": "11"
            },
            "ClassRef": {
              "value": "5000000000000007280"
            },
            "TaxCodeRef": {
              "value": "NON"
            }
          }
        }
      ]
    }
    "#);
    insta::assert_snapshot!(bodies[1], @r#"
    create JournalEntry
    {
      "DocNumber": "1042-1R",
      "TxnDate": "2026-03-31",
      "PrivateNote": "RIVET pay_app pa_1042_1 revision 1 retainage",
      "Line": [
        {
          "Description": "Retainage · 1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31",
          "Amount": 2050.00,
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
            },
            "ClassRef": {
              "value": "5000000000000007280"
            }
          }
        },
        {
          "Description": "Retainage · 1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31",
          "Amount": 2050.00,
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
fn gross_invoice_with_form_class() {
    let bodies = created(
        &two_lines(),
        &classed(METHODS[1], STYLES[0]),
        &preferences(ClassUse::PerTransaction),
    );
    insta::assert_snapshot!(bodies[0], @r#"
    create Invoice
    {
      "DocNumber": "1042-1",
      "TxnDate": "2026-03-31",
      "DueDate": "2026-04-30",
      "CustomerRef": {
        "value": "58"
      },
      "ClassRef": {
        "value": "5000000000000007280"
      },
      "CustomerMemo": {
        "value": "1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31"
      },
      "PrivateNote": "RIVET pay_app pa_1042_1 revision 1",
      "Line": [
        {
          "Description": "Pay app 1: work completed and materials stored",
          "Amount": 20500.00,
          "DetailType": "SalesItemLineDetail",
          "SalesItemLineDetail": {
            "ItemRef": {
              "value": "11"
            },
            "TaxCodeRef": {
              "value": "NON"
            }
          }
        },
        {
          "Description": "Retainage withheld",
          "Amount": -2050.00,
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
fn entry_lines_have_classes_in_every_company() {
    let bodies = created(
        &two_lines(),
        &classed(METHODS[0], STYLES[0]),
        &preferences(ClassUse::PerTransaction),
    );
    assert_eq!(bodies[0].matches("ClassRef").count(), 1);
    assert_eq!(bodies[1].matches("ClassRef").count(), 2);
}

#[test]
fn body_without_class_has_no_class_reference() {
    for (settings, classes) in [
        (classed(METHODS[0], STYLES[0]), ClassUse::None),
        (settings(METHODS[0], STYLES[0]), ClassUse::PerLine),
    ] {
        let bodies = created(&two_lines(), &settings, &preferences(classes)).concat();
        assert!(!bodies.contains("ClassRef"), "{bodies}");
    }
}

#[test]
fn credit_memo_has_opposite_signs() {
    let back_charge = Document::PayApp(pay_app(&[(-240_000, 0, -12_000)]));
    let bodies = created(
        &back_charge,
        &settings(METHODS[1], STYLES[0]),
        &preferences(ClassUse::None),
    );
    insta::assert_snapshot!(bodies[0], @r#"
    create CreditMemo
    {
      "DocNumber": "1042-1",
      "TxnDate": "2026-03-31",
      "CustomerRef": {
        "value": "58"
      },
      "CustomerMemo": {
        "value": "1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31"
      },
      "PrivateNote": "RIVET pay_app pa_1042_1 revision 1",
      "Line": [
        {
          "Description": "Pay app 1: work completed and materials stored",
          "Amount": 2400.00,
          "DetailType": "SalesItemLineDetail",
          "SalesItemLineDetail": {
            "ItemRef": {
              "value": "11"
            },
            "TaxCodeRef": {
              "value": "NON"
            }
          }
        },
        {
          "Description": "Retainage withheld",
          "Amount": -120.00,
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

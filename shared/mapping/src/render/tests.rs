use super::*;
use crate::samples::{
    self, METHODS, STYLES, ids, pay_app, planned, preferences, settings, with_classes,
    worked_example,
};
use crate::{ClassUse, PostedObject, PostingPlan, Settings, StepResult, plan, steps, void_steps};
use billing::{Document, PayApp};

fn written(step: &Step, preferences: &CompanyPreferences) -> String {
    let write = render(step, &ids(), preferences).unwrap();
    let (operation, body) = match &write {
        Write::Create(object) => ("create", serde_json::to_string_pretty(object).unwrap()),
        Write::Update(object) => ("update", serde_json::to_string_pretty(object).unwrap()),
        Write::VoidInvoice(version) | Write::VoidPayment(version) => {
            ("void", format!("{version:?}"))
        }
    };
    format!("{operation} {}\n{body}", write.kind().name())
}

fn classed(method: crate::RetainageMethod, style: crate::InvoiceLines) -> Settings {
    with_classes(settings(method, style))
}

fn created(
    document: &Document,
    settings: &Settings,
    preferences: &CompanyPreferences,
) -> Vec<String> {
    let plan = plan(document, &samples::inputs(settings, preferences)).unwrap();
    steps(&[], &plan)
        .iter()
        .map(|step| written(step, preferences))
        .collect()
}

fn posted(plan: &PostingPlan) -> Vec<PostedObject> {
    let mut all = Vec::new();
    for (step, id) in steps(&[], plan).iter().zip(130..) {
        let result = StepResult {
            written_at: 0,
            id: id.to_string(),
            sync_token: "3".into(),
            number: None,
            ids: ids(),
        };
        PostedObject::record_step(&mut all, step, result);
    }
    all
}

fn two_lines() -> Document {
    Document::PayApp(pay_app(&[(850_000, 0, 85_000), (0, 1_200_000, 120_000)]))
}

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

#[test]
fn amounts_are_written_exactly() {
    let document = Document::PayApp(pay_app(&[(4_365_000, 10, 0), (9_999_999_999_999, 0, 7)]));
    let body = created(
        &document,
        &settings(METHODS[1], STYLES[1]),
        &preferences(ClassUse::None),
    )
    .concat();
    for amount in ["43650.10", "99999999999.99", "-0.07"] {
        assert!(
            body.contains(&format!("\"Amount\": {amount},")),
            "{amount} in {body}"
        );
    }
}

#[test]
fn entry_is_numbered_without_custom_numbers() {
    let automatic = CompanyPreferences {
        has_custom_numbers: false,
        ..preferences(ClassUse::None)
    };
    let bodies = created(&two_lines(), &settings(METHODS[0], STYLES[0]), &automatic);
    assert!(!bodies[0].contains("DocNumber"), "{}", bodies[0]);
    assert!(
        bodies[1].contains("\"DocNumber\": \"1042-1R\""),
        "{}",
        bodies[1]
    );
    let plan = planned(&worked_example(), &settings(METHODS[0], STYLES[0]));
    for step in void_steps(&posted(&plan), &samples::open_books()) {
        let number = kept_number(&step, &automatic);
        let is_reversal = matches!(step, Step::Reverse { .. });
        assert_eq!(number, is_reversal.then_some("1042-1RV"));
    }
}

#[test]
fn currency_is_sent_only_with_multicurrency() {
    let several = CompanyPreferences {
        is_multicurrency: true,
        ..preferences(ClassUse::None)
    };
    let settings = settings(METHODS[0], STYLES[0]);
    for document in [
        two_lines(),
        Document::RetainageRelease(samples::release()),
        Document::Payment(samples::payment()),
    ] {
        for body in created(&document, &settings, &several) {
            assert!(
                body.contains("\"CurrencyRef\": {\n    \"value\": \"USD\""),
                "{body}"
            );
        }
        let bodies = created(&document, &settings, &preferences(ClassUse::None)).concat();
        assert!(!bodies.contains("CurrencyRef"), "{bodies}");
    }
}

#[test]
fn missing_id_is_named() {
    let plan = planned(&worked_example(), &classed(METHODS[0], STYLES[0]));
    let missing = |ids: &Ids| {
        render(&steps(&[], &plan)[0], ids, &preferences(ClassUse::PerLine))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        missing(&Ids {
            class: None,
            ..ids()
        }),
        "there is no QuickBooks id for the class of project prj_1042"
    );
    let without_items = Ids {
        items: std::collections::BTreeMap::new(),
        ..ids()
    };
    assert_eq!(
        missing(&without_items),
        "there is no QuickBooks id for the service item of account 79"
    );
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

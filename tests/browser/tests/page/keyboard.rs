//! The page without a mouse: the order of the focus, and its place after an act.

use crate::manifest;
use browser::browser::Browser;
use browser::look::Look;
use browser::page::Page;
use browser::screenshots::ScriptedPage;
use browser::states;
use fantoccini::key::Key;
use std::time::Duration;

#[tokio::test]
async fn keyboard_reaches_actions_in_reading_order() {
    let Some(browser) = Browser::start().await.unwrap() else {
        return;
    };
    let served = ScriptedPage::start(manifest()).await.unwrap();
    let page = Page(&browser);
    page.look(Look::Light).await.unwrap();
    let state = states::load("connected").unwrap();
    served.play(&state, page).await.unwrap();
    let mut order = Vec::new();
    for _ in 0..12 {
        page.press(Key::Tab).await.unwrap();
        order.push(page.focused().await.unwrap());
    }
    let named: Vec<&str> = order
        .iter()
        .map(String::as_str)
        .filter(|id| !id.is_empty())
        .collect();
    let expected = [
        "last-posted",
        "sync",
        "open-settings",
        "tab-activity",
        "tab-retainage",
        "tab-tie-out",
    ];
    let positions: Vec<_> = expected
        .iter()
        .map(|id| named.iter().position(|named| named == id))
        .collect();
    assert!(positions.iter().all(Option::is_some), "{order:?}");
    assert!(positions.is_sorted(), "{order:?}");
    browser.close().await.unwrap();
}

#[tokio::test]
async fn outcome_of_sign_in_takes_focus() {
    let Some(browser) = Browser::start().await.unwrap() else {
        return;
    };
    let served = ScriptedPage::start(manifest()).await.unwrap();
    let page = Page(&browser);
    for (state, focused) in [("back-denied", "outcome-box"), ("confirm", "confirm-box")] {
        served
            .play(&states::load(state).unwrap(), page)
            .await
            .unwrap();
        assert_eq!(page.focused().await.unwrap(), focused, "{state}");
    }
    browser.close().await.unwrap();
}

#[tokio::test]
async fn address_keeps_no_session_and_no_result() {
    let Some(browser) = Browser::start().await.unwrap() else {
        return;
    };
    let served = ScriptedPage::start(manifest()).await.unwrap();
    let page = Page(&browser);
    served
        .play(&states::load("confirm").unwrap(), page)
        .await
        .unwrap();
    let address = page.run("return location.href", vec![]).await.unwrap();
    let address = address.as_str().unwrap();
    assert!(
        address.ends_with("/") && !address.contains('?'),
        "{address}"
    );
    browser.close().await.unwrap();
}

#[tokio::test]
async fn older_entries_take_focus_where_they_begin() {
    let Some(browser) = Browser::start().await.unwrap() else {
        return;
    };
    let served = ScriptedPage::start(manifest()).await.unwrap();
    let page = Page(&browser);
    page.look(Look::Light).await.unwrap();
    let mut state = states::load("activity-many").unwrap();
    state.address = "#/activity".to_owned();
    state.steps = vec!["click #older".to_owned()];
    served.play(&state, page).await.unwrap();
    let read = "const all = [...document.querySelectorAll('li.entry')];
        return all.length + ' ' + all.findIndex((entry) => entry.contains(document.activeElement));";
    let mut found = page.run(read, vec![]).await.unwrap();
    for _ in 0..50 {
        if found != "50 -1" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        found = page.run(read, vec![]).await.unwrap();
    }
    assert_eq!(found, "100 50");
    browser.close().await.unwrap();
}

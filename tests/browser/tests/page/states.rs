//! Each state of the page: it shows what it should, breaks no rule of WCAG that a program can find, and reports no error.

use crate::manifest;
use browser::browser::Browser;
use browser::look::Look;
use browser::page::Page;
use browser::run_size;
use browser::screenshots::ScriptedPage;
use browser::states;

/// Returns the looks in which a state is shown: both in a full run, else one of them.
fn looks(number: usize) -> Vec<Look> {
    match (run_size::is_full(), number % 2) {
        (true, _) => vec![Look::Light, Look::Phone],
        (false, 0) => vec![Look::Light],
        (false, _) => vec![Look::Phone],
    }
}

#[tokio::test]
async fn every_state_shows_its_sentence_without_complaints() {
    let Some(browser) = Browser::start().await.unwrap() else {
        return;
    };
    let served = ScriptedPage::start(manifest()).await.unwrap();
    let page = Page(&browser);
    let mut wrong = Vec::new();
    for (number, state) in states::all().unwrap().iter().enumerate() {
        for look in looks(number) {
            page.look(look).await.unwrap();
            let name = format!("{} {}", state.name, look.name());
            if let Err(problem) = served.play(state, page).await {
                wrong.push(format!("{name}: {problem:#}"));
            }
            let complaints = page.complaints().await.unwrap();
            let violations = page.violations().await.unwrap();
            let found = complaints.into_iter().chain(violations);
            wrong.extend(found.map(|found| format!("{name}: {found}")));
            if let Err(problem) = page.picture(look).await {
                wrong.push(format!("{name}: {problem:#}"));
            }
            page.close_other_tabs().await.unwrap();
        }
    }
    browser.close().await.unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn error_of_script_is_a_complaint() {
    let Some(browser) = Browser::start().await.unwrap() else {
        return;
    };
    let page = Page(&browser);
    page.open("data:text/html,<title>Broken</title>")
        .await
        .unwrap();
    let broken = "setTimeout(() => { throw new Error('broken'); });
        return new Promise((done) => setTimeout(done));";
    page.run(broken, vec![]).await.unwrap();
    let complaints = page.complaints().await.unwrap();
    let again = page.complaints().await.unwrap();
    browser.close().await.unwrap();
    assert_eq!(complaints.len(), 1, "{complaints:?}");
    assert!(complaints[0].contains("Error: broken"), "{complaints:?}");
    assert!(again.is_empty(), "{again:?}");
}

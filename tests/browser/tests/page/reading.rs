//! The requests of the page: how much it loads before a person reads something, and that it asks nothing while nobody looks.

use crate::manifest;
use crate::stage::{COMPANY, Stage};
use browser::browser::Browser;
use browser::page::Page;
use browser::screenshots::ScriptedPage;
use browser::states;
use serde_json::{Value, json};
use simulator::Company;

/// Keeps the page's long timers for the test, and counts its requests.
const TIMERS: &str = "
    const [later, cancel, ask] = [setTimeout, clearTimeout, fetch];
    window.waiting = new Map();
    window.asked = 0;
    let last = 0;
    window.setTimeout = (act, after, ...rest) => {
        if (after < 2000) return later(act, after, ...rest);
        last -= 1;
        waiting.set(last, act);
        return last;
    };
    window.clearTimeout = (id) => (id < 0 ? waiting.delete(id) : cancel(id));
    window.fetch = (...request) => { asked += 1; return ask(...request); };";

/// Lets the page be hidden or shown, and then lets all its timers end.
const LOOK: &str = "
    const [isHidden] = arguments;
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event('visibilitychange'));
    for (const [id, act] of [...waiting]) { waiting.delete(id); act(); }
    return asked;";

#[tokio::test]
async fn hidden_page_asks_nothing() {
    let Some(browser) = Browser::start().await.unwrap() else {
        return;
    };
    let served = ScriptedPage::start(manifest()).await.unwrap();
    let page = Page(&browser);
    let timers = json!({ "source": TIMERS });
    page.tell("Page.addScriptToEvaluateOnNewDocument", timers)
        .await
        .unwrap();
    let state = states::load("connected").unwrap();
    served.play(&state, page).await.unwrap();
    let look = async |is_hidden: bool| {
        let asked = page.run(LOOK, vec![is_hidden.into()]).await.unwrap();
        asked.as_u64().unwrap()
    };
    let first = look(true).await;
    assert_eq!([look(true).await, look(true).await], [first, first]);
    let again = look(false).await;
    assert!(again > first, "{again} requests after {first}");
    browser.close().await.unwrap();
}

/// Holds answers of `status` back while `holds` is set.
const HOLD: &str = "
    const ask = fetch;
    window.answers = 0;
    window.fetch = async (path, request) => {
        const answer = await ask(path, request);
        if (!path.endsWith('/status')) return answer;
        if (window.holds) await new Promise((go) => { window.letGo = go; window.told?.(); });
        window.answers += 1;
        return answer;
    };";

/// Asks for the status, and waits until its answer is held back.
const ASK: &str = "
    const done = arguments[0];
    window.holds = true;
    window.told = () => { window.holds = false; done(); };
    dispatchEvent(new Event('online'));";

/// Lets the answer go, and returns what the card says until the next answer is shown.
const LET_GO: &str = "
    const done = arguments[0];
    const card = document.getElementById('connection');
    const said = new Set();
    const note = () => said.add(/\\bConnected\\b/.test(card.innerText) ? 'connected' : 'disconnected');
    new MutationObserver(note).observe(card, { subtree: true, childList: true });
    const before = answers;
    const look = () => {
        note();
        if (answers < before + 2) requestAnimationFrame(look);
        else requestAnimationFrame(() => requestAnimationFrame(() => done([...said])));
    };
    letGo();
    look();";

/// An answer of `status` is on its way while a person disconnects.
#[tokio::test]
async fn older_status_overwrites_no_newer_one() {
    let Some(browser) = Browser::start().await.unwrap() else {
        return;
    };
    let served = ScriptedPage::start(manifest()).await.unwrap();
    let page = Page(&browser);
    page.tell(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": HOLD }),
    )
    .await
    .unwrap();
    let mut state = states::load("disconnected-after").unwrap();
    let status = state.answers["GET status"].as_array_mut().unwrap();
    status.insert(1, status[0].clone());
    let acts = std::mem::take(&mut state.steps);
    let shows = std::mem::replace(&mut state.shows, "Everything is posted.".into());
    served.play(&state, page).await.unwrap();
    page.run_to_end(ASK).await.unwrap();
    for act in acts {
        let selector = act.strip_prefix("click ").unwrap();
        page.click(selector).await.unwrap();
    }
    page.shows(&shows).await.unwrap();
    let said = page.run_to_end(LET_GO).await.unwrap();
    assert_eq!(said, json!(["disconnected"]));
    browser.close().await.unwrap();
}

/// Waits for the largest paint, and returns the page's files with it.
const FIRST_VIEW: &str = "
    const done = arguments[0];
    const sized = ({ name, startTime, encodedBodySize }) => ({ name, startTime, bytes: encodedBodySize });
    new PerformanceObserver((list, observer) => {
        observer.disconnect();
        const files = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
        const read = performance.getEntriesByName('first-contentful-paint')[0].startTime;
        const before = files.filter((file) => file.startTime < read && !file.name.includes('/v1/') && !file.name.endsWith('.svg'));
        done({ read, largest: list.getEntries().at(-1).startTime, before: before.map(sized) });
    }).observe({ type: 'largest-contentful-paint', buffered: true });";

/// Prints the figures, which `cargo test -p browser first_view -- --nocapture` shows.
#[tokio::test(flavor = "multi_thread")]
async fn first_view_loads_little() {
    let Some(stage) = Stage::connected(Company::new(COMPANY), |_| {}).await else {
        return;
    };
    stage.visit("").await;
    stage.shows("Nothing to post yet.").await;
    let measured = stage.page().run_to_end(FIRST_VIEW).await.unwrap();
    let files = measured["before"].as_array().unwrap();
    let bytes: u64 = files.iter().filter_map(|file| file["bytes"].as_u64()).sum();
    let at = |name: &str| measured[name].as_f64().unwrap_or_default();
    println!(
        "first view: {} requests and {bytes} bytes before something is read at {:.0} ms; largest paint at {:.0} ms",
        files.len(),
        at("read"),
        at("largest"),
    );
    let names: Vec<&Value> = files.iter().map(|file| &file["name"]).collect();
    assert!((1..=3).contains(&files.len()), "{names:?}");
    assert!((10_000..=100_000).contains(&bytes), "{bytes} bytes");
    stage.close().await;
}

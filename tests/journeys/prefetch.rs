//! What the page asks for before its code is there: each once, and never instead of the present.

use latido_e2e::{
    browser::Browser,
    in_chromium,
    journey::Journey,
    page::{List, Page},
    proxy::{Proxy, action::RequestAction, request::Request},
    server::Serve,
    wait::{PATIENCE, until},
};
use serde_json::json;

// Only Chromium's tools take the code out of the browser's caches.
in_chromium!(
    session_and_list_are_asked_for_once_while_the_code_is_on_its_way,
    what_happens_before_the_code_is_there_is_not_missed,
);

async fn session_and_list_are_asked_for_once_while_the_code_is_on_its_way(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let before = proxy.arrived().len();
    open_without_code(&page, &proxy).await;
    proxy.forward_all();
    page.wait_for_state("live").await;

    let arrived = proxy.arrived().split_off(before);
    let of = |resource: &str| arrived.iter().filter(|request| request.is_for(resource)).collect::<Vec<_>>();
    assert_eq!(of("/session/refresh").len(), 1, "{arrived:?}");
    let lists = of("/food-logs");
    assert!(lists.iter().all(|list| list.path() == lists[0].path()), "another list was asked for: {lists:?}");
    // The others confirm it.
    let whole = lists.iter().filter(|list| list.header("if-none-match").is_none()).count();
    assert_eq!(whole, 1, "{lists:?}");
}

async fn what_happens_before_the_code_is_there_is_not_missed(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    open_without_code(&page, &proxy).await;
    server.log(&["food", "Entre tanto", "--calories", "90", "--meal", "snack"]);
    proxy.forward_all();
    page.row(List::Food, "Entre tanto", PATIENCE).await;
}

/// Opens the page anew and holds its code back, until all that it asks for early is answered.
async fn open_without_code(page: &Page<'_>, proxy: &Proxy) {
    forget_the_code(page.browser).await;
    proxy.intercept(|request| {
        if request.path().ends_with("_bg.wasm") { RequestAction::Hold } else { RequestAction::Forward }
    });
    let before = proxy.answered().len();
    page.open("/food").await;
    until("session and list to be there before the code", PATIENCE, async || {
        let answered = proxy.answered().split_off(before);
        let is_there = |resource: &str| answered.iter().any(|request: &Request| request.is_for(resource));
        if is_there("/session/refresh") && is_there("/food-logs") {
            Ok(())
        } else {
            Err(format!("{answered:?}"))
        }
    })
    .await;
}

async fn forget_the_code(browser: &Browser) {
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setCacheDisabled", json!({ "cacheDisabled": true })).await;
    browser.devtools("Network.setBypassServiceWorker", json!({ "bypass": true })).await;
}

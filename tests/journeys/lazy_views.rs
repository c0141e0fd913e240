//! Pages and dialogs whose code is loaded when they are shown.

use std::collections::HashSet;

use latido_e2e::{
    DEMO_EMAIL, DEMO_PASSWORD,
    dist::Dist,
    in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    proxy::{Proxy, action::RequestAction, request::Request},
    server::Serve,
    wait::{PATIENCE, until},
};
use serde_json::json;

in_every_engine!(
    every_part_shows,
    every_part_is_there_when_the_network_is_gone,
    a_part_that_does_not_come_says_so_and_is_tried_again,
    a_part_of_another_build_does_not_run,
    stored_write_is_sent_once_its_code_loads,
);

const PAGES: [&str; 6] = ["/", "/profile", "/conversations", "/equipment", "/deliveries", "/connections"];

fn is_part(request: &Request) -> bool {
    request.path().starts_with("/part-")
}

async fn every_part_shows(journey: &Journey) {
    let server = journey.serve(Serve::production()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    page.eat("Tostada", 90).await;
    page.saved().await;
    for path in PAGES {
        page.open(path).await;
        shows(&page, path).await;
    }
}

async fn every_part_is_there_when_the_network_is_gone(journey: &Journey) {
    let server = journey.serve(Serve::production()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    // Parts are named in the script, each once.
    let script =
        "return fetch(document.querySelector('link[rel=modulepreload]').href).then(script => script.text())
        .then(text => text.match(/part-[^\"]+[.]wasm/g).length);";
    let all: usize = journey.browser.js(script, &[]).await;
    until("all parts to be loaded", PATIENCE, async || {
        // The page and its worker may both have asked for one.
        let answered = proxy.answered();
        let parts =
            answered.iter().filter(|request| is_part(request)).map(|request| request.path().to_owned());
        let loaded = parts.collect::<HashSet<_>>().len();
        if loaded == all { Ok(()) } else { Err(format!("{loaded} of {all}")) }
    })
    .await;
    proxy.intercept(|_| RequestAction::Close);
    proxy.cut();
    page.eat("Sin red", 90).await;
    page.row_pending(List::Food, "Sin red", true).await;
    for path in PAGES {
        journey.browser.click(&format!("a[href='{path}']")).await;
        shows(&page, path).await;
    }
}

async fn a_part_that_does_not_come_says_so_and_is_tried_again(journey: &Journey) {
    let server = journey.serve(Serve::production()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/food").await;
    // The door to the house is a part, too.
    page.wait_for(&test_id("sign-in-form")).await;
    proxy.intercept(|request| if is_part(request) { RequestAction::Close } else { RequestAction::Forward });
    page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    page.wait_for_state("live").await;
    journey.browser.click(&test_id("add")).await;
    page.wait_for(&format!("dialog[open] {}", test_id("part-not-loaded"))).await;
    proxy.forward_all();
    journey.browser.click(&test_id("load-again")).await;
    page.wait_for(&test_id("record-form")).await;
}

/// It was deployed over: its file is gone, and the server answers as for any address it does not know.
async fn a_part_of_another_build_does_not_run(journey: &Journey) {
    let dist = Dist::of_production();
    dist.remove_part("overview");
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/").await;
    let said = page.wait_for(&test_id("part-not-loaded")).await;
    assert!(said.contains("Recargar") || said.contains("Reload"), "{said}");
}

async fn stored_write_is_sent_once_its_code_loads(journey: &Journey) {
    let server = journey.serve(Serve::production()).await;
    let api = server.api().await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/food").await;
    page.wait_for(&test_id("sign-in-form")).await;
    proxy.intercept(|request| if is_part(request) { RequestAction::Close } else { RequestAction::Forward });
    let user = api.get("/session").await["user"]["id"].clone();
    let entry = json!({
        "key": "a-key-of-an-earlier-page",
        "number": 1,
        "sent": false,
        "path": "/food-logs",
        "id": "local-1",
        "version": null,
        "body": {
            "name": "De antes",
            "calories": 70,
            "meal": "snack",
            "proteinG": 0,
            "carbsG": 0,
            "fatG": 0,
            "source": "manual",
        },
        "refused": null,
    });
    let store = "const [user, entry] = arguments;
        entry.queued_at = new Date().toISOString();
        return latidoOutbox.put(user, entry.key, JSON.stringify(entry)).then(() => true);";
    assert!(journey.browser.js::<bool>(store, &[user, entry]).await);
    page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    page.wait_for_state("live").await;
    assert!(!journey.browser.js::<bool>("return document.body.innerText.includes('De antes');", &[]).await);

    proxy.forward_all();
    page.row_pending(List::Food, "De antes", false).await;
    let sent = api.foods().await;
    assert_eq!(sent.iter().filter(|food| food["name"] == "De antes").count(), 1);
}

/// A page's heading is part of its part.
async fn shows(page: &Page<'_>, path: &str) {
    page.wait_for(&format!("nav a[href='{path}'][aria-current=page]")).await;
    page.wait_for("#content h1").await;
}

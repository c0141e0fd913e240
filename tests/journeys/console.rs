//! What is written to the browser's console.

use std::time::Duration;

use latido_e2e::{
    console::{self, Entry},
    in_every_engine,
    journey::Journey,
    page::{LANGUAGES, List, PATHS, Page, RECORD_PATHS, test_id},
    server::Serve,
    wait::{PATIENCE, until},
};

in_every_engine!(
    a_tour_of_all_pages_causes_no_error,
    an_error_would_be_heard,
    the_console_says_what_was_promised,
);

async fn a_tour_of_all_pages_causes_no_error(journey: &Journey) {
    let dist = console::listening_dist();
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/").await;
    for language in LANGUAGES {
        page.choose_language(language).await;
        for path in PATHS {
            page.open(path).await;
            page.wait_for_state("live").await;
            if RECORD_PATHS.contains(&path) {
                page.browser.click(&test_id("add")).await;
                page.wait_for("dialog[open]").await;
                page.browser.click("dialog[open] .form-head button").await;
                page.wait_until_gone("dialog[open]").await;
            }
        }
        // Without loading anew, as people walk.
        for path in PATHS {
            page.browser.click(&format!("nav a[href='{path}']")).await;
            page.wait_for_state("live").await;
        }
        page.browser.click(&format!("{} summary", test_id("connection-status"))).await;
        page.browser.click(&format!("{} summary", test_id("connection-status"))).await;
    }
    server.log(&["food", "Patacones", "--calories", "310", "--meal", "lunch"]);
    page.browser.click("nav a[href='/food']").await;
    page.row(List::Food, "Patacones", PATIENCE).await;
    page.sign_out().await;
    page.wait_for(&test_id("sign-in-form")).await;

    let heard = journey.browser.console().await;
    assert!(heard.iter().any(|entry| entry.text.contains("✅ WebSocket connected")), "deaf: {heard:#?}");
    let errors: Vec<_> = heard.iter().filter(|entry| entry.is_error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// Without this, silence would prove nothing.
async fn an_error_would_be_heard(journey: &Journey) {
    let dist = console::listening_dist();
    // A file of the page's own: what the driver runs, runs apart.
    dist.add("trouble.js", TROUBLE);
    dist.add_to_head("<script src=\"/trouble.js\"></script>");
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/").await;
    page.wait_for(&test_id("sign-in-form")).await;
    journey.browser.js::<()>("dispatchEvent(new Event('trouble'));", &[]).await;
    for trace in ["said", "thrown", "rejected", "nothing-here", "img-src"] {
        heard(journey, trace, |entry| entry.is_error).await;
    }
}

const TROUBLE: &str = "
    addEventListener('trouble', () => {
        console.error('said');
        setTimeout(() => { throw new Error('thrown'); });
        Promise.reject(new Error('rejected'));
        fetch('/api/nothing-here');
        new Image().src = 'https://forbidden.invalid/image.png';
    });";

async fn the_console_says_what_was_promised(journey: &Journey) {
    let dist = console::listening_dist();
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    heard(journey, "✅ WebSocket connected", |entry| !entry.is_error).await;
    server.log(&["food", "Mazamorra", "--calories", "210", "--meal", "snack"]);
    heard(journey, "🔄 Refreshed food logs (foodLogCreated)", |entry| !entry.is_error).await;
    let functions: Vec<String> = journey
        .browser
        .js(
            "return ['enableWebSocketLogs', 'enableWebSocketDebug', 'disableWebSocketLogs']
                .map((name) => { window[name](); return typeof window[name]; });",
            &[],
        )
        .await;
    assert_eq!(functions, ["function"; 3]);
    // Health values stay out of it.
    let everything = journey.browser.console().await;
    assert!(!everything.iter().any(|entry| entry.text.contains("Mazamorra")), "{everything:#?}");
}

async fn heard(journey: &Journey, what: &str, as_what: impl Fn(&Entry) -> bool) {
    const SOON: Duration = PATIENCE;
    until(&format!("{what:?} in the console"), SOON, async || {
        let entries = journey.browser.console().await;
        let found = entries.iter().any(|entry| entry.text.contains(what) && as_what(entry));
        if found { Ok(()) } else { Err(format!("{entries:#?}")) }
    })
    .await;
}

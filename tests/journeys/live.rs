//! Changes appear without any action on the page.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page},
    server::Serve,
    wait::{PATIENCE, until},
};
use serde_json::{Value, json};

in_every_engine!(alone: a_log_made_by_the_command_line_appears_within_a_second);

/// The issue's own number.
const AT_MOST: Duration = Duration::from_secs(1);

async fn a_log_made_by_the_command_line_appears_within_a_second(journey: &Journey) {
    let server = journey.serve(Serve::production()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    note_when_seen(&page, "Avena con leche").await;

    server.log(&["food", "Avena con leche", "--calories", "350", "--meal", "breakfast"]);
    let returned = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64() * 1000.0;

    let row = page.row(List::Food, "Avena con leche", PATIENCE).await;
    assert!(row.text.contains("350"), "{row:?}");
    let seen = until("the time of the row", PATIENCE, async || {
        let seen: Option<f64> = page.browser.try_js("return window.seen ?? null;", &[]).await?;
        seen.ok_or("none".to_owned())
    })
    .await;
    let after_ms = seen - returned;
    println!("{}: in the page {after_ms:.0} ms after the command returned", journey.browser.engine.id());
    assert!(after_ms <= AT_MOST.as_secs_f64() * 1000.0, "it took {after_ms} ms");
}

/// The page itself notes the wall-clock time at which a food's row is in its document.
async fn note_when_seen(page: &Page<'_>, food: &str) {
    let script = "
        const look = () => {
            const rows = [...document.querySelectorAll('[data-testid=food-row]')];
            if (window.seen == null && rows.some((row) => row.textContent.includes(arguments[0])))
                window.seen = Date.now();
        };
        window.seen = null;
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
        look();";
    page.browser.js::<Value>(script, &[json!(food)]).await;
}

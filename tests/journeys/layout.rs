//! It holds from 360 px up.

use latido_e2e::{
    in_chromium, in_every_engine,
    journey::Journey,
    page::{LANGUAGES, PATHS, Page},
    server::{Serve, Server},
};
use serde::Deserialize;

in_every_engine!(no_page_scrolls_sideways_at_360_px);
// Only its window can be resized at will.
in_chromium!(no_page_scrolls_sideways_at_any_width);

const NARROWEST: u32 = 360;

#[derive(Deserialize)]
struct Widths {
    content: u32,
    window: u32,
    /// The elements that stick out, for whoever has to mend it.
    culprits: Vec<String>,
}

async fn no_page_scrolls_sideways_at_360_px(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/").await;
    eat_long_names(&server).await;
    journey.browser.narrow(&url, NARROWEST).await;

    let mut wide = Vec::new();
    for language in LANGUAGES {
        page.choose_language(language).await;
        for path in PATHS {
            page.open(path).await;
            page.wait_for_state("live").await;
            wide.extend(sideways(&page).await.map(|why| format!("{path} in {language}: {why}")));
        }
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

/// Between the widths at which the layout changes something may not fit, too.
async fn no_page_scrolls_sideways_at_any_width(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/").await;
    eat_long_names(&server).await;
    journey.browser.narrow(&url, NARROWEST).await;

    let mut wide = Vec::new();
    for path in PATHS {
        page.open(path).await;
        page.wait_for_state("live").await;
        for width in (NARROWEST..=1280).step_by(20) {
            journey.browser.resize(width, 740).await;
            wide.extend(sideways(&page).await.map(|why| format!("{path} at {width} px: {why}")));
        }
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

/// As long as names may be, with and without spaces.
async fn eat_long_names(server: &Server) {
    let api = server.api().await;
    api.eat(&"Sopa de verduras ".repeat(11), 320).await;
    api.eat(&"Supercalifragilístico".repeat(9), 320).await;
}

/// How wide the page is, if it is wider than its window, and because of what.
async fn sideways(page: &Page<'_>) -> Option<String> {
    let Widths { content, window, culprits } = page.browser.js(MEASURE, &[]).await;
    (content > window).then(|| format!("{content} of {window} px, because of {culprits:#?}"))
}

const MEASURE: &str = "
    const root = document.documentElement;
    const out = [...document.body.querySelectorAll('*')]
        .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5)
        .map((element) => `${element.tagName} .${element.getAttribute('class')} ${element.getBoundingClientRect().right}`);
    return { content: root.scrollWidth, window: root.clientWidth, culprits: out.slice(0, 4) };";

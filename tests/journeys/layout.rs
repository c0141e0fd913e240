//! It holds from 360 px up.

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{LANGUAGES, List, PATHS, Page},
    server::Serve,
    wait::PATIENCE,
};
use serde::Deserialize;

in_every_engine!(no_page_scrolls_sideways_at_360_px);

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
    // As long as names may be.
    let api = server.api().await;
    api.eat(&"Sopa de verduras ".repeat(11), 320).await;
    api.eat(&"Supercalifragilístico".repeat(9), 320).await;
    journey.browser.narrow(&url, 360).await;

    let mut wide = Vec::new();
    for language in LANGUAGES {
        page.choose_language(language).await;
        for path in PATHS {
            page.open(path).await;
            page.wait_for_state("live").await;
            if path == "/food" {
                page.row(List::Food, "Supercali", PATIENCE).await;
            }
            let widths: Widths = journey.browser.js(MEASURE, &[]).await;
            if widths.content > widths.window {
                wide.push(format!(
                    "{path} in {language}: {} px, because of {:#?}",
                    widths.content, widths.culprits
                ));
            }
        }
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

const MEASURE: &str = "
    const root = document.documentElement;
    const out = [...document.body.querySelectorAll('*')]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
        .map((element) => `${element.tagName} .${element.getAttribute('class')} ${element.getBoundingClientRect().right}`);
    return { content: root.scrollWidth, window: innerWidth, culprits: out.slice(0, 8) };";

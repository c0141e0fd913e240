//! It holds from 360 px up.

use latido_e2e::{
    DEMO_PASSWORD, in_chromium, in_every_engine,
    journey::Journey,
    page::{LANGUAGES, PATHS, Page, test_id},
    server::{Serve, Server},
    wait::{PATIENCE, until},
};
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

in_every_engine!(no_page_scrolls_sideways_at_360_px);
// Only its window can be resized at will.
in_chromium!(
    no_page_scrolls_sideways_at_any_width,
    a_long_name_widens_no_page,
    a_list_looks_the_same_with_more_than_150_rows,
    today_is_in_the_first_view_of_the_week,
);

const NARROWEST: u32 = 360;

#[derive(Deserialize)]
struct Widths {
    content: u32,
    window: u32,
    /// The elements that stick out, for the failure's message.
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

/// A name without a space, of every kind that people or devices give.
async fn a_long_name_widens_no_page(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let long = "Nombresinespacios".repeat(5);
    let api = server.api().await;
    eat_long_names(&server).await;
    api.connect(&long, "ws://127.0.0.1:9/rpc").await;
    let contact = json!({ "name": long, "channel": "web", "address": "web-long" });
    let conversation = api.post("/conversations", contact, StatusCode::CREATED).await;
    let contact = conversation["conversation"]["contactId"].as_str().unwrap().to_owned();
    let mut profile = api.get("/health-profile").await["healthProfile"].clone();
    profile["displayName"] = json!(long);
    api.put("/health-profile", profile).await;

    let page = Page::new(&journey.browser, &url);
    page.open("/").await;
    page.sign_in("coach@latido.local", DEMO_PASSWORD).await;
    page.wait_for_state("live").await;
    journey.browser.narrow(&url, NARROWEST).await;
    page.wait_for(&test_id("person")).await;
    let choose = "const select = document.querySelector('[data-testid=person]');
        select.selectedIndex = [...select.options].findIndex((option) => option.text === arguments[0]);
        select.dispatchEvent(new Event('change', { bubbles: true }));";
    page.browser.js::<Value>(choose, &[json!(long)]).await;
    page.wait_for(&test_id("viewing")).await;
    let mut wide = Vec::new();
    for path in PATHS.into_iter().map(str::to_owned).chain([format!("/conversations/{contact}")]) {
        page.open(&path).await;
        page.wait_for_state("live").await;
        page.wait_until_gone(".skeleton").await;
        wide.extend(sideways(&page).await.map(|why| format!("a coach's {path}: {why}")));
        wide.extend(bar_outside(&page).await.map(|why| format!("a coach's {path}: {why}")));
    }
    page.open("/").await;
    page.sign_out().await;
    page.open_live("/connections").await;
    page.wait_for(&test_id("link-row")).await;
    wide.extend(sideways(&page).await.map(|why| format!("an admin's connections: {why}")));
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

/// Where the bar of sections is, if some of it is outside the window.
async fn bar_outside(page: &Page<'_>) -> Option<String> {
    let script = "const bar = document.querySelector('.nav').getBoundingClientRect();
        const inside = bar.right <= innerWidth + 1 && bar.bottom <= innerHeight + 1;
        return inside || !bar.width ? null : `the bar ends at ${bar.right}, ${bar.bottom}`;";
    page.browser.js(script, &[]).await
}

async fn a_list_looks_the_same_with_more_than_150_rows(journey: &Journey) {
    const LOOK: &str = "
        const look = (css) => {
            const of = getComputedStyle(document.querySelector(css));
            // A row's own ground is under way when it has just come.
            const ground = css.endsWith('head') ? of.backgroundColor : '';
            return [of.height, of.padding, ground, of.whiteSpace].join(' ');
        };
        return ['.rows .row', '.rows .day-head'].map(look);";
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let api = server.api().await;
    api.eat("Tostada", 200).await;
    for (width, height) in [(390, 844), (1440, 900)] {
        journey.browser.resize(width, height).await;
        page.open("/food").await;
        page.wait_for_state("live").await;
        page.browser.click(".segments button:nth-child(2)").await;
        page.wait_for(".rows[data-windowed=false] .day-head").await;
        let short: Vec<String> = page.browser.js(LOOK, &[]).await;
        page.browser.click(".segments button:nth-child(4)").await;
        if width == 390 {
            for number in 0..151 {
                api.eat(&format!("Galleta {number}"), 20).await;
            }
        }
        page.wait_for(".rows[data-windowed=true] .day-head").await;
        let long: Vec<String> = page.browser.js(LOOK, &[]).await;
        assert_eq!(short, long, "at {width} px");
        let made: Vec<Value> = api.get("/food-logs?limit=200").await["foodLogs"].as_array().unwrap().clone();
        let cookies = made.iter().filter(|food| food["name"].as_str().unwrap().starts_with("Galleta"));
        if width == 390 {
            for cookie in cookies {
                api.delete(cookie["id"].as_str().unwrap()).await;
            }
            until("the cookies are gone", PATIENCE, async || {
                let left = api
                    .foods()
                    .await
                    .iter()
                    .filter(|food| food["name"].as_str().unwrap().starts_with("Galleta"))
                    .count();
                if left == 0 { Ok(()) } else { Err(format!("{left}")) }
            })
            .await;
        }
    }
}

async fn today_is_in_the_first_view_of_the_week(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/").await;
    journey.browser.narrow(&url, NARROWEST).await;
    page.wait_for(".week table").await;
    let script = "const box = document.querySelector('.week-days').getBoundingClientRect();
        const today = document.querySelector('.week thead th:last-child').getBoundingClientRect();
        return [box.left, today.left, today.right, box.right];";
    let places: Vec<f64> = page.browser.js(script, &[]).await;
    assert!(places.is_sorted_by(|one, next| *one <= next + 0.5), "{places:?}");
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

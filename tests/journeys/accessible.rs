//! What axe-core finds on every page, in each theme, language and width, and in the states that a page takes.

use std::fs;

use latido_e2e::{
    dist::Dist,
    environment, in_chromium,
    journey::Journey,
    page::{LANGUAGES, List, PATHS, Page, RECORD_PATHS, THEMES, test_id},
    plug::Plug,
    server::Serve,
    wait::PATIENCE,
};
use serde_json::{Value, json};

// The rules are the same wherever they run, and they run for minutes.
in_chromium!(
    every_page_is_accessible_in_every_dress,
    forms_notes_and_menus_are_accessible,
    an_unreachable_page_is_accessible,
    a_page_that_cannot_be_loaded_is_accessible,
    an_open_conversation_is_accessible,
    connections_of_both_kinds_are_accessible,
);

/// An empty page has nothing to check, so it is waited for.
async fn open(page: &Page<'_>, path: &str) {
    page.open(path).await;
    page.wait_for_state("live").await;
    page.wait_until_gone(".skeleton").await;
}

async fn every_page_is_accessible_in_every_dress(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/").await;
    for (theme, language) in dresses() {
        page.choose_theme(theme).await;
        page.choose_language(language).await;
        for width in [360, 1440] {
            journey.browser.resize(width, 900).await;
            for path in PATHS.into_iter().chain(["/nothing-here"]) {
                open(&page, path).await;
                expect_accessible(&page, &format!("{path} {theme} {language} {width} px")).await;
            }
        }
    }
}

async fn forms_notes_and_menus_are_accessible(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    for theme in THEMES {
        page.open("/").await;
        page.choose_theme(theme).await;
        page.browser.reload().await;
        page.wait_for(&test_id("sign-in-form")).await;
        expect_accessible(&page, &format!("the door, {theme}")).await;
        page.submit_sign_in("nobody@latido.local", "wrong").await;
        page.sign_in_error().await;
        expect_accessible(&page, &format!("the door, refusing, {theme}")).await;
        page.open_live("/").await;
        page.browser.click(&format!("{} summary", test_id("connection-status"))).await;
        expect_accessible(&page, &format!("the connection's panel, {theme}")).await;
        page.browser.click("details.menu summary").await;
        expect_accessible(&page, &format!("the settings, {theme}")).await;
        for path in RECORD_PATHS {
            open(&page, path).await;
            page.browser.click(&test_id("add")).await;
            page.wait_for("dialog[open] [data-testid=record-form]").await;
            page.submit().await;
            expect_accessible(&page, &format!("the form of {path} with its errors, {theme}")).await;
        }
        open(&page, "/food").await;
        // However early it is, there is a row.
        server.api().await.eat("Tostada", 200).await;
        let row = page.row(List::Food, "Tostada", PATIENCE).await;
        page.open_form(List::Food, Some(&row.id)).await;
        expect_accessible(&page, &format!("a record that is edited, {theme}")).await;
        open(&page, "/food").await;
        page.browser.click(".segments button:nth-child(3)").await;
        page.wait_for(".day-head").await;
        page.wait_for(&test_id("chart")).await;
        expect_accessible(&page, &format!("a month, {theme}")).await;
        let row = page.rows(List::Food).await.remove(0);
        page.delete(List::Food, &row.id).await;
        page.wait_for(&test_id("undo")).await;
        expect_accessible(&page, &format!("a deletion that can be undone, {theme}")).await;
        page.browser.fill(&test_id("search"), "nothing at all").await;
        page.wait_for(".empty").await;
        expect_accessible(&page, &format!("nothing found, {theme}")).await;
        page.sign_out().await;
        page.wait_for(&test_id("sign-in-form")).await;
    }
}

async fn an_unreachable_page_is_accessible(journey: &Journey) {
    let mut server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    page.form_is_loaded().await;
    server.kill();
    page.wait_for_state("reconnecting").await;
    page.eat("Pan", 90).await;
    page.row_pending(List::Food, "Pan", true).await;
    expect_accessible(&page, "the network is gone, and something waits").await;
    page.wait_for(".note.warn").await;
    expect_accessible(&page, "what is shown may be old").await;
}

async fn a_page_that_cannot_be_loaded_is_accessible(journey: &Journey) {
    let dist = Dist::copy();
    dist.add_to_head("<script>window.fetch = () => Promise.reject(new TypeError('no network'));</script>");
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    for theme in THEMES {
        page.open("/").await;
        page.choose_theme(theme).await;
        page.browser.reload().await;
        page.wait_for(&test_id("crash")).await;
        expect_accessible(&page, &format!("the panel instead of a page, {theme}")).await;
    }
}

async fn an_open_conversation_is_accessible(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/").await;
    for (theme, width) in THEMES.into_iter().zip([360, 1440]) {
        page.choose_theme(theme).await;
        journey.browser.resize(width, 900).await;
        open(&page, "/conversations").await;
        page.browser.click(&format!("{} a", test_id("conversation-row"))).await;
        page.wait_for(&test_id("message-row")).await;
        page.browser.fill(&test_id("message-field"), "Hola").await;
        expect_accessible(&page, &format!("an open conversation, {theme}")).await;
    }
}

async fn connections_of_both_kinds_are_accessible(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let plug = Plug::start(1).await;
    server.api().await.connect("Cabina", plug.url()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/").await;
    for (theme, width) in THEMES.into_iter().zip([360, 1440]) {
        page.choose_theme(theme).await;
        journey.browser.resize(width, 900).await;
        open(&page, "/connections").await;
        page.wait_for("[data-testid=link-row][data-status=connected]").await;
        page.browser.click(&test_id("remove")).await;
        page.wait_for(&test_id("confirm-remove")).await;
        expect_accessible(&page, &format!("a connection and its log, {theme}")).await;
        page.browser.click(&test_id("add-link")).await;
        page.browser.click("[data-testid=link-form] [type=submit]").await;
        expect_accessible(&page, &format!("the form of a connection with its errors, {theme}")).await;
        open(&page, "/connections").await;
        page.browser.click(".which button:last-child").await;
        // Opened by itself: on a narrow page the sections stand before it.
        page.browser.js::<Value>("document.querySelector('.diagnosis details').open = true;", &[]).await;
        page.wait_for(&test_id("report")).await;
        expect_accessible(&page, &format!("this browser's own connection, {theme}")).await;
    }
}

fn dresses() -> impl Iterator<Item = (&'static str, &'static str)> {
    THEMES.into_iter().flat_map(|theme| LANGUAGES.map(|language| (theme, language)))
}

async fn expect_accessible(page: &Page<'_>, what: &str) {
    let axe = fs::read_to_string(environment::axe()).expect("axe-core can be read");
    // Colours under way are no colours, and most animations are over in a moment.
    let script = format!(
        "await Promise.allSettled(document.getAnimations()
             .filter((animation) => animation.effect.getTiming().iterations < 100)
             .map((animation) => animation.finished));
         if (!window.axe) {{ {axe} }}
         const found = await axe.run(document, {{ resultTypes: ['violations'] }});
         return found.violations.map(({{ id, help, nodes }}) =>
             ({{ id, help, where: nodes.map((node) => `${{node.html}} ${{node.failureSummary}}`) }}));"
    );
    // The driver waits for what an asynchronous function gives back.
    let wrapped = format!("return (async () => {{ {script} }})();");
    let violations: Vec<Value> = page.browser.js(&wrapped, &[]).await;
    assert!(violations.is_empty(), "{what}: {:#}", json!(violations));
}

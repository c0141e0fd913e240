//! The app dies.

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    server::Serve,
    wait::PATIENCE,
};

in_every_engine!(a_page_that_dies_says_what_was_kept, a_page_that_cannot_be_loaded_says_so);

/// What the app is built on fails once, as it never does.
const BREAK: &str = "
    let left = 1;
    for (const [owner, name] of [[Document.prototype, 'createElement'], [Node.prototype, 'cloneNode']]) {
        const real = owner[name];
        owner[name] = function (...given) {
            if (left-- > 0) throw new Error('broken');
            return real.apply(this, given);
        };
    }";

async fn a_page_that_dies_says_what_was_kept(journey: &Journey) {
    let server = journey.serve(Serve::production()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/food").await;
    page.choose_language("es").await;
    page.open_live("/food").await;
    page.open_form(List::Food, None).await;
    page.fill("name", "Changua").await;
    page.browser.js::<()>(BREAK, &[]).await;
    server.api().await.eat("La que rompe", 100).await;

    let said = page.wait_for(&test_id("crash")).await;
    assert!(said.contains("Latido se ha detenido") && said.contains("a salvo"), "{said}");
    let typed: String =
        page.browser.js("return document.querySelector('[data-testid=crash] textarea').value;", &[]).await;
    assert!(typed.contains("Changua"), "{typed}");
    let details: String =
        page.browser.js("return document.querySelector('[data-testid=crash] pre').textContent;", &[]).await;
    assert!(
        details.contains("build ") && details.contains("wasm-function[") && details.contains("/food"),
        "{details}"
    );
    assert!(!details.contains("Changua") && !details.contains("broken"), "{details}");

    page.browser.click(&test_id("crash-reload")).await;
    page.row(List::Food, "La que rompe", PATIENCE).await;
    page.wait_until_gone(&test_id("crash")).await;
}

async fn a_page_that_cannot_be_loaded_says_so(journey: &Journey) {
    let dist = latido_e2e::dist::Dist::copy();
    dist.add_to_head("<script>window.fetch = () => Promise.reject(new TypeError('no network'));</script>");
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/").await;
    page.choose_language("es").await;
    page.browser.reload().await;
    let said = page.wait_for(&test_id("crash")).await;
    assert!(said.contains("No se ha podido cargar"), "{said}");
    page.wait_for(&test_id("crash-reload")).await;
}

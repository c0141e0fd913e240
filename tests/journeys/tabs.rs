//! Two tabs of the same person.

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page},
    server::Serve,
    wait::PATIENCE,
};

in_every_engine!(an_edit_in_one_tab_shows_in_the_other);

async fn an_edit_in_one_tab_shows_in_the_other(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    server.api().await.eat("Ajiaco", 450).await;
    page.row(List::Food, "Ajiaco", PATIENCE).await;
    // A page that was loaded anew would have lost it.
    journey.browser.js::<()>("window.neverReloaded = true;", &[]).await;

    let first = journey.browser.new_tab().await;
    page.open("/food").await;
    page.wait_for_state("live").await;
    let row = page.row(List::Food, "Ajiaco", PATIENCE).await;
    page.open_form(List::Food, Some(&row.id)).await;
    page.fill("name", "Ajiaco santafereño").await;
    page.submit().await;
    page.saved().await;

    journey.browser.switch_to(&first).await;
    let there = page.row(List::Food, "Ajiaco santafereño", PATIENCE).await;
    assert_eq!(there.id, row.id);
    let same_page: bool = journey.browser.js("return window.neverReloaded === true;", &[]).await;
    assert!(same_page);
}

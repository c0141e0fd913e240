//! A start without a network: the last data is shown, marked as old, and can be written to.

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    proxy::{Proxy, action::RequestAction},
    server::Serve,
    wait::PATIENCE,
};

in_every_engine!(
    a_start_without_a_network_shows_what_was_there_and_takes_writes,
    a_server_that_is_down_is_no_better_than_no_network,
    whoever_signs_out_leaves_nothing_behind,
    what_was_kept_goes_when_the_session_is_over,
);

async fn a_start_without_a_network_shows_what_was_there_and_takes_writes(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    with_ajiaco(&page, &server.api().await).await;

    proxy.intercept(|_| RequestAction::Close);
    proxy.cut();
    page.open("/food").await;
    page.row(List::Food, "Ajiaco", PATIENCE).await;
    page.wait_for(&test_id("stale")).await;
    page.wait_for_text("Sin conexión: datos de hace").await;
    page.eat("Sin red", 50).await;
    page.row_pending(List::Food, "Sin red", true).await;

    // Again, and on the page that shows everything at a glance.
    page.open("/").await;
    page.wait_for(&test_id("overview")).await;
    page.open("/food").await;
    page.row(List::Food, "Ajiaco", PATIENCE).await;
    page.row_pending(List::Food, "Sin red", true).await;

    let api = server.api().await;
    api.eat("De otro sitio", 60).await;
    proxy.forward_all();
    journey.browser.js::<()>("dispatchEvent(new Event('online'));", &[]).await;
    page.row_pending(List::Food, "Sin red", false).await;
    page.row(List::Food, "De otro sitio", PATIENCE).await;
    page.row(List::Food, "Ajiaco", PATIENCE).await;
    page.wait_until_gone(&test_id("stale")).await;
    page.wait_for_state("live").await;
    let there = api.foods().await;
    assert_eq!(there.iter().filter(|food| food["name"] == "Sin red").count(), 1);
}

async fn a_server_that_is_down_is_no_better_than_no_network(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    with_ajiaco(&page, &server.api().await).await;

    proxy.intercept(|_| RequestAction::Unavailable);
    proxy.cut();
    page.open("/food").await;
    page.row(List::Food, "Ajiaco", PATIENCE).await;
    page.wait_for(&test_id("stale")).await;

    // Nor is one that never answers.
    proxy.intercept(|_| RequestAction::Hold);
    page.open("/food").await;
    page.row(List::Food, "Ajiaco", PATIENCE).await;
    page.wait_for(&test_id("stale")).await;
    proxy.forward_all();
    page.wait_for_state("live").await;
    page.wait_until_gone(&test_id("stale")).await;
}

async fn whoever_signs_out_leaves_nothing_behind(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    with_ajiaco(&page, &server.api().await).await;

    page.sign_out().await;
    page.wait_for(&test_id("sign-in-form")).await;
    page.kept_answers_hold("\"id\"", false).await;
    proxy.intercept(|_| RequestAction::Close);
    page.open("/food").await;
    page.wait_for(&test_id("sign-in-form")).await;
    assert!(!page.text().await.contains("Ajiaco"));
}

async fn what_was_kept_goes_when_the_session_is_over(journey: &Journey) {
    let mut server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    with_ajiaco(&page, &server.api().await).await;

    proxy.intercept(|_| RequestAction::Close);
    proxy.cut();
    page.open("/food").await;
    page.row(List::Food, "Ajiaco", PATIENCE).await;

    server.kill();
    server.lose_everything();
    server.restart().await;
    proxy.forward_all();
    journey.browser.js::<()>("dispatchEvent(new Event('online'));", &[]).await;
    page.sign_in_error().await;
    assert!(!page.text().await.contains("Ajiaco"));
    page.kept_answers_hold("\"id\"", false).await;
}

/// The food page, live, with something on it, and all of it kept.
async fn with_ajiaco(page: &Page<'_>, api: &latido_e2e::api::Api) {
    page.open("/food").await;
    page.choose_language("es").await;
    page.open_live("/food").await;
    api.eat("Ajiaco", 450).await;
    page.row(List::Food, "Ajiaco", PATIENCE).await;
    page.shell_is_kept().await;
    page.kept_answers_hold("Ajiaco", true).await;
}

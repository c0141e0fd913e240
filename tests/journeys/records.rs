//! Looking back, looking for something, and taking a deletion back.

use std::time::Duration;

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    server::Serve,
    wait::{PATIENCE, until},
};

in_every_engine!(a_deleted_record_is_had_back, a_search_finds_and_a_week_has_heads, a_long_list_is_windowed,);

async fn a_deleted_record_is_had_back(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    server.log(&["food", "Changua", "--calories", "210", "--meal", "breakfast"]);
    page.open_live("/food").await;
    let row = page.row(List::Food, "Changua", PATIENCE).await;
    page.delete(List::Food, &row.id).await;
    page.wait_until_gone(&format!("[data-id='{}']", row.id)).await;
    page.browser.click(&test_id("undo")).await;
    let back = page.row(List::Food, "Changua", PATIENCE).await;
    until("the server's own id", PATIENCE, async || {
        let now = page.row(List::Food, "Changua", PATIENCE).await;
        if now.id.starts_with("local-") { Err(now.id) } else { Ok(()) }
    })
    .await;
    assert_ne!(back.id, row.id, "what is had back is a record of its own");
    page.browser.reload().await;
    page.row(List::Food, "Changua", PATIENCE).await;
}

async fn a_search_finds_and_a_week_has_heads(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    server.log(&["food", "Café tinto", "--calories", "5", "--meal", "snack"]);
    server.log(&["food", "Sancocho", "--calories", "640", "--meal", "lunch"]);
    page.open_live("/food").await;
    page.row(List::Food, "Café tinto", PATIENCE).await;
    page.browser.fill(&test_id("search"), "cafe").await;
    page.wait_for_no_row(List::Food, "Sancocho").await;
    page.row(List::Food, "Café tinto", PATIENCE).await;
    page.browser.fill(&test_id("search"), "nada de esto").await;
    page.wait_for(".empty button").await;
    page.browser.click(".empty button").await;
    page.row(List::Food, "Sancocho", PATIENCE).await;
    page.browser.click(".segments button:nth-child(2)").await;
    page.wait_for(".day-head").await;
    page.row(List::Food, "Sancocho", PATIENCE).await;
}

async fn a_long_list_is_windowed(journey: &Journey) {
    const RECORDS: usize = 420;
    let server = journey.serve(Serve::default()).await;
    let api = server.api().await;
    for number in 0..RECORDS {
        api.eat(&format!("Plato {number}"), 100).await;
    }
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    page.wait_for("[data-windowed=true]").await;
    let elements: usize =
        page.browser.js("return document.querySelectorAll('[data-testid=food-row]').length;", &[]).await;
    assert!((10..120).contains(&elements), "{elements} of {RECORDS} rows have elements");
    until("the oldest row, at the end of the page", Duration::from_secs(20), async || {
        page.browser.try_js::<()>("scrollTo(0, document.documentElement.scrollHeight);", &[]).await?;
        let text = page.text().await;
        if text.contains("Plato 0\n") { Ok(()) } else { Err(text) }
    })
    .await;
}

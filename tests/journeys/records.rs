//! Looking back, looking for something, and taking a deletion back.

use std::time::Duration;

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    server::Serve,
    wait::{PATIENCE, until},
};

in_every_engine!(
    a_record_is_edited_where_it_stands,
    what_is_typed_outlives_its_row,
    a_deleted_record_is_had_back,
    a_search_finds_and_a_week_has_heads,
    a_new_point_arrives_in_the_chart,
    a_long_list_is_windowed,
);

async fn a_record_is_edited_where_it_stands(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    server.log(&["food", "Changua", "--calories", "210", "--meal", "breakfast"]);
    page.open_live("/food").await;
    let row = page.row(List::Food, "Changua", PATIENCE).await;
    page.open_form(List::Food, Some(&row.id)).await;
    let focused =
        "return document.activeElement.closest('.row')?.dataset.id + ' ' + document.activeElement.name;";
    until("the first field to have the focus", PATIENCE, async || {
        let focused: String = page.browser.try_js(focused, &[]).await?;
        if focused == format!("{} name", row.id) { Ok(()) } else { Err(focused) }
    })
    .await;
    page.fill("name", "Changua con pan").await;
    page.submit().await;
    page.saved().await;
    page.row(List::Food, "Changua con pan", PATIENCE).await;
    until("the focus to be back at the button", PATIENCE, async || {
        let script = "return document.activeElement.dataset.testid ?? document.activeElement.tagName;";
        let focused: String = page.browser.try_js(script, &[]).await?;
        if focused == "edit" { Ok(()) } else { Err(focused) }
    })
    .await;
}

/// Another client deletes the record while it is edited: the form moves to a dialog.
async fn what_is_typed_outlives_its_row(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let api = server.api().await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    api.eat("Changua", 210).await;
    let row = page.row(List::Food, "Changua", PATIENCE).await;
    page.open_form(List::Food, Some(&row.id)).await;
    page.fill("name", "Changua de la abuela").await;
    api.delete(&row.id).await;
    page.wait_for("dialog[open] [data-testid=record-form]").await;
    let typed: String =
        page.browser.js("return document.querySelector('dialog [name=name]').value;", &[]).await;
    assert_eq!(typed, "Changua de la abuela");
}

async fn a_new_point_arrives_in_the_chart(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/metrics").await;
    page.wait_for(&test_id("chart")).await;
    page.browser.js::<()>("[...document.querySelectorAll('.trends .chip')][0].click();", &[]).await;
    server.log(&["metric", "weight", "61.7"]);
    until("the weight in the chart's key", PATIENCE, async || {
        let key = page.wait_for(&test_id("chart-key")).await;
        if key.contains("61.7") || key.contains("61,7") { Ok(()) } else { Err(key) }
    })
    .await;
}

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

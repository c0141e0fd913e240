//! Making, changing and deleting records by hand.

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    server::Serve,
    wait::{PATIENCE, until},
};

in_every_engine!(
    a_food_is_made_changed_and_deleted,
    an_exercise_and_a_metric_are_made,
    what_the_server_refuses_is_shown_at_its_field,
);

async fn a_food_is_made_changed_and_deleted(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;

    // Invalid input shows an error at its field, and nothing is saved.
    page.open_form(List::Food, None).await;
    page.fill("name", "Lentejas").await;
    page.fill("calories", "10001").await;
    page.submit().await;
    page.error_at("calories").await;
    assert!(!is_stored(&server.api().await.foods().await, "Lentejas"));

    page.fill("calories", "410").await;
    page.submit().await;
    page.saved().await;
    let row = page.row(List::Food, "Lentejas", PATIENCE).await;
    assert!(row.text.contains("410"), "{row:?}");

    page.open_form(List::Food, Some(&row.id)).await;
    page.fill("name", "Lentejas con arroz").await;
    page.submit().await;
    page.saved().await;
    let changed = page.row(List::Food, "Lentejas con arroz", PATIENCE).await;
    assert_eq!(changed.id, row.id);
    let foods = server.api().await.foods().await;
    let stored = foods.iter().find(|food| food["id"] == row.id.as_str()).expect("it is stored");
    assert_eq!((&stored["name"], &stored["source"]), (&"Lentejas con arroz".into(), &"manual".into()));

    page.delete(List::Food, &row.id).await;
    page.wait_for_no_row(List::Food, "Lentejas con arroz").await;
    let api = server.api().await;
    until("the deletion to arrive", PATIENCE, async || {
        if is_stored(&api.foods().await, "Lentejas con arroz") {
            Err("it is stored".to_owned())
        } else {
            Ok(())
        }
    })
    .await;
}

fn is_stored(foods: &[serde_json::Value], name: &str) -> bool {
    foods.iter().any(|food| food["name"] == name)
}

async fn an_exercise_and_a_metric_are_made(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);

    page.open_live("/exercise").await;
    page.open_form(List::Exercise, None).await;
    page.fill("activity", "Remo").await;
    page.fill("durationMin", "37,5").await;
    page.submit().await;
    page.saved().await;
    page.row(List::Exercise, "Remo", PATIENCE).await;

    page.browser.click("nav a[href='/metrics']").await;
    page.wait_for(&test_id("add")).await;
    page.open_form(List::Metric, None).await;
    page.fill("value", "77.7").await;
    page.submit().await;
    page.saved().await;
    until("the new metric", PATIENCE, async || {
        let rows = page.rows(List::Metric).await;
        // The language decides between point and comma.
        let found = rows.iter().any(|row| row.text.contains("77.7") || row.text.contains("77,7"));
        if found { Ok(()) } else { Err(format!("{rows:?}")) }
    })
    .await;
}

/// The page and the server judge by the same rules, so the page would stop what the server refuses. A page
/// from before a rule became stricter would not: here the page's request is made worse on its way.
async fn what_the_server_refuses_is_shown_at_its_field(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let worse = "
        const original = window.fetch;
        window.fetch = async (...asked) => {
            const request = new Request(...asked);
            if (request.method !== 'POST' || !request.url.endsWith('/food-logs')) return original(request);
            const body = JSON.stringify({ ...await request.clone().json(), calories: 20000 });
            window.fetch = original;
            return original(new Request(request, { body }));
        };";
    page.browser.js::<()>(worse, &[]).await;

    page.open_form(List::Food, None).await;
    page.fill("name", "Sancocho").await;
    page.fill("calories", "500").await;
    page.submit().await;
    let said = page.refused_write().await;
    assert!(said.contains("Sancocho"), "{said}");
    page.wait_for_no_row(List::Food, "Sancocho").await;

    // Nothing that was typed is lost, the reason stands at its field, and the next try goes through.
    page.browser.click(&test_id("write-again")).await;
    page.error_at("calories").await;
    page.submit().await;
    page.saved().await;
    page.row(List::Food, "Sancocho", PATIENCE).await;
    page.wait_until_gone(&test_id("refused-write")).await;
}

//! Deliveries and their progress show without any action on the page.

use latido_e2e::{
    DEMO_PASSWORD,
    api::Api,
    in_every_engine,
    journey::Journey,
    page::{Page, test_id},
    server::Serve,
    wait::{PATIENCE, until},
};
use reqwest::StatusCode;
use serde_json::json;

in_every_engine!(a_message_is_sent_and_an_old_delivery_deleted);

async fn a_message_is_sent_and_an_old_delivery_deleted(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let api = server.api().await;
    let before = api.get("/events/summary").await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/deliveries").await;
    wait_for_sum(&page, "total", before["total_events"].as_u64().unwrap()).await;
    page.wait_for("[data-testid=delivery][data-status=delivered]").await;

    // A contact without a receiver: it stays pending.
    let contact = json!({ "name": "Andrés", "channel": "whatsapp", "address": "+34699000111" });
    let contact = api.post("/conversations", contact, StatusCode::CREATED).await;
    let contact = contact["conversation"]["contactId"].as_str().unwrap().to_owned();
    let message = json!({ "text": "Hola" });
    // Of what she writes herself nothing goes out; what her coach writes does.
    let coach = Api::sign_in_as(&url, "coach@latido.local", DEMO_PASSWORD).await;
    coach.post(&format!("/conversations/{contact}/messages"), message, StatusCode::CREATED).await;
    page.wait_for("[data-testid=delivery]:first-child[data-status=pending]").await;
    wait_for_sum(&page, "pending", before["pending_events"].as_u64().unwrap() + 1).await;
    wait_for_sum(&page, "total", before["total_events"].as_u64().unwrap() + 1).await;

    journey.browser.click("[data-filter=failed]").await;
    page.wait_for("[data-testid=delivery][data-status=failed]").await;
    page.wait_until_gone("[data-testid=delivery]:not([data-status=failed])").await;
    let failed = api.get("/events?status=failed").await;
    let id = failed["events"][0]["id"].as_str().unwrap().to_owned();
    page.wait_for(&format!("[data-testid=delivery][data-id='{id}']")).await;
    api.remove(&format!("/events/{id}")).await;
    page.wait_until_gone(&format!("[data-testid=delivery][data-id='{id}']")).await;
    wait_for_sum(&page, "failed", before["failed_events"].as_u64().unwrap() - 1).await;
}

async fn wait_for_sum(page: &Page<'_>, sum: &str, count: u64) {
    until(&format!("{sum} to be {count}"), PATIENCE, async || {
        let said = page.wait_for(&test_id(&format!("sum-{sum}"))).await;
        if said == count.to_string() { Ok(()) } else { Err(said) }
    })
    .await;
}

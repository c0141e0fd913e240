//! A day with a telephone: breakfast, the coach's advice, a tunnel, lunch, and out again.

use latido_e2e::{
    DEMO_PASSWORD,
    api::Api,
    in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    proxy::{Proxy, action::RequestAction},
    server::Serve,
    wait::PATIENCE,
};
use reqwest::StatusCode;
use serde_json::json;

in_every_engine!(a_day_with_a_tunnel_in_it_is_all_there_in_the_evening);

const TELEPHONE: u32 = 390;

async fn a_day_with_a_tunnel_in_it_is_all_there_in_the_evening(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    journey.browser.goto(&url).await;
    journey.browser.narrow(&url, TELEPHONE).await;
    page.choose_language("es").await;
    page.open_live("/").await;

    // Breakfast, from the overview by the bar below.
    page.browser.click(".nav a[href='/food']").await;
    page.eat("Arepa con queso", 380).await;
    page.row_pending(List::Food, "Arepa con queso", false).await;

    // The coach has seen it, and writes so in the open conversation.
    page.browser.click(".nav .more").await;
    page.browser.click(".nav a[href='/conversations']").await;
    page.browser.click(&format!("{} a", test_id("conversation-row"))).await;
    page.wait_for(&test_id("message-row")).await;
    let id = page.browser.js::<String>("return location.pathname.split('/').pop();", &[]).await;
    let coach = Api::sign_in_as(&server.url(), "coach@latido.local", DEMO_PASSWORD).await;
    let words = json!({ "text": "Buen desayuno. Al mediodía, verdura." });
    coach.post(&format!("/conversations/{id}/messages"), words, StatusCode::CREATED).await;
    page.wait_for_text("Buen desayuno. Al mediodía, verdura.").await;

    // The tunnel: what was there can be read, and is marked; lunch is logged all the same.
    page.browser.click(&test_id("back")).await;
    page.browser.click(".nav a[href='/food']").await;
    page.row(List::Food, "Arepa con queso", PATIENCE).await;
    // Every tunnel lasts longer than a second.
    page.shell_is_kept().await;
    page.kept_answers_hold("Arepa con queso", true).await;
    proxy.intercept(|_| RequestAction::Close);
    proxy.cut();
    journey.browser.js::<()>("dispatchEvent(new Event('offline'));", &[]).await;
    page.eat("Ensalada de quinua", 430).await;
    page.row_pending(List::Food, "Ensalada de quinua", true).await;
    page.row(List::Food, "Arepa con queso", PATIENCE).await;
    page.wait_for_waiting(1).await;
    // The browser throws the page away while its owner looks at something else.
    page.open("/food").await;
    page.row_pending(List::Food, "Ensalada de quinua", true).await;
    page.row(List::Food, "Arepa con queso", PATIENCE).await;
    page.wait_for(&test_id("stale")).await;
    // Meanwhile Wallavi logs a meal sent by WhatsApp.
    server.api().await.eat("Jugo de lulo", 110).await;

    // Out again: everything is there, once.
    proxy.forward_all();
    journey.browser.js::<()>("dispatchEvent(new Event('online'));", &[]).await;
    page.row_pending(List::Food, "Ensalada de quinua", false).await;
    page.row(List::Food, "Jugo de lulo", PATIENCE).await;
    page.row(List::Food, "Arepa con queso", PATIENCE).await;
    page.wait_until_gone(&test_id("stale")).await;
    page.wait_until_gone(&test_id("outbox-status")).await;
    page.wait_for_state("live").await;
    let there = server.api().await.foods().await;
    for name in ["Arepa con queso", "Ensalada de quinua", "Jugo de lulo"] {
        assert_eq!(there.iter().filter(|food| food["name"] == name).count(), 1, "{name}");
    }
    page.browser.click(".nav a[href='/']").await;
    page.wait_for_text("Ensalada de quinua").await;
}

//! What the database keeps for a time only — events, answers under keys, sessions — does not let it grow
//! for ever.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use axum::http::Method;
use serde_json::json;
use support::{Server, food};

const DAY_MS: i64 = 24 * 3_600_000;
const EMAIL: &str = "lucia@example.org";

/// How many pages of the database hold something.
fn used_pages(server: &Server) -> i64 {
    let file = server.data.path().join("data/latido.db");
    let connection = rusqlite::Connection::open(file).unwrap();
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
    pragma("page_count") - pragma("freelist_count")
}

/// Leaves the records as they were, after a lot of changes.
async fn a_busy_day(server: &Server, day: usize, id: &str) {
    server.clock.advance_ms(DAY_MS);
    let lucia = server.sign_in(EMAIL).await;
    for change in 0..120 {
        let patch = json!({"notes": format!("{change:01000}")});
        assert_eq!(lucia.patch(&format!("/food-logs/{id}"), patch).await.status, 200);
    }
    for number in 0..20 {
        let key = format!("{day}-{number}");
        let mut body = food("Avena");
        body["notes"] = json!("x".repeat(1000));
        let made = lucia
            .send(Method::POST, "/food-logs", &[("idempotency-key", &key)], Some(body.to_string()))
            .await;
        let id = made.body["foodLog"]["id"].as_str().unwrap();
        assert_eq!(lucia.delete(&format!("/food-logs/{id}")).await.status, 204);
    }
}

#[tokio::test]
async fn a_month_of_changes_takes_no_more_than_a_fortnight_of_them() {
    let server = Server::start().await;
    let lucia = server.person(EMAIL).await;
    let id = lucia.log_food("Cocido").await;
    for day in 0..14 {
        a_busy_day(&server, day, &id).await;
    }
    let fortnight = used_pages(&server);
    for day in 14..28 {
        a_busy_day(&server, day, &id).await;
    }
    let month = used_pages(&server);
    println!("{fortnight} pages after a fortnight, {month} after a month");
    assert!(month <= fortnight + fortnight / 10, "from {fortnight} pages to {month}");
    // The control: it is all this that is kept, and no less than was promised.
    assert!(fortnight > 300, "{fortnight}");
    assert_eq!(server.sign_in(EMAIL).await.food_names().await, ["Cocido"]);
}

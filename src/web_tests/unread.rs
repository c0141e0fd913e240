use latido_protocol::event::Family;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    fake_server::problem,
    settle,
    test_app::{TestApp, en},
    until,
};
use crate::{
    features::conversations::unread::{UnreadCount, capped},
    shell::sections::Sections,
};

const LIST: &str = "GET /conversations";
const TOTAL: &str = "[data-testid=unread-total]";

fn conversations(unread: &[u32]) -> String {
    let conversation = |(number, unread): (usize, &u32)| {
        serde_json::json!({
            "contactId": format!("c{number}"), "name": "Ana", "channel": "web", "unread": unread,
            "updatedAt": "2026-11-21T08:00:00.000Z",
        })
    };
    let conversations: Vec<_> = unread.iter().enumerate().map(conversation).collect();
    serde_json::json!({ "conversations": conversations, "nextCursor": null }).to_string()
}

async fn count(answer: &str) -> TestApp {
    let mut app = TestApp::for_a("user").await;
    app.server.says(LIST, 200, answer);
    app.show(|| view! { <UnreadCount/> }.into_any()).await;
    settle(30).await;
    app
}

/// What is seen, and what is heard.
fn expect_count(app: &TestApp, seen: &str, count: u32) {
    assert_eq!(app.texts(&format!("{TOTAL} [aria-hidden]")), [seen]);
    assert_eq!(app.texts(&format!("{TOTAL} .sr-only")), [(en().strings.unread)(count)]);
}

#[wasm_bindgen_test]
async fn sums_unread_of_all_conversations() {
    let app = count(&conversations(&[2, 0, 3])).await;
    expect_count(&app, "5", 5);
}

#[wasm_bindgen_test]
async fn where_everything_is_read_there_is_no_number() {
    for nothing in [conversations(&[0, 0]), conversations(&[])] {
        assert_eq!(count(&nothing).await.count(TOTAL), 0);
    }
}

#[wasm_bindgen_test]
async fn large_count_is_capped_but_read_whole() {
    assert_eq!(capped(99), "99");
    let app = count(&conversations(&[60, 60])).await;
    expect_count(&app, "99+", 120);
}

#[wasm_bindgen_test]
async fn unread_count_follows_events() {
    let app = count(&conversations(&[1])).await;
    expect_count(&app, "1", 1);
    for (unread, shown) in [(4, 1), (0, 0), (2, 1)] {
        app.server.says(LIST, 200, &conversations(&[unread]));
        let before = app.server.asked(LIST).len();
        // An event of a message does this.
        app.queries.refetch_family(Family::Message);
        until(|| app.server.asked(LIST).len() > before).await;
        settle(20).await;
        assert_eq!(app.count(TOTAL), shown, "{unread} unread");
    }
    expect_count(&app, "2", 2);
}

#[wasm_bindgen_test]
async fn shows_no_count_without_response() {
    let mut app = TestApp::for_a("user").await;
    app.server.refuses(LIST, &problem(403, "not yours"));
    app.show(|| view! { <UnreadCount/> }.into_any()).await;
    assert_eq!(app.server.asked(LIST).len(), 1);
    assert_eq!((app.count(TOTAL), app.count("[role=alert]")), (0, 0));
}

#[wasm_bindgen_test]
async fn unread_count_loads_after_the_page() {
    let mut app = TestApp::for_a("user").await;
    app.server.says(LIST, 200, &conversations(&[7]));
    app.show(|| view! { <Sections/> }.into_any()).await;
    settle(500).await;
    assert!(app.server.asked(LIST).is_empty());
    settle(1_200).await;
    assert_eq!(app.server.asked(LIST).len(), 1);
    assert_eq!(app.count(&format!("nav a[href='/conversations'] {TOTAL}")), 1);
    assert_eq!(app.count(TOTAL), 1, "beside no other section");
}

use latido_protocol::event::Family;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en},
    server::problem,
    settle,
};
use crate::components::{
    sections::Sections,
    unread::{UnreadCount, capped},
};

const LIST: &str = "GET /conversations";
const TOTAL: &str = "[data-testid=unread-total]";

fn conversations(unread: &[u32]) -> String {
    let conversations: Vec<_> = unread.iter().map(|count| serde_json::json!({ "unread": count })).collect();
    serde_json::json!({ "conversations": conversations, "nextCursor": null }).to_string()
}

async fn count(answer: &str) -> House {
    let mut house = House::for_a("user").await;
    house.server.says(LIST, 200, answer);
    house.show(|| view! { <UnreadCount/> }.into_any()).await;
    settle(30).await;
    house
}

/// What is seen, and what is heard.
fn expect_count(house: &House, seen: &str, count: u32) {
    assert_eq!(house.texts(&format!("{TOTAL} [aria-hidden]")), [seen]);
    assert_eq!(house.texts(&format!("{TOTAL} .sr-only")), [(en().strings.unread)(count)]);
}

#[wasm_bindgen_test]
async fn what_is_unread_in_all_conversations_is_one_number() {
    let house = count(&conversations(&[2, 0, 3])).await;
    expect_count(&house, "5", 5);
}

#[wasm_bindgen_test]
async fn where_everything_is_read_there_is_no_number() {
    for nothing in [conversations(&[0, 0]), conversations(&[])] {
        assert_eq!(count(&nothing).await.count(TOTAL), 0);
    }
}

#[wasm_bindgen_test]
async fn more_than_fits_is_seen_cut_and_heard_whole() {
    assert_eq!(capped(99), "99");
    let house = count(&conversations(&[60, 60])).await;
    expect_count(&house, "99+", 120);
}

#[wasm_bindgen_test]
async fn the_number_follows_what_is_read_and_what_comes() {
    let house = count(&conversations(&[1])).await;
    expect_count(&house, "1", 1);
    for (unread, shown) in [(4, 1), (0, 0), (2, 1)] {
        house.server.says(LIST, 200, &conversations(&[unread]));
        // An event of a message does this.
        house.queries.refetch_family(Family::Message);
        settle(400).await;
        assert_eq!(house.count(TOTAL), shown, "{unread} unread");
    }
    expect_count(&house, "2", 2);
}

#[wasm_bindgen_test]
async fn where_the_number_is_not_known_nothing_is_said() {
    let mut house = House::for_a("user").await;
    house.server.refuses(LIST, &problem(403, "not yours"));
    house.show(|| view! { <UnreadCount/> }.into_any()).await;
    assert_eq!(house.server.asked(LIST).len(), 1);
    assert_eq!((house.count(TOTAL), house.count("[role=alert]")), (0, 0));
}

#[wasm_bindgen_test]
async fn the_page_that_somebody_came_for_has_its_turn_first() {
    let mut house = House::for_a("user").await;
    house.server.says(LIST, 200, &conversations(&[7]));
    house.show(|| view! { <Sections/> }.into_any()).await;
    settle(500).await;
    assert!(house.server.asked(LIST).is_empty());
    settle(1_200).await;
    assert_eq!(house.server.asked(LIST).len(), 1);
    assert_eq!(house.count(&format!("nav a[href='/conversations'] {TOTAL}")), 1);
    assert_eq!(house.count(TOTAL), 1, "beside no other section");
}

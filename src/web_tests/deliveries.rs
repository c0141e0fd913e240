use latido_protocol::{
    delivery::{DeliveryEvent, DeliveryId, DeliveryKind, DeliveryPage, DeliveryStatus, DeliverySummary},
    time::Timestamp,
    values::Language,
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{orders, settle};
use crate::{
    browser::format,
    data::queries::document::FetchMark,
    features::deliveries::{
        announcer::{Come, DeliveryAnnouncer},
        list::{Deliveries, DeliveryChanged, DeliveryFilter, News},
        rows::latency,
        sums::success,
    },
    i18n::Locale,
};

const PENDING: DeliveryStatus = DeliveryStatus::Pending;
const DELIVERED: DeliveryStatus = DeliveryStatus::Delivered;
const FAILED: DeliveryStatus = DeliveryStatus::Failed;
const ALL: DeliveryFilter = DeliveryFilter { status: None, kind: None };
const MANY: usize = 1_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_unix_ms(second * 1000)
}

/// Created at the second of its number. One that is settled took half a second.
fn event(number: i64, status: DeliveryStatus) -> DeliveryEvent {
    let is_over = status != PENDING;
    DeliveryEvent {
        id: id(number),
        kind: if number % 2 == 0 { DeliveryKind::Message } else { DeliveryKind::ReadReceipt },
        status,
        delivery_latency_ms: is_over.then_some(500),
        created_at: at(number),
        updated_at: at(number).plus_ms(if is_over { 500 } else { 0 }),
    }
}

fn id(number: i64) -> DeliveryId {
    DeliveryId::new(number.to_string())
}

fn changed(number: i64, status: DeliveryStatus) -> DeliveryChanged {
    let event = event(number, status);
    DeliveryChanged {
        id: event.id,
        status,
        delivery_latency_ms: event.delivery_latency_ms,
        updated_at: event.updated_at,
    }
}

fn page(events: Vec<DeliveryEvent>, next: Option<&str>) -> DeliveryPage {
    DeliveryPage { events, next_cursor: next.map(str::to_owned) }
}

fn fetch(begun: u64) -> FetchMark {
    FetchMark { begun, after_reset: false }
}

fn shown(list: &Deliveries, filter: DeliveryFilter) -> Vec<(String, DeliveryStatus)> {
    let rows = list.rows(filter, MANY).unwrap();
    rows.into_iter().map(|row| (row.id.as_str().to_owned(), row.status)).collect()
}

fn ids(list: &Deliveries) -> Vec<String> {
    shown(list, ALL).into_iter().map(|(id, _)| id).collect()
}

#[wasm_bindgen_test]
fn whatever_comes_first_the_list_ends_the_same() {
    // 1 was there; 2 was created and delivered, 3 created and failed, 1 deleted.
    let arrivals: [&dyn Fn(&mut Deliveries); 6] = [
        &|list| _ = list.changed(changed(2, PENDING), true, 10),
        &|list| _ = list.changed(changed(2, DELIVERED), false, 11),
        &|list| _ = list.changed(changed(3, PENDING), true, 12),
        &|list| _ = list.changed(changed(3, FAILED), false, 13),
        &|list| list.removed(id(1), 14),
        // Answers that were asked for before any of these.
        &|list| _ = list.answer(page(vec![event(2, PENDING), event(1, DELIVERED)], None), fetch(3), true),
    ];
    let expected = vec![("3".to_owned(), FAILED), ("2".to_owned(), DELIVERED)];
    for order in orders(arrivals.len()) {
        let mut list = Deliveries::new(None);
        list.answer(page(vec![event(1, DELIVERED)], None), fetch(1), true);
        for place in &order {
            arrivals[*place](&mut list);
        }
        let before = shown(&list, ALL);
        assert!(before.iter().all(|(id, _)| id != "1"), "what was deleted is back, {order:?}");
        let place_of = |arrival: usize| order.iter().position(|place| *place == arrival);
        for (created, updated, now) in [(0, 1, ("2", DELIVERED)), (2, 3, ("3", FAILED))] {
            let status = before.iter().find(|(id, _)| id == now.0).map(|(_, status)| *status);
            let in_order = place_of(created) < place_of(updated);
            assert!(
                status == Some(now.1) || !in_order && status.is_some(),
                "{now:?} is {status:?}, {order:?}"
            );
        }
        // What an update told of before its creation comes with the fetch that follows every event.
        list.answer(page(vec![event(3, FAILED), event(2, DELIVERED)], None), fetch(20), true);
        assert_eq!(shown(&list, ALL), expected, "{order:?}");
        let kinds: Vec<_> = list.rows(ALL, MANY).unwrap().into_iter().map(|row| row.kind).collect();
        assert_eq!(kinds, [Some(DeliveryKind::ReadReceipt), Some(DeliveryKind::Message)]);
    }
}

#[wasm_bindgen_test]
fn older_response_does_not_undo_an_event() {
    let mut list = Deliveries::new(None);
    list.answer(page(vec![event(1, PENDING)], None), fetch(1), true);
    assert_eq!(list.changed(changed(2, PENDING), true, 5), Some(News::Created));
    assert_eq!(list.changed(changed(1, FAILED), false, 6), Some(News::Failed));
    assert_eq!(shown(&list, ALL), [("2".to_owned(), PENDING), ("1".to_owned(), FAILED)]);
    list.answer(page(vec![event(1, PENDING)], None), fetch(4), true);
    assert_eq!(shown(&list, ALL), [("2".to_owned(), PENDING), ("1".to_owned(), FAILED)]);
}

#[wasm_bindgen_test]
fn row_leaves_list_after_status_change() {
    let mut list = Deliveries::new(Some(PENDING));
    let filter = DeliveryFilter { status: Some(PENDING), kind: None };
    list.answer(page(vec![event(2, PENDING), event(1, PENDING)], None), fetch(1), true);
    list.changed(changed(2, DELIVERED), false, 5);
    assert_eq!(shown(&list, filter), [("1".to_owned(), PENDING)]);
    list.answer(page(vec![event(2, PENDING), event(1, PENDING)], None), fetch(4), true);
    assert_eq!(shown(&list, filter), [("1".to_owned(), PENDING)], "the answer is older than the event");
}

#[wasm_bindgen_test]
fn later_pages_survive_refetch_of_the_first() {
    let mut list = Deliveries::new(None);
    list.answer(page(vec![event(6, DELIVERED), event(5, DELIVERED)], Some("5")), fetch(1), true);
    assert_eq!(list.needs(ALL, 4), Some("5"));
    list.further("5", page(vec![event(4, DELIVERED), event(3, DELIVERED)], Some("3")), 2);
    assert_eq!(ids(&list), ["6", "5", "4", "3"]);
    assert_eq!(list.needs(ALL, 4), None);
    assert!(list.has_more(ALL, 4));

    let first = page(vec![event(7, PENDING), event(6, DELIVERED)], Some("6"));
    let answered = list.answer(first, fetch(3), true);
    assert_eq!((answered.created, answered.begins_anew), (1, false));
    assert_eq!(ids(&list), ["7", "6", "5", "4", "3"]);
    assert_eq!(list.needs(ALL, 6), Some("3"), "it goes on where it ended");

    list.further("5", page(vec![event(2, DELIVERED)], None), 4);
    assert_eq!(ids(&list).len(), 5, "a page nobody waits for any more");
    list.further("3", page(vec![event(2, DELIVERED)], None), 5);
    assert!(!list.has_more(ALL, 6));
}

#[wasm_bindgen_test]
fn missed_events_refetch_everything_below() {
    let mut list = Deliveries::new(None);
    list.answer(page(vec![event(6, DELIVERED), event(5, DELIVERED)], Some("5")), fetch(1), true);
    list.further("5", page(vec![event(4, PENDING), event(3, DELIVERED)], None), 2);

    let first = || page(vec![event(6, DELIVERED), event(5, DELIVERED)], Some("5"));
    assert!(list.answer(first(), fetch(3), false).begins_anew);
    assert_eq!(ids(&list), ["6", "5", "4", "3"], "nothing goes before it is known to be gone");
    assert_eq!(list.needs(ALL, 4), Some("5"));
    list.further("5", page(vec![event(4, FAILED)], None), 4);
    assert_eq!(ids(&list), ["6", "5", "4"], "3 was deleted");
    assert_eq!(shown(&list, ALL)[2].1, FAILED);

    assert!(list.answer(first(), FetchMark { begun: 5, after_reset: true }, true).begins_anew);
    let far = page(vec![event(90, DELIVERED), event(89, DELIVERED)], Some("89"));
    assert!(list.answer(far, fetch(6), true).begins_anew, "there is a gap");
}

#[wasm_bindgen_test]
fn update_of_unloaded_delivery_is_looked_up() {
    let mut list = Deliveries::new(Some(FAILED));
    list.answer(page(vec![event(9, FAILED), event(8, FAILED)], Some("8")), fetch(1), true);
    list.further("8", page(vec![event(3, FAILED)], None), 2);
    // It was pending for long, so it is not on the first page.
    assert_eq!(list.changed(changed(5, FAILED), false, 3), Some(News::Failed));
    let again = page(vec![event(9, FAILED), event(8, FAILED)], Some("8"));
    assert!(list.answer(again, fetch(4), true).begins_anew);
    list.further("8", page(vec![event(5, FAILED), event(3, FAILED)], None), 5);
    assert_eq!(ids(&list), ["9", "8", "5", "3"]);
}

#[wasm_bindgen_test]
fn kind_is_resolved_before_filtered_row_shows() {
    let receipts = DeliveryFilter { status: None, kind: Some(DeliveryKind::ReadReceipt) };
    let mut list = Deliveries::new(None);
    list.answer(page(vec![event(2, DELIVERED), event(1, DELIVERED)], None), fetch(1), true);
    list.changed(changed(3, PENDING), true, 2);
    assert_eq!(shown(&list, receipts), [("1".to_owned(), DELIVERED)]);
    list.answer(
        page(vec![event(3, PENDING), event(2, DELIVERED), event(1, DELIVERED)], None),
        fetch(3),
        true,
    );
    assert_eq!(shown(&list, receipts), [("3".to_owned(), PENDING), ("1".to_owned(), DELIVERED)]);
}

#[wasm_bindgen_test]
fn not_everything_is_not_a_hundred_percent() {
    let sums = |delivered, failed| DeliverySummary {
        total_events: delivered + failed,
        pending_events: 0,
        delivered_events: delivered,
        failed_events: failed,
    };
    let rate = |delivered, failed| {
        success(sums(delivered, failed)).map(|share| format::percent(Language::En, share))
    };
    assert_eq!(rate(0, 0), None);
    assert_eq!(rate(1, 0).as_deref(), Some("100%"));
    assert_eq!(rate(99_999, 1).as_deref(), Some("99.9%"));
    assert_eq!(rate(0, 3).as_deref(), Some("0%"));
}

#[wasm_bindgen_test]
fn times_are_in_the_unit_that_reads_best() {
    let spanish = Locale::of(Language::Es);
    let told = [0, 999, 1_240, 59_000, 90_000, 5_400_000].map(|ms| latency(ms, spanish));
    assert_eq!(told, ["0 ms", "999 ms", "1,2 s", "59 s", "1,5 min", "1,5 h"]);
    let ago = |ms| format::ago(Language::En, ms);
    assert_eq!(
        [ago(-5), ago(59_999), ago(60_000), ago(7_200_000)],
        ["now", "59 sec. ago", "1 min. ago", "2 hr. ago"]
    );
    assert!(format::is_one(Language::Es, 1) && !format::is_one(Language::Es, 0));
}

#[wasm_bindgen_test]
async fn what_comes_together_is_said_together() {
    let announcer = DeliveryAnnouncer::new(|come| format!("{come:?}"));
    announcer.created(2);
    announcer.failed();
    announcer.created(1);
    assert_eq!(announcer.said().get_untracked(), "");
    settle(4_300).await;
    assert_eq!(announcer.said().get_untracked(), format!("{:?}", Come { created: 3, failed: 1 }));
}

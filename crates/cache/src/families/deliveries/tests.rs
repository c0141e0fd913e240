#![allow(clippy::unwrap_used)]

use latido_protocol::delivery::DeliveryChange;

use super::*;
use crate::sample::orders;

const NOW: Timestamp = Timestamp::EPOCH;
const PENDING: DeliveryStatus = DeliveryStatus::Pending;
const DELIVERED: DeliveryStatus = DeliveryStatus::Delivered;
const FAILED: DeliveryStatus = DeliveryStatus::Failed;
const MANY: usize = 1_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_unix_ms(second * 1000)
}

fn id(number: i64) -> DeliveryId {
    DeliveryId::new(number.to_string())
}

/// Created at the second of its number. One that is settled took half a second.
fn delivery(number: i64, status: DeliveryStatus) -> DeliveryEvent {
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

fn page<const N: usize>(deliveries: [(i64, DeliveryStatus); N], next: Option<&str>) -> DeliveryPage {
    let events = deliveries.map(|(number, status)| delivery(number, status)).to_vec();
    DeliveryPage { events, next_cursor: next.map(str::to_owned) }
}

fn answer(list: &mut Deliveries, page: DeliveryPage) {
    let mark = list.begin_fetch(NOW);
    list.apply_first_page(mark, page, true);
}

fn further(list: &mut Deliveries, asked: &str, page: DeliveryPage) {
    let mark = list.begin_fetch(NOW);
    list.apply_next_page(mark, asked, page);
}

fn hear(list: &mut Deliveries, change: &DeliveryChange) {
    list.apply_event(&Event::heard(change).unwrap(), NOW);
}

fn created(list: &mut Deliveries, number: i64, status: DeliveryStatus) {
    hear(list, &DeliveryChange::Created(delivery(number, status)));
}

fn updated(list: &mut Deliveries, number: i64, status: DeliveryStatus) {
    hear(list, &DeliveryChange::Updated(delivery(number, status)));
}

fn shown(list: &Deliveries) -> Vec<(String, DeliveryStatus)> {
    let rows = list.rows(None, MANY).unwrap();
    rows.into_iter().map(|row| (row.id.as_str().to_owned(), row.status)).collect()
}

fn ids(list: &Deliveries) -> Vec<String> {
    shown(list).into_iter().map(|(id, _)| id).collect()
}

#[test]
fn whatever_comes_first_the_list_ends_the_same() {
    // 1 was there; 2 was created and delivered, 3 created and failed, 1 deleted.
    type Arrival<'a> = &'a dyn Fn(&mut Deliveries, FetchMark);
    let arrivals: [Arrival; 6] = [
        &|list, _| created(list, 2, PENDING),
        &|list, _| updated(list, 2, DELIVERED),
        &|list, _| created(list, 3, PENDING),
        &|list, _| updated(list, 3, FAILED),
        &|list, _| hear(list, &DeliveryChange::Deleted(id(1))),
        // An answer that was asked for before any of these.
        &|list, early| list.apply_first_page(early, page([(2, PENDING), (1, DELIVERED)], None), true),
    ];
    for order in orders(arrivals.len()) {
        let mut list = Deliveries::new(None);
        answer(&mut list, page([(1, DELIVERED)], None));
        let early = list.begin_fetch(NOW);
        for place in &order {
            arrivals[*place](&mut list, early);
        }
        let place_of = |arrival: usize| order.iter().position(|place| *place == arrival);
        let before = shown(&list);
        assert!(before.iter().all(|(id, _)| id != "1"), "what was deleted is back, {order:?}");
        for (creation, update, now) in [(0, 1, ("2", DELIVERED)), (2, 3, ("3", FAILED))] {
            let status = before.iter().find(|(id, _)| id == now.0).map(|(_, status)| *status);
            let in_order = place_of(creation) < place_of(update);
            assert!(
                status == Some(now.1) || !in_order && status.is_some(),
                "{now:?} is {status:?}, {order:?}"
            );
        }
        // What an update told of before its creation comes with the fetch that follows every event.
        answer(&mut list, page([(3, FAILED), (2, DELIVERED)], None));
        assert_eq!(shown(&list), [("3".to_owned(), FAILED), ("2".to_owned(), DELIVERED)], "{order:?}");
        let kinds: Vec<_> = list.rows(None, MANY).unwrap().into_iter().map(|row| row.kind).collect();
        assert_eq!(kinds, [Some(DeliveryKind::ReadReceipt), Some(DeliveryKind::Message)]);
    }
}

#[test]
fn older_answer_does_not_undo_an_event() {
    let mut list = Deliveries::new(None);
    answer(&mut list, page([(1, PENDING)], None));
    let mark = list.begin_fetch(NOW);
    created(&mut list, 2, PENDING);
    updated(&mut list, 1, FAILED);
    assert_eq!(list.take_news(), News { created: 1, failed: 1, pages_lost: 0 });
    assert_eq!(shown(&list), [("2".to_owned(), PENDING), ("1".to_owned(), FAILED)]);
    list.apply_first_page(mark, page([(1, PENDING)], None), true);
    assert_eq!(shown(&list), [("2".to_owned(), PENDING), ("1".to_owned(), FAILED)]);
}

#[test]
fn delivery_leaves_the_list_of_its_former_status() {
    let mut list = Deliveries::new(Some(PENDING));
    answer(&mut list, page([(2, PENDING), (1, PENDING)], None));
    let mark = list.begin_fetch(NOW);
    updated(&mut list, 2, DELIVERED);
    assert_eq!(ids(&list), ["1"]);
    list.apply_first_page(mark, page([(2, PENDING), (1, PENDING)], None), true);
    assert_eq!(ids(&list), ["1"], "the answer is older than the event");
}

#[test]
fn later_pages_survive_an_answer_to_the_first() {
    let mut list = Deliveries::new(None);
    answer(&mut list, page([(6, DELIVERED), (5, DELIVERED)], Some("5")));
    assert_eq!(list.needs(None, 4), Some("5"));
    further(&mut list, "5", page([(4, DELIVERED), (3, DELIVERED)], Some("3")));
    assert_eq!((ids(&list).len(), list.needs(None, 4), list.has_more(None, 4)), (4, None, true));

    answer(&mut list, page([(7, PENDING), (6, DELIVERED)], Some("6")));
    assert_eq!(list.take_news(), News { created: 1, failed: 0, pages_lost: 0 });
    assert_eq!(ids(&list), ["7", "6", "5", "4", "3"]);
    assert_eq!(list.needs(None, 6), Some("3"), "it goes on where it ended");

    further(&mut list, "5", page([(2, DELIVERED)], None));
    assert_eq!(ids(&list).len(), 5, "a page nobody waits for any more");
    further(&mut list, "3", page([(2, DELIVERED)], None));
    assert!(!list.has_more(None, 6));
}

#[test]
fn missed_events_put_all_pages_in_doubt() {
    let mut list = Deliveries::new(None);
    let first = || page([(6, DELIVERED), (5, DELIVERED)], Some("5"));
    answer(&mut list, first());
    further(&mut list, "5", page([(4, PENDING), (3, DELIVERED)], None));

    let mark = list.begin_fetch(NOW);
    list.apply_first_page(mark, first(), false);
    assert_eq!(list.take_news().pages_lost, 1);
    assert_eq!(ids(&list), ["6", "5", "4", "3"], "nothing goes before it is known to be gone");
    assert_eq!(list.needs(None, 4), Some("5"));
    further(&mut list, "5", page([(4, FAILED)], None));
    assert_eq!(ids(&list), ["6", "5", "4"], "3 was deleted");
    assert_eq!(shown(&list)[2].1, FAILED);

    list.mark_stale();
    answer(&mut list, first());
    assert_eq!(list.take_news().pages_lost, 1, "whatever was held no longer counts");
    answer(&mut list, page([(90, DELIVERED), (89, DELIVERED)], Some("89")));
    assert_eq!(list.needs(None, 4), Some("89"), "there is a gap");
}

#[test]
fn update_of_a_delivery_that_is_not_held_is_looked_up() {
    let mut list = Deliveries::new(Some(FAILED));
    answer(&mut list, page([(9, FAILED), (8, FAILED)], Some("8")));
    further(&mut list, "8", page([(3, FAILED)], None));
    // It was pending for long, so it is not on the first page.
    updated(&mut list, 5, FAILED);
    assert_eq!(list.take_news().failed, 1);
    answer(&mut list, page([(9, FAILED), (8, FAILED)], Some("8")));
    assert_eq!(list.take_news().pages_lost, 1);
    further(&mut list, "8", page([(5, FAILED), (3, FAILED)], None));
    assert_eq!(ids(&list), ["9", "8", "5", "3"]);
}

#[test]
fn delivery_without_a_kind_is_in_no_list_of_one() {
    let receipts = Some(DeliveryKind::ReadReceipt);
    let mut list = Deliveries::new(None);
    answer(&mut list, page([(2, DELIVERED), (1, DELIVERED)], None));
    created(&mut list, 3, PENDING);
    let of_kind = |list: &Deliveries| list.rows(receipts, MANY).unwrap().len();
    assert_eq!((of_kind(&list), ids(&list).len()), (1, 3));
    answer(&mut list, page([(3, PENDING), (2, DELIVERED), (1, DELIVERED)], None));
    assert_eq!(of_kind(&list), 2);
}

#[test]
fn older_answer_says_what_a_delivery_is() {
    let mut list = Deliveries::new(None);
    answer(&mut list, page([(1, DELIVERED)], None));
    created(&mut list, 3, PENDING);
    let mark = list.begin_fetch(NOW);
    updated(&mut list, 3, DELIVERED);
    list.apply_first_page(mark, page([(3, PENDING), (1, DELIVERED)], None), true);
    let newest = list.rows(None, 1).unwrap().remove(0);
    assert_eq!((newest.status, newest.kind), (DELIVERED, Some(DeliveryKind::ReadReceipt)));
    assert_eq!((newest.created_at, newest.latency_ms), (at(3), Some(500)));
}

#[test]
fn delivery_of_a_replayed_event_outlives_the_answer_under_way() {
    let mut list = Deliveries::new(None);
    answer(&mut list, page([], None));
    created(&mut list, 21, PENDING);
    let mark = list.begin_fetch(NOW);
    created(&mut list, 22, PENDING);
    created(&mut list, 23, PENDING);
    list.apply_first_page(mark, page([(33, PENDING), (26, PENDING), (23, PENDING)], Some("23")), true);
    assert_eq!(ids(&list), ["33", "26", "23", "22", "21"]);
}

#[test]
fn delivery_that_a_burst_pushed_below_the_page_is_explained() {
    let mut list = Deliveries::new(None);
    answer(&mut list, page([(1, DELIVERED)], None));
    for number in 2..=4 {
        created(&mut list, number, PENDING);
    }
    answer(&mut list, page([(4, PENDING), (3, PENDING)], Some("3")));
    assert_eq!(list.needs(None, 4), Some("3"), "nobody has said what 2 is");
    further(&mut list, "3", page([(2, PENDING), (1, DELIVERED)], None));
    assert!(list.rows(None, 4).unwrap().iter().all(|row| row.kind.is_some()));
}

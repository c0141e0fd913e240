use latido_protocol::time::Timestamp;
use latido_replica::{Entry, EntryState, Refusal, Write};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, eaten, en},
    server::wrong_field,
    settle,
};
use crate::{
    browser::{clock, random_key},
    components::outbox::{OutboxStatus, RefusedWrites},
    queries::{
        draft::Draft,
        record::{AnyRecord, Kind},
    },
    writes::Refused,
};

const CREATE: &str = "POST /food-logs";
const STATUS: &str = "[data-testid=outbox-status]";
const NOTE: &str = "[data-testid=refused-write]";
const AGAIN: &str = "[data-testid=write-again]";
const DISCARD: &str = "[data-testid=dismiss-write]";
const LATER: u32 = 1_100;

fn arepa() -> AnyRecord {
    AnyRecord::Food(eaten("Arepa", 250.0, clock::wall()))
}

fn draft() -> Draft {
    arepa().copy().unwrap()
}

/// What the header and the page say of writes.
async fn shown(house: &mut House) {
    house.show(|| view! { <OutboxStatus/> <RefusedWrites/> }.into_any()).await;
}

/// The same, and what is written is sent.
async fn sending() -> House {
    let mut house = House::for_a("user").await;
    // One of their own, for whom nothing is stored.
    house.writes.start(random_key());
    shown(&mut house).await;
    house
}

fn refused(write: Write<Draft, Kind>, refusal: Refusal) -> Refused {
    let (key, queued_at) = (random_key(), Timestamp::EPOCH);
    Entry { key, number: 1, queued_at, write, sent: true, state: EntryState::Refused(refusal) }
}

/// The page as it is when these were refused before.
async fn after(mut entries: Vec<Refused>) -> House {
    let mut house = House::new();
    for (number, entry) in (1..).zip(&mut entries) {
        entry.number = number;
    }
    house.queries.outbox().borrow_mut().load(entries);
    // Whatever is done with the outbox, it is looked at then.
    house.writes.dismiss("none of them");
    shown(&mut house).await;
    house
}

fn create() -> Write<Draft, Kind> {
    Write::Create { id: "local-1".to_owned(), draft: draft() }
}

fn edit() -> Write<Draft, Kind> {
    Write::Edit { id: "f1".to_owned(), version: 1, draft: draft() }
}

#[wasm_bindgen_test]
async fn what_waits_is_counted_when_it_lasts_and_until_nothing_waits() {
    let mut house = House::new();
    shown(&mut house).await;
    house.writes.create(draft()).unwrap();
    settle(300).await;
    assert_eq!(house.count(STATUS), 0, "waiting is normal");
    settle(LATER).await;
    assert_eq!(
        (house.text(STATUS), house.attribute(STATUS, "data-count")),
        ((en().strings.waiting)("1"), "1".into())
    );
    house.writes.create(draft()).unwrap();
    settle(30).await;
    assert_eq!(
        (house.text(STATUS), house.attribute(STATUS, "data-count")),
        ((en().strings.waiting)("2"), "2".into())
    );
    assert_eq!(house.count(NOTE), 0);
    house.writes.stop();
    settle(30).await;
    assert_eq!(house.count(STATUS), 0);
}

#[wasm_bindgen_test]
async fn what_the_server_takes_at_once_was_never_seen_to_wait() {
    let house = sending().await;
    house.server.says(
        CREATE,
        201,
        &serde_json::json!({ "foodLog": eaten("Arepa", 250.0, clock::wall()) }).to_string(),
    );
    house.writes.create(draft()).unwrap();
    settle(LATER).await;
    assert_eq!((house.server.asked(CREATE).len(), house.writes.waiting().get_untracked()), (1, 0));
    assert_eq!((house.count(STATUS), house.count(NOTE)), (0, 0));
}

#[wasm_bindgen_test]
async fn while_the_server_hesitates_it_counts_as_waiting_and_is_sent_once() {
    let house = sending().await;
    house.server.hesitates(CREATE);
    house.writes.create(draft()).unwrap();
    settle(LATER + 100).await;
    assert_eq!(house.text(STATUS), (en().strings.waiting)("1"));
    house.server.says(
        CREATE,
        201,
        &serde_json::json!({ "foodLog": eaten("Arepa", 250.0, clock::wall()) }).to_string(),
    );
    settle(100).await;
    assert_eq!((house.server.asked(CREATE).len(), house.count(STATUS)), (1, 0));
}

#[wasm_bindgen_test]
async fn every_refusal_says_of_what_why_and_that_nothing_typed_is_lost() {
    let later = en().later();
    for (refusal, why) in [
        (Refusal::Conflict, later.refused_conflict.to_owned()),
        (Refusal::Gone, later.refused_gone.to_owned()),
        (Refusal::TooOld, later.refused_too_old.to_owned()),
        (Refusal::WaitedForRefused, later.refused_with_other.to_owned()),
        (Refusal::Said("no such meal".to_owned()), (later.refused_said)("no such meal")),
    ] {
        for write in [create(), edit()] {
            let house = after(vec![refused(write, refusal.clone())]).await;
            assert_eq!(house.text(&format!("{NOTE} span")), format!("Arepa: {why} {}", later.typed_is_kept));
            assert_eq!(house.attribute(NOTE, "role"), "alert");
            assert_eq!(
                (house.text(AGAIN), house.text(DISCARD)),
                (later.edit_again.into(), later.discard.into())
            );
        }
    }
}

#[wasm_bindgen_test]
async fn a_deletion_that_is_refused_has_nothing_to_review() {
    let later = en().later();
    let deletion = Write::Delete { id: "f1".to_owned(), kind: Kind::Food };
    let house = after(vec![refused(deletion, Refusal::Said("locked".to_owned()))]).await;
    let said = format!("{} {} {}", later.a_deletion, (later.refused_said)("locked"), later.nothing_deleted);
    assert_eq!(house.text(&format!("{NOTE} span")), said);
    assert_eq!((house.count(AGAIN), house.count(DISCARD)), (0, 1));
}

#[wasm_bindgen_test]
async fn each_is_discarded_by_itself() {
    let other = Write::Create {
        id: "local-2".to_owned(),
        draft: AnyRecord::Food(eaten("Sopa", 180.0, clock::wall())).copy().unwrap(),
    };
    let house = after(vec![refused(create(), Refusal::TooOld), refused(other, Refusal::TooOld)]).await;
    assert_eq!(house.texts(&format!("{NOTE} strong")), ["Arepa:", "Sopa:"]);
    house.click(DISCARD).await;
    assert_eq!(house.texts(&format!("{NOTE} strong")), ["Sopa:"]);
    house.click(DISCARD).await;
    assert_eq!((house.count(NOTE), house.count("dialog")), (0, 0));
}

#[wasm_bindgen_test]
async fn what_the_server_refuses_is_mended_in_its_form_and_sent_anew() {
    let house = sending().await;
    house.server.refuses(CREATE, &wrong_field("calories", "must be honest"));
    house.writes.create(draft()).unwrap();
    settle(150).await;
    assert_eq!(house.count(NOTE), 1);
    house.click(AGAIN).await;
    assert_eq!(house.count("dialog[open] form"), 1);
    assert_eq!((house.value("[name=name]"), house.value("[name=calories]")), ("Arepa".into(), "250".into()));
    assert_eq!(house.text("[data-error-for=calories]"), "must be honest");

    house.type_into("[name=calories]", "310").await;
    house.server.says(
        CREATE,
        201,
        &serde_json::json!({ "foodLog": eaten("Arepa", 310.0, clock::wall()) }).to_string(),
    );
    house.click("dialog [type=submit]").await;
    settle(150).await;
    assert_eq!((house.count(NOTE), house.count("dialog[open]")), (0, 0));
    let sent = house.server.asked(CREATE);
    let last: serde_json::Value = serde_json::from_str(&sent.last().unwrap().body).unwrap();
    assert_eq!((sent.len(), last["calories"].as_f64()), (2, Some(310.0)));
    assert!(house.writes.refused().get_untracked().is_empty());
}

#[wasm_bindgen_test]
async fn who_closes_the_form_without_saving_still_has_the_refusal() {
    let house = after(vec![refused(create(), Refusal::TooOld)]).await;
    house.click(AGAIN).await;
    assert_eq!(house.count("dialog[open] form"), 1);
    house.click("dialog .form-end [type=button]").await;
    assert_eq!((house.count("dialog[open]"), house.count(NOTE)), (0, 1));
}

#[wasm_bindgen_test]
async fn an_edit_that_somebody_was_quicker_with_goes_over_theirs_when_it_is_saved_again() {
    let house = sending().await;
    let before = eaten("Arepa", 250.0, clock::wall());
    let (address, id) = (format!("/food-logs/{}", before.id.as_str()), before.id.clone());
    let (get, patch) = (format!("GET {address}"), format!("PATCH {address}"));
    let theirs =
        latido_protocol::food::FoodLog { version: 5, ..eaten("Arepa de Ana", 200.0, before.logged_at) };
    let theirs = latido_protocol::food::FoodLog { id, ..theirs };
    house.server.refuses(&patch, &super::server::problem(412, "changed"));
    house.server.says(&get, 200, &serde_json::json!({ "foodLog": theirs }).to_string());
    let mine = AnyRecord::Food(eaten("Arepa con queso", 400.0, before.logged_at)).copy().unwrap();
    house.writes.edit(&AnyRecord::Food(before), mine).unwrap();
    settle(200).await;
    assert!(house.text(NOTE).contains(en().later().refused_conflict), "{}", house.text(NOTE));

    house.click(AGAIN).await;
    assert_eq!(house.value("[name=name]"), "Arepa con queso", "it is what was typed that counts");
    house.click("dialog [type=submit]").await;
    settle(150).await;
    let versions: Vec<_> = house.server.asked(&patch).into_iter().map(|asked| asked.version).collect();
    assert_eq!(versions, [Some("\"1\"".to_owned()), Some("\"5\"".to_owned())]);
}

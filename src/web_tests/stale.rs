use latido_protocol::{event::Family, problem::Problem, time::Timestamp, values::Language};
use latido_replica::refetch::COALESCE_MS;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en},
    settle,
};
use crate::{
    api::error::ApiError,
    browser::clock,
    components::stale::{StaleNote, age, why},
    i18n::{Locale, shell_notes},
    queries::{Health, Polling},
};

const MINUTE_MS: i64 = 60_000;

fn said(health: &Health, language: Language, ago_ms: i64) -> String {
    let locale = Locale::of(language);
    let now = health.as_of.map_or(Timestamp::EPOCH, |at| at.plus_ms(ago_ms));
    let age = age(health, locale, now).map(|age| format!(" {age}"));
    format!("{}{}", why(health, locale), age.unwrap_or_default())
}

#[wasm_bindgen_test]
fn what_may_be_old_says_why_and_how_old_it_is() {
    let at = Some(Timestamp::from_unix_ms(1_795_248_900_000));
    let offline = Health { error: Some(ApiError::Unreachable), as_of: at };
    let es = said(&offline, Language::Es, 5 * MINUTE_MS);
    assert!(es.starts_with("Sin conexión: datos de hace 5 min ("), "{es}");
    let en = said(&offline, Language::En, 5 * MINUTE_MS);
    assert!(en.starts_with("No connection: data from 5 min. ago ("), "{en}");
    let hours = said(&offline, Language::Es, 3 * 60 * MINUTE_MS);
    assert!(hours.starts_with("Sin conexión: datos de hace 3 h ("), "{hours}");
    let days = said(&offline, Language::Es, 50 * 60 * MINUTE_MS);
    assert_eq!(days, "Sin conexión: datos de anteayer.");

    let updating = Health { error: None, as_of: at };
    let es = said(&updating, Language::Es, 0);
    assert!(es.starts_with("Actualizando: datos de hace 1 min ("), "{es}");

    let nothing = Health { error: Some(ApiError::TimedOut), as_of: None };
    let es = said(&nothing, Language::Es, 0);
    assert!(es.contains("no hay datos guardados") && es.contains("se envía"), "{es}");

    let problem = Problem {
        kind: String::new(),
        title: String::new(),
        status: 500,
        detail: "HTTP 500".to_owned(),
        errors: Vec::new(),
    };
    let refused = Health { error: Some(ApiError::Refused(problem)), as_of: at };
    let es = said(&refused, Language::Es, 5 * MINUTE_MS);
    assert!(es.contains("HTTP 500") && !es.contains("hace"), "{es}");
}

const NOTE: &str = "[data-testid=stale]";

async fn note(health: &ArcRwSignal<Health>) -> House {
    let mut house = House::for_a("user").await;
    let health = health.clone();
    house.show(move || view! { <StaleNote health=health.clone()/> }.into_any()).await;
    house
}

#[wasm_bindgen_test]
async fn what_is_fresh_needs_no_note_and_what_is_not_has_one_until_it_is() {
    let health = ArcRwSignal::new(Health::default());
    let house = note(&health).await;
    let notes = shell_notes::of(Language::En);
    assert_eq!(house.count(NOTE), 0);
    let as_of = Some(clock::wall());
    for (error, why) in [
        (None, notes.updating.to_owned()),
        (Some(ApiError::Unreachable), notes.offline.to_owned()),
        (Some(ApiError::TimedOut), notes.offline.to_owned()),
        (
            Some(ApiError::Unreadable),
            format!("{} {}", (en().strings.error)(&ApiError::Unreadable), en().strings.stale),
        ),
    ] {
        let has_age = error != Some(ApiError::Unreadable);
        health.set(Health { error, as_of });
        settle(20).await;
        assert_eq!((house.count(NOTE), house.text("[role=status]")), (1, why));
        assert_eq!(
            house.text("[role=status] + span").is_empty(),
            !has_age,
            "the age is not what is told aloud"
        );
    }
    health.set(Health::default());
    settle(20).await;
    assert_eq!(house.count(NOTE), 0);
}

#[wasm_bindgen_test]
async fn who_does_not_want_to_wait_has_it_tried_at_once() {
    let health = ArcRwSignal::new(Health { error: Some(ApiError::Unreachable), as_of: None });
    let house = note(&health).await;
    let owner = Owner::new();
    owner.with(|| house.queries.document("/people", Family::Person, Polling::LISTS, |_| true));
    settle(40).await;
    assert_eq!(house.server.asked("GET /people").len(), 1);
    assert_eq!(house.text("button"), en().strings.try_again);
    house.click("button").await;
    // Two fetches that somebody asks for are never closer than this.
    settle(COALESCE_MS as u32).await;
    assert_eq!(house.server.asked("GET /people").len(), 2);
}

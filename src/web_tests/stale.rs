use latido_cache::Collection;
use latido_protocol::{event::Family, problem::Problem, session::User, time::Timestamp, values::Language};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    settle,
    test_app::{TestApp, en},
    until,
};
use crate::{
    api::error::ApiError,
    browser::clock,
    data::queries::{FetchStatus, Polling},
    i18n::{Locale, shell_notes},
    ui::stale::{StaleNote, age, why},
};

const MINUTE_MS: i64 = 60_000;

fn said(fetch_status: &FetchStatus, language: Language, ago_ms: i64) -> String {
    let locale = Locale::of(language);
    let now = fetch_status.as_of.map_or(Timestamp::EPOCH, |at| at.plus_ms(ago_ms));
    let age = age(fetch_status, locale, now).map(|age| format!(" {age}"));
    format!("{}{}", why(fetch_status, locale), age.unwrap_or_default())
}

#[wasm_bindgen_test]
fn stale_data_shows_reason_and_age() {
    let at = Some(Timestamp::from_unix_ms(1_795_248_900_000));
    let offline = FetchStatus { error: Some(ApiError::Unreachable), as_of: at };
    let es = said(&offline, Language::Es, 5 * MINUTE_MS);
    assert!(es.starts_with("Sin conexión: datos de hace 5 min ("), "{es}");
    let en = said(&offline, Language::En, 5 * MINUTE_MS);
    assert!(en.starts_with("No connection: data from 5 min. ago ("), "{en}");
    let hours = said(&offline, Language::Es, 3 * 60 * MINUTE_MS);
    assert!(hours.starts_with("Sin conexión: datos de hace 3 h ("), "{hours}");
    let days = said(&offline, Language::Es, 50 * 60 * MINUTE_MS);
    assert_eq!(days, "Sin conexión: datos de anteayer.");

    let updating = FetchStatus { error: None, as_of: at };
    let es = said(&updating, Language::Es, 0);
    assert!(es.starts_with("Actualizando: datos de hace 1 min ("), "{es}");

    let nothing = FetchStatus { error: Some(ApiError::TimedOut), as_of: None };
    let es = said(&nothing, Language::Es, 0);
    assert!(es.contains("no hay datos guardados") && es.contains("se envía"), "{es}");

    let problem = Problem::of_status(500, "HTTP 500");
    let refused = FetchStatus { error: Some(ApiError::Refused(problem)), as_of: at };
    let es = said(&refused, Language::Es, 5 * MINUTE_MS);
    assert!(es.contains("HTTP 500") && !es.contains("hace"), "{es}");
}

const NOTE: &str = "[data-testid=stale]";

async fn note(fetch_status: &ArcRwSignal<FetchStatus>) -> TestApp {
    let mut app = TestApp::for_a("user").await;
    let fetch_status = fetch_status.clone();
    app.show(move || view! { <StaleNote fetch_status=fetch_status.clone()/> }.into_any()).await;
    app
}

#[wasm_bindgen_test]
async fn stale_note_shows_until_fresh() {
    let fetch_status = ArcRwSignal::new(FetchStatus::default());
    let app = note(&fetch_status).await;
    let notes = shell_notes::of(Language::En);
    assert_eq!(app.count(NOTE), 0);
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
        fetch_status.set(FetchStatus { error, as_of });
        settle(20).await;
        assert_eq!((app.count(NOTE), app.text("[role=status]")), (1, why));
        assert_eq!(
            app.text("[role=status] + span").is_empty(),
            !has_age,
            "the age is not what is told aloud"
        );
    }
    fetch_status.set(FetchStatus::default());
    settle(20).await;
    assert_eq!(app.count(NOTE), 0);
}

#[wasm_bindgen_test]
async fn retry_button_refetches_at_once() {
    let fetch_status = ArcRwSignal::new(FetchStatus { error: Some(ApiError::Unreachable), as_of: None });
    let app = note(&fetch_status).await;
    let owner = Owner::new();
    let people = || Collection::<User>::new((), 10);
    owner.with(|| app.queries.query("/people", Family::Person, Polling::LISTS, people));
    settle(40).await;
    assert_eq!(app.server.asked("GET /people").len(), 1);
    assert_eq!(app.text("button"), en().strings.try_again);
    app.click("button").await;
    // Two fetches that somebody asks for keep their distance.
    until(|| app.server.asked("GET /people").len() > 1).await;
    assert_eq!(app.server.asked("GET /people").len(), 2);
}

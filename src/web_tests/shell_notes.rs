use latido_protocol::{problem::Problem, time::Timestamp, values::Language};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, stage, text_of};
use crate::{
    api::error::ApiError,
    components::{
        new_version::NewVersion,
        stale::{age, why},
    },
    i18n::Locale,
    queries::Health,
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

/// `shell.js` is not there, so a reload that somebody asks for does not happen, and nothing breaks.
#[wasm_bindgen_test]
async fn a_new_version_is_offered_when_it_is_found_and_not_before() {
    let stage = stage();
    let handle = mount_to(stage.clone(), || {
        provide_context(Locale::of(Language::En));
        view! { <NewVersion/> }
    });
    settle(20).await;
    assert!(stage.query_selector("[data-testid=new-version]").unwrap().is_none());
    let found = web_sys::Event::new("latido-new-version").unwrap();
    window().dispatch_event(&found).unwrap();
    settle(20).await;
    assert_eq!(text_of(&stage, "[role=status]"), "There is a new version of Latido.");
    assert_eq!(text_of(&stage, "button"), "Reload");
    drop(handle);
}

#[wasm_bindgen_test]
async fn what_is_typed_is_not_lost_to_a_new_version() {
    js_sys::eval(include_str!("../../public/shell.js")).unwrap();
    let stage = stage();
    stage.set_inner_html("<form><input name='name'><input name='q' type='search'></form>");
    let handle = mount_to(stage.clone(), || {
        provide_context(Locale::of(Language::En));
        view! { <NewVersion/> }
    });
    settle(20).await;
    window().dispatch_event(&web_sys::Event::new("latido-new-version").unwrap()).unwrap();
    settle(20).await;
    js_sys::eval(
        "for (const field of document.querySelectorAll('form input')) {
            field.value = 'Ajiaco';
            field.dispatchEvent(new Event('input', { bubbles: true }));
        }
        for (const button of document.querySelectorAll('[data-testid=new-version] button')) button.click();",
    )
    .unwrap();
    settle(20).await;
    let said = text_of(&stage, "[role=status]");
    assert!(said.contains("before you reload"), "{said}");
    let focused = document().active_element().and_then(|field| field.get_attribute("name"));
    assert_eq!(focused.as_deref(), Some("name"));
    drop(handle);
}

use leptos::{prelude::*, wasm_bindgen::JsCast};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlDialogElement;

use super::{
    fake_server::{problem, wrong_field},
    settle,
    sockets::{Connection, Sockets, connected},
    test_app::{TestApp, en},
    until,
};
use crate::{
    api::error::ApiError,
    browser::storage::tab,
    features::connections::{
        Connections,
        link_action::LinkAction,
        strings::{ConnectionsStrings, strings},
    },
    i18n::reasons,
};

const LIST: &str = "GET /websocket";
const ADD: &str = "POST /websocket";
const ROW: &str = "[data-testid=link-row]";
const SAID: &str = "[data-testid=link-row] .outcome";
const FAILED: &str = "[data-testid=link-row] > [role=alert]";
const SAVE: &str = "[data-testid=link-form] [type=submit]";

fn said() -> &'static ConnectionsStrings {
    strings(en())
}

fn link(id: &str, status: &str) -> serde_json::Value {
    serde_json::json!({
        "id": id, "type": "SHELLY", "referenceId": format!("Box {id}"), "status": status, "autoReconnect": true,
        "createdAt": "2026-11-21T07:00:00.000Z", "updatedAt": "2026-11-21T08:00:00.000Z",
    })
}

fn list(links: &[serde_json::Value]) -> String {
    serde_json::json!({ "connections": links }).to_string()
}

/// An admin's page. Nothing but the list is there to be asked for.
async fn page(links: &[serde_json::Value]) -> (TestApp, Sockets) {
    let app = TestApp::for_a("admin").await;
    app.server.says(LIST, 200, &list(links));
    connected(app, Connection::None, || view! { <Connections/> }.into_any()).await
}

#[wasm_bindgen_test]
async fn admin_starts_with_server_links() {
    let (app, _sockets) = page(&[]).await;
    assert_eq!(app.texts(".which button"), [said().of_the_server, said().this_browser]);
    assert_eq!((app.count("[data-testid=no-permission]"), app.count("[data-testid=own-connection]")), (0, 0));
    app.click(".which button:last-child").await;
    assert_eq!((app.count("[data-testid=link-list]"), app.count("[data-testid=own-connection]")), (0, 1));
    assert_eq!(app.attribute(".which button:last-child", "aria-pressed"), "true");
}

#[wasm_bindgen_test]
async fn links_show_skeleton_then_cards() {
    let app = TestApp::for_a("admin").await;
    app.server.hesitates(LIST);
    let (app, _sockets) = connected(app, Connection::None, || view! { <Connections/> }.into_any()).await;
    assert_eq!((app.count(".skeleton"), app.count(".no-links"), app.count(ROW)), (1, 0, 0));
    assert!(app.texts("[data-testid=link-figures] dd").iter().all(|figure| figure == "–"));
    app.server.says(LIST, 200, &list(&[]));
    settle(60).await;
    assert_eq!(app.texts(".no-links p"), [said().empty, said().empty_hint]);
    assert_eq!(app.count(".connections > .skeleton"), 0);
}

#[wasm_bindgen_test]
async fn unreadable_links_response_shows_error() {
    // The log below has one of its own.
    const NOTE: &str = ".connections > [data-testid=stale]";
    let (app, _sockets) = page(&[link("1", "levitating")]).await;
    let why = (en().strings.error)(&ApiError::Unreadable);
    assert!(app.text(NOTE).contains(&why), "{}", app.text(NOTE));
    app.server.says(LIST, 200, &list(&[link("1", "connected")]));
    app.click(&format!("{NOTE} button")).await;
    // Two fetches that somebody asks for keep their distance.
    until(|| app.count(NOTE) == 0).await;
    assert_eq!((app.count(NOTE), app.count(ROW)), (0, 1));
}

#[wasm_bindgen_test]
async fn only_what_would_change_something_is_offered() {
    let rests = [LinkAction::Start];
    let runs = [LinkAction::Stop, LinkAction::Restart];
    for (status, offered) in
        [("disconnected", &rests[..]), ("error", &rests), ("connected", &runs), ("reconnecting", &runs)]
    {
        let (app, _sockets) = page(&[link("1", status)]).await;
        assert_eq!(app.attribute(ROW, "data-status"), status);
        let words = offered.iter().map(|deed| match deed {
            LinkAction::Start => said().start,
            LinkAction::Stop => said().stop,
            LinkAction::Restart | LinkAction::Toggle | LinkAction::Remove => said().restart,
        });
        assert_eq!(app.texts(".link-actions .button"), words.collect::<Vec<_>>(), "while {status}");
    }
}

#[wasm_bindgen_test]
async fn link_action_shows_progress_and_blocks_others() {
    let (app, _sockets) = page(&[link("1", "connected")]).await;
    assert_eq!((app.text(SAID), app.text(FAILED)), (String::new(), String::new()));
    app.server.hesitates("POST /websocket/1/stop");
    app.click("[data-testid=stop]").await;
    assert_eq!(app.text(SAID), (said().doing)(LinkAction::Stop));
    assert_eq!(app.attribute(ROW, "aria-busy"), "true");
    assert!(app.is_disabled("[data-testid=restart]") && app.is_disabled("[data-testid=toggle-reconnect]"));
    app.server.says("POST /websocket/1/stop", 200, "{}");
    settle(60).await;
    assert_eq!(
        (app.text(SAID), app.text(FAILED)),
        ((said().done)(LinkAction::Stop).to_owned(), String::new())
    );
    assert_eq!(app.attribute(ROW, "aria-busy"), "false");
}

#[wasm_bindgen_test]
async fn failed_action_shows_reason_until_retry() {
    let (app, _sockets) = page(&[link("1", "error")]).await;
    let broken = problem(503, "the box is off");
    app.server.refuses("POST /websocket/1/start", &broken);
    app.click("[data-testid=start]").await;
    assert_eq!(app.text(FAILED), (said().not_done)(&reasons::error(en(), &ApiError::Refused(broken))));
    assert_eq!(app.text(SAID), "");
    app.server.hesitates("POST /websocket/1/start");
    app.click("[data-testid=start]").await;
    assert_eq!(
        (app.text(FAILED), app.text(SAID)),
        (String::new(), (said().doing)(LinkAction::Start).to_owned())
    );
}

#[wasm_bindgen_test]
async fn one_is_removed_after_a_second_word_only() {
    let (app, _sockets) = page(&[link("1", "connected"), link("2", "connected")]).await;
    app.server.says("DELETE /websocket/1", 204, "");
    app.click("[data-id='1'] [data-testid=remove]").await;
    assert_eq!(app.text(".link-confirm span"), said().really_remove);
    assert_eq!(app.attribute(".link-confirm", "aria-label"), "Remove Box 1");
    for (button, verb) in [("first-of-type", said().remove), ("last-of-type", said().keep)] {
        let label = app.attribute(&format!(".link-confirm button:{button}"), "aria-label");
        assert_eq!(label, format!("{verb} Box 1"));
    }
    app.click(".link-confirm button:last-child").await;
    assert_eq!((app.count(".link-confirm"), app.count(ROW)), (0, 2));
    app.click("[data-id='1'] [data-testid=remove]").await;
    app.click("[data-testid=confirm-remove]").await;
    assert_eq!(app.texts(&format!("{ROW} h3")), ["Box 2"]);
    assert_eq!(app.server.asked("DELETE /websocket/1").len(), 1);
}

async fn adding() -> (TestApp, Sockets) {
    let (app, sockets) = page(&[]).await;
    app.click("[data-testid=add-link]").await;
    assert_eq!(app.count("dialog[open] form"), 1);
    (app, sockets)
}

async fn fill_in(app: &TestApp) {
    app.type_into("[name=referenceId]", "Box 3").await;
    app.type_into("[name='metadata/url']", "http://box").await;
}

#[wasm_bindgen_test]
async fn link_needs_name_and_address() {
    let (app, _sockets) = adding().await;
    app.click(SAVE).await;
    for name in ["referenceId", "metadata/url"] {
        assert_ne!(app.text(&format!("[data-error-for='{name}']")), "", "{name}");
    }
    assert!(app.server.asked(ADD).is_empty());
    assert!(app.has_focus("[name=referenceId]"), "the keyboard is where something is to be mended");
}

#[wasm_bindgen_test]
async fn server_errors_show_at_field_or_below() {
    let (app, _sockets) = adding().await;
    fill_in(&app).await;
    app.server.refuses(ADD, &wrong_field("metadata/url", "must be reachable"));
    app.click(SAVE).await;
    assert_eq!(app.text("[data-error-for='metadata/url']"), "must be reachable");
    assert!(app.one("dialog .note.error").hidden());
    app.server.is_away(ADD);
    app.click(SAVE).await;
    let why = (said().not_added)(&(en().strings.error)(&ApiError::Unreachable));
    assert_eq!((app.text("dialog .note.error"), app.one("dialog .note.error").hidden()), (why, false));
    assert_eq!(app.value("[name=referenceId]"), "Box 3", "what was typed is there");
    assert_eq!(app.text("[data-error-for='metadata/url']"), "");
}

#[wasm_bindgen_test]
async fn added_link_appears_and_dialog_closes() {
    let (app, _sockets) = adding().await;
    fill_in(&app).await;
    app.server.hesitates(ADD);
    app.click(SAVE).await;
    assert!(app.is_disabled(SAVE), "it is under way");
    app.server.says(ADD, 201, &serde_json::json!({ "connection": link("3", "reconnecting") }).to_string());
    settle(60).await;
    assert_eq!((app.count("dialog[open]"), app.texts(&format!("{ROW} h3"))), (0, vec!["Box 3".to_owned()]));
}

const SECRET: &str = "[name='metadata/secret']";

#[wasm_bindgen_test]
async fn closed_link_form_keeps_all_but_the_secret() {
    let (app, _sockets) = adding().await;
    fill_in(&app).await;
    app.type_into(SECRET, "hush-hush").await;
    app.one("dialog[open]").unchecked_into::<HtmlDialogElement>().close();
    settle(60).await;
    let kept: Vec<_> = tab::keys(tab::OURS).iter().filter_map(|key| tab::get(key)).collect();
    assert!(kept.iter().any(|text| text.contains("Box 3")), "{kept:?}");
    assert!(kept.iter().all(|text| !text.contains("hush-hush")), "{kept:?}");
    app.click("[data-testid=add-link]").await;
    let texts = ["[name=referenceId]", "[name='metadata/url']", SECRET].map(|field| app.value(field));
    assert_eq!(texts, ["Box 3", "http://box", ""]);
    app.click(".form-end [type=button]").await;
    assert_eq!(tab::keys(tab::OURS).len(), 0, "cancelling keeps nothing");
}

#[wasm_bindgen_test]
async fn back_closes_link_dialog_and_keeps_page() {
    let (app, _sockets) = page(&[]).await;
    // The browser may still be stepping back from the dialog of the test before.
    settle(150).await;
    app.location.go("/connections");
    app.click("[data-testid=add-link]").await;
    assert_eq!(app.attribute("dialog[open]", "aria-labelledby"), "link-title");
    window().history().unwrap().back().unwrap();
    settle(150).await;
    assert_eq!(app.count("dialog[open]"), 0);
    assert_eq!(window().location().pathname().unwrap(), "/connections");
}

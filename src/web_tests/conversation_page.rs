use js_sys::Function;
use latido_protocol::values::Language;
use leptos::prelude::*;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, test_app::TestApp};
use crate::features::conversations::Conversations;

const LIST: &str = "GET /conversations";
const MESSAGES: &str = "GET /conversations/c1/messages";
const SEND: &str = "POST /conversations/c1/messages";
const DONE: &str = "POST /conversations/c1/no-answer-needed";
const FIELD: &str = "[data-testid=message-field]";
const SEND_BUTTON: &str = "[data-testid=send]";
const LENGTH: &str = "[data-testid=message-length]";

fn message(id: &str, author: &str, text: &str) -> Value {
    let direction = if author == "contact" { "inbound" } else { "outbound" };
    json!({"id": id, "contactId": "c1", "direction": direction, "author": author, "text": text,
        "status": "read", "createdAt": "2026-11-21T08:15:00.000Z"})
}

fn conversation(side: &str, needs_answer: bool, last: &Value) -> Value {
    json!({"contactId": "c1", "name": "Ana", "channel": "whatsapp", "unread": 0, "side": side,
        "needsAnswer": needs_answer, "lastMessage": last, "updatedAt": "2026-11-21T08:15:00.000Z"})
}

/// The conversation with Ana, open.
async fn open(side: &str, needs_answer: bool) -> TestApp {
    let mut app = TestApp::for_a("coach").await;
    let last = message("m1", "contact", "Me he mareado");
    let listed = json!({"conversations": [conversation(side, needs_answer, &last)], "nextCursor": null});
    app.server.says(LIST, 200, &listed.to_string());
    app.server.says(MESSAGES, 200, &json!({"messages": [last], "nextCursor": null}).to_string());
    app.location.go("/conversations/c1");
    app.show(|| view! { <Conversations/> }.into_any()).await;
    settle(60).await;
    app
}

fn takes_messages(app: &TestApp) {
    let taken = json!({"message": message("m9", "coach", "Hola")});
    app.server.says(SEND, 201, &taken.to_string());
}

async fn write(app: &TestApp, text: &str) {
    app.type_into(FIELD, text).await;
    app.click(SEND_BUTTON).await;
}

/// What was said to the server, in order, each try.
fn tries(app: &TestApp) -> Vec<String> {
    let asked = app.server.asked(SEND);
    let texts = asked.iter().map(|asked| serde_json::from_str::<Value>(&asked.body).unwrap());
    texts.map(|body| body["text"].as_str().unwrap().to_owned()).collect()
}

async fn network_comes_back() {
    window().dispatch_event(&web_sys::Event::new("online").unwrap()).unwrap();
    settle(80).await;
}

#[wasm_bindgen_test]
async fn messages_after_a_failed_one_keep_their_order() {
    let app = open("team", false).await;
    app.server.says(SEND, 502, "");
    write(&app, "Toma 50 mg").await;
    takes_messages(&app);
    write(&app, "No, perdona, 5 mg").await;
    settle(60).await;
    assert_eq!(tries(&app), ["Toma 50 mg", "Toma 50 mg", "No, perdona, 5 mg"]);
}

#[wasm_bindgen_test]
async fn message_taken_without_record_is_sent_once() {
    let app = open("team", false).await;
    app.server.says(SEND, 204, "");
    write(&app, "Toma 50 mg").await;
    settle(60).await;
    network_comes_back().await;
    assert_eq!(tries(&app), ["Toma 50 mg"]);
    assert!(
        app.text(".message-trouble").starts_with("The server accepted it"),
        "{}",
        app.text(".message-trouble")
    );
    assert!(app.server.asked(MESSAGES).len() > 1, "it is looked for");
    takes_messages(&app);
    write(&app, "Con agua").await;
    settle(60).await;
    assert_eq!(tries(&app), ["Toma 50 mg", "Con agua"], "what follows does not wait");

    let mut there = message("m7", "coach", "Toma 50 mg");
    there["createdAt"] = json!("2026-11-21T08:16:00.000Z");
    let page = json!({"messages": [there, message("m1", "contact", "Me he mareado")], "nextCursor": null});
    app.server.says(MESSAGES, 200, &page.to_string());
    app.queries.refresh();
    settle(500).await;
    assert_eq!((app.count(".message-trouble"), tries(&app).len()), (0, 2));
}

#[wasm_bindgen_test]
async fn sends_messages_after_leaving_the_page() {
    let mut app = open("team", false).await;
    app.server.is_away(SEND);
    for text in ["uno", "dos", "tres", "cuatro", "cinco"] {
        write(&app, text).await;
    }
    app.leave();
    let before = tries(&app).len();
    assert!(tries(&app).iter().all(|text| text == "uno"), "{:?}", tries(&app));
    takes_messages(&app);
    network_comes_back().await;
    assert_eq!(tries(&app)[before..], ["uno", "dos", "tres", "cuatro", "cinco"]);
}

#[wasm_bindgen_test]
async fn a_conversation_opened_again_has_the_same_queue() {
    let mut app = open("team", false).await;
    app.server.hesitates(SEND);
    write(&app, "Toma 50 mg").await;
    app.leave();
    app.show(|| view! { <Conversations/> }.into_any()).await;
    settle(60).await;
    write(&app, "No, perdona, 5 mg").await;
    assert_eq!(tries(&app), ["Toma 50 mg"], "the second waits for the answer to the first");
    takes_messages(&app);
    settle(60).await;
    assert_eq!(tries(&app), ["Toma 50 mg", "No, perdona, 5 mg"]);
}

#[wasm_bindgen_test]
async fn keeps_too_long_text_without_sending_it() {
    let app = open("team", false).await;
    takes_messages(&app);
    let long = format!("{} Take 5 mg, NOT 50 mg", "A".repeat(4091));
    app.type_into(FIELD, &long).await;
    assert_eq!(app.value(FIELD), long, "nothing was cut");
    assert_eq!(app.attribute(FIELD, "maxlength"), "");
    assert_eq!(app.attribute(LENGTH, "data-over"), "true");
    assert!(app.text(LENGTH).starts_with("16 characters more"), "{}", app.text(LENGTH));
    assert!(app.is_disabled(SEND_BUTTON));
    key_down(13).await;
    assert_eq!(tries(&app), [] as [&str; 0]);
    assert_eq!(app.value(FIELD), long);
    app.language.set(Language::Es);
    settle(60).await;
    assert!(app.text(LENGTH).starts_with("Sobran 16 caracteres"), "{}", app.text(LENGTH));

    app.type_into(FIELD, &long[16..]).await;
    assert_eq!(app.attribute(LENGTH, "data-over"), "false");
    key_down(13).await;
    assert_eq!(tries(&app).len(), 1);
    assert_eq!(app.count(LENGTH), 0);
}

#[wasm_bindgen_test]
async fn lagging_list_keeps_the_open_conversation() {
    let mut app = TestApp::for_a("coach").await;
    let listed = |needs_answer| {
        let last = message("m1", "contact", "Me he mareado");
        json!({"conversations": [conversation("team", needs_answer, &last)], "nextCursor": null}).to_string()
    };
    let mut new = conversation("team", true, &message("m2", "contact", "Hola"));
    (new["contactId"], new["name"]) = (json!("c2"), json!("Luis"));
    app.server.says(LIST, 200, &listed(true));
    app.server.says("GET /conversations/c2", 200, &json!({ "conversation": new }).to_string());
    app.location.go("/conversations/c2");
    app.show(|| view! { <Conversations/> }.into_any()).await;
    settle(150).await;
    let row = |id: &str| format!("[data-testid=conversation-row][data-id={id}]");
    assert_eq!(app.count(&row("c2")), 1);
    // A list from before the conversation began.
    app.server.says(LIST, 200, &listed(false));
    app.queries.refresh();
    settle(600).await;
    assert_eq!(app.attribute(&row("c1"), "data-needs-answer"), "false");
    assert_eq!(app.count(&row("c2")), 1);
}

/// Enter in the field. After a composition Safari sends it with the code 229, and says that nothing is composed.
async fn key_down(code: u32) {
    let press = Function::new_with_args(
        "code",
        "document.querySelector('[data-testid=message-field]').dispatchEvent(new KeyboardEvent('keydown',
            { key: 'Enter', keyCode: code, isComposing: false, bubbles: true, cancelable: true }));",
    );
    press.call1(&wasm_bindgen::JsValue::UNDEFINED, &code.into()).unwrap();
    settle(40).await;
}

#[wasm_bindgen_test]
async fn the_enter_that_closes_a_composition_sends_nothing() {
    let app = open("team", false).await;
    takes_messages(&app);
    app.type_into(FIELD, "にほん").await;
    key_down(229).await;
    assert_eq!(tries(&app), [] as [&str; 0]);
    key_down(13).await;
    assert_eq!(tries(&app), ["にほん"]);
}

#[wasm_bindgen_test]
async fn a_person_talks_with_the_team() {
    let app = open("contact", true).await;
    for (language, team) in [(Language::En, "Your team"), (Language::Es, "Tu equipo")] {
        app.language.set(language);
        settle(80).await;
        assert_eq!(app.text(".talk-head h2"), team);
        let row = app.text(".contact-name");
        assert!(row.contains(team) && row.contains("Ana") && row.contains("WhatsApp"), "{row}");
        assert_eq!(app.attribute("[data-testid=message-row]", "data-ours"), "true");
        assert_eq!(
            app.count("[data-testid=needs-answer], [data-testid=answer-due]"),
            0,
            "answering is for the team"
        );
    }
}

#[wasm_bindgen_test]
async fn shows_needs_answer_until_it_is_resolved() {
    let app = open("team", true).await;
    for (language, words) in [(Language::En, "Needs an answer"), (Language::Es, "Sin responder")] {
        app.language.set(language);
        settle(80).await;
        assert_eq!(app.text("[data-testid=needs-answer]"), words);
    }
    app.server.is_away(DONE);
    app.click("[data-testid=no-answer-needed]").await;
    assert!(app.text("[data-testid=answer-due]").contains("No se pudo guardar"));
    assert_eq!(app.count("[data-testid=needs-answer]"), 1);

    let done = conversation("team", false, &message("m1", "contact", "Me he mareado"));
    app.server.says(DONE, 200, &json!({ "conversation": done }).to_string());
    app.click("[data-testid=no-answer-needed]").await;
    settle(60).await;
    assert_eq!(app.count("[data-testid=needs-answer], [data-testid=answer-due]"), 0);
    let said: Value = serde_json::from_str(&app.server.asked(DONE)[1].body).unwrap();
    assert_eq!(said, json!({"messageId": "m1"}), "of what was seen");
}

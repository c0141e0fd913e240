use std::{
    cell::RefCell,
    sync::{Arc, Mutex},
};

use latido_cache::families::thread::{Failure, Line, Standing};
use latido_protocol::{
    conversation::{Author, MessageId, MessageStatus, MessageText},
    time::Timestamp,
    values::Language,
};
use leptos::{mount::mount_to, prelude::*, wasm_bindgen::JsCast};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, stage, text_of};
use crate::{
    data::queries::rows::Rows,
    features::conversations::{
        message::{Act, MessageRow},
        rows::{ThreadLine, ThreadRow, in_days},
    },
    i18n::Locale,
};

const NOON_MS: i64 = 1_795_262_400_000;

fn line(key: &str, author: Author, minute: i64, standing: Standing) -> Line {
    Line {
        key: key.to_owned(),
        id: matches!(standing, Standing::Known(_)).then(|| MessageId::new(key)),
        author,
        ours: author != Author::Contact,
        text: MessageText::new("Hola").unwrap(),
        at: Timestamp::from_unix_ms(NOON_MS + minute * 60_000),
        standing,
    }
}

fn known(key: &str, author: Author, minute: i64) -> Line {
    line(key, author, minute, Standing::Known(MessageStatus::Delivered))
}

/// The rows, with these lines in place of what they showed.
fn shown_in(rows: &Rows<ThreadLine>, lines: Vec<Line>) -> Vec<ThreadRow> {
    rows.show(in_days(lines));
    rows.all().get_untracked().unwrap()
}

fn keys(rows: &[ThreadRow]) -> Vec<&str> {
    rows.iter().map(|row| row.key.as_str()).collect()
}

#[wasm_bindgen_test]
fn days_begin_and_close_lines_stand_together() {
    let rows = shown_in(
        &Rows::default(),
        vec![
            known("a", Author::Contact, -24 * 60),
            known("b", Author::Contact, 0),
            known("c", Author::Contact, 1),
            known("d", Author::Coach, 2),
            known("e", Author::Coach, 60),
        ],
    );
    let shown: Vec<_> = rows.iter().map(|row| row.value.get_untracked()).collect();
    let opens: Vec<_> = shown.iter().map(|row| row.opens.is_some()).collect();
    assert_eq!(opens, [true, true, false, false, false]);
    let goes_on: Vec<_> = shown.iter().map(|row| row.goes_on).collect();
    assert_eq!(goes_on, [false, false, true, false, false]);
}

#[wasm_bindgen_test]
fn kept_rows_keep_signals_when_older_load() {
    let rows = Rows::default();
    let before = shown_in(&rows, vec![known("b", Author::Contact, 0), known("c", Author::Contact, 1)]);
    let after = shown_in(
        &rows,
        vec![
            known("a", Author::Contact, -1),
            known("b", Author::Contact, 0),
            line("c", Author::Contact, 1, Standing::Known(MessageStatus::Read)),
        ],
    );
    assert_eq!(keys(&after), ["a", "b", "c"]);
    assert!(before[0].value.get_untracked().opens.is_none(), "the day begins with another row now");
    let status = before[1].value.get_untracked().line.standing;
    assert_eq!(status, Standing::Known(MessageStatus::Read), "the old row shows what is new");
}

#[wasm_bindgen_test]
async fn every_status_has_its_tick_and_its_words() {
    use MessageStatus::{Delivered, Failed, Queued, Read, Sent};
    for (standing, status, es, en) in [
        (Standing::Sending, "queued", "Enviando", "Sending"),
        (Standing::Waiting, "queued", "Espera al mensaje anterior", "Waiting for the message before"),
        (Standing::Known(Queued), "queued", "En cola", "Queued"),
        (Standing::Known(Sent), "sent", "Enviado", "Sent"),
        (Standing::Known(Delivered), "delivered", "Entregado", "Delivered"),
        (Standing::Known(Read), "read", "Leído", "Read"),
        (Standing::Known(Failed), "failed", "No entregado", "Not delivered"),
        (Standing::Unsent(Failure::NoAnswer), "failed", "No enviado", "Not sent"),
        (Standing::Unsent(Failure::Unconfirmed), "failed", "Sin confirmar", "Not confirmed"),
    ] {
        for (language, words) in [(Language::Es, es), (Language::En, en)] {
            let (stage, _) = show(line("k", Author::Coach, 0, standing.clone()), language).await;
            let row = stage.query_selector("[data-testid=message-row]").unwrap().unwrap();
            assert_eq!(row.get_attribute("data-status").as_deref(), Some(status));
            assert_eq!(text_of(&stage, ".ticks .sr-only"), words);
            stage.remove();
        }
    }
    let (stage, _) = show(known("k", Author::Contact, 0), Language::Es).await;
    assert!(stage.query_selector(".ticks").unwrap().is_none(), "what others said needs no tick");
    assert_eq!(text_of(&stage, ".bubble .sr-only"), "Ana: ");
    stage.remove();
}

#[wasm_bindgen_test]
async fn contact_side_shows_own_messages_as_ours() {
    for (language, team) in [(Language::Es, "Tu equipo"), (Language::En, "Your team")] {
        let hers = Line { ours: true, ..known("k", Author::Contact, 0) };
        let (stage, _) = show(hers, language).await;
        let row = stage.query_selector("[data-testid=message-row]").unwrap().unwrap();
        assert_eq!(row.get_attribute("data-ours").as_deref(), Some("true"));
        assert!(stage.query_selector(".ticks").unwrap().is_some(), "how far her message has come");
        stage.remove();
        let theirs = Line { ours: false, ..known("k", Author::Coach, 0) };
        let (stage, _) = show(theirs, language).await;
        let row = stage.query_selector("[data-testid=message-row]").unwrap().unwrap();
        assert_eq!(row.get_attribute("data-ours").as_deref(), Some("false"));
        assert_eq!(text_of(&stage, ".message-author"), team);
        assert!(stage.query_selector(".ticks").unwrap().is_none());
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn unsent_message_shows_reason_and_actions() {
    let refused = Standing::Unsent(Failure::Refused("must have 1 to 4096 characters".into()));
    let (stage, acts) = show(line("k", Author::Coach, 0, refused), Language::Es).await;
    let said = text_of(&stage, ".message-trouble");
    assert!(said.contains("4096") && said.contains("se guarda aquí"), "{said}");
    for (button, name) in [("retry-message", "Reintentar: Hola"), ("discard", "Descartar: Hola")] {
        let button = stage.query_selector(&format!("[data-testid={button}]")).unwrap().unwrap();
        assert_eq!(button.get_attribute("aria-label").as_deref(), Some(name));
        button.unchecked_into::<web_sys::HtmlElement>().click();
    }
    let acts = acts.lock().unwrap();
    assert!(
        matches!(&acts[..], [Act::Retry { key }, Act::Discard { key: also }] if key == "k" && also == "k")
    );
    stage.remove();
}

type Acts = Arc<Mutex<Vec<Act>>>;

thread_local! {
    static MOUNTED: RefCell<Vec<Box<dyn std::any::Any>>> = const { RefCell::new(Vec::new()) };
}

/// A row of the contact Ana's thread.
async fn show(line: Line, language: Language) -> (web_sys::HtmlElement, Acts) {
    let stage = stage();
    let acts = Acts::default();
    let row = shown_in(&Rows::default(), vec![line]).remove(0);
    let acting = acts.clone();
    let handle = mount_to(stage.clone(), move || {
        provide_context(Locale::of(language));
        let name = Signal::stored("Ana".to_owned());
        view! { <MessageRow row name act=Arc::new(move |act| acting.lock().unwrap().push(act))/> }
    });
    MOUNTED.with_borrow_mut(|mounted| mounted.push(Box::new(handle)));
    settle(10).await;
    (stage, acts)
}

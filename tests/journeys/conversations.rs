//! A coach and a contact talk.

use std::collections::HashMap;

use latido_e2e::{
    DEMO_EMAIL, DEMO_PASSWORD,
    api::Api,
    in_every_engine,
    journey::Journey,
    page::{Page, test_id},
    proxy::{Proxy, action::RequestAction, request::Request},
    server::Serve,
    wait::{PATIENCE, until},
};
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

in_every_engine!(
    what_a_contact_says_is_seen_and_answered,
    a_message_that_failed_survives_a_reload_and_is_sent_once,
    somebody_who_reads_further_up_keeps_the_place,
    a_person_and_her_coach_stand_on_two_sides,
);

/// Lucía, of the demo.
const LUCIA: &str = "+34600000001";
/// Carmen, who follows her.
const COACH: &str = "coach@latido.local";

#[derive(Debug, Deserialize)]
struct Message {
    status: String,
    author: String,
    ours: String,
    text: String,
}

async fn messages(page: &Page<'_>) -> Vec<Message> {
    let script = "return [...document.querySelectorAll('[data-testid=message-row]')].map((row) => ({
        status: row.dataset.status,
        author: row.dataset.author,
        ours: row.dataset.ours,
        text: row.innerText,
    }));";
    page.browser.try_js(script, &[]).await.unwrap_or_default()
}

/// Waits for a message with this text and status.
async fn message(page: &Page<'_>, text: &str, statuses: &[&str]) -> Message {
    until(&format!("{text:?}, {statuses:?}"), PATIENCE, async || {
        let mut messages = messages(page).await;
        let found =
            messages.iter().position(|row| row.text.contains(text) && statuses.contains(&&*row.status));
        found.map(|place| messages.swap_remove(place)).ok_or_else(|| format!("{messages:?}"))
    })
    .await
}

/// Opens a conversation as the coach.
async fn open(page: &Page<'_>, name: &str) {
    open_as(page, COACH, name).await;
}

async fn open_as(page: &Page<'_>, email: &str, name: &str) {
    page.open("/conversations").await;
    page.choose_language("es").await;
    page.open("/conversations").await;
    page.sign_in(email, DEMO_PASSWORD).await;
    page.wait_for_state("live").await;
    page.wait_for(&test_id("conversation-list")).await;
    let id: String = until(&format!("{name} on the list"), PATIENCE, async || {
        let script = "return [...document.querySelectorAll('[data-testid=conversation-row]')]
            .find((row) => row.innerText.includes(arguments[0]))?.dataset.id ?? null;";
        let id: Option<String> = page.browser.try_js(script, &[json!(name)]).await?;
        id.ok_or_else(|| "nobody of that name".to_owned())
    })
    .await;
    page.browser.click(&format!("[data-testid=conversation-row][data-id='{id}'] a")).await;
    page.wait_for(&test_id("message-row")).await;
}

async fn write(page: &Page<'_>, text: &str) {
    page.browser.fill(&test_id("message-field"), text).await;
    page.browser.click(&test_id("send")).await;
}

async fn what_a_contact_says_is_seen_and_answered(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    open(&page, "Lucía").await;

    let lucia = server.be(LUCIA);
    lucia.say("¿Qué ceno hoy?");
    let said = message(&page, "¿Qué ceno hoy?", &["delivered", "read"]).await;
    assert_eq!(said.author, "contact");
    let heard = page.wait_for(&format!("{}:not(:empty)", test_id("announcer"))).await;
    assert!(heard.contains("¿Qué ceno hoy?"), "{heard}");
    page.wait_for("[data-testid=conversation-row][data-unread='0']:first-child").await;

    // The row is the same one before and after the server has named it.
    write(&page, "Crema de calabacín").await;
    let mark = "const rows = [...document.querySelectorAll('[data-testid=message-row]')];
        rows.at(-1).marked = true;";
    page.browser.js::<()>(mark, &[]).await;
    message(&page, "Crema de calabacín", &["read"]).await;
    let script = "const rows = [...document.querySelectorAll('[data-testid=message-row]')];
        return [rows.filter((row) => row.innerText.includes('Crema de')).length, rows.at(-1).marked === true];";
    let (rows, marked): (usize, bool) = page.browser.js(script, &[]).await;
    assert_eq!((rows, marked), (1, true));

    // Another tab is another one in the room.
    let tab = page.browser.tab().await;
    page.browser.new_tab().await;
    page.open("/conversations").await;
    page.wait_for_state("live").await;
    open_first(&page).await;
    page.browser.fill(&test_id("message-field"), "Y de postre").await;
    page.browser.switch_to(&tab).await;
    assert_eq!(page.wait_for(&test_id("typing-indicator")).await, "Escribiendo…");
    page.wait_until_gone(&test_id("typing-indicator")).await;
}

async fn open_first(page: &Page<'_>) {
    page.browser.click("[data-testid=conversation-row] a").await;
    page.wait_for(&test_id("message-row")).await;
}

async fn a_message_that_failed_survives_a_reload_and_is_sent_once(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    open(&page, "Andrés").await;

    proxy.intercept(
        |request| if is_sending(request) { RequestAction::Unavailable } else { RequestAction::Forward },
    );
    write(&page, "Nos vemos el sábado").await;
    message(&page, "Nos vemos el sábado", &["failed"]).await;
    page.browser.reload().await;
    message(&page, "Nos vemos el sábado", &["failed"]).await;
    // Once live, the page tries by itself. That try has to fail before the user's.
    page.wait_for_state("live").await;
    message(&page, "Nos vemos el sábado", &["failed"]).await;

    // The first try arrives and its answer is lost; the second is the same message.
    proxy.intercept(
        |request| if is_sending(request) { RequestAction::HoldResponse } else { RequestAction::Forward },
    );
    page.browser.click(&test_id("retry-message")).await;
    message(&page, "Nos vemos el sábado", &["queued", "sent"]).await;
    page.browser.reload().await;
    proxy.forward_all();
    message(&page, "Nos vemos el sábado", &["queued", "sent"]).await;
    until("no message on its way", PATIENCE, async || {
        let script =
            "return document.querySelectorAll('[data-testid=message-row][data-pending=true]').length;";
        let pending: usize = page.browser.try_js(script, &[]).await?;
        if pending == 0 { Ok(()) } else { Err(pending.to_string()) }
    })
    .await;
    let said = messages(&page).await;
    let count = said.iter().filter(|message| message.text.contains("Nos vemos el sábado")).count();
    assert_eq!(count, 1, "{said:?}");
    let mut keys = HashMap::<String, usize>::new();
    for request in proxy.answered().iter().filter(|request| is_sending(request)) {
        *keys.entry(request.header("idempotency-key").expect("a key").to_owned()).or_default() += 1;
    }
    assert_eq!(keys.len(), 1, "every try had the same key: {keys:?}");
}

fn is_sending(request: &Request) -> bool {
    request.method() == "POST" && request.path().ends_with("/messages")
}

async fn somebody_who_reads_further_up_keeps_the_place(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let lucia = server.be(LUCIA);
    for number in 1..=120 {
        lucia.say(&format!("Línea {number}"));
    }
    let page = Page::new(&journey.browser, &url);
    open(&page, "Lucía").await;
    message(&page, "Línea 120", &["delivered", "read"]).await;
    let away = "const pane = document.querySelector('[data-testid=message-scroll]'); return pane.scrollTop;";
    assert!(page.browser.js::<f64>(away, &[]).await.abs() < 2.0, "it starts at the newest");

    // Up to the beginning, page by page.
    until("the first line", PATIENCE, async || {
        let script = "document.querySelector('[data-testid=message-scroll]').scrollTop = -1e6;
            return document.querySelector('[data-testid=message-list]').innerText.includes('Buenos días. He');";
        let there: bool = page.browser.try_js(script, &[]).await?;
        if there { Ok(()) } else { Err("not yet".to_owned()) }
    })
    .await;
    let middle = "const rows = [...document.querySelectorAll('[data-testid=message-row]')];
        const row = rows.find((row) => row.innerText.includes('Línea 40'));
        row.scrollIntoView({ block: 'center' });
        window.reading = row;
        return row.getBoundingClientRect().top;";
    let before: f64 = page.browser.js(middle, &[]).await;
    lucia.say("¿Sigues ahí?");
    let offered = page.wait_for(&test_id("to-the-newest")).await;
    until("a new message to be offered", PATIENCE, async || {
        let offered = page.wait_for(&test_id("to-the-newest")).await;
        if offered.contains("1 mensaje nuevo") { Ok(()) } else { Err(offered) }
    })
    .await;
    let after: f64 = page.browser.js("return window.reading.getBoundingClientRect().top;", &[]).await;
    assert!((after - before).abs() <= 2.0, "what was read moved from {before} to {after} ({offered})");

    page.browser.click(&test_id("to-the-newest")).await;
    page.wait_until_gone(&test_id("to-the-newest")).await;
    assert!(page.browser.js::<f64>(away, &[]).await.abs() < 2.0);
    page.wait_for("[data-testid=conversation-row][data-unread='0']:first-child").await;
}

/// What the coach sees of the newest conversation.
async fn seen_by(coach: &Api) -> Value {
    coach.get("/conversations").await["conversations"][0].clone()
}

async fn a_person_and_her_coach_stand_on_two_sides(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    let coach = Api::sign_in_as(&url, COACH, DEMO_PASSWORD).await;
    open_as(&page, DEMO_EMAIL, "Lucía Demo").await;
    assert_eq!(page.wait_for(".talk-head h2").await, "Tu equipo");

    // Her words are on her side, unread for the coach, and go to no telephone.
    write(&page, "Me he mareado").await;
    let hers = message(&page, "Me he mareado", &["delivered"]).await;
    assert_eq!((hers.author.as_str(), hers.ours.as_str()), ("contact", "true"));
    let seen = seen_by(&coach).await;
    assert_eq!((&seen["needsAnswer"], &seen["lastMessage"]["direction"]), (&json!(true), &json!("inbound")));
    let unread = seen["unread"].as_u64().unwrap();
    assert!(unread > 0, "her own reading is not the coach's: {seen}");

    // The coach reads, which she sees; that is no answer.
    let talk = format!("/conversations/{}", seen["contactId"].as_str().unwrap());
    coach.post(&format!("{talk}/read"), json!({}), StatusCode::OK).await;
    message(&page, "Me he mareado", &["read"]).await;
    let seen = seen_by(&coach).await;
    assert_eq!((&seen["unread"], &seen["needsAnswer"]), (&json!(0), &json!(true)));

    let words = json!({ "text": "Siéntate, ahora te llamo" });
    coach.post(&format!("{talk}/messages"), words, StatusCode::CREATED).await;
    let theirs = message(&page, "Siéntate, ahora te llamo", &["queued", "sent", "read"]).await;
    assert_eq!((theirs.author.as_str(), theirs.ours.as_str()), ("coach", "false"));
    until("the coach to see that she has read it", PATIENCE, async || {
        let seen = seen_by(&coach).await;
        let last = &seen["lastMessage"];
        if last["status"] == "read" && seen["needsAnswer"] == false { Ok(()) } else { Err(seen.to_string()) }
    })
    .await;
}

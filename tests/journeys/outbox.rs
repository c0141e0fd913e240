//! What is written while the server cannot be reached.

use std::collections::BTreeMap;

use latido_e2e::{
    DEMO_EMAIL, DEMO_PASSWORD,
    api::Api,
    browser::Browser,
    engine::Engine,
    in_chromium, in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    proxy::{Proxy, action::RequestAction, request::Request},
    server::Serve,
    wait::{PATIENCE, until},
};
use serde_json::Value;

in_every_engine!(
    writes_wait_survive_a_reload_and_are_sent_once_in_order,
    what_is_refused_for_good_is_shown_and_keeps_its_input,
    what_one_person_wrote_is_never_sent_as_anothers,
    page_left_while_it_stores_blocks_no_other,
);
// Only its profile survives its driver.
in_chromium!(what_waits_survives_a_crash);

const NAMES: [&str; 3] = ["Primero", "Segundo", "Tercero"];
const OURS: [&str; 7] = ["Sin red", "Primero", "Segundo", "Tercero", "De todos", "Lo mío", "Lo suyo"];

async fn writes_wait_survive_a_reload_and_are_sent_once_in_order(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    page.form_is_loaded().await;
    let api = server.api().await;

    proxy.intercept(|_| RequestAction::Close);
    proxy.cut();
    tell(&page, "offline").await;
    page.eat("Sin red", 50).await;
    page.row_pending(List::Food, "Sin red", true).await;
    page.wait_for_waiting(1).await;
    assert_eq!(names(&api).await, [""; 0]);
    proxy.forward_all();
    tell(&page, "online").await;
    page.row_pending(List::Food, "Sin red", false).await;
    page.wait_until_gone(&test_id("outbox-status")).await;
    page.wait_for_state("live").await;
    assert_eq!(names(&api).await, ["Sin red"]);

    // The shell has to come from somewhere, so this time only writes are refused.
    refuse_writes(&proxy);
    for name in NAMES {
        page.eat(name, 60).await;
        page.row_pending(List::Food, name, true).await;
    }
    journey.browser.reload().await;
    all_pending(&page, true).await;
    page.wait_for_waiting(NAMES.len()).await;
    let first = journey.browser.new_tab().await;
    page.open("/food").await;
    all_pending(&page, true).await;
    assert_eq!(names(&api).await, ["Sin red"]);

    let before = proxy.answered().len();
    proxy.forward_all();
    tell(&page, "online").await;
    all_pending(&page, false).await;
    journey.browser.switch_to(&first).await;
    all_pending(&page, false).await;
    assert_eq!(names(&api).await, ["Sin red", "Primero", "Segundo", "Tercero"]);
    let sent = times_by_key(&proxy.answered()[before..]);
    assert_eq!(sent.len(), NAMES.len(), "{sent:?}");
    // Where tabs cannot agree on one of them to send, the key keeps the server from doing it twice.
    let has_locks: bool = journey.browser.js("return 'locks' in navigator;", &[]).await;
    if has_locks {
        assert!(sent.values().all(|times| *times == 1), "{sent:?}");
    }
}

async fn what_is_refused_for_good_is_shown_and_keeps_its_input(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let api = server.api().await;
    let food = api.eat("De todos", 100).await;
    let id = food["id"].as_str().expect("an id");
    page.row(List::Food, "De todos", PATIENCE).await;

    refuse_writes(&proxy);
    page.open_form(List::Food, Some(id)).await;
    page.fill("name", "Lo mío").await;
    page.submit().await;
    page.closed().await;
    page.row_pending(List::Food, "Lo mío", true).await;
    api.rename(id, "Lo suyo").await;
    proxy.forward_all();
    tell(&page, "online").await;

    let said = page.refused_write().await;
    assert!(said.contains("Lo mío"), "{said}");
    page.row_pending(List::Food, "Lo suyo", false).await;
    assert_eq!(names(&api).await, ["Lo suyo"]);

    // A user who has seen the current record can still save over it.
    page.browser.click(&test_id("write-again")).await;
    page.submit().await;
    page.saved().await;
    page.row_pending(List::Food, "Lo mío", false).await;
    page.wait_until_gone(&test_id("refused-write")).await;
    assert_eq!(names(&api).await, ["Lo mío"]);
}

/// Two tabs, one cookie: while one has something waiting, another person signs in in the other.
async fn what_one_person_wrote_is_never_sent_as_anothers(journey: &Journey) {
    const OTHER: (&str, &str) = ("otra@latido.local", "otra-contrasena");
    let mut server = journey.serve(Serve::default()).await;
    server.terminate().await;
    server.add_user(OTHER.0, OTHER.1);
    server.restart().await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    refuse_writes(&proxy);
    page.eat("Lo mío", 60).await;
    page.row_pending(List::Food, "Lo mío", true).await;

    let first = journey.browser.new_tab().await;
    page.open("/food").await;
    page.wait_for_state("live").await;
    page.sign_out().await;
    page.sign_in(OTHER.0, OTHER.1).await;
    page.wait_for_state("live").await;
    let second = journey.browser.tab().await;

    proxy.forward_all();
    journey.browser.switch_to(&first).await;
    tell(&page, "online").await;
    page.wait_for_no_row(List::Food, "Lo mío").await;
    let theirs = Api::sign_in_as(&server.url(), OTHER.0, OTHER.1).await;
    assert_eq!(names(&theirs).await, [""; 0]);
    assert_eq!(names(&server.api().await).await, [""; 0], "it waits for who wrote it");

    journey.browser.switch_to(&second).await;
    page.sign_out().await;
    page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    page.row_pending(List::Food, "Lo mío", false).await;
    assert_eq!(names(&server.api().await).await, ["Lo mío"]);
    assert_eq!(names(&theirs).await, [""; 0]);
}

async fn page_left_while_it_stores_blocks_no_other(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    // A page that is left may be frozen in the middle of it, for the way back.
    let store = "addEventListener('pagehide', () => void latidoOutbox.put('another-user', 'key', '{}'));";
    journey.browser.js::<()>(store, &[]).await;
    page.open("/metrics").await;
    page.wait_for_state("live").await;
    until("the storage to answer", PATIENCE, async || {
        let script = "latidoOutbox.all('another-user').then(() => (window.storageAnswers = true), () => {});
            return window.storageAnswers === true;";
        let answers: bool = journey.browser.try_js(script, &[]).await?;
        if answers { Ok(()) } else { Err(page.text().await) }
    })
    .await;
}

async fn what_waits_survives_a_crash(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let browser = Browser::start(Engine::Chromium).await;
    let page = Page::new(&browser, &url);
    page.open_live("/food").await;
    refuse_writes(&proxy);
    for name in NAMES {
        page.eat(name, 60).await;
        page.row_pending(List::Food, name, true).await;
    }

    let browser = browser.crash().await;
    let page = Page::new(&browser, &url);
    page.open("/food").await;
    // It may have forgotten who it was: cookies are written to the disk once in a while.
    page.wait_for(&format!("{}, {}", test_id("food-list"), test_id("sign-in-form"))).await;
    if page.connection().await.is_none() {
        page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    }
    all_pending(&page, true).await;
    proxy.forward_all();
    tell(&page, "online").await;
    all_pending(&page, false).await;
    assert_eq!(names(&server.api().await).await, NAMES);
    browser.quit().await;
}

fn refuse_writes(proxy: &Proxy) {
    let is_food = |request: &Request| request.is_write() && request.is_for("/food-logs");
    proxy.intercept(
        move |request| if is_food(request) { RequestAction::Unavailable } else { RequestAction::Forward },
    );
}

async fn all_pending(page: &Page<'_>, pending: bool) {
    for name in NAMES {
        page.row_pending(List::Food, name, pending).await;
    }
}

/// Of the foods that were made here, in the order in which the server got them.
async fn names(api: &Api) -> Vec<String> {
    let mut foods = api.foods().await;
    foods.retain(|food| OURS.iter().any(|ours| food["name"] == *ours));
    foods.sort_by_key(|food| text(&food["createdAt"]));
    foods.iter().map(|food| text(&food["name"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// How often the server was given each write.
fn times_by_key(requests: &[Request]) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for key in requests.iter().filter_map(|request| request.header("idempotency-key")) {
        *times.entry(key.to_owned()).or_insert(0) += 1;
    }
    times
}

async fn tell(page: &Page<'_>, event: &str) {
    page.browser.js::<()>(&format!("dispatchEvent(new Event('{event}'));"), &[]).await;
}

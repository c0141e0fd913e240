//! The page of connections: the server's own for admins, and one's own for everybody.

use latido_e2e::{
    DEMO_EMAIL, DEMO_PASSWORD, in_every_engine,
    journey::Journey,
    page::{Page, test_id},
    plug::Plug,
    server::Serve,
    wait::{PATIENCE, until},
};
use serde_json::{Value, json};

in_every_engine!(
    a_report_holds_nothing_of_anybody,
    an_admin_adds_controls_and_removes_a_connection,
    an_outage_is_in_the_history_with_its_reason,
    who_is_no_admin_is_not_shown_what_is_not_theirs,
);

async fn an_admin_adds_controls_and_removes_a_connection(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let plug = Plug::start(1).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/").await;
    page.choose_language("es").await;
    page.open_live("/connections").await;
    page.wait_for(&test_id("link-log")).await;

    page.browser.click(&test_id("add-link")).await;
    page.browser.fill(&field("referenceId"), "Cabina").await;
    page.browser.fill(&field("metadata/url"), "nowhere").await;
    page.browser.click(&format!("{FORM} [type=submit]")).await;
    page.wait_for(&format!("{FORM} [data-error-for='metadata/url']:not(:empty)")).await;
    page.browser.fill(&field("metadata/url"), plug.url()).await;
    page.browser.click(&format!("{FORM} [type=submit]")).await;
    page.wait_until_gone(FORM).await;
    page.wait_for(&row("connected")).await;
    logged(&page, "action", "añadió").await;
    logged(&page, "connect", "").await;

    // What is done here is seen here, and so is what is done elsewhere.
    page.browser.click(&test_id("stop")).await;
    page.wait_for(&row("disconnected")).await;
    logged(&page, "action", "detuvo").await;
    server.api().await.start_connections().await;
    page.wait_for(&row("connected")).await;
    page.wait_for("[data-testid=toggle-reconnect][aria-checked=true]").await;
    page.browser.click(&test_id("toggle-reconnect")).await;
    page.wait_for("[data-testid=toggle-reconnect][aria-checked=false]").await;

    // A pause holds back what comes, and loses none of it.
    page.browser.click(&test_id("follow")).await;
    let before = rows(&page).await;
    page.browser.click(&test_id("restart")).await;
    page.wait_for(&row("connected")).await;
    until("rows that wait", PATIENCE, async || {
        let label = page.wait_for(&test_id("follow")).await;
        if label.contains('(') { Ok(()) } else { Err(label) }
    })
    .await;
    assert_eq!(rows(&page).await, before);
    page.browser.click(&test_id("follow")).await;
    logged(&page, "action", "reinició").await;

    page.browser.click(&test_id("remove")).await;
    page.browser.click(&test_id("confirm-remove")).await;
    page.wait_until_gone(&test_id("link-row")).await;
}

async fn a_report_holds_nothing_of_anybody(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let api = server.api().await;
    let food = api.eat("Mazamorra", 3917).await;
    let page = Page::new(&journey.browser, &url);
    page.open("/food").await;
    // Every token that this page ever sends, as the page sends it.
    let listen = "const send = window.fetch; window.tokens = [];
        window.fetch = (url, init) => {
            const token = (url.headers ?? new Headers(init?.headers)).get('authorization');
            if (token) window.tokens.push(token.replace('Bearer ', ''));
            return send(url, init);
        };";
    page.browser.js::<Value>(listen, &[]).await;
    page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    page.wait_for_state("live").await;
    page.row(latido_e2e::page::List::Food, "Mazamorra", PATIENCE).await;
    page.browser.js::<Value>("document.querySelector('nav a[href=\"/connections\"]').click();", &[]).await;
    page.browser.click(".which button:last-child").await;
    page.browser.click(&test_id("show-report")).await;
    let report = page.wait_for(&test_id("report")).await;
    assert!(report.contains("state: live since"), "{report}");
    let tokens: Vec<String> = page.browser.js("return window.tokens;", &[]).await;
    assert!(!tokens.is_empty());
    let of_somebody =
        ["Mazamorra", "3917", "Lucía", "Carmen", "@", "Bearer", "eyJ", food["id"].as_str().unwrap()];
    for secret in of_somebody.into_iter().chain(tokens.iter().map(String::as_str)) {
        assert!(!report.contains(secret), "{secret:?} is in\n{report}");
    }
    page.browser.click(&test_id("copy-report")).await;
    page.wait_for(".diagnosis [role=status]:not(:empty)").await;
}

async fn who_is_no_admin_is_not_shown_what_is_not_theirs(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/connections").await;
    page.sign_in("coach@latido.local", DEMO_PASSWORD).await;
    page.wait_for_state("live").await;
    page.wait_for(&test_id("no-permission")).await;
    page.wait_for(&format!("{} [data-state=live]", test_id("own-connection"))).await;
    let asked: Vec<String> = page
        .browser
        .js("return performance.getEntriesByType('resource').map((entry) => entry.name);", &[])
        .await;
    assert!(!asked.iter().any(|name| name.contains("/api/websocket")), "{asked:#?}");
}

async fn an_outage_is_in_the_history_with_its_reason(journey: &Journey) {
    let mut server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/connections").await;
    page.browser.click(".which button:last-child").await;
    server.kill();
    page.wait_for_state("reconnecting").await;
    server.restart().await;
    page.wait_for_state("live").await;
    let history = page.wait_for(&test_id("history")).await;
    assert!(history.contains("1006"), "{history}");
    let states: Vec<String> = page
        .browser
        .js(
            "return [...document.querySelectorAll('[data-testid=history] .state')].map((state) => state.dataset.state);",
            &[],
        )
        .await;
    assert_eq!(states.first().map(String::as_str), Some("live"), "the latest first: {states:?}");
    assert!(states.iter().any(|state| state == "reconnecting"), "{states:?}");
}

const FORM: &str = "[data-testid=link-form]";

fn field(name: &str) -> String {
    format!("{FORM} [name='{name}']")
}

fn row(status: &str) -> String {
    format!("[data-testid=link-row][data-status={status}]")
}

async fn rows(page: &Page<'_>) -> usize {
    page.browser.js("return document.querySelectorAll('[data-testid=log-row]').length;", &[]).await
}

/// Waits for a row of this kind with this text.
async fn logged(page: &Page<'_>, kind: &str, says: &str) {
    let script = "return [...document.querySelectorAll('[data-testid=log-row]')]
        .some((row) => row.dataset.kind === arguments[0] && row.textContent.includes(arguments[1]));";
    until(&format!("a row {kind} that says {says:?}"), PATIENCE, async || {
        let found = page.browser.js::<bool>(script, &[json!(kind), json!(says)]).await;
        if found { Ok(()) } else { Err(page.text().await) }
    })
    .await;
}

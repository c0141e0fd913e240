//! A dashboard without a socket.

use std::time::Duration;

use latido_e2e::{
    DEMO_EMAIL, DEMO_PASSWORD, console, in_every_engine,
    journey::Journey,
    page::{List, Page},
    server::Serve,
};

in_every_engine!(without_a_socket_the_page_polls_and_says_so_once);

/// The interval is 8 s; the rest is for the request and for a busy machine.
const WITHIN: Duration = Duration::from_secs(8 + 4);

async fn without_a_socket_the_page_polls_and_says_so_once(journey: &Journey) {
    let dist = console::listening_dist();
    dist.set("latido-ws-url", "");
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/food").await;
    page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    page.wait_for_state("polling").await;

    server.log(&["food", "Arepa de choclo", "--calories", "280", "--meal", "breakfast"]);
    page.row(List::Food, "Arepa de choclo", WITHIN).await;

    let heard = journey.browser.console().await;
    let warnings =
        heard.iter().filter(|entry| entry.text.contains("RealtimeProvider: WS_URL not configured"));
    assert_eq!(warnings.count(), 1, "{heard:#?}");
    assert!(!heard.iter().any(|entry| entry.is_error), "{heard:#?}");
}

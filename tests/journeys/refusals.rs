//! A server that does not let the dashboard in, or not any more.

use std::time::{Duration, Instant};

use latido_e2e::{
    console, in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    proxy::{Proxy, action::RequestAction, request::Request},
    server::Serve,
    wait::{PATIENCE, until},
};

use crate::reconnecting::a_countdown_is_seen;

in_every_engine!(
    refused_sockets_and_tickets_are_outlasted,
    after_ten_refusals_there_is_a_button,
    a_token_that_expires_while_no_other_is_to_be_had_is_replaced_later,
);

async fn refused_sockets_and_tickets_are_outlasted(journey: &Journey) {
    const OUTAGE: Duration = Duration::from_secs(20);
    let dist = console::listening_dist();
    // Otherwise it would come back up to half a minute after the outage.
    dist.set("latido-ws-timing", "maxReconnectDelay=3000");
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let api = server.api().await;

    let (began, dials) = (Instant::now(), proxy.dials());
    unavailable(&proxy, Request::is_dial);
    proxy.cut();
    page.wait_for_state("reconnecting").await;
    a_countdown_is_seen(&page).await;
    // Only the socket is refused: what happens is asked for.
    api.eat("Por consulta", 100).await;
    page.row(List::Food, "Por consulta", PATIENCE).await;
    tokio::time::sleep(OUTAGE.saturating_sub(began.elapsed())).await;
    let refused = proxy.dials() - dials;
    assert!((3..=9).contains(&refused), "{refused} dials in {OUTAGE:?}");
    // A browser cannot see why it was refused, so the session is asked.
    let session =
        proxy.arrived().iter().filter(|request| request.line() == "GET /api/session HTTP/1.1").count();
    assert!(session >= 1, "after {refused} refusals");
    assert_eq!(page.connection().await.expect("still signed in").state, "reconnecting");
    proxy.forward_all();
    page.wait_for_state("live").await;

    unavailable(&proxy, |request| request.is_for("/realtime/ticket"));
    let dials = proxy.dials();
    proxy.cut();
    api.eat("Sin boleto", 110).await;
    page.wait_for_state("reconnecting").await;
    proxy.forward_all();
    page.wait_for_state("live").await;
    assert_eq!(proxy.dials(), dials + 1, "nobody dials without a ticket");
    page.row(List::Food, "Sin boleto", PATIENCE).await;
}

async fn after_ten_refusals_there_is_a_button(journey: &Journey) {
    let dist = console::listening_dist();
    dist.set("latido-ws-timing", "policy=patient initialReconnectDelay=50 maxReconnectDelay=50");
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let api = server.api().await;

    let dials = proxy.dials();
    unavailable(&proxy, Request::is_dial);
    proxy.cut();
    page.wait_for_state("disconnected").await;
    assert_eq!(proxy.dials() - dials, 10);
    page.wait_for(&test_id("retry")).await;
    let heard = journey.browser.console().await;
    assert!(heard.iter().any(|entry| entry.text.contains("WebSocket disconnected")), "{heard:#?}");

    // With the network back, the button is enough.
    proxy.forward_all();
    api.eat("Con el botón", 120).await;
    page.browser.click(&test_id("retry")).await;
    page.wait_for_state("live").await;
    page.row(List::Food, "Con el botón", PATIENCE).await;
    page.wait_until_gone(&test_id("retry")).await;

    // And where polls fail as well, the first that works again is enough.
    unavailable(&proxy, |_| true);
    proxy.cut();
    page.wait_for_state("disconnected").await;
    api.eat("Sin tocar nada", 130).await;
    let polls = || proxy.arrived().iter().filter(|request| request.is_for("/food-logs")).count();
    let before = polls();
    until(
        "a poll that fails",
        PATIENCE,
        async || if polls() > before { Ok(()) } else { Err(before.to_string()) },
    )
    .await;
    proxy.forward_all();
    page.wait_for_state("live").await;
    page.row(List::Food, "Sin tocar nada", PATIENCE).await;
}

async fn a_token_that_expires_while_no_other_is_to_be_had_is_replaced_later(journey: &Journey) {
    let server = journey.serve(Serve { access_token_seconds: Some(6), ..Serve::default() }).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;

    unavailable(&proxy, |request| request.is_for("/session/refresh"));
    until("the socket to end with its token", PATIENCE, async || match proxy.open_sockets() {
        0 => Ok(()),
        sockets => Err(format!("{sockets} sockets")),
    })
    .await;
    page.wait_for_state("reconnecting").await;
    server.log(&["food", "Sin credencial", "--calories", "140", "--meal", "snack"]);
    proxy.forward_all();
    page.wait_for_state("live").await;
    page.row(List::Food, "Sin credencial", PATIENCE).await;
}

/// These are refused with 503, and all others passed on.
fn unavailable(proxy: &Proxy, which: impl Fn(&Request) -> bool + 'static) {
    proxy.intercept(
        move |request| if which(request) { RequestAction::Unavailable } else { RequestAction::Forward },
    );
}

//! What can happen to a socket that is open.

use latido_e2e::{
    api::Api,
    console, in_every_engine,
    journey::Journey,
    page::{List, Page},
    proxy::{Proxy, action::RequestAction, socket::Wire},
    server::Serve,
    wait::PATIENCE,
};

in_every_engine!(whatever_happens_to_the_socket_nothing_is_missed);

/// Faults that only the heartbeat finds are found in seconds.
const TIMING: &str = "policy=patient initialReconnectDelay=200 maxReconnectDelay=1000 heartbeatInterval=1500 heartbeatTimeout=1000";

/// One fault after another, on one page.
async fn whatever_happens_to_the_socket_nothing_is_missed(journey: &Journey) {
    let dist = console::listening_dist();
    dist.set("latido-ws-timing", TIMING);
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let api = server.api().await;

    a_frame_is_cut_in_two(&page, &proxy, &api).await;
    // Later the wire is clear again, and what was stalled arrives at a socket that is no longer in use.
    nothing_arrives(&page, &proxy, &api, Wire::Stalled, "Estancado").await;
    nothing_arrives(&page, &proxy, &api, Wire::Swallowed, "Tragado").await;
    an_event_is_lost(&page, &proxy, &api).await;

    let heard = journey.browser.console().await;
    let connected = heard.iter().filter(|entry| entry.text.contains("✅ WebSocket connected"));
    assert_eq!(connected.count(), 4, "the first time and after three faults: {heard:#?}");
}

async fn a_frame_is_cut_in_two(page: &Page<'_>, proxy: &Proxy, api: &Api) {
    nobody_may_dial(proxy);
    proxy.cut_in_next_frame();
    api.eat("Cortado en dos", 50).await;
    back_to_live(page, proxy).await;
    page.row(List::Food, "Cortado en dos", PATIENCE).await;
    assert_eq!(proxy.open_sockets(), 1);
}

/// No close, no error: only a ping without a pong shows it.
async fn nothing_arrives(page: &Page<'_>, proxy: &Proxy, api: &Api, how: Wire, name: &str) {
    nobody_may_dial(proxy);
    proxy.wire(how);
    api.eat(name, 60).await;
    page.wait_for_state("reconnecting").await;
    proxy.wire(Wire::Clear);
    back_to_live(page, proxy).await;
    page.row(List::Food, name, PATIENCE).await;
}

/// The pong shows the server's position. The gap is requested on the same socket.
async fn an_event_is_lost(page: &Page<'_>, proxy: &Proxy, api: &Api) {
    let dials = proxy.dials();
    proxy.edit_texts(|text| (!text.contains("Perdido")).then(|| text.to_owned()));
    api.eat("Perdido", 70).await;
    proxy.leave_texts_alone();
    page.row(List::Food, "Perdido", PATIENCE).await;
    assert_eq!(proxy.dials(), dials, "a hole is no reason to dial");
    page.wait_for_state("live").await;
}

fn nobody_may_dial(proxy: &Proxy) {
    proxy.intercept(|request| if request.is_dial() { RequestAction::Hold } else { RequestAction::Forward });
}

async fn back_to_live(page: &Page<'_>, proxy: &Proxy) {
    page.wait_for_state("reconnecting").await;
    proxy.forward_all();
    page.wait_for_state("live").await;
}

use latido_connection::{GaveUp, Trouble};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    settle,
    sockets::{Connection, Sockets, connected},
    test_app::{TestApp, en},
};
use crate::shell::{connection_status::ConnectionStatus, header::Header};

const STATUS: &str = "[data-testid=connection-status]";
const RETRY: &str = "[data-testid=retry]";
const BADGE: &str = ".connection summary";
/// What a lost connection is allowed before anybody sees it, and a little more.
const NO_BLINK: u32 = 1_700;

/// A badge over a connection that is dialled as soon as there is a ticket.
struct Badge {
    app: TestApp,
    sockets: Sockets,
}

impl Badge {
    async fn show(connection: Connection, view: fn() -> AnyView) -> Self {
        let (app, sockets) = connected(TestApp::for_a("user").await, connection, view).await;
        Self { app, sockets }
    }

    async fn with_timing(timing: &str) -> Self {
        Self::show(Connection::Dials { timing: timing.to_owned() }, || {
            view! { <ConnectionStatus/> }.into_any()
        })
        .await
    }

    fn expect(&self, state: &str, words: &str, can_retry: bool) {
        assert_eq!(self.app.attribute(STATUS, "data-state"), state);
        assert_eq!(self.app.text(".badge-text"), words);
        assert_eq!(self.app.count(RETRY), usize::from(can_retry), "the way to dial, while {state}");
    }

    /// What the opened panel says to it, and its last trouble.
    async fn panel(&self) -> (String, String) {
        self.app.click(BADGE).await;
        (self.app.text(".menu-panel .hint"), self.app.texts(".menu-panel dd").pop().unwrap())
    }

    /// Nothing of it goes on behind the next test.
    async fn end(self) {
        self.app.api.session().end();
        settle(30).await;
    }
}

#[wasm_bindgen_test]
async fn no_badge_without_provider() {
    let mut app = TestApp::new();
    app.show(|| view! { <ConnectionStatus/> }.into_any()).await;
    assert_eq!(app.count(STATUS), 0);
}

#[wasm_bindgen_test]
async fn unconfigured_socket_shows_polling() {
    let badge = Badge::show(Connection::None, || view! { <ConnectionStatus/> }.into_any()).await;
    badge.expect("polling", en().strings.polling, false);
    assert_eq!(
        badge.panel().await,
        (en().deferred().polling_hint.to_owned(), en().deferred().none.to_owned())
    );
    assert_eq!(badge.sockets.dialled(), 0);
    badge.end().await;
}

#[wasm_bindgen_test]
async fn live_panel_shows_since_when() {
    let badge = Badge::with_timing("").await;
    badge.expect("connecting", en().strings.connecting, false);
    badge.sockets.greet();
    settle(60).await;
    badge.expect("live", en().strings.live, false);
    assert_eq!(badge.panel().await.0, "", "there is nothing to be told");
    assert_ne!(badge.app.text(".menu-panel dd"), "–", "since when");
    badge.app.click(BADGE).await;
    assert_eq!(badge.app.count(".menu-panel dd"), 0, "closed, it costs nothing");
    badge.end().await;
}

#[wasm_bindgen_test]
async fn outage_counts_down_and_allows_retry() {
    let badge = Badge::with_timing("initialReconnectDelay=60000 maxReconnectDelay=60000").await;
    badge.sockets.greet();
    settle(60).await;
    badge.sockets.close(1006);
    settle(NO_BLINK).await;
    badge.expect("reconnecting", en().strings.reconnecting, true);
    let count = badge.app.text(".badge-count");
    assert!(count.contains('s') && count.contains("/10"), "{count}");
    assert_eq!(badge.app.attribute(".badge-count", "aria-hidden"), "true", "or it would count aloud");
    assert_eq!(badge.panel().await.1, (en().deferred().trouble)(Trouble::Closed { code: 1006 }));
    assert_eq!(badge.app.text(RETRY), en().strings.retry);
    badge.app.click(RETRY).await;
    assert_eq!(badge.sockets.dialled(), 2);
    badge.sockets.greet();
    settle(60).await;
    badge.expect("live", en().strings.live, false);
    badge.end().await;
}

#[wasm_bindgen_test]
async fn given_up_badge_shows_reason_and_retries() {
    let timing = "policy=patient initialReconnectDelay=1 maxReconnectDelay=1 maxReconnectAttempts=1";
    for (code, state, reason) in [
        (1006, "disconnected", GaveUp::AttemptsUsedUp),
        (4403, "error", GaveUp::NotAllowed),
        (4409, "error", GaveUp::TooManyConnections),
    ] {
        let badge = Badge::with_timing(timing).await;
        let mut dials = 0;
        // Each one that was dialled is closed, until there is no other.
        while badge.sockets.dialled() > dials {
            dials = badge.sockets.dialled();
            badge.sockets.close(code);
            settle(100).await;
        }
        badge.expect(state, en().strings.disconnected, true);
        assert_eq!(badge.panel().await.0, (en().deferred().gave_up)(reason));
        badge.app.click(RETRY).await;
        assert_eq!(badge.sockets.dialled(), dials + 1);
        badge.end().await;
    }
}

#[wasm_bindgen_test]
async fn signed_out_badge_has_no_retry() {
    let badge = Badge::with_timing("").await;
    badge.app.api.session().end();
    settle(60).await;
    badge.expect("disconnected", en().strings.disconnected, false);
}

#[wasm_bindgen_test]
async fn of_the_headers_menus_one_is_open() {
    let badge = Badge::show(Connection::None, || view! { <Header/> }.into_any()).await;
    badge.app.click(BADGE).await;
    assert_eq!(badge.app.count(".connection .menu-panel dd"), 9);
    badge.app.click("details.menu > summary").await;
    assert_eq!(badge.app.count(".connection .menu-panel dd"), 0);
    assert_eq!(badge.app.count("details.menu [data-testid=sign-out]"), 1);
    badge.end().await;
}

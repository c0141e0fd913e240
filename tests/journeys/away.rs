//! Absence: no network, or a hidden page.

use std::time::Duration;

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page},
    proxy::{Proxy, action::RequestAction},
    server::Serve,
    wait::{PATIENCE, until},
};

use crate::reconnecting::seconds_and_attempt;

in_every_engine!(coming_back_to_the_network_or_to_the_page_dials_at_once);

async fn coming_back_to_the_network_or_to_the_page_dials_at_once(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let api = server.api().await;

    proxy.intercept(|_| RequestAction::Close);
    proxy.cut();
    tell(&page, "offline").await;
    // By then the next dial is so far away that it will not come by itself.
    until("a wait of at least 4 s", PATIENCE, async || match seconds_and_attempt(&page).await {
        Some((seconds, _)) if seconds >= 4 => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await;
    api.eat("Sin red", 100).await;
    proxy.forward_all();
    let dials = proxy.dials();
    tell(&page, "online").await;
    until(
        "a dial at once",
        SOON,
        async || {
            if proxy.dials() > dials { Ok(()) } else { Err("no dial".to_owned()) }
        },
    )
    .await;
    page.wait_for_state("live").await;
    page.row(List::Food, "Sin red", PATIENCE).await;

    // What a network does with a socket that is silent for ten minutes, as those of hidden pages are.
    let dials = proxy.dials();
    let hidden = journey.browser.hide().await;
    proxy.cut();
    api.eat("Sin nadie", 110).await;
    tokio::time::sleep(LONGER_THAN_A_FIRST_RETRY).await;
    assert_eq!(proxy.dials(), dials, "nobody looks, so nobody needs a socket");
    journey.browser.show(hidden).await;
    until(
        "a dial at once",
        SOON,
        async || {
            if proxy.dials() > dials { Ok(()) } else { Err("no dial".to_owned()) }
        },
    )
    .await;
    page.wait_for_state("live").await;
    page.row(List::Food, "Sin nadie", PATIENCE).await;
    assert_eq!(proxy.open_sockets(), 1);
}

const SOON: Duration = Duration::from_secs(2);
/// A second, at most one more by chance, and one that browsers add to the timers of hidden pages.
const LONGER_THAN_A_FIRST_RETRY: Duration = Duration::from_millis(3_500);

async fn tell(page: &Page<'_>, event: &str) {
    page.browser.js::<()>(&format!("dispatchEvent(new Event('{event}'));"), &[]).await;
}

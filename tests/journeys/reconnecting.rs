//! The server stops and comes back.

use std::collections::BTreeMap;

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    server::Serve,
    wait::{PATIENCE, until},
};

in_every_engine!(
    a_server_that_died_is_waited_for_and_nothing_is_missed,
    a_server_that_leaves_politely_is_found_again,
    the_retry_button_dials_at_once,
);

async fn a_server_that_died_is_waited_for_and_nothing_is_missed(journey: &Journey) {
    let mut server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let before = server.api().await.eat("Antes", 100).await;
    page.row(List::Food, "Antes", PATIENCE).await;

    server.kill();
    page.wait_for_state("reconnecting").await;
    a_countdown_is_seen(&page).await;

    // No server listens at the page's address, so it cannot have received these.
    server
        .elsewhere(async |api| {
            api.eat("Mientras tanto", 230).await;
            api.rename(before["id"].as_str().unwrap(), "Antes, con otro nombre").await;
        })
        .await;
    assert!(!page.text().await.contains("Mientras tanto"));

    server.restart().await;
    page.wait_for_state("live").await;
    page.row(List::Food, "Mientras tanto", PATIENCE).await;
    page.row(List::Food, "Antes, con otro nombre", PATIENCE).await;
    server.log(&["food", "Después", "--calories", "90", "--meal", "snack"]);
    page.row(List::Food, "Después", PATIENCE).await;
}

async fn a_server_that_leaves_politely_is_found_again(journey: &Journey) {
    let mut server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;

    server.terminate().await;
    page.wait_for_state("reconnecting").await;
    server.elsewhere(async |api| drop(api.eat("Mientras tanto", 230).await)).await;
    server.restart().await;
    page.wait_for_state("live").await;
    page.row(List::Food, "Mientras tanto", PATIENCE).await;
}

async fn the_retry_button_dials_at_once(journey: &Journey) {
    let mut server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;

    server.kill();
    // By then the next dial is so far away that it will not come by itself before the button is pressed.
    until("a wait of at least 4 s", PATIENCE, async || match seconds_and_attempt(&page).await {
        Some((seconds, _)) if seconds >= 4 => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await;
    server.restart().await;
    page.browser.click(&test_id("retry")).await;
    page.wait_for_state("live").await;
    page.wait_until_gone(&test_id("retry")).await;
}

/// *Reconnecting in 4 s (3/10)*, and the seconds of one attempt get fewer.
pub(crate) async fn a_countdown_is_seen(page: &Page<'_>) {
    let mut first_seen = BTreeMap::new();
    until("a countdown", PATIENCE, async || {
        let Some((seconds, attempt)) = seconds_and_attempt(page).await else {
            return Err(format!("{:?}", page.connection().await));
        };
        let first = *first_seen.entry(attempt).or_insert(seconds);
        if seconds < first { Ok(()) } else { Err(format!("{first_seen:?}")) }
    })
    .await;
}

/// Of `… in 4 s (3/10)`, in either language: 4 and 3.
pub(crate) async fn seconds_and_attempt(page: &Page<'_>) -> Option<(u32, u32)> {
    let connection = page.connection().await.filter(|connection| connection.state == "reconnecting")?;
    let (before, after) = connection.text.split_once('(')?;
    let attempt = after.split_once("/10)")?.0.parse().ok()?;
    let mut words = before.split_whitespace().rev().skip_while(|word| *word != "s").skip(1);
    Some((words.next()?.parse().ok()?, attempt))
}

//! A relay is switched from the dashboard, and the dashboard shows the device's state.

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{Page, test_id},
    plug::Plug,
    server::Serve,
    wait::{PATIENCE, until},
};
use serde_json::json;

in_every_engine!(
    a_relay_is_switched_and_its_plug_pulled_out,
    a_switch_that_fails_is_taken_back_and_explained
);

const RELAY: &str = "[data-testid=device] [data-testid=relay]";

async fn a_relay_is_switched_and_its_plug_pulled_out(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let mut plug = Plug::start(1).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/equipment").await;
    page.wait_for(&test_id("no-devices")).await;

    plug.join(&server.api().await).await;
    page.wait_for("[data-testid=device][data-online=true][data-on=false]").await;
    // The focus stays where it is through all that follows.
    let press = "document.querySelector(arguments[0]).focus(); document.activeElement.click();";
    journey.browser.js::<serde_json::Value>(press, &[json!(RELAY)]).await;
    page.wait_for("[data-testid=device][data-on=true][data-switching=false]").await;
    // Its power is measured a little later, and arrives as an event.
    until("some power to be drawn", PATIENCE, async || {
        let power = page.wait_for("[data-testid=device] .figure strong").await;
        if power == "0" { Err(power) } else { Ok(()) }
    })
    .await;

    plug.pull_out();
    let said = page.wait_for("[data-testid=device][data-online=false][data-on=false]").await;
    assert!(said.contains("230"), "the last voltage is kept: {said}");
    let holds = "return document.activeElement.matches(arguments[0]) && document.activeElement.ariaDisabled;";
    assert_eq!(journey.browser.js::<String>(holds, &[json!(RELAY)]).await, "true");
}

async fn a_switch_that_fails_is_taken_back_and_explained(journey: &Journey) {
    let mut server = journey.serve(Serve::default()).await;
    let plug = Plug::start(1).await;
    let url = server.url();
    plug.join(&server.api().await).await;
    let page = Page::new(&journey.browser, &url);
    page.open_live("/equipment").await;
    page.wait_for("[data-testid=device][data-online=true][data-on=false]").await;

    server.kill();
    journey.browser.click(RELAY).await;
    let said = page.wait_for(&test_id("device-failure")).await;
    assert!(!said.is_empty());
    page.wait_for("[data-testid=device][data-on=false][data-switching=false]").await;

    server.restart().await;
    page.wait_for_state("live").await;
    let api = server.api().await;
    until("the server to be connected to the plug again", PATIENCE, async || {
        let devices = api.get("/devices").await;
        if devices["devices"][0]["online"] == true { Ok(()) } else { Err(devices.to_string()) }
    })
    .await;
    page.wait_for("[data-testid=device][data-online=true]").await;
    journey.browser.click(RELAY).await;
    page.wait_for("[data-testid=device][data-on=true][data-switching=false]").await;
    page.wait_until_gone(&test_id("device-failure")).await;
}

//! The profile, in two places at once.

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    server::Serve,
    wait::{PATIENCE, until},
};
use serde_json::{Value, json};

in_every_engine!(units_chosen_in_one_tab_are_read_in_the_other, two_who_edit_the_same_field_are_both_heard);

/// Sets a choice as a person does, of whatever value.
async fn choose(page: &Page<'_>, name: &str, value: &str) {
    let script = "const select = document.querySelector(`[data-testid=preferences] [name=${arguments[0]}]`);
        select.value = arguments[1];
        select.dispatchEvent(new Event('change', { bubbles: true }));";
    page.browser.js::<Value>(script, &[json!(name), json!(value)]).await;
}

async fn field(page: &Page<'_>, name: &str) -> String {
    let script =
        "return document.querySelector(`[data-testid=profile-form] [name=${arguments[0]}]`)?.value ?? '';";
    page.browser.try_js(script, &[json!(name)]).await.unwrap_or_default()
}

async fn wait_for_field(page: &Page<'_>, name: &str, text: &str) {
    until(&format!("{name} to be {text:?}"), PATIENCE, async || {
        let now = field(page, name).await;
        if now == text { Ok(()) } else { Err(now) }
    })
    .await;
}

async fn units_chosen_in_one_tab_are_read_in_the_other(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/metrics").await;
    server.log(&["metric", "weight", "72.5748"]);
    page.row(List::Metric, "72,6 kg", PATIENCE).await;
    // A page that was loaded anew would have lost it.
    journey.browser.js::<()>("window.neverReloaded = true;", &[]).await;

    let first = journey.browser.new_tab().await;
    page.open("/profile").await;
    page.wait_for_state("live").await;
    wait_for_field(&page, "goalWeightKg", "66").await;
    choose(&page, "units", "imperial").await;
    wait_for_field(&page, "goalWeightKg", "145,51").await;

    journey.browser.switch_to(&first).await;
    page.row(List::Metric, "160 lb", PATIENCE).await;
    let same_page: bool = journey.browser.js("return window.neverReloaded === true;", &[]).await;
    assert!(same_page);
}

async fn two_who_edit_the_same_field_are_both_heard(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    let form = test_id("profile-form");
    let steps = format!("{form} [name=dailyStepGoal]");
    let save = format!("{form} [type=submit]");
    page.open_live("/profile").await;
    wait_for_field(&page, "dailyStepGoal", "9000").await;
    page.browser.fill(&steps, "7000").await;

    let first = journey.browser.new_tab().await;
    page.open("/profile").await;
    page.wait_for_state("live").await;
    wait_for_field(&page, "dailyStepGoal", "9000").await;
    page.browser.fill(&steps, "11000").await;
    page.browser.fill(&format!("{form} [name=displayName]"), "Lucía D.").await;
    page.browser.click(&save).await;
    page.wait_for("[data-testid=save-bar][data-open=false]").await;

    // The text typed here is still here, beside what was saved there; the untouched field follows.
    journey.browser.switch_to(&first).await;
    let clash = page.wait_for("[data-clash=dailyStepGoal]").await;
    assert!(clash.contains("11000"), "{clash}");
    assert_eq!(field(&page, "dailyStepGoal").await, "7000");
    wait_for_field(&page, "displayName", "Lucía D.").await;

    page.browser.click("[data-clash=dailyStepGoal] button:last-child").await;
    page.browser.click(&save).await;
    page.wait_for("[data-testid=save-bar][data-open=false]").await;
    journey.browser.reload().await;
    wait_for_field(&page, "dailyStepGoal", "7000").await;
}

//! A coach looks after another person.

use latido_e2e::{
    DEMO_PASSWORD, in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    server::Serve,
    wait::PATIENCE,
};
use serde_json::{Value, json};

in_every_engine!(whom_a_coach_looks_after_is_remembered_until_they_choose_somebody_else);

/// Chooses the person at this place of the switch; the first is the user.
async fn look_after(page: &Page<'_>, place: usize) {
    page.wait_for(&test_id("person")).await;
    let script = "const select = document.querySelector('[data-testid=person]');
        select.selectedIndex = arguments[0];
        select.dispatchEvent(new Event('change', { bubbles: true }));";
    page.browser.js::<Value>(script, &[json!(place)]).await;
}

async fn whom_a_coach_looks_after_is_remembered_until_they_choose_somebody_else(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/").await;
    page.sign_in("coach@latido.local", DEMO_PASSWORD).await;
    page.wait_for_state("live").await;
    look_after(&page, 1).await;
    page.wait_for(&test_id("viewing")).await;
    let name = page.wait_for("h1").await;

    page.browser.reload().await;
    page.wait_for(&test_id("viewing")).await;
    page.wait_for_text(&name).await;
    page.browser.click(".nav a[href='/food']").await;
    server.log(&["food", "Mango maduro", "--calories", "90", "--meal", "snack"]);
    page.row(List::Food, "Mango maduro", PATIENCE).await;
    // The user's own data carries no note.
    page.browser.js::<Value>("document.querySelector(\".nav a[href='/profile']\").click();", &[]).await;
    page.wait_for(&test_id("preferences")).await;
    page.wait_until_gone(&test_id("viewing")).await;

    page.browser.click(".nav a[href='/food']").await;
    look_after(&page, 0).await;
    page.wait_until_gone(&test_id("viewing")).await;
    page.wait_for_no_row(List::Food, "Mango maduro").await;
    page.browser.reload().await;
    page.wait_for_state("live").await;
    page.wait_for(&test_id("add")).await;
    page.wait_until_gone(&test_id("viewing")).await;
}

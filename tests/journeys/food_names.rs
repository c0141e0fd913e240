//! Typed text is text, whatever it looks like.

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    server::Serve,
    wait::PATIENCE,
};

in_every_engine!(a_food_named_like_markup_is_shown_as_typed);

async fn a_food_named_like_markup_is_shown_as_typed(journey: &Journey) {
    const NAME: &str = "<img src=x onerror=alert(1)>";
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    // Whatever gets through would say so here; a real dialog would block the driver.
    journey.browser.js::<()>("window.alert = (what) => { window.alerted = what; };", &[]).await;

    server.log(&["food", NAME, "--calories", "1", "--meal", "snack"]);
    page.row(List::Food, NAME, PATIENCE).await;
    nothing_came_of_it(journey).await;

    page.browser.click("nav a[href='/']").await;
    page.wait_for(&test_id("overview")).await;
    nothing_came_of_it(journey).await;
}

async fn nothing_came_of_it(journey: &Journey) {
    let alerted: bool = journey.browser.js("return 'alerted' in window;", &[]).await;
    assert!(!alerted, "the food's name was run");
    let images: u32 = journey.browser.js("return document.querySelectorAll('img').length;", &[]).await;
    assert_eq!(images, 0, "the food's name became an element");
}

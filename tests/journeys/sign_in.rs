//! The sign-in page.

use latido_e2e::{
    DEMO_EMAIL, in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    server::Serve,
    wait::PATIENCE,
};

in_every_engine!(the_right_password_opens_the_overview, a_wrong_password_is_refused_at_the_form,);

async fn the_right_password_opens_the_overview(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/").await;
    page.wait_for(&test_id("overview")).await;
    page.wait_for(&test_id("energy-today")).await;
}

async fn a_wrong_password_is_refused_at_the_form(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/food").await;
    page.submit_sign_in(DEMO_EMAIL, "not the password").await;
    page.sign_in_error().await;
    assert_eq!(page.connection().await, None, "somebody with a wrong password is in");

    // The form is still good for another try, which leads to where one was going.
    page.sign_in(DEMO_EMAIL, latido_e2e::DEMO_PASSWORD).await;
    server.api().await.eat("Una prueba", 100).await;
    page.row(List::Food, "Una prueba", PATIENCE).await;
}

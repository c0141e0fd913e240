//! How long one is signed in, and how it ends.

use latido_e2e::{
    DEMO_EMAIL, DEMO_PASSWORD, in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    proxy::{Proxy, action::RequestAction, request::Request},
    server::Serve,
    wait::{PATIENCE, until},
};

in_every_engine!(
    a_sign_out_that_could_not_be_told_is_told_later_and_ends_no_other_session,
    a_token_that_expires_is_replaced_unnoticed,
    a_session_that_is_over_asks_to_sign_in,
    signing_out_closes_the_socket,
    signing_out_in_one_tab_ends_the_other,
    a_deep_link_survives_a_reload,
);

/// A server whose tokens last 6 s.
fn short_lived() -> Serve {
    Serve { access_token_seconds: Some(6), ..Serve::default() }
}

async fn a_token_that_expires_is_replaced_unnoticed(journey: &Journey) {
    let server = journey.serve(short_lived()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;

    // A token that is younger than the page's.
    let younger = server.api().await;
    until("a token to expire", PATIENCE, async || {
        if younger.is_signed_in().await { Err("it is still good".to_owned()) } else { Ok(()) }
    })
    .await;

    page.wait_for_state("live").await;
    server.log(&["food", "Pan de yuca", "--calories", "150", "--meal", "snack"]);
    page.row(List::Food, "Pan de yuca", PATIENCE).await;
    // What it asks by itself still works, too.
    page.open_form(List::Food, None).await;
    page.fill("name", "Café con leche").await;
    page.fill("calories", "120").await;
    page.submit().await;
    page.saved().await;
    page.row(List::Food, "Café con leche", PATIENCE).await;
}

/// As after a backup was restored, or a database thrown away: no token and no cookie is good any more.
async fn a_session_that_is_over_asks_to_sign_in(journey: &Journey) {
    let mut server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;

    server.kill();
    server.lose_everything();
    server.restart().await;
    page.wait_for(&test_id("sign-in-form")).await;
    page.sign_in_error().await;

    page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    page.wait_for_state("live").await;
    server.log(&["food", "De nuevo", "--calories", "90", "--meal", "snack"]);
    page.row(List::Food, "De nuevo", PATIENCE).await;
}

async fn signing_out_in_one_tab_ends_the_other(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let first = journey.browser.new_tab().await;
    page.open("/").await;
    page.wait_for_state("live").await;

    page.sign_out().await;
    page.wait_for(&test_id("sign-in-form")).await;
    journey.browser.switch_to(&first).await;
    page.wait_for(&test_id("sign-in-form")).await;
}

async fn signing_out_closes_the_socket(journey: &Journey) {
    const SOCKET_ENDS: &str = "socket ends";
    let server = journey.serve(Serve { log_level: "debug", ..Serve::default() }).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let ended = || server.stderr().all().iter().filter(|line| line.contains(SOCKET_ENDS)).count();
    assert_eq!(ended(), 0, "{}", server.stderr().tail(30));

    page.sign_out().await;
    page.wait_for(&test_id("sign-in-form")).await;
    until("the end of the socket", PATIENCE, async || {
        if ended() == 1 { Ok(()) } else { Err(server.stderr().tail(30)) }
    })
    .await;

    journey.browser.reload().await;
    page.wait_for(&test_id("sign-in-form")).await;
    assert_eq!(page.connection().await, None);
}

async fn a_deep_link_survives_a_reload(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    server.api().await.eat("Chontaduro", 180).await;
    page.row(List::Food, "Chontaduro", PATIENCE).await;

    journey.browser.reload().await;
    page.row(List::Food, "Chontaduro", PATIENCE).await;
    page.wait_for_state("live").await;
    let path: String = journey.browser.js("return location.pathname;", &[]).await;
    assert_eq!(path, "/food");
}

async fn a_sign_out_that_could_not_be_told_is_told_later_and_ends_no_other_session(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    let is_goodbye = |request: &Request| request.line().starts_with("DELETE /api/session ");
    let goodbyes = || proxy.answered().iter().filter(|request| is_goodbye(request)).count();

    page.open_live("/food").await;
    proxy.intercept(
        move |request| if is_goodbye(request) { RequestAction::Close } else { RequestAction::Forward },
    );
    page.sign_out().await;
    page.wait_for(&test_id("sign-in-form")).await;
    assert_eq!(goodbyes(), 0);
    proxy.forward_all();
    page.browser.reload().await;
    until("the server to be told", PATIENCE, async || {
        if goodbyes() == 1 { Ok(()) } else { Err(format!("{:?}", proxy.answered())) }
    })
    .await;

    // If the sign-out cannot be sent before the next sign-in, it is too late: the cookie is the new user's by then.
    page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    page.wait_for_state("live").await;
    proxy.intercept(
        move |request| if is_goodbye(request) { RequestAction::Unavailable } else { RequestAction::Forward },
    );
    page.sign_out().await;
    page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    page.wait_for_state("live").await;
    proxy.forward_all();
    page.browser.reload().await;
    page.wait_for_state("live").await;
    page.browser.reload().await;
    page.wait_for_state("live").await;
}

//! A deploy while a page is open.

use latido_e2e::{
    dist::Dist,
    in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    server::{Serve, Server},
    wait::{PATIENCE, until},
};

in_every_engine!(
    a_newer_version_is_offered_and_loaded_when_asked_for,
    an_open_page_keeps_the_files_of_its_version,
);

async fn a_newer_version_is_offered_and_loaded_when_asked_for(journey: &Journey) {
    let dist = Dist::copy();
    let mut server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    page.shell_is_kept().await;
    let old = page.build().await;

    // The same version is no news.
    page.look_for_a_newer_version().await;
    deploy(&dist, &mut server).await;
    page.wait_for_state("live").await;
    page.wait_until_gone(&test_id("new-version")).await;

    page.look_for_a_newer_version().await;
    page.wait_for(&test_id("new-version")).await;
    // The update is optional: the page works on as it is.
    page.eat("Con calma", 50).await;
    page.row_pending(List::Food, "Con calma", false).await;
    assert_eq!(page.build().await, old);

    page.browser.click(&format!("{} button", test_id("new-version"))).await;
    until("the newer version", PATIENCE, async || {
        let build = page.build().await;
        if build.is_empty() || build == old { Err(build) } else { Ok(()) }
    })
    .await;
    page.row(List::Food, "Con calma", PATIENCE).await;

    // From now on there is no other, with or without a network.
    page.shell_is_kept().await;
    let new = page.build().await;
    page.open("/food").await;
    page.only_shell_is(&new).await;
    page.kept_answers_hold("Con calma", true).await;
    server.kill();
    page.open("/food").await;
    page.row(List::Food, "Con calma", PATIENCE).await;
    assert_eq!(page.build().await, new);
}

/// Old and new side by side: a deploy is seen at the next start, and takes nothing from a page that is open.
async fn an_open_page_keeps_the_files_of_its_version(journey: &Journey) {
    const LOADS: &str = "
        const [script] = [...document.querySelectorAll('link[rel=modulepreload]')];
        fetch(script.href, { cache: 'no-store' })
            .then((answer) => (window.loads = answer.ok), () => (window.loads = false));";
    let dist = Dist::copy();
    let mut server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    page.shell_is_kept().await;
    let old = page.build().await;

    deploy(&dist, &mut server).await;
    let first = journey.browser.new_tab().await;
    page.open("/food").await;
    let new = page.build().await;
    assert_ne!(new, old, "the page came from the network");
    page.shell_is_kept().await;
    let second = journey.browser.tab().await;

    journey.browser.switch_to(&first).await;
    assert_eq!(page.build().await, old);
    journey.browser.js::<()>(LOADS, &[]).await;
    until("a file of the old version", PATIENCE, async || {
        let loads: Option<bool> = journey.browser.try_js("return window.loads ?? null;", &[]).await?;
        if loads == Some(true) { Ok(()) } else { Err(format!("{loads:?}")) }
    })
    .await;

    // No page needs it any more.
    page.open("/food").await;
    assert_eq!(page.build().await, new);
    journey.browser.switch_to(&second).await;
    page.open("/food").await;
    page.only_shell_is(&new).await;
}

async fn deploy(dist: &Dist, server: &mut Server) {
    server.terminate().await;
    dist.become_another_build();
    server.restart().await;
}

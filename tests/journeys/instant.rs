//! What an event brings shows without REST.

use latido_e2e::{
    in_every_engine,
    journey::Journey,
    page::{List, Page},
    proxy::{Proxy, action::RequestAction, request::Request},
    server::Serve,
    wait::{PATIENCE, until},
};

in_every_engine!(events_show_while_rest_is_silent_and_no_old_answer_undoes_them);

async fn events_show_while_rest_is_silent_and_no_old_answer_undoes_them(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let api = server.api().await;
    let (changed, deleted) = (api.eat("Por cambiar", 100).await, api.eat("Por borrar", 110).await);
    page.row(List::Food, "Por borrar", PATIENCE).await;
    page.row(List::Food, "Por cambiar", PATIENCE).await;

    // An answer that does not know of what comes now, and that comes late.
    let answers = || proxy.answered().iter().filter(|request| is_list(request)).count();
    proxy.intercept(
        |request| if is_list(request) { RequestAction::HoldResponse } else { RequestAction::Forward },
    );
    let before = answers();
    page.browser.js::<()>("dispatchEvent(new Event('online'));", &[]).await;
    until(
        "an old answer",
        PATIENCE,
        async || if answers() > before { Ok(()) } else { Err(before.to_string()) },
    )
    .await;
    api.eat("Recién comido", 120).await;
    api.rename(changed["id"].as_str().expect("an id"), "Cambiado").await;
    api.delete(deleted["id"].as_str().expect("an id")).await;
    page.row(List::Food, "Recién comido", PATIENCE).await;
    page.row(List::Food, "Cambiado", PATIENCE).await;
    page.wait_for_no_row(List::Food, "Por borrar").await;
    assert_eq!(answers(), before + 1, "all this was seen before REST could have told");

    // It arrives, and after it one that does know.
    page.browser.js::<()>(NOTE_WHAT_IS_UNDONE, &[]).await;
    proxy.intercept(|_| RequestAction::Forward);
    until("a new answer", PATIENCE, async || {
        if answers() > before + 1 { Ok(()) } else { Err("only the old one".to_owned()) }
    })
    .await;
    page.row(List::Food, "Recién comido", PATIENCE).await;
    let undone: Vec<String> = page.browser.js("return window.undone;", &[]).await;
    assert!(undone.is_empty(), "an old answer undid what was shown: {undone:?}");
}

fn is_list(request: &Request) -> bool {
    request.method() == "GET" && request.is_for("/food-logs")
}

/// The page itself looks after every change of its document.
const NOTE_WHAT_IS_UNDONE: &str = "
    window.undone = [];
    const look = () => {
        const rows = [...document.querySelectorAll('[data-testid=food-row]')].map((row) => row.textContent);
        const has = (name) => rows.some((row) => row.includes(name));
        if (!has('Recién comido') || !has('Cambiado') || has('Por cambiar') || has('Por borrar'))
            window.undone.push(rows.join(' | '));
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    look();";

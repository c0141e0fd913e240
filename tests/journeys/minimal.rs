//! The app of `examples/minimal`: another app on the realtime crate.

use latido_e2e::{
    environment, in_every_engine,
    journey::Journey,
    page::{List, Page},
    server::Serve,
    wait::PATIENCE,
};

in_every_engine!(event_refreshes_the_minimal_apps_list, minimal_app_reconnects_after_a_restart);

async fn event_refreshes_the_minimal_apps_list(journey: &Journey) {
    let server = journey.serve(serve()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/").await;
    page.wait_for_state("live").await;

    server.log(&["food", "Arepa de choclo", "--calories", "280", "--meal", "breakfast"]);
    page.row(List::Food, "Arepa de choclo, 280 kcal", PATIENCE).await;
}

async fn minimal_app_reconnects_after_a_restart(journey: &Journey) {
    let mut server = journey.serve(serve()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/").await;
    page.wait_for_state("live").await;

    server.kill();
    page.wait_for_state("reconnecting").await;
    server.restart().await;
    page.wait_for_state("live").await;
    server.log(&["food", "Caldo de pollo", "--calories", "90", "--meal", "dinner"]);
    page.row(List::Food, "Caldo de pollo", PATIENCE).await;
}

fn serve() -> Serve {
    Serve { dist: environment::minimal_dist(), ..Serve::default() }
}

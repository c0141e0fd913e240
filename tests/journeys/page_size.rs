//! What a first visit loads.

use std::path::Path;

use latido_e2e::{
    dist::{BUDGET, Weight},
    environment, in_every_engine,
    journey::Journey,
    page::{Page, test_id},
    proxy::{Proxy, request::Request},
    server::Serve,
};

in_every_engine!(the_wasm_is_asked_for_once);

#[test]
fn the_build_keeps_within_its_byte_budget() {
    let weight = Weight::of(&environment::production_dist());
    for (name, bytes) in &weight.needed {
        println!("{bytes:>8} {name}");
    }
    for (name, bytes) in &weight.later {
        println!("{bytes:>8} {name} (when its part is shown)");
    }
    for (name, bytes) in &weight.other {
        println!("{bytes:>8} {name} (not counted)");
    }
    let wasm = weight
        .needed
        .iter()
        .filter(|(name, _)| Path::new(name).extension().is_some_and(|extension| extension == "wasm"))
        .count();
    assert_eq!(wasm, 1, "{:?}", weight.needed);
    assert!(!weight.later.is_empty(), "nothing is loaded later: the build is in one piece");
    let total = weight.total();
    assert!(total <= BUDGET, "{total} bytes are more than {BUDGET}: {:?}", weight.needed);
}

async fn the_wasm_is_asked_for_once(journey: &Journey) {
    let server = journey.serve(Serve::production()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/").await;
    page.wait_for(&test_id("sign-in-form")).await;
    let arrived = proxy.arrived();
    let requests: Vec<_> = arrived.iter().map(Request::line).collect();
    assert!(requests.iter().any(|line| line.starts_with("GET / ")), "{requests:?}");
    let mut wasm: Vec<_> = requests.iter().filter(|line| line.contains(".wasm")).collect();
    assert_eq!(wasm.iter().filter(|line| line.contains("_bg.wasm")).count(), 1, "{requests:#?}");
    // The door is a part, and no part comes twice either.
    let all = wasm.len();
    wasm.sort();
    wasm.dedup();
    assert_eq!(wasm.len(), all, "{requests:#?}");
}

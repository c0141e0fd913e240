//! Many events at once. How long it takes is measured by `cargo xtask bench`; here it is counted.

use latido_e2e::{burst, in_chromium, journey::Journey, page::Page, server::Serve};

// The counting script has to run before the page's own, which only chromedriver can.
in_chromium!(alone: a_burst_of_a_thousand_events_causes_few_refetches);

async fn a_burst_of_a_thousand_events_causes_few_refetches(journey: &Journey) {
    let server = journey.serve(Serve::production()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    let burst = burst::run(&page, &server).await;
    println!("{burst:?}");
    assert!(burst.refetches <= burst.refetches_allowed(), "{burst:?}");
}

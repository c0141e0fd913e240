//! Nothing jumps while a page comes up: its shape is there before its data.

use latido_e2e::{
    DEMO_EMAIL, DEMO_PASSWORD, in_chromium,
    journey::Journey,
    page::{PATHS, Page},
    server::Serve,
};
use serde::Deserialize;

// The only engine that reports layout shifts.
in_chromium!(alone: no_page_jumps_while_it_loads, no_coachs_page_jumps_while_it_loads);

/// Cumulative layout shift, where 0.1 is what passes for good: <https://web.dev/articles/cls>.
const MOST: f64 = 0.02;

#[derive(Deserialize)]
struct Shift {
    value: f64,
    /// What moved, and from where to where.
    moved: Vec<String>,
}

async fn no_page_jumps_while_it_loads(journey: &Journey) {
    expect_steady(journey, DEMO_EMAIL).await;
}

/// With a switch between people above everything.
async fn no_coachs_page_jumps_while_it_loads(journey: &Journey) {
    expect_steady(journey, "coach@latido.local").await;
}

async fn expect_steady(journey: &Journey, email: &str) {
    let server = journey.serve(Serve::production()).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/").await;
    page.sign_in(email, DEMO_PASSWORD).await;
    page.wait_for_state("live").await;
    let mut jumps = Vec::new();
    for (width, height) in [(390, 844), (1440, 900), (1920, 1080), (2560, 1440)] {
        journey.browser.resize(width, height).await;
        for path in PATHS {
            page.open(path).await;
            page.wait_for_state("live").await;
            page.wait_until_gone(".skeleton").await;
            let shifts: Vec<Shift> = page.browser.js(SHIFTS, &[]).await;
            let sum: f64 = shifts.iter().map(|shift| shift.value).sum();
            println!("{path} at {width} px: {sum:.4}");
            if sum > MOST {
                let moved: Vec<_> = shifts.into_iter().flat_map(|shift| shift.moved).collect();
                jumps.push(format!("{path} at {width} px: {sum:.4}, {moved:#?}"));
            }
        }
    }
    assert!(jumps.is_empty(), "{}", jumps.join("\n"));
}

/// All since the page was opened, and a second more for what comes late.
const SHIFTS: &str = "
    const place = ({ x, y, width, height }) => `${x},${y} ${width}×${height}`;
    const name = (node) => node && `${node.nodeName} .${node.className ?? ''}`;
    return new Promise((told) => {
        const shifts = [];
        new PerformanceObserver((list) => {
            for (const shift of list.getEntries()) {
                if (shift.hadRecentInput) continue;
                const moved = shift.sources.map(({ node, previousRect, currentRect }) =>
                    `${name(node)}: ${place(previousRect)} to ${place(currentRect)}`);
                shifts.push({ value: shift.value, moved });
            }
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => told(shifts), 1000);
    });";

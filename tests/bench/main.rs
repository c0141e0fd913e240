//! Measures the built dashboard with the built server in Chromium: bytes, event to row, a burst.
//!
//! Run with `cargo xtask bench`. Prints a table for docs/bench.md, and fails if a budget is missed.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that fails has no other answer")]

mod event_to_row;
mod machine;
mod report;

use std::process::ExitCode;

use latido_e2e::{
    browser::Browser,
    burst,
    dist::Weight,
    engine::Engine,
    environment,
    page::Page,
    server::{Serve, Server},
};

use crate::{event_to_row::Spacing, report::Report};

fn main() -> ExitCode {
    let weight = Weight::of(&environment::dist());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let report = runtime.block_on(async {
        Report {
            weight,
            alone: with_page(async |page, server| event_to_row::run(page, server, Spacing::Alone).await)
                .await,
            stream: with_page(async |page, server| event_to_row::run(page, server, Spacing::Stream).await)
                .await,
            burst: with_page(burst::run).await,
        }
    });
    println!("{report}");
    let missed = report.missed();
    for budget in &missed {
        eprintln!("MISSED: {budget}");
    }
    if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Each measurement has a server and a browser of its own, so that none finds what another left behind.
async fn with_page<T>(measure: impl AsyncFnOnce(&Page<'_>, &Server) -> T) -> T {
    let server = Server::start(Serve::default()).await;
    let url = server.url();
    let browser = Browser::start(Engine::Chromium).await;
    let measured = measure(&Page::new(&browser, &url), &server).await;
    browser.quit().await;
    measured
}

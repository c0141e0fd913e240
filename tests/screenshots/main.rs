//! Pictures of every page: both themes, on a telephone and on a desk, with demo data.
//!
//! Run with `cargo xtask screenshots`; the folder is the argument.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a picture that cannot be taken has no other answer"
)]

use std::{env, fs, path::PathBuf};

use latido_e2e::{
    browser::Browser,
    engine::Engine,
    page::{PATHS, Page, THEMES, test_id},
    plug::Plug,
    server::{Serve, Server},
};
use tokio::task::LocalSet;

/// Name, width and height, in CSS pixels.
const SCREENS: [(&str, u32, u32); 2] = [("390", 390, 844), ("1440", 1440, 900)];

fn main() {
    let folder = PathBuf::from(env::args_os().nth(1).expect("the folder for the pictures"));
    fs::create_dir_all(&folder).expect("the folder can be made");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    LocalSet::new().block_on(&runtime, take_all(folder));
}

async fn take_all(folder: PathBuf) {
    let server = Server::start(Serve::default()).await;
    let plug = Plug::start(1).await;
    server.api().await.connect("Cabina", plug.url()).await;
    let url = server.url();
    let browser = Browser::start(Engine::Chromium).await;
    let page = Page::new(&browser, &url);
    for theme in THEMES {
        // One language a theme: every picture is seen in both by the tests.
        let language = if theme == "light" { "es" } else { "en" };
        page.open("/").await;
        page.choose_theme(theme).await;
        page.choose_language(language).await;
        page.browser.reload().await;
        page.wait_for(&test_id("sign-in-form")).await;
        for (screen, width, height) in SCREENS {
            browser.resize(width, height).await;
            take(&browser, &folder, "sign-in", theme, screen).await;
        }
        page.open_live("/").await;
        for (screen, width, height) in SCREENS {
            browser.resize(width, height).await;
            for path in PATHS {
                page.open(path).await;
                page.wait_for_state("live").await;
                page.wait_until_gone(".skeleton").await;
                let name = if path == "/" { "overview" } else { &path[1..] };
                take(&browser, &folder, name, theme, screen).await;
            }
            // What a path alone does not show.
            page.open("/food").await;
            page.wait_for_state("live").await;
            browser.click(".segments button:nth-child(3)").await;
            page.wait_for(&test_id("chart")).await;
            page.wait_until_gone(".skeleton").await;
            take(&browser, &folder, "food-month", theme, screen).await;
            page.open("/conversations").await;
            page.wait_for_state("live").await;
            browser.click(&format!("{} a", test_id("conversation-row"))).await;
            page.wait_for(&test_id("message-row")).await;
            take(&browser, &folder, "conversation", theme, screen).await;
        }
        page.sign_out().await;
        page.wait_for(&test_id("sign-in-form")).await;
    }
    browser.quit().await;
}

async fn take(browser: &Browser, folder: &std::path::Path, name: &str, theme: &str, screen: &str) {
    let still = "return Promise.allSettled(document.getAnimations()
        .filter((one) => one.effect.getTiming().iterations < 100)
        .map((one) => one.finished)).then(() => null);";
    browser.js::<Option<()>>(still, &[]).await;
    let file = folder.join(format!("{name}-{theme}-{screen}.png"));
    browser.picture(&file).await.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    println!("{}", file.display());
}

//! A page runs the bytes it was built with, and nothing that found its way into it.

use std::fs;

use latido_e2e::{
    browser::Browser,
    dist::Dist,
    in_every_engine,
    journey::Journey,
    page::Page,
    server::Serve,
    wait::{PATIENCE, until},
};

in_every_engine!(a_changed_wasm_is_not_run, markup_that_would_run_is_not_made, text_is_not_made_code);

/// The file that has been changed works: what stops it is its hash in the page.
async fn a_changed_wasm_is_not_run(journey: &Journey) {
    const HEARS_THE_FETCH: &str = "<script>
        const ask = fetch;
        window.fetch = (what, ...how) => {
            const answer = ask(what, ...how);
            const say = (outcome) => () => (document.documentElement.dataset.wasm = outcome);
            if (`${what}`.endsWith('.wasm')) answer.then(say('taken'), say('refused'));
            return answer;
        };
    </script>";
    let dist = Dist::copy();
    dist.add_to_head(HEARS_THE_FETCH);
    let files = fs::read_dir(dist.path()).unwrap().map(|file| file.unwrap().path());
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        match name.split_once(".wasm") {
            // An injected section named x without text.
            Some((_, "")) => {
                fs::write(&file, [&fs::read(&file).unwrap()[..], &[0, 2, 1, b'x']].concat()).unwrap();
            }
            Some(_compressed) => fs::remove_file(file).unwrap(),
            None => {}
        }
    }
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let url = server.url();
    let page = Page::new(&journey.browser, &url);
    page.open("/").await;
    page.wait_for("html[data-wasm]").await;
    let outcome: String = page.browser.js("return document.documentElement.dataset.wasm;", &[]).await;
    assert_eq!(outcome, "refused", "wasm with another hash was taken");
}

async fn markup_that_would_run_is_not_made(journey: &Journey) {
    for markup in [
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<img src=\\\"x\\\"onerror =alert(1)>",
        "<a href=JavaScript:alert(1)>x</a>",
        "<script>alert(1)</scr\" + \"ipt>",
    ] {
        let made = format!("document.createElement(\"div\").innerHTML = \"{markup}\"");
        assert_eq!(tried(journey, &made).await, "TypeError", "{markup}");
    }
    let harmless = "document.createElement(\"div\").innerHTML = \"<p class=x>on = off</p>\"";
    assert_eq!(tried(journey, harmless).await, "done");
}

async fn text_is_not_made_code(journey: &Journey) {
    for code in ["eval(\"1\")", "new Function(\"1\")()", "document.createElement(\"script\").text = \"1\""] {
        assert!(tried(journey, code).await.ends_with("Error"), "{code}");
    }
}

/// What comes of a statement in a script of the page itself: `done`, or the kind of error.
async fn tried(journey: &Journey, statement: &str) -> String {
    let dist = Dist::copy();
    dist.add_to_head(&format!(
        "<script>addEventListener('DOMContentLoaded', () => {{
            let outcome = 'done';
            try {{ {statement}; }} catch (error) {{ outcome = error.name; }}
            document.documentElement.dataset.outcome = outcome;
        }});</script>"
    ));
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    journey.browser.goto(&server.url()).await;
    outcome(&journey.browser).await
}

async fn outcome(browser: &Browser) -> String {
    until("the statement to be tried", PATIENCE, async || {
        let outcome: Option<String> =
            browser.try_js("return document.documentElement.dataset.outcome ?? null;", &[]).await?;
        outcome.ok_or_else(|| "nothing yet".to_owned())
    })
    .await
}

//! The page: whole, without a script, and nothing in it that its policy forbids.

use std::collections::BTreeSet;

use crate::{
    contract::Contract,
    support::{Answer, Server},
};

async fn page(server: &Server) -> Answer {
    let page = server.anonymous().get("/docs").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    page
}

/// What stands between `before` and the next quotation mark, everywhere in the text.
fn all<'t>(text: &'t str, before: &str) -> Vec<&'t str> {
    text.split(before).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn the_page_shows_every_operation_frame_and_shape() {
    let server = Server::start().await;
    let contract = Contract::of(&server).await;
    let page = page(&server).await;
    for (method, path) in contract.operations() {
        let heading = format!("<h3><code>{method}</code> <code>{path}</code></h3>");
        assert!(page.text.contains(&heading), "{heading}");
    }
    for side in ["client", "server"] {
        for frame in contract.document["x-socket"][side].as_array().unwrap() {
            let cell = format!("<td><code>{}</code></td>", frame["type"].as_str().unwrap());
            assert!(page.text.contains(&cell), "{cell}");
        }
    }
    let ids = all(&page.text, " id=\"");
    let unique: BTreeSet<_> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id is there twice");
    for link in all(&page.text, "href=\"#") {
        assert!(unique.contains(link), "#{link} leads nowhere");
    }
}

#[tokio::test]
async fn the_page_works_under_its_policy() {
    let server = Server::start().await;
    let page = page(&server).await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("style-src 'self'"), "{policy}");
    for forbidden in ["<script", "<style", "style=\"", "javascript:", "<img", "<iframe", "onclick"] {
        assert!(!page.text.contains(forbidden), "{forbidden}");
    }
    let elsewhere = ["href=\"http", "href=\"//", "src=\"", "url(", "@import"];
    let style = server.anonymous().get("/docs.css").await;
    assert_eq!((style.status.as_u16(), style.header("content-type")), (200, "text/css; charset=utf-8"));
    for text in [&page.text, &style.text] {
        assert!(elsewhere.iter().all(|reference| !text.contains(reference)), "it asks a third party");
    }
    assert_eq!(all(&page.text, "rel=\"stylesheet\" href=\""), ["docs.css"]);
}

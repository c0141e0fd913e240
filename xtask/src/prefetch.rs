//! The API's URL in the page, for the requests that `public/prefetch.js` makes before the wasm is loaded. A page that
//! Trunk alone has built has none and prefetches nothing.

use std::{fs, path::Path};

use crate::error::Error;

const PLACE: &str = "data-api=\"\"";

pub fn write_api_url(dist: &Path, url: &str) -> Result<(), Error> {
    let index = dist.join("index.html");
    let page = fs::read_to_string(&index).map_err(Error::at("read", &index))?;
    let page = completed(&page, url).ok_or_else(|| Error::Missing {
        what: format!("the place in index.html where {PLACE} stands"),
        advice: "index.html and xtask/src/prefetch.rs have to agree.".into(),
    })?;
    fs::write(&index, page).map_err(Error::at("write", &index))
}

fn completed(page: &str, url: &str) -> Option<String> {
    let (before, after) = page.split_once(PLACE)?;
    let url = url.trim_end_matches('/').replace('&', "&amp;").replace('"', "&quot;");
    Some(format!("{before}data-api=\"{url}\"{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_gets_the_api_url() {
        let page = include_str!("../../index.html");
        let page = completed(page, "https://a.example/v1/").expect("the place is there");
        assert!(page.contains(r#" data-api="https://a.example/v1">"#), "{page}");
        assert_eq!(completed(&page, "/api"), None, "it is written once");
    }
}

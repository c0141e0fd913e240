//! Where the API is, said in the page: its script asks there before the code is there that this was compiled into
//! (`public/early.js`). A page that Trunk alone has built asks for nothing early.

use std::{fs, path::Path};

use crate::error::Error;

const PLACE: &str = "data-api=\"\"";

pub fn say_where_the_api_is(dist: &Path, url: &str) -> Result<(), Error> {
    let index = dist.join("index.html");
    let page = fs::read_to_string(&index).map_err(Error::at("read", &index))?;
    let page = completed(&page, url).ok_or_else(|| Error::Missing {
        what: format!("the place in index.html where {PLACE} stands"),
        advice: "index.html and xtask/src/early.rs have to agree.".into(),
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
    fn the_page_says_what_was_compiled_in() {
        let page = include_str!("../../index.html");
        let page = completed(page, "https://a.example/v1/").expect("the place is there");
        assert!(page.contains(r#" data-api="https://a.example/v1">"#), "{page}");
        assert_eq!(completed(&page, "/api"), None, "it is said once");
    }
}

//! Stylesheets that the first page does without are not waited for: in the build they are only announced, and the
//! dashboard makes stylesheets of them with the first part that it shows (`src/components/lazy`).

use std::{fs, path::Path};

use crate::error::Error;

const MARK: &str = "data-later";

pub fn announce(dist: &Path) -> Result<(), Error> {
    let index = dist.join("index.html");
    let page = fs::read_to_string(&index).map_err(Error::at("read", &index))?;
    fs::write(&index, announced(&page)).map_err(Error::at("write", &index))
}

fn announced(page: &str) -> String {
    let links = page.split_inclusive('>').map(|element| match element.rfind("<link ") {
        Some(at) if element[at..].contains(MARK) => {
            let (before, link) = element.split_at(at);
            format!("{before}{}", link.replacen("rel=\"stylesheet\"", "rel=\"prefetch\" as=\"style\"", 1))
        }
        _ => element.to_owned(),
    });
    links.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marked_stylesheets_wait() {
        let page = "<head><link rel=\"stylesheet\" href=\"/a.css\"><link rel=\"stylesheet\" href=\"/b.css\" data-later></head>";
        assert_eq!(
            announced(page),
            "<head><link rel=\"stylesheet\" href=\"/a.css\"><link rel=\"prefetch\" as=\"style\" href=\"/b.css\" data-later></head>"
        );
    }
}

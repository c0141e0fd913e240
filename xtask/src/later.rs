//! Stylesheets that the first page does without are not waited for: in the build they are only named, and the
//! dashboard makes stylesheets of them with the first part that it shows (`src/components/lazy`). A prefetch would be
//! asked for beside the wasm, on a line that has room for one of them.

use std::{fs, path::Path};

use crate::{error::Error, split::content_hash};

const MARK: &str = "data-later";

pub fn announce(dist: &Path) -> Result<(), Error> {
    let index = dist.join("index.html");
    let mut page = fs::read_to_string(&index).map_err(Error::at("read", &index))?;
    for old in files(&page) {
        // Trunk has named them by what they were before they were made small.
        let (path, stem) = (dist.join(&old), old.rsplit_once('-').map_or(&*old, |(stem, _)| stem));
        let new = format!("{stem}-{}.css", content_hash(&path)?);
        fs::rename(&path, dist.join(&new)).map_err(Error::at("rename", &path))?;
        page = page.replace(&old, &new);
    }
    fs::write(&index, announced(&page)).map_err(Error::at("write", &index))
}

/// The marked stylesheets.
fn files(page: &str) -> Vec<String> {
    let links = page.split("<link ").skip(1).filter_map(|rest| rest.split('>').next());
    let later = links.filter(|link| link.contains(MARK));
    later.filter_map(|link| Some(link.split_once("href=\"/")?.1.split_once('"')?.0.to_owned())).collect()
}

fn announced(page: &str) -> String {
    let links = page.split_inclusive('>').map(|element| match element.rfind("<link ") {
        Some(at) if element[at..].contains(MARK) => {
            let (before, link) = element.split_at(at);
            format!("{before}{}", link.replacen("rel=\"stylesheet\" ", "", 1))
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
            "<head><link rel=\"stylesheet\" href=\"/a.css\"><link href=\"/b.css\" data-later></head>"
        );
        assert_eq!(files(page), ["b.css"]);
    }
}

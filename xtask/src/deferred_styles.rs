//! Deferred stylesheets, which the first page does without. The build merges them into one file that the page only
//! names, and the dashboard loads it with the first lazy view (`src/ui/lazy`). A prefetch
//! would compete with the wasm for a slow line.

use std::{fs, path::Path};

use crate::{error::Error, hash::content_hash};

const MARK: &str = "data-later";

/// Merges the marked stylesheets, in their order, into one file, and names that in the page.
pub fn merge(dist: &Path) -> Result<(), Error> {
    let index = dist.join("index.html");
    let page = fs::read_to_string(&index).map_err(Error::at("read", &index))?;
    let mut styles = String::new();
    for name in files(&page) {
        let path = dist.join(name);
        styles += &fs::read_to_string(&path).map_err(Error::at("read", &path))?;
        fs::remove_file(&path).map_err(Error::at("remove", &path))?;
    }
    let whole = dist.join("later.css");
    fs::write(&whole, styles).map_err(Error::at("write", &whole))?;
    let name = format!("later-{}.css", content_hash(&whole)?);
    fs::rename(&whole, dist.join(&name)).map_err(Error::at("rename", &whole))?;
    fs::write(&index, announced(&page, &name)).map_err(Error::at("write", &index))
}

/// The marked stylesheets.
fn files(page: &str) -> Vec<&str> {
    let links = page.split("<link ").skip(1).filter_map(|rest| rest.split('>').next());
    let later = links.filter(|link| link.contains(MARK));
    later.filter_map(|link| Some(link.split_once("href=\"/")?.1.split_once('"')?.0)).collect()
}

/// The page with this file in the place of the first marked stylesheet, and without the others.
fn announced(page: &str, file: &str) -> String {
    let mut instead = format!("<link href=\"/{file}\" {MARK}>");
    let links = page.split_inclusive('>').map(|element| match element.rfind("<link ") {
        Some(at) if element[at..].contains(MARK) => element[..at].to_owned() + &std::mem::take(&mut instead),
        _ => element.to_owned(),
    });
    links.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_stylesheets_become_one() {
        let page = "<head><link rel=\"stylesheet\" href=\"/a.css\"><link rel=\"stylesheet\" href=\"/b.css\" data-later>\
            <meta><link rel=\"stylesheet\" href=\"/c.css\" data-later></head>";
        assert_eq!(files(page), ["b.css", "c.css"]);
        assert_eq!(
            announced(page, "later-1.css"),
            "<head><link rel=\"stylesheet\" href=\"/a.css\"><link href=\"/later-1.css\" data-later><meta></head>"
        );
    }

    #[test]
    fn merged_styles_keep_their_order() {
        let dist = std::env::temp_dir().join(format!("latido-later-test-{}", std::process::id()));
        fs::create_dir_all(&dist).expect("a place");
        let write = |name: &str, text: &str| fs::write(dist.join(name), text).expect("it is written");
        write("index.html", "<link href=\"/b.css\" data-later><link href=\"/a.css\" data-later>");
        write("a.css", "a{}");
        write("b.css", "b{}");
        merge(&dist).expect("they are put together");
        let read = |name: &str| fs::read_to_string(dist.join(name)).expect("it is there");
        let page = read("index.html");
        let [name] = files(&page)[..] else { panic!("{page}") };
        assert_eq!(read(name), "b{}a{}");
        assert!(!dist.join("a.css").exists());
        fs::remove_dir_all(&dist).expect("it is removed");
    }
}

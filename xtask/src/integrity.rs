//! Subresource integrity: the page has the hashes of its script, wasm and stylesheets, and a browser refuses other
//! bytes.
//!
//! Trunk would write them into preload links. The wasm has none, since WebKit now and then fetches a preloaded
//! file twice; so the start script passes its hash to `fetch`, and the link of the script is completed. What is loaded later
//! is named in that script with its hash already (`split`).

use std::{fs, path::Path};

use crate::{error::Error, hash::integrity, offline::WORKER, split};

/// Completes `index.html` in the folder that Trunk has built into.
pub fn add(dist: &Path) -> Result<(), Error> {
    let index = dist.join("index.html");
    let mut page = fs::read_to_string(&index).map_err(Error::at("read", &index))?;
    for entry in dist.read_dir().map_err(Error::at("read", dist))? {
        let path = entry.map_err(Error::at("read", dist))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if name.starts_with(split::PREFIX) {
            continue;
        }
        let marked = match path.extension().and_then(|extension| extension.to_str()) {
            // A browser fetches a worker by itself, and the worker is no part of the page.
            Some("js") if name == WORKER => continue,
            Some("js") => with_link(&page, name, &integrity(&path)?),
            Some("wasm") => with_fetch(&page, name, &integrity(&path)?),
            Some("css") => with_style(&page, name, &integrity(&path)?),
            _ => continue,
        };
        page = marked.ok_or_else(|| Error::Missing {
            what: format!("the place in index.html where {name} is loaded"),
            advice: "The patterns in Trunk.toml and xtask/src/integrity.rs have to agree.".into(),
        })?;
    }
    fs::write(&index, page).map_err(Error::at("write", &index))
}

/// `<link … href="/name" …>`
fn with_link(page: &str, name: &str, hash: &str) -> Option<String> {
    let (before, after) = page.split_once(&format!("{name}\" crossorigin"))?;
    Some(format!("{before}{name}\" integrity=\"{hash}\" crossorigin{after}"))
}

/// `<link … href="/name" …>` of a stylesheet, which comes from the page's own origin.
fn with_style(page: &str, name: &str, hash: &str) -> Option<String> {
    let (before, after) = page.split_once(&format!("{name}\""))?;
    Some(format!("{before}{name}\" integrity=\"{hash}\"{after}"))
}

/// `fetch("/name")`
fn with_fetch(page: &str, name: &str, hash: &str) -> Option<String> {
    let (before, after) = page.split_once(&format!("{name}\")"))?;
    Some(format!("{before}{name}\", {{ integrity: \"{hash}\" }}){after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<script type="module">
      const wasm = fetch("/latido-1_bg.wasm");
      const { default: init } = await import("/latido-1.js");
    </script><link rel="modulepreload" href="/latido-1.js" crossorigin="anonymous"><link href="/b-1.css" data-later>"#;

    fn dist(name: &str, page: &str) -> std::path::PathBuf {
        let dist = std::env::temp_dir().join(format!("latido-integrity-test-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dist);
        fs::create_dir_all(&dist).expect("folder");
        for (file, text) in [
            ("index.html", page),
            ("latido-1.js", "alert(1)"),
            ("latido-1_bg.wasm", ""),
            ("b-1.css", ""),
            ("icon.svg", ""),
            (WORKER, ""),
        ] {
            fs::write(dist.join(file), text).expect("file");
        }
        dist
    }

    #[test]
    fn page_pins_script_wasm_and_styles_by_hash() {
        let dist = dist("both", PAGE);
        add(&dist).expect("it is completed");
        let page = fs::read_to_string(dist.join("index.html")).expect("page");
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        let link = "href=\"/latido-1.js\" integrity=\"sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=\" crossorigin";
        assert!(page.contains(link), "{page}");
        // printf '' | openssl dgst -sha256 -binary | base64
        let fetch = "fetch(\"/latido-1_bg.wasm\", { integrity: \"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\" });";
        assert!(page.contains(fetch), "{page}");
        let style =
            "href=\"/b-1.css\" integrity=\"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\" data-later";
        assert!(page.contains(style), "{page}");
        assert!(page.contains("await import(\"/latido-1.js\");"), "{page}");
        fs::remove_dir_all(dist).expect("clear up");
    }

    #[test]
    fn refuses_a_page_with_an_unmarked_file() {
        let dist = dist("neither", "<script src=\"/latido-1.js\"></script>");
        let error = add(&dist).expect_err("nothing to complete").to_string();
        assert!(error.contains("Trunk.toml"), "{error}");
        fs::remove_dir_all(dist).expect("clear up");
    }
}

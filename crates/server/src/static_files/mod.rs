//! The dashboard's files.
//!
//! They are read once, when the server starts, and served from memory: the page, the hashes in its
//! Content-Security-Policy and the files it names then always belong together, even while a new build
//! is being written into the directory. And what is not in the table cannot be asked for, so there are
//! no paths to be careful about.
//!
//! | file | what it holds |
//! |---|---|
//! | [`asset`] | one file: its type, its encodings, how long it may be kept |
//! | [`csp`] | the Content-Security-Policy |

pub mod asset;
mod csp;

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use self::asset::Asset;
use crate::config::Settings;

const INDEX: &str = "/index.html";

#[derive(Debug, thiserror::Error)]
#[error("the dashboard's files in {path} cannot be read: {error}")]
pub struct SiteError {
    path: PathBuf,
    error: io::Error,
}

/// Everything below the directory of the built dashboard.
pub struct Site {
    assets: HashMap<String, Asset>,
    hashes: csp::Hashes,
}

impl Site {
    /// Reads the directory. One that does not exist is an empty site: the API works without.
    pub fn load(dist: &Path) -> Result<Self, SiteError> {
        let mut files = HashMap::new();
        if dist.is_dir() {
            read(dist, "", &mut files).map_err(|error| SiteError { path: dist.to_owned(), error })?;
        }
        let page = files.get(INDEX).map(|bytes| String::from_utf8_lossy(bytes));
        let hashes = csp::Hashes::of(page.as_deref().unwrap_or_default());
        let names: Vec<_> =
            files.keys().filter(|name| !asset::is_precompressed(name, &files)).cloned().collect();
        let assets = names.into_iter().map(|name| (name.clone(), Asset::new(&name, &mut files))).collect();
        Ok(Self { assets, hashes })
    }

    /// The file at a path of the site.
    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.get(path)
    }

    /// The page itself, from which the dashboard finds its way.
    pub fn index(&self) -> Option<&Asset> {
        self.assets.get(INDEX)
    }

    /// The Content-Security-Policy of an answer to a request for this host.
    pub fn policy(&self, host: Option<&str>, settings: &Settings) -> String {
        csp::policy(&self.hashes, host, settings)
    }
}

fn read(directory: &Path, prefix: &str, files: &mut HashMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let (path, name) = (entry.path(), format!("{prefix}/{name}"));
        if path.is_dir() {
            read(&path, &name, files)?;
        } else {
            files.insert(name, fs::read(&path)?);
        }
    }
    Ok(())
}

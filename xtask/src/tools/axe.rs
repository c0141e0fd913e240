//! axe-core looks for what keeps people out of a page. It is run by the journeys, never by the product.

use std::path::PathBuf;

use super::npm;
use crate::{cache::Cache, error::Error, step::Steps};

const VERSION: &str = "4.14.1";

/// The script that journeys put into a page.
pub fn ensure(cache: &Cache, steps: &mut Steps) -> Result<PathBuf, Error> {
    steps.step(format!("axe-core {VERSION}"), |step| {
        let folder = cache.tool("axe-core", VERSION);
        let script = folder.join("node_modules/axe-core/axe.min.js");
        if script.is_file() {
            return Ok(script);
        }
        let _lock = cache.lock(|news| step.say(news))?;
        if !script.is_file() {
            npm::install(cache, step, folder, "axe-core", VERSION)?;
        }
        Ok(script)
    })
}

//! esbuild takes comments, blanks and long names out of what a browser receives. It comes from npm.

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::npm;
use crate::{cache::Cache, error::Error, step::Steps};

const VERSION: &str = "0.28.2";

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Css,
    /// A script of its own: what it names at its top, others see.
    Script,
    Module,
}

pub struct Esbuild(PathBuf);

impl Esbuild {
    pub fn ensure(cache: &Cache, steps: &mut Steps) -> Result<Self, Error> {
        steps.step(format!("esbuild {VERSION}"), |step| {
            let folder = cache.tool("esbuild", VERSION);
            let program = folder.join("node_modules/esbuild/bin/esbuild");
            if !program.is_file() {
                let _lock = cache.lock(|news| step.say(news))?;
                if !program.is_file() {
                    npm::install(cache, step, folder, "esbuild", VERSION)?;
                }
            }
            Ok(Self(program))
        })
    }

    pub fn minify(&self, text: &str, language: Language) -> Result<String, Error> {
        let mut command = Command::new(&self.0);
        command.args(["--minify", "--target=es2022", "--legal-comments=none", "--log-level=error"]);
        command.args(match language {
            Language::Css => &["--loader=css", "--target=chrome120,firefox121,safari17.2"][..],
            Language::Script => &["--loader=js"],
            Language::Module => &["--loader=js", "--format=esm"],
        });
        let run = || {
            let mut child =
                command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
            if let Some(mut input) = child.stdin.take() {
                input.write_all(text.as_bytes())?;
            }
            child.wait_with_output()
        };
        let output = { run }().map_err(Error::io("run esbuild"))?;
        match String::from_utf8(output.stdout) {
            Ok(text) if output.status.success() => Ok(text),
            _ => Err(Error::Missing {
                what: "a text that esbuild understands".into(),
                advice: "Its error is above.".into(),
            }),
        }
    }
}

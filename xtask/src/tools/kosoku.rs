//! kosoku: the Autobahn cases with a runner for today's Python. From the Python package index, as a folder of modules.

use std::{path::PathBuf, process::Command};

use crate::{
    cache::Cache,
    environment::{find_program, output_of},
    error::Error,
    step::Steps,
};

pub const VERSION: &str = "0.1.0";

pub struct Kosoku {
    python: PathBuf,
    modules: PathBuf,
}

impl Kosoku {
    pub fn ensure(cache: &Cache, steps: &mut Steps) -> Result<Self, Error> {
        steps.step(format!("kosoku {VERSION}"), |step| {
            let python = find_program("python3").ok_or_else(missing)?;
            output_of(&python, &["-c", "import pip, sys; assert sys.version_info >= (3, 10)"])
                .ok_or_else(missing)?;
            let modules = cache.tool("kosoku", VERSION);
            if modules.is_dir() {
                return Ok(Self { python, modules });
            }
            let _lock = cache.lock(|news| step.say(news))?;
            if !modules.is_dir() {
                step.announce("installing", "a few seconds");
                let staging = cache.staging(modules.clone())?;
                let mut pip = Command::new(&python);
                pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"]);
                pip.arg(staging.product()).arg(format!("kosoku=={VERSION}"));
                step.run(&mut pip, "Check that PyPI can be reached, then run the command again.")?;
                staging.finish()?;
            }
            Ok(Self { python, modules })
        })
    }

    /// Python with the modules, to run this program.
    pub fn python(&self, program: &str) -> Command {
        let mut python = Command::new(&self.python);
        python.env("PYTHONPATH", &self.modules).args(["-c", program]);
        python
    }
}

fn missing() -> Error {
    Error::Missing {
        what: "Python 3.10 or newer with pip, which the conformance suite runs in".into(),
        advice: "Install it (python3 and python3-pip on Debian), then run the command again.".into(),
    }
}

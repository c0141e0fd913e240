//! Browsers and the drivers that steer them, for the tests.

use std::{
    fmt::{self, Display, Formatter},
    path::{Path, PathBuf},
    process::Command,
    str::FromStr,
};

use super::{apt, cargo_tool::CargoTool};
use crate::{
    cache::Cache,
    environment::{find_program, is_ci, is_root},
    error::Error,
    project::Project,
    step::Steps,
};

const GECKODRIVER: &str = "0.37.1";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

/// A browser with its driver.
pub struct Browser {
    pub engine: Engine,
    pub program: PathBuf,
    pub driver: PathBuf,
}

impl Engine {
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// As the end-to-end tests name it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-driver", "fonts-dejavu-core"],
            Self::Firefox => &["firefox-esr", "fonts-dejavu-core"],
            Self::WebKit => &["webkit2gtk-driver", "xvfb", "fonts-dejavu-core"],
        }
    }

    /// The variables for browser and driver, which the journeys read.
    fn variables(self) -> (&'static str, &'static str) {
        match self {
            Self::Chromium => ("LATIDO_CHROMIUM", "LATIDO_CHROMEDRIVER"),
            Self::Firefox => ("LATIDO_FIREFOX", "LATIDO_GECKODRIVER"),
            Self::WebKit => ("LATIDO_MINIBROWSER", "LATIDO_WEBKITDRIVER"),
        }
    }

    fn program(self) -> Option<PathBuf> {
        match self {
            Self::Chromium => {
                ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find_program)
            }
            Self::Firefox => ["firefox-esr", "firefox"].into_iter().find_map(find_program),
            Self::WebKit => find_minibrowser(),
        }
    }

    /// Its driver and itself, if both are here. Firefox's driver comes from crates.io, later.
    fn find(self) -> Option<(PathBuf, PathBuf)> {
        let driver = match self {
            Self::Chromium => find_program("chromedriver"),
            Self::Firefox => Some(PathBuf::new()),
            Self::WebKit => find_program("Xvfb").and_then(|_| find_program("WebKitWebDriver")),
        };
        driver.zip(self.program())
    }

    fn ensure(self, project: &Project, cache: &Cache, steps: &mut Steps) -> Result<Browser, Error> {
        let (driver, program) = steps.step(self.to_string(), |step| {
            if let Some(found) = self.find() {
                return Ok(found);
            }
            apt::install(step, self.packages(), "about 20 s")?;
            self.find().ok_or_else(|| Error::Missing {
                what: format!("{self} and its driver on the PATH"),
                advice: format!("Install what Debian calls {}.", self.packages().join(" ")),
            })
        })?;
        let driver = match self {
            Self::Firefox => geckodriver(project, cache, steps)?,
            Self::Chromium | Self::WebKit => driver,
        };
        Ok(Browser { engine: self, program, driver })
    }
}

impl FromStr for Engine {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|engine| engine.id() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::id).join(", ");
            format!("there is no engine `{name}`; there are {names}")
        })
    }
}

impl Display for Engine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        })
    }
}

/// How many steps `ensure` takes.
pub fn steps(engines: &[Engine]) -> usize {
    engines.len() + usize::from(engines.contains(&Engine::Firefox))
}

/// The browsers among `engines` that are here or can be installed. An absent one is skipped with a message;
/// in CI it is an error.
pub fn ensure(
    project: &Project,
    cache: &Cache,
    steps: &mut Steps,
    engines: &[Engine],
) -> Result<Vec<Browser>, Error> {
    let mut found = Vec::new();
    for engine in engines {
        match engine.ensure(project, cache, steps) {
            Ok(browser) => found.push(browser),
            Err(error) if is_ci() => return Err(error),
            Err(error) => eprintln!("\nSKIPPED: nothing will be tested in {engine}.\n{error}\n"),
        }
    }
    Ok(found)
}

/// Passes the browsers on to the journeys.
pub fn apply(browsers: &[Browser], command: &mut Command) {
    let engines: Vec<_> = browsers.iter().map(|browser| browser.engine.id()).collect();
    command.env("LATIDO_ENGINES", engines.join(","));
    for browser in browsers {
        let (program, driver) = browser.engine.variables();
        command.env(program, &browser.program).env(driver, &browser.driver);
    }
    if is_root() {
        // WebKit's sandbox cannot be made by root.
        command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
    }
}

fn geckodriver(project: &Project, cache: &Cache, steps: &mut Steps) -> Result<PathBuf, Error> {
    let tool = CargoTool {
        name: "geckodriver",
        package: "geckodriver",
        version: GECKODRIVER,
        features: &[],
        programs: &["geckodriver"],
        usually: "about 2 min, the first time only",
    };
    steps.step(format!("geckodriver {GECKODRIVER}"), |step| {
        // Any version that was installed on purpose will do: it is made for many versions of Firefox.
        match find_program("geckodriver") {
            Some(driver) => Ok(driver),
            None => Ok(tool.ensure(project, cache, step)?.join("geckodriver")),
        }
    })
}

/// WebKit's own small browser is not on the `PATH`: `/usr/lib/<machine>/webkit2gtk-4.1/MiniBrowser`.
fn find_minibrowser() -> Option<PathBuf> {
    let below = |folder: &Path| {
        let folders = folder.read_dir().into_iter().flatten().flatten();
        folders.map(|entry| entry.path()).collect::<Vec<_>>()
    };
    let machines = below(Path::new("/usr/lib")).into_iter().chain([PathBuf::from("/usr/libexec")]);
    machines
        .flat_map(|machine| below(&machine))
        .filter(|folder| folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("webkit")))
        .map(|folder| folder.join("MiniBrowser"))
        .find(|program| program.is_file())
}

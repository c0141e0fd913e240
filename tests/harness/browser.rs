//! One session of one engine, with a profile of its own.

use std::{
    cell::RefCell,
    fmt::Debug,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{By, Key, WebDriver, WindowHandle};

use crate::{
    console::{self, Entry},
    engine::Engine,
    environment,
    process::{Lines, Process},
    screen::Screen,
    wait::{PATIENCE, until},
};

pub struct Browser {
    pub engine: Engine,
    session: WebDriver,
    driver: Process,
    driver_stderr: Lines,
    /// Chromium's log is handed out once; it is kept here.
    heard: RefCell<Vec<Entry>>,
    profile: TempDir,
    /// Outlives the driver, which is declared before it.
    _screen: Option<Screen>,
}

impl Browser {
    pub async fn start(engine: Engine) -> Self {
        let profile = TempDir::with_prefix("latido-e2e-profile-").expect("a temporary folder");
        Self::start_with(engine, profile).await
    }

    async fn start_with(engine: Engine, profile: TempDir) -> Self {
        let driver_stderr = Lines::default();
        let screen = Screen::start(engine, &driver_stderr).await;
        let display = screen.as_ref().map(|screen| screen.display.as_str());
        let (driver, port) = engine.start_driver(display, &driver_stderr);
        let url = format!("http://127.0.0.1:{port}");
        let session = until(&format!("a session of {}", engine.id()), PATIENCE, async || {
            let asked = WebDriver::builder(&url, engine.capabilities(&profile));
            asked
                .request_timeout(Duration::from_mins(1))
                .connect()
                .await
                .map_err(|error| format!("{error:?}"))
        })
        .await;
        Self { engine, session, driver, driver_stderr, heard: RefCell::default(), profile, _screen: screen }
    }

    /// Ends the session, and with it the browser.
    pub async fn quit(self) {
        // If the browser is gone already, the driver's end is next in any case.
        let _ = self.session.quit().await;
    }

    /// Dies as in a power cut, and is started again with what it had on the disk.
    ///
    /// # Panics
    ///
    /// In other engines than Chromium: their drivers make a new profile every time.
    pub async fn crash(self) -> Self {
        let Self { engine, mut driver, profile, .. } = self;
        assert_eq!(engine, Engine::Chromium, "its profile does not survive");
        driver.kill();
        Self::start_with(engine, profile).await
    }

    /// Closes the browser and opens it again, with its profile.
    ///
    /// # Panics
    ///
    /// As [`crash`](Self::crash) does.
    pub async fn reopen(self) -> Self {
        let Self { engine, session, profile, .. } = self;
        assert_eq!(engine, Engine::Chromium, "its profile does not survive");
        session.quit().await.expect("it can be closed");
        Self::start_with(engine, profile).await
    }

    pub async fn goto(&self, url: &str) {
        self.session.goto(url).await.unwrap_or_else(|error| panic!("{url} could not be opened: {error:?}"));
    }

    pub async fn reload(&self) {
        self.session.refresh().await.expect("the page can be reloaded");
    }

    /// Runs a script in the page; the content security policy has no say in that.
    pub async fn try_js<T: DeserializeOwned>(&self, script: &str, arguments: &[Value]) -> Result<T, String> {
        let answer = self.session.execute(script, arguments).await.map_err(|error| format!("{error:?}"))?;
        answer.convert().map_err(|error| format!("{:?} is something else: {error:?}", answer.json()))
    }

    pub async fn js<T: DeserializeOwned>(&self, script: &str, arguments: &[Value]) -> T {
        self.try_js(script, arguments).await.unwrap_or_else(|error| panic!("{script} failed: {error}"))
    }

    /// Runs a script in every page before the page's own.
    ///
    /// # Panics
    ///
    /// In other engines than Chromium: no other driver can.
    pub async fn before_every_page(&self, script: &str) {
        let tools = self.session.cdp();
        let added = tools.page().add_script_to_evaluate_on_new_document(script).await;
        added.expect("chromedriver speaks the developer tools' protocol");
    }

    /// A command of the developer tools' protocol, and its answer.
    ///
    /// # Panics
    ///
    /// In other engines than Chromium: their drivers do not speak it.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let answer = self.session.cdp().send_raw(command, parameters).await;
        answer.unwrap_or_else(|error| panic!("{command} failed: {error:?}"))
    }

    /// Clicks as a person does: what cannot be seen or is covered cannot be clicked, unless scrolling uncovers it.
    pub async fn click(&self, css: &str) {
        until(&format!("a click on {css}"), PATIENCE, async || {
            let element = self.session.find(By::Css(css)).await.map_err(brief)?;
            let clicked = element.click().await.map_err(brief);
            if clicked.is_err() {
                let scroll = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' });";
                self.try_js::<()>(scroll, &[json!(css)]).await?;
            }
            clicked
        })
        .await;
    }

    /// Replaces a field's text, key by key.
    pub async fn fill(&self, css: &str, text: &str) {
        until(&format!("{text:?} typed into {css}"), PATIENCE, async || {
            let element = self.session.find(By::Css(css)).await.map_err(brief)?;
            element.send_keys(Key::Control + "a").await.map_err(brief)?;
            element.send_keys(text).await.map_err(brief)?;
            let typed = element.prop("value").await.map_err(brief)?;
            if typed.as_deref() == Some(text) { Ok(()) } else { Err(format!("it holds {typed:?}")) }
        })
        .await;
    }

    /// Opens a tab and goes on in it; gives back the tab one was in.
    pub async fn new_tab(&self) -> WindowHandle {
        let before = self.tab().await;
        let tab = self.session.new_tab().await.expect("a new tab");
        self.session.switch_to_window(tab).await.expect("the new tab");
        before
    }

    /// The tab that is looked at.
    pub async fn tab(&self) -> WindowHandle {
        self.session.window().await.expect("a window")
    }

    pub async fn switch_to(&self, tab: &WindowHandle) {
        self.session.switch_to_window(tab.clone()).await.expect("the other tab");
    }

    /// The console's messages so far, of this page and those before it: see [`console`].
    pub async fn console(&self) -> Vec<Entry> {
        match self.engine {
            Engine::Chromium => {
                let new = self.session.browser_log().await.expect("chromedriver keeps a log");
                let mut heard = self.heard.borrow_mut();
                heard.extend(new.into_iter().map(Entry::from));
                heard.clone()
            }
            Engine::Firefox | Engine::WebKit => self.js(console::HEARD, &[]).await,
        }
    }

    /// What driver and browser have written.
    pub fn output(&self) -> Vec<String> {
        let mut lines = self.driver.stdout.all();
        lines.extend(self.driver_stderr.all());
        lines
    }

    /// A screenshot for the analysis of a failure.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf, String> {
        let folder = environment::screenshots();
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let path = folder.join(format!("{}.png", name.replace("::", "-")));
        self.session.screenshot(&path).await.map_err(brief)?;
        Ok(path)
    }

    /// A picture of what can be seen, as PNG.
    pub async fn picture(&self, path: &Path) -> Result<(), String> {
        self.session.screenshot(path).await.map_err(brief)
    }

    pub(crate) fn session(&self) -> &WebDriver {
        &self.session
    }
}

/// The first line: drivers add their own stack.
fn brief(error: impl Debug) -> String {
    let whole = format!("{error:?}");
    whole.chars().take(300).collect()
}

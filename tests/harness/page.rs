//! The dashboard as a user sees and uses it.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    DEMO_EMAIL, DEMO_PASSWORD,
    browser::Browser,
    wait::{PATIENCE, until},
};

/// The pages behind the sign-in.
pub const PATHS: [&str; 9] = [
    "/",
    "/food",
    "/exercise",
    "/metrics",
    "/conversations",
    "/equipment",
    "/deliveries",
    "/connections",
    "/profile",
];
/// Those that hold records.
pub const RECORD_PATHS: [&str; 3] = ["/food", "/exercise", "/metrics"];
pub const THEMES: [&str; 2] = ["light", "dark"];
pub const LANGUAGES: [&str; 2] = ["es", "en"];

/// A list of records, by the name in its `data-testid`.
#[derive(Clone, Copy, Debug)]
pub enum List {
    Food,
    Exercise,
    Metric,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    /// Empty in an app whose rows have none.
    pub id: String,
    pub text: String,
    /// It shows what the server does not know yet.
    pub pending: bool,
}

/// The connection's state in the header.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub struct Connection {
    pub state: String,
    pub text: String,
}

#[derive(Clone, Copy)]
pub struct Page<'a> {
    pub browser: &'a Browser,
    server: &'a str,
}

impl List {
    fn name(self) -> &'static str {
        match self {
            Self::Food => "food",
            Self::Exercise => "exercise",
            Self::Metric => "metric",
        }
    }
}

impl<'a> Page<'a> {
    /// `server` is where it is served, `http://127.0.0.1:PORT`.
    pub fn new(browser: &'a Browser, server: &'a str) -> Self {
        Self { browser, server }
    }

    pub async fn open(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.server)).await;
    }

    /// Opens a page as the demo account, and waits until it is live.
    pub async fn open_live(&self, path: &str) {
        self.open(path).await;
        self.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
        self.wait_for_state("live").await;
    }

    /// Fills in the form and sends it, and leaves it at that.
    pub async fn submit_sign_in(&self, email: &str, password: &str) {
        let form = test_id("sign-in-form");
        self.browser.fill(&format!("{form} [name=email]"), email).await;
        self.browser.fill(&format!("{form} [name=password]"), password).await;
        self.browser.click(&format!("{form} [type=submit]")).await;
    }

    pub async fn sign_in(&self, email: &str, password: &str) {
        self.submit_sign_in(email, password).await;
        self.wait_for(&test_id("connection-status")).await;
    }

    pub async fn sign_out(&self) {
        self.browser.click("details.menu summary").await;
        self.browser.click(&test_id("sign-out")).await;
    }

    /// `None` where there is none, such as on the sign-in page.
    pub async fn connection(&self) -> Option<Connection> {
        let script = "const status = document.querySelector('[data-testid=connection-status]');
            return status && { state: status.dataset.state, text: status.innerText };";
        self.browser.try_js(script, &[]).await.ok().flatten()
    }

    pub async fn wait_for_state(&self, state: &str) {
        until(&format!("the connection to be {state}"), PATIENCE, async || match self.connection().await {
            Some(connection) if connection.state == state => Ok(()),
            other => Err(format!("{other:?} on {}", self.text().await)),
        })
        .await;
    }

    pub async fn rows(&self, list: List) -> Vec<Row> {
        let script = "return [...document.querySelectorAll(`[data-testid=${arguments[0]}-row]`)]
            .map((row) => ({
                id: row.dataset.id ?? '',
                text: row.innerText,
                pending: row.dataset.pending === 'true',
            }));";
        // Between two documents there is nothing.
        self.browser.try_js(script, &[json!(list.name())]).await.unwrap_or_default()
    }

    /// Waits for a row with this text.
    pub async fn row(&self, list: List, text: &str, within: Duration) -> Row {
        until(&format!("a row with {text:?}"), within, async || {
            let rows = self.rows(list).await;
            match rows.iter().find(|row| row.text.contains(text)) {
                Some(row) => Ok(row.clone()),
                None => Err(format!("the rows {rows:?} on a page that says {:?}", self.text().await)),
            }
        })
        .await
    }

    /// Waits for a row with this text that is pending, or is not any more.
    pub async fn row_pending(&self, list: List, text: &str, pending: bool) -> Row {
        until(&format!("a row with {text:?} and pending {pending}"), PATIENCE, async || {
            let rows = self.rows(list).await;
            let found = rows.iter().find(|row| row.text.contains(text) && row.pending == pending);
            found.cloned().ok_or_else(|| format!("{rows:?}"))
        })
        .await
    }

    pub async fn wait_for_no_row(&self, list: List, text: &str) {
        until(&format!("no row with {text:?}"), PATIENCE, async || {
            let rows = self.rows(list).await;
            if rows.iter().any(|row| row.text.contains(text)) { Err(format!("{rows:?}")) } else { Ok(()) }
        })
        .await;
    }

    /// Waits until there is one that can be seen, and gives back its text.
    pub async fn wait_for(&self, css: &str) -> String {
        until(&format!("{css} to be seen"), PATIENCE, async || {
            self.seen(css).await.ok_or(format!("a page without it: {}", self.text().await))
        })
        .await
    }

    /// Waits until the page contains the text.
    pub async fn wait_for_text(&self, text: &str) {
        until(&format!("the page to say {text:?}"), PATIENCE, async || {
            let page = self.text().await;
            if page.contains(text) { Ok(()) } else { Err(page) }
        })
        .await;
    }

    /// Waits until none can be seen.
    pub async fn wait_until_gone(&self, css: &str) {
        until(&format!("{css} to be gone"), PATIENCE, async || match self.seen(css).await {
            None => Ok(()),
            Some(text) => Err(format!("it is there and says {text:?}")),
        })
        .await;
    }

    /// The text of what can be seen.
    async fn seen(&self, css: &str) -> Option<String> {
        let script = "const found = document.querySelector(arguments[0]);
            return found && found.getClientRects().length ? found.innerText : null;";
        self.browser.try_js(script, &[json!(css)]).await.ok().flatten()
    }

    /// Opens a row's form: of a new record, or of one that is there.
    pub async fn open_form(&self, list: List, id: Option<&str>) {
        let button = id.map_or_else(|| test_id("add"), |id| row_button(list, id, "edit"));
        self.browser.click(&button).await;
        self.wait_for(FORM).await;
    }

    pub async fn fill(&self, field: &str, text: &str) {
        self.browser.fill(&format!("{FORM} [name={field}]"), text).await;
    }

    pub async fn submit(&self) {
        self.browser.click(&format!("{FORM} button[type=submit]")).await;
    }

    /// Waits until what people write with is there: its code comes behind the first rows.
    pub async fn form_is_loaded(&self) {
        self.open_form(List::Food, None).await;
        self.browser.click(&format!("{FORM} .form-head button")).await;
        self.closed().await;
    }

    /// Logs a food by hand. It shows, whether the server has it or not.
    pub async fn eat(&self, name: &str, calories: u32) {
        self.open_form(List::Food, None).await;
        self.fill("name", name).await;
        self.fill("calories", &calories.to_string()).await;
        self.submit().await;
        self.closed().await;
    }

    /// Waits until the header counts this many waiting writes.
    pub async fn wait_for_waiting(&self, count: usize) {
        self.wait_for(&format!("{}[data-count='{count}']", test_id("outbox-status"))).await;
    }

    /// Waits until the form is closed, which it is once its record is shown.
    pub async fn closed(&self) {
        self.wait_until_gone(FORM).await;
    }

    /// Waits until the form is closed and the server has what was typed.
    pub async fn saved(&self) {
        self.closed().await;
        self.wait_until_gone("[data-pending=true]").await;
    }

    /// What the page keeps of a write that was refused.
    pub async fn refused_write(&self) -> String {
        self.wait_for(&test_id("refused-write")).await
    }

    /// Waits for the error of a field.
    pub async fn error_at(&self, field: &str) -> String {
        self.said(&format!("{FORM} [data-error-for={field}]")).await
    }

    /// Waits for the error on the sign-in page: why signing in failed, or the session ended.
    pub async fn sign_in_error(&self) -> String {
        self.said(&format!("{} [role=alert]", test_id("sign-in-form"))).await
    }

    async fn said(&self, css: &str) -> String {
        until(&format!("something to be said at {css}"), PATIENCE, async || {
            let said = self.seen(css).await.unwrap_or_default();
            if said.is_empty() { Err(self.text().await) } else { Ok(said) }
        })
        .await
    }

    pub async fn delete(&self, list: List, id: &str) {
        self.browser.click(&row_button(list, id, "delete")).await;
    }

    /// The language that this page is in from its next load on.
    pub async fn choose_language(&self, language: &str) {
        let script = "localStorage.setItem('latido.language', arguments[0]);";
        self.browser.js::<Value>(script, &[json!(language)]).await;
    }

    pub async fn choose_theme(&self, theme: &str) {
        let script = "localStorage.setItem('latido.theme', arguments[0]);";
        self.browser.js::<Value>(script, &[json!(theme)]).await;
    }

    /// All that is written on it.
    pub async fn text(&self) -> String {
        let script = "return document.body ? document.body.innerText : '(no page)';";
        self.browser.try_js(script, &[]).await.unwrap_or_else(|error| error)
    }
}

const FORM: &str = "[data-testid=record-form]";

pub fn test_id(name: &str) -> String {
    format!("[data-testid={name}]")
}

fn row_button(list: List, id: &str, button: &str) -> String {
    format!("[data-testid={}-row][data-id='{id}'] [data-testid={button}]", list.name())
}

//! Which backend this build talks to.
//!
//! Set when it is built (`WS_URL`, `WS_AUTH`, `WS_TIMING`, `API_URL`); a page may say otherwise in
//! `<meta name="latido-ws-url" content="…">` and its siblings, so that one build can be served for
//! several backends. An empty value counts as none.

use latido_realtime::SocketAuth;
use leptos::prelude::document;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Without one the app polls.
    pub socket_url: Option<String>,
    pub socket_auth: SocketAuth,
    /// What differs from the defaults, as `latido_connection::Config::set_timing` takes it.
    pub socket_timing: Option<String>,
    /// Without a slash at the end.
    pub api_url: String,
}

impl Config {
    pub fn read() -> Self {
        let socket_url = setting("latido-ws-url", option_env!("WS_URL"));
        let auth = setting("latido-ws-auth", option_env!("WS_AUTH"));
        let socket_timing = setting("latido-ws-timing", option_env!("WS_TIMING"));
        let api_url = setting("latido-api-url", option_env!("API_URL"));
        Self {
            socket_url,
            socket_timing,
            socket_auth: match auth.as_deref() {
                Some("ticket") => SocketAuth::Ticket,
                Some(_) | None => SocketAuth::Query,
            },
            api_url: api_url.unwrap_or_else(|| "/api".to_owned()).trim_end_matches('/').to_owned(),
        }
    }
}

fn setting(meta: &str, built: Option<&str>) -> Option<String> {
    let on_the_page = document()
        .query_selector(&format!("meta[name={meta}]"))
        .ok()
        .flatten()
        .and_then(|element| element.get_attribute("content"));
    on_the_page.or_else(|| built.map(str::to_owned)).filter(|value| !value.is_empty())
}

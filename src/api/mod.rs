//! Requests to the backend: one place that knows the address, the token, the timeout and what a
//! failure means. Every request can be aborted, and none can hang.

pub mod error;
pub mod session;

use std::{cell::RefCell, time::Duration};

use gloo_net::http::{Method, RequestBuilder};
use latido_protocol::{problem, problem::Problem};
use leptos::prelude::set_timeout_with_handle;
use serde::{Serialize, de::DeserializeOwned};
use web_sys::{AbortController, RequestCache, RequestCredentials};

use crate::{
    browser::{Shared, shared},
    config::Config,
};
use error::ApiError;
use session::SessionStore;

/// A request that takes longer is aborted: a hung one would block every later one of its query.
const TIMEOUT: Duration = Duration::from_secs(15);

/// An answer that is no error.
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub body: String,
}

impl Answer {
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_str(&self.body).map_err(|_| ApiError::Unreadable)
    }
}

/// One request. `path` is below the API's base.
pub struct Call<'a> {
    pub method: Method,
    pub path: &'a str,
    pub body: Option<&'a str>,
    /// The `ETag` of what is already there.
    pub known: Option<String>,
    /// Sent as `If-Match`.
    pub version: Option<u64>,
    /// Sent as `Idempotency-Key`.
    pub key: Option<&'a str>,
}

impl<'a> Call<'a> {
    pub fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, body: None, known: None, version: None, key: None }
    }

    pub fn with(method: Method, body: &'a str) -> Self {
        Self { method, body: Some(body), ..Self::get("") }
    }
}

/// The backend, as a signed-in user reaches it.
#[derive(Clone)]
pub struct Api(Shared<Inner>);

struct Inner {
    base: String,
    session: SessionStore,
    /// Aborted when the session ends, so that nothing of one user arrives under another.
    abort: RefCell<Vec<AbortController>>,
}

impl Api {
    pub fn new(config: &Config) -> Self {
        let base = config.api_url.clone();
        let session = SessionStore::new(base.clone());
        Self(shared(Inner { base, session, abort: RefCell::default() }))
    }

    pub fn session(&self) -> &SessionStore {
        &self.0.session
    }

    /// Sends with the current token; a token that the server no longer takes is refreshed once.
    pub async fn send(&self, call: Call<'_>) -> Result<Answer, ApiError> {
        let mut token = self.0.session.token(None).await?;
        for last in [false, true] {
            let mut request = RequestBuilder::new(&format!("{}{}", self.0.base, call.path))
                .method(call.method.clone())
                .header("authorization", &format!("Bearer {token}"));
            if let Some(key) = call.key {
                request = request.header("idempotency-key", key);
            }
            if let Some(known) = &call.known {
                request = request.header("if-none-match", known);
            }
            if let Some(version) = call.version {
                request = request.header("if-match", &format!("\"{version}\""));
            }
            match self.transmit(request, call.body).await {
                Err(ApiError::Refused(problem)) if problem.status == 401 && !last => {
                    token = self.0.session.token(Some(&token)).await?;
                }
                Err(ApiError::Refused(problem)) if problem.status == 401 => {
                    self.0.session.end();
                    return Err(ApiError::SignedOut);
                }
                answer => return answer,
            }
        }
        Err(ApiError::SignedOut)
    }

    async fn transmit(&self, request: RequestBuilder, body: Option<&str>) -> Result<Answer, ApiError> {
        let abort = AbortController::new().ok();
        if let Some(abort) = &abort {
            self.0.abort.borrow_mut().push(abort.clone());
        }
        let answer = transmit(request, body, abort.as_ref()).await;
        self.0.abort.borrow_mut().retain(|other| Some(other) != abort.as_ref());
        answer
    }

    pub fn abort_all(&self) {
        for abort in self.0.abort.take() {
            abort.abort();
        }
    }
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, ApiError> {
    serde_json::to_string(value).map_err(|_| ApiError::Unreadable)
}

/// Sends one request, within the timeout, and sorts answers from errors.
async fn transmit(
    request: RequestBuilder,
    body: Option<&str>,
    abort: Option<&AbortController>,
) -> Result<Answer, ApiError> {
    let timed_out = std::rc::Rc::new(std::cell::Cell::new(false));
    let timer = abort.and_then(|abort| {
        let (abort, timed_out) = (abort.clone(), timed_out.clone());
        let give_up = move || {
            timed_out.set(true);
            abort.abort();
        };
        set_timeout_with_handle(give_up, TIMEOUT).ok()
    });
    let signal = abort.map(AbortController::signal);
    let request = request
        .abort_signal(signal.as_ref())
        .credentials(RequestCredentials::Include)
        // The query cache holds the answers; a second cache below it would only hide 304s.
        .cache(RequestCache::NoStore);
    let result = async {
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body),
            None => request.build(),
        };
        let response = request?.send().await?;
        let body = response.text().await?;
        Ok::<_, gloo_net::Error>((response, body))
    }
    .await;
    if let Some(timer) = timer {
        timer.clear();
    }
    match result {
        Ok((response, body)) if response.ok() || response.status() == 304 => {
            Ok(Answer { status: response.status(), etag: response.headers().get("etag"), body })
        }
        Ok((response, body)) => {
            let status = response.status();
            let is_problem = response
                .headers()
                .get("content-type")
                .is_some_and(|media| media.starts_with(problem::CONTENT_TYPE));
            let problem = if is_problem { serde_json::from_str(&body).ok() } else { None };
            Err(ApiError::Refused(problem.unwrap_or_else(|| Problem {
                kind: String::new(),
                title: String::new(),
                status,
                detail: format!("HTTP {status}"),
                errors: Vec::new(),
            })))
        }
        Err(_) if timed_out.get() => Err(ApiError::TimedOut),
        Err(_) => Err(ApiError::Unreachable),
    }
}

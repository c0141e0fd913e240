//! One request over the browser's `fetch`, within a time, and what its outcome means.
//!
//! Over `web_sys` itself: what an HTTP library adds here (builders, its own methods and errors) would be
//! three kilobytes of the wasm for forty lines.

use std::{cell::Cell, rc::Rc, time::Duration};

use latido_protocol::{
    json,
    problem::{self, Problem},
};
use leptos::prelude::{set_timeout_with_handle, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCache, RequestCredentials, RequestInit, Response};

use super::{Answer, early, error::ApiError};

/// A request that takes longer is aborted: a hung one would block every later one of its query.
const TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request that has not been sent.
pub(super) struct Request {
    url: String,
    init: RequestInit,
    headers: Option<Headers>,
}

impl Request {
    pub fn new(method: Method, url: String, body: Option<&str>) -> Self {
        let request = Self { url, init: RequestInit::new(), headers: Headers::new().ok() };
        request.init.set_method(method.as_str());
        request.init.set_credentials(RequestCredentials::Include);
        // The query cache holds the answers; a second cache below it would only hide 304s.
        request.init.set_cache(RequestCache::NoStore);
        if let Some(body) = body {
            request.header("content-type", "application/json");
            request.init.set_body(&JsValue::from_str(body));
        }
        request
    }

    pub fn header(&self, name: &str, value: &str) {
        // Refuses only what no header may hold, which none of ours does.
        let _ = self.headers.as_ref().map(|headers| headers.set(name, value));
    }

    /// The answer's head; whoever asks reads its body.
    pub async fn respond(self, abort: Option<&AbortController>) -> Result<Response, JsValue> {
        self.complete(abort);
        JsFuture::from(window().fetch_with_str_and_init(&self.url, &self.init)).await?.dyn_into()
    }

    fn complete(&self, abort: Option<&AbortController>) {
        if let Some(headers) = &self.headers {
            self.init.set_headers(headers);
        }
        self.init.set_signal(abort.map(AbortController::signal).as_ref());
    }
}

/// Sends one request, within the timeout, and sorts answers from errors.
pub(super) async fn transmit(request: Request, abort: Option<&AbortController>) -> Result<Answer, ApiError> {
    let timed_out = Rc::new(Cell::new(false));
    let timer = abort.and_then(|abort| {
        let (abort, timed_out) = (abort.clone(), timed_out.clone());
        let give_up = move || {
            timed_out.set(true);
            abort.abort();
        };
        set_timeout_with_handle(give_up, TIMEOUT).ok()
    });
    request.complete(abort);
    let result = early::send(&request.url, &request.init).await;
    if let Some(timer) = timer {
        timer.clear();
    }
    match result {
        Ok((response, body)) if response.ok() || response.status() == 304 => {
            Ok(Answer { status: response.status(), etag: header_of(&response, "etag"), body })
        }
        Ok((response, body)) => Err(ApiError::Refused(refusal(&response, &body))),
        Err(_) if timed_out.get() => Err(ApiError::TimedOut),
        Err(_) => Err(ApiError::Unreachable),
    }
}

fn header_of(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).ok().flatten()
}

/// The server's own words, or what can be said without them.
pub(super) fn refusal(response: &Response, body: &str) -> Problem {
    let status = response.status();
    let media = header_of(response, "content-type").unwrap_or_default();
    let problem = if media.starts_with(problem::CONTENT_TYPE) { json::parse(body).ok() } else { None };
    problem.unwrap_or_else(|| Problem {
        kind: String::new(),
        title: String::new(),
        status,
        detail: format!("HTTP {status}"),
        errors: Vec::new(),
    })
}

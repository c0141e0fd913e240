//! One request within a timeout, and its outcome.

use std::{cell::Cell, rc::Rc};

use gloo_net::http::{self, Headers, Response};
use gloo_timers::callback::Timeout;
use latido_protocol::problem::{self, Problem};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestInit};

use super::{
    error::{ApiError, NO_REASON, OTHER_JSON},
    prefetch,
    response::ApiResponse,
};

/// A request that takes longer is aborted: a hung one would block every later one of its query.
const TIMEOUT_MS: u32 = 15_000;

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
    method: Method,
    headers: Headers,
    body: Option<String>,
}

impl Request {
    pub fn new(method: Method, url: String, body: Option<&str>) -> Self {
        let headers = Headers::new();
        if body.is_some() {
            headers.set("content-type", "application/json");
        }
        Self { url, method, headers, body: body.map(str::to_owned) }
    }

    pub fn header(&self, name: &str, value: &str) {
        self.headers.set(name, value);
    }

    /// Sends it. The caller reads the body of the response.
    ///
    /// # Errors
    /// [`ApiError::Unreachable`] without a response.
    pub async fn respond(self, abort: Option<&AbortController>) -> Result<Response, ApiError> {
        // Not by gloo's builder, which adds an `&` to every query.
        let init = RequestInit::new();
        init.set_method(self.method.as_str());
        init.set_credentials(RequestCredentials::Include);
        // The query cache holds the responses; a second cache below it would only hide 304s.
        init.set_cache(RequestCache::NoStore);
        init.set_headers(&self.headers.into_raw());
        init.set_signal(abort.map(AbortController::signal).as_ref());
        if let Some(body) = &self.body {
            init.set_body(&JsValue::from_str(body));
        }
        let request = web_sys::Request::new_with_str_and_init(&self.url, &init);
        let request = request.map_err(|_| ApiError::Unreachable)?;
        http::Request::from(request).send().await.map_err(|_| ApiError::Unreachable)
    }

    /// The response and its body; one that was requested before this code ran, or else a new one.
    async fn fetch(self, abort: Option<&AbortController>) -> Result<(Response, Vec<u8>), ApiError> {
        if let Some(prefetched) = prefetch::take(&self.url, self.method.as_str(), &self.headers, abort) {
            return prefetched.await.map_err(|_| ApiError::Unreachable);
        }
        let response = self.respond(abort).await?;
        let body = response.binary().await.map_err(|_| ApiError::Unreachable)?;
        Ok((response, body))
    }
}

/// Sends one request, within the timeout, and sorts responses from errors.
pub(super) async fn transmit(
    request: Request,
    abort: Option<&AbortController>,
) -> Result<ApiResponse, ApiError> {
    let timed_out = Rc::new(Cell::new(false));
    let timer = abort.map(|abort| {
        let (abort, timed_out) = (abort.clone(), timed_out.clone());
        Timeout::new(TIMEOUT_MS, move || {
            timed_out.set(true);
            abort.abort();
        })
    });
    let result = request.fetch(abort).await;
    drop(timer);
    let (response, body) = match result {
        Err(_) if timed_out.get() => return Err(ApiError::TimedOut),
        result => result?,
    };
    let body = String::from_utf8(body).unwrap_or_default();
    if response.ok() || response.status() == 304 {
        return Ok(ApiResponse { status: response.status(), etag: response.headers().get("etag"), body });
    }
    Err(refusal(&response, &body))
}

/// The server's problem, or one built from the status.
pub(super) fn refusal(response: &Response, body: &str) -> ApiError {
    let (status, text) = (response.status(), body.trim_start());
    if status < 500 && text.starts_with('<') {
        return ApiError::Intercepted { status };
    }
    let media = response.headers().get("content-type").unwrap_or_default();
    let problem =
        if media.starts_with(problem::CONTENT_TYPE) { serde_json::from_str(body).ok() } else { None };
    let kind = if text.starts_with('{') { OTHER_JSON } else { NO_REASON }.to_owned();
    ApiError::Refused(
        problem.unwrap_or_else(|| Problem { kind, ..Problem::of_status(status, format!("HTTP {status}")) }),
    )
}

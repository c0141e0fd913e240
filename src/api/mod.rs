//! Requests to the backend: one place that knows the address, the token, the timeout and what a
//! failure means. Every request can be aborted, and none can hang.

mod download;
pub mod error;
pub mod prefetch;
mod response;
pub mod session;
mod transport;

use std::cell::RefCell;

use web_sys::AbortController;

use crate::{
    browser::{LocalRc, local_rc},
    config::Config,
};
use error::ApiError;
pub use response::ApiResponse;
pub(crate) use response::json;
use session::SessionStore;
pub use transport::Method;
use transport::{Request, transmit};

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
        Self { method: Method::Get, path, body: None, known: None, version: None, key: None }
    }

    pub fn with(method: Method, body: &'a str) -> Self {
        Self { method, body: Some(body), ..Self::get("") }
    }
}

/// The backend, as a signed-in user reaches it.
#[derive(Clone)]
pub struct Api(LocalRc<Inner>);

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
        Self(local_rc(Inner { base, session, abort: RefCell::default() }))
    }

    /// Whether the other one is a handle to the same backend and session.
    pub fn is(&self, other: &Self) -> bool {
        std::rc::Rc::ptr_eq(&self.0, &other.0)
    }

    pub fn session(&self) -> &SessionStore {
        &self.0.session
    }

    /// Sends with the current token; a token that the server no longer takes is refreshed once.
    pub async fn send(&self, call: Call<'_>) -> Result<ApiResponse, ApiError> {
        let session = self.0.session.number();
        let mut token = self.0.session.token(None).await?;
        for last in [false, true] {
            if self.0.session.number() != session {
                // The token is another user's.
                return Err(ApiError::SignedOut);
            }
            let request = Request::new(call.method, format!("{}{}", self.0.base, call.path), call.body);
            request.header("authorization", &format!("Bearer {token}"));
            if let Some(key) = call.key {
                request.header("idempotency-key", key);
            }
            if let Some(known) = &call.known {
                request.header("if-none-match", known);
            }
            if let Some(version) = call.version {
                request.header("if-match", &format!("\"{version}\""));
            }
            match self.transmit(request).await {
                Err(ApiError::Refused(problem)) if problem.status == 401 && !last => {
                    token = self.0.session.token(Some(&token)).await?;
                }
                Err(ApiError::Refused(problem)) if problem.status == 401 => {
                    if self.0.session.number() == session {
                        self.0.session.end();
                    }
                    return Err(ApiError::SignedOut);
                }
                answer => return answer,
            }
        }
        Err(ApiError::SignedOut)
    }

    async fn transmit(&self, request: Request) -> Result<ApiResponse, ApiError> {
        let abort = AbortController::new().ok();
        if let Some(abort) = &abort {
            self.0.abort.borrow_mut().push(abort.clone());
        }
        let answer = transmit(request, abort.as_ref()).await;
        self.0.abort.borrow_mut().retain(|other| Some(other) != abort.as_ref());
        answer
    }

    pub fn abort_all(&self) {
        for abort in self.0.abort.take() {
            abort.abort();
        }
    }
}

//! Downloads: a file of the backend, fetched with the session's token and handed to the browser.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Blob};

use super::{
    Api,
    error::ApiError,
    transport::{Method, Request, refusal},
};
use crate::browser::download;

/// A file takes longer than an answer, but not for ever. In milliseconds.
const TIMEOUT_MS: u32 = 300_000;

impl Api {
    /// Downloads the file at a path under this name.
    pub async fn download(&self, path: &str, name: &str) -> Result<(), ApiError> {
        let token = self.0.session.token(None).await?;
        let request = Request::new(Method::Get, [&self.0.base, path].concat(), None);
        request.header("authorization", &["Bearer ", &token].concat());
        let abort = AbortController::new().ok();
        let timer = abort.clone().map(|abort| {
            self.0.abort.borrow_mut().push(abort.clone());
            Timeout::new(TIMEOUT_MS, move || abort.abort())
        });
        let file = file(request, abort.as_ref()).await;
        drop(timer);
        self.0.abort.borrow_mut().retain(|other| Some(other) != abort.as_ref());
        download::save(&file?, name).map_err(|_| ApiError::Unreachable)
    }
}

async fn file(request: Request, abort: Option<&AbortController>) -> Result<Blob, ApiError> {
    let response = request.respond(abort).await?;
    if !response.ok() {
        let body = response.binary().await.unwrap_or_default();
        return Err(refusal(&response, &String::from_utf8_lossy(&body)));
    }
    // It breaks off where the server could not go on.
    let response: web_sys::Response = response.into();
    let whole = response.blob().map_err(|_| ApiError::Unreachable)?;
    let whole = JsFuture::from(whole).await.and_then(JsCast::dyn_into::<Blob>);
    whole.map_err(|_| ApiError::Unreachable)
}

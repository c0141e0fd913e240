//! A file that the backend makes for the person: fetched with their token, and handed to the browser to keep.

use std::time::Duration;

use js_sys::Promise;
use leptos::prelude::set_timeout;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Blob};

use super::{
    Api,
    error::ApiError,
    transport::{Method, Request, refusal},
};
use crate::browser::hand_over;

/// A file takes longer than an answer, but not for ever.
const TIMEOUT: Duration = Duration::from_mins(5);

impl Api {
    /// Downloads the file at a path under this name.
    pub async fn download(&self, path: &str, name: &str) -> Result<(), ApiError> {
        let token = self.0.session.token(None).await?;
        let request = Request::new(Method::Get, [&self.0.base, path].concat(), None);
        request.header("authorization", &["Bearer ", &token].concat());
        let abort = AbortController::new().ok();
        if let Some(abort) = abort.clone() {
            self.0.abort.borrow_mut().push(abort.clone());
            set_timeout(move || abort.abort(), TIMEOUT);
        }
        let file = file(request, abort.as_ref()).await;
        self.0.abort.borrow_mut().retain(|other| Some(other) != abort.as_ref());
        hand_over::keep(&file?, name).map_err(|_| ApiError::Unreachable)
    }
}

async fn file(request: Request, abort: Option<&AbortController>) -> Result<Blob, ApiError> {
    let response = request.respond(abort).await.map_err(|_| ApiError::Unreachable)?;
    let read = |promise: Result<Promise, JsValue>| async { JsFuture::from(promise?).await };
    if !response.ok() {
        let said = read(response.text()).await.ok().and_then(|text| text.as_string());
        return Err(ApiError::Refused(refusal(&response, &said.unwrap_or_default())));
    }
    // It breaks off where the server could not go on.
    let whole = read(response.blob()).await.and_then(JsCast::dyn_into::<Blob>);
    whole.map_err(|_| ApiError::Unreachable)
}

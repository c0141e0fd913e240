//! A file that the backend makes for the person: fetched with their token, and handed to the browser to keep.

use std::time::Duration;

use leptos::prelude::{document, set_timeout};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Blob, HtmlAnchorElement, Url};

use super::{
    Api,
    error::ApiError,
    transport::{Method, Request, refusal},
};

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
        let response = request.respond(abort.as_ref()).await.map_err(|_| ApiError::Unreachable)?;
        if !response.ok() {
            return Err(ApiError::Refused(refusal(&response, "")));
        }
        // It breaks off where the server could not go on.
        let whole = async { JsFuture::from(response.blob()?).await?.dyn_into::<Blob>() }.await;
        self.0.abort.borrow_mut().retain(|other| Some(other) != abort.as_ref());
        whole.and_then(|file| keep(&file, name)).map_err(|_| ApiError::Unreachable)
    }
}

fn keep(file: &Blob, name: &str) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(file)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // Some browsers read it only after the click.
    set_timeout(move || drop(Url::revoke_object_url(&address)), Duration::from_mins(1));
    Ok(())
}

//! Whether a client still waits for its answer. What changes something runs to its end without the client,
//! but what has not begun yet need not begin.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Request},
    http::request::Parts,
};
use tokio::sync::watch;

/// Held for as long as the client waits. Dropping it is how its going away is noticed.
#[must_use = "dropping it says that the client is gone"]
pub struct ClientWaits {
    _held: watch::Sender<()>,
}

#[derive(Clone)]
pub struct ClientGone(Option<watch::Receiver<()>>);

impl ClientGone {
    /// Lets the handlers of the request know when its client is gone.
    pub fn watch(request: &mut Request) -> ClientWaits {
        let (held, receiver) = watch::channel(());
        request.extensions_mut().insert(Self(Some(receiver)));
        ClientWaits { _held: held }
    }

    /// Waits until the client is gone.
    pub async fn wait(self) {
        match self.0 {
            Some(mut receiver) => while receiver.changed().await.is_ok() {},
            None => std::future::pending().await,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for ClientGone {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or(Self(None)))
    }
}

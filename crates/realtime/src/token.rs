//! Where a dial's token comes from.

use std::{future::Future, rc::Rc};

use futures::FutureExt;
use latido_connection::TokenFailure;
use leptos::prelude::*;

use crate::host::TokenFuture;

/// Gives a token for each dial. Made from a text, from a signal of an optional text, or by [`fetch`](Self::fetch).
#[derive(Clone)]
pub struct TokenSource(Rc<dyn Fn(bool) -> TokenFuture>);

impl TokenSource {
    /// Fetches one for every dial. `fetch` gets `true` when the token before was refused, so that a cached one will
    /// not do, and fails with [`TokenFailure`].
    pub fn fetch<F>(fetch: impl Fn(bool) -> F + 'static) -> Self
    where
        F: Future<Output = Result<String, TokenFailure>> + 'static,
    {
        Self(Rc::new(move |refresh| fetch(refresh).boxed_local()))
    }

    pub(crate) fn token(&self, refresh: bool) -> TokenFuture {
        (self.0)(refresh)
    }
}

/// A token that never changes: once it is refused, the connection gives up.
impl From<String> for TokenSource {
    fn from(token: String) -> Self {
        let token = move |refresh| if refresh { Err(TokenFailure::Refused) } else { Ok(token.clone()) };
        Self::fetch(move |refresh| std::future::ready(token(refresh)))
    }
}

impl From<&str> for TokenSource {
    fn from(token: &str) -> Self {
        token.to_owned().into()
    }
}

/// The signal's token at the time of the dial; the session is over while it is `None`.
impl From<Signal<Option<String>>> for TokenSource {
    fn from(token: Signal<Option<String>>) -> Self {
        Self::fetch(move |_| std::future::ready(token.get_untracked().ok_or(TokenFailure::Refused)))
    }
}

impl From<RwSignal<Option<String>>> for TokenSource {
    fn from(token: RwSignal<Option<String>>) -> Self {
        Signal::from(token).into()
    }
}

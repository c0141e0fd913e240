//! The host of an app that has no cache of its own: one closure fetches everything.

use std::cell::Cell;

use futures::{FutureExt, future::LocalBoxFuture};
use latido_connection::{Backend, Invalidation, Status, TokenFailure};
use latido_protocol::event::Event;
use leptos::prelude::*;

use crate::{
    host::{RealtimeHost, TokenFuture},
    token::TokenSource,
};

/// What an app wants to know of its connection, besides its events.
#[derive(Default)]
pub(crate) struct Hooks {
    pub refetch: Option<UnsyncCallback<()>>,
    pub opened: Option<UnsyncCallback<()>>,
    pub closed: Option<UnsyncCallback<()>>,
    pub failed: Option<UnsyncCallback<Status>>,
}

pub(crate) struct SimpleHost {
    token: TokenSource,
    hooks: Hooks,
    is_live: Cell<bool>,
}

impl SimpleHost {
    pub fn new(token: TokenSource, hooks: Hooks) -> Self {
        Self { token, hooks, is_live: Cell::default() }
    }
}

impl RealtimeHost for SimpleHost {
    fn fetch_token(&self, refresh: bool) -> TokenFuture {
        self.token.token(refresh)
    }

    /// A session is over when no token can be had for it.
    fn check_session(&self) -> LocalBoxFuture<'static, bool> {
        let token = self.token.token(true);
        async move { token.await != Err(TokenFailure::Refused) }.boxed_local()
    }

    fn on_event(&self, _: &Event) {}

    /// An event of the app's own: what it has changed is fetched as with every other.
    fn on_foreign(&self, _: &str) {
        self.on_invalidate(Invalidation::Everything);
    }

    fn on_invalidate(&self, _: Invalidation) {
        if let Some(refetch) = &self.hooks.refetch {
            refetch.run(());
        }
    }

    fn on_status(&self, status: Status) {
        let hook = match (self.is_live.replace(status.is_live()), status.is_live()) {
            (false, true) => &self.hooks.opened,
            (true, false) => &self.hooks.closed,
            (false, false) | (true, true) => &None,
        };
        if let Some(hook) = hook {
            hook.run(());
        }
        if let (Status::Disconnected { .. }, Some(failed)) = (status, &self.hooks.failed) {
            failed.run(status);
        }
    }

    fn on_backend(&self, _: Backend) {}

    /// Whether a refetch by a closure has ended is not known here: the connection counts as caught up.
    fn when_caught_up(&self, done: Box<dyn FnOnce()>) {
        done();
    }
}

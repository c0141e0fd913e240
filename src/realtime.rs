//! The dashboard's half of the connection: tokens of its session, and events for its cache.

use std::{cell::Cell, rc::Rc};

use futures::{FutureExt, future::LocalBoxFuture};
use latido_connection::{Backend, Config as Timing, Invalidation, TokenFailure, config::NotATiming};
use latido_protocol::{
    event::{Event, Family},
    session::Ticket,
};
pub use latido_realtime::{Realtime, use_realtime, use_realtime_optional};
use latido_realtime::{RealtimeHost, RealtimeOptions, SocketAuth, Status, TokenFuture};
use leptos::prelude::*;

use crate::{
    api::{Api, Call, Method, error::ApiError, session::SignedIn},
    config::Config,
    data::{mutations::Writes, queries::Queries},
    log,
};

/// Makes the page's one connection, lets it follow the session, and provides it.
pub fn provide_realtime(config: &Config, api: &Api, queries: &Queries, writes: &Writes) -> Realtime {
    let mut timing = Timing::default();
    if let Some(set) = &config.socket_timing
        && let Err(NotATiming(part)) = timing.set_timing(set)
    {
        log::warn(&format!("WS_TIMING: {part} is not understood and changes nothing"));
    }
    let options = RealtimeOptions { auth: config.socket_auth, timing, ..RealtimeOptions::default() };
    let host = Host { api: api.clone(), queries: queries.clone(), auth: config.socket_auth };
    let realtime = latido_realtime::provide_realtime(config.socket_url.as_deref(), options, Rc::new(host));

    let (reporter, waking) = (realtime.clone(), writes.clone());
    let failed_before = Cell::new(false);
    queries.on_fetched(move |worked| {
        reporter.report_poll(worked);
        // Polls that succeed throughout show nothing about a server that accepts no writes.
        if failed_before.replace(!worked) && worked {
            waking.wake();
        }
    });
    follow_session(api, queries, writes, &realtime);
    realtime
}

fn follow_session(api: &Api, queries: &Queries, writes: &Writes, realtime: &Realtime) {
    let signed_in = api.session().signed_in();
    let (queries, writes, realtime) = (queries.clone(), writes.clone(), realtime.clone());
    Effect::new(move |_| match signed_in.get() {
        SignedIn::Yes(user) | SignedIn::Remembered(user) => {
            writes.start(user.id.as_str().to_owned());
            realtime.connect();
        }
        SignedIn::No { .. } => {
            realtime.disconnect();
            writes.stop();
            queries.clear();
        }
        SignedIn::Unknown => {}
    });
}

struct Host {
    api: Api,
    queries: Queries,
    auth: SocketAuth,
}

impl RealtimeHost for Host {
    fn fetch_token(&self, refresh: bool) -> TokenFuture {
        let (api, auth) = (self.api.clone(), self.auth);
        let token = async move {
            fetch_token(&api, auth, refresh).await.map_err(|error| match error {
                ApiError::SignedOut => TokenFailure::Refused,
                _ => TokenFailure::Unavailable,
            })
        };
        token.boxed_local()
    }

    fn check_session(&self) -> LocalBoxFuture<'static, bool> {
        let api = self.api.clone();
        let valid = async move { !matches!(api.send(Call::get("/session")).await, Err(ApiError::SignedOut)) };
        valid.boxed_local()
    }

    fn on_event(&self, event: &Event) {
        self.queries.apply_event(event);
        self.follow_person(event);
    }

    fn on_invalidate(&self, invalidation: Invalidation) {
        self.queries.invalidate(invalidation);
    }

    fn on_status(&self, status: Status) {
        self.queries.follow(status.is_live());
    }

    fn on_backend(&self, backend: Backend) {
        self.queries.talk_to(backend);
    }

    fn when_caught_up(&self, done: Box<dyn FnOnce()>) {
        self.queries.when_quiet(done);
    }
}

impl Host {
    /// Refetches what a coach's page shows of a person whose records have changed.
    fn follow_person(&self, event: &Event) {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct PersonUpdated {
            person_id: String,
            family: String,
        }
        if let Event::Opaque(opaque) = event
            && opaque.family == Family::Person
            && let Ok(updated) = opaque.read::<PersonUpdated>()
        {
            self.queries.invalidate_person(&updated.person_id, &updated.family);
        }
    }
}

async fn fetch_token(api: &Api, auth: SocketAuth, refresh: bool) -> Result<String, ApiError> {
    let refused = if refresh { api.session().current_token() } else { None };
    let token = api.session().token(refused.as_deref()).await?;
    match auth {
        SocketAuth::Query => Ok(token),
        SocketAuth::Ticket => {
            let answer = api.send(Call { method: Method::Post, ..Call::get("/realtime/ticket") }).await?;
            Ok(answer.parse::<Ticket>()?.ticket)
        }
    }
}

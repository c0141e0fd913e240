//! What an orchestrator asks: does the process live, and may it be sent requests.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use latido_protocol::session::UserId;

use crate::{app::App, http::problem::Problem, store::StoreError};

/// A database that takes longer than this for the smallest read is not ready.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// Whether the server is about to go away.
#[derive(Default)]
pub struct Draining(AtomicBool);

impl Draining {
    /// From now on the server is not ready.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

pub fn routes() -> Router<App> {
    Router::new().route("/healthz", get(async || "ok")).route("/readyz", get(ready))
}

async fn ready(State(app): State<App>) -> Response {
    if app.draining.has_begun() {
        return unready("The server is going away.");
    }
    let answers = app.store.read(|read| read.head(&UserId::new("nobody")));
    match tokio::time::timeout(ANSWER_WITHIN, answers).await {
        Ok(Ok::<u64, StoreError>(_)) => "ready".into_response(),
        Ok(Err(_)) | Err(_) => unready("The database does not answer."),
    }
}

fn unready(why: &str) -> Response {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, why).into_response()
}

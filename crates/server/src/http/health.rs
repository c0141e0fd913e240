//! What an orchestrator asks: does the process live, and may it be sent requests.

use std::time::Duration;

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use latido_domain::store::StoreError;
use latido_protocol::session::UserId;
use tracing::error;

use super::problem::Problem;
use crate::{ops::disk, state::AppState};

/// A database that takes longer than this for the smallest read is not ready.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

pub fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(async || "ok")).route("/readyz", get(ready))
}

async fn ready(State(app): State<AppState>) -> Response {
    if app.draining.has_begun() {
        return unready("The server is going away.");
    }
    let data = app.settings.data.clone();
    // On the thread that reads: a disk of the network can hang.
    let answers = app.store.read(move |read| {
        let room = disk::room(&data);
        read.head(&UserId::new("nobody")).map(|_| room)
    });
    let least = app.settings.operations.min_free_mib.saturating_mul(1024 * 1024);
    match tokio::time::timeout(ANSWER_WITHIN, answers).await {
        Ok(Ok::<_, StoreError>(Ok(Some(room)))) if !room.suffices(least) => {
            unready("The disk is full or read-only: what is written could not be kept.")
        }
        Ok(Ok(Err(error))) => {
            error!(%error, "the disk cannot be asked how much is free");
            unready("The disk does not answer.")
        }
        Ok(Ok(Ok(_))) => "ready".into_response(),
        Ok(Err(_)) | Err(_) => unready("The database does not answer."),
    }
}

fn unready(why: &str) -> Response {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, why).into_response()
}

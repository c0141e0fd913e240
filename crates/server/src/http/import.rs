//! The route by which rows of an import are kept, a batch at a time. The files themselves stay with
//! whoever imports them: `latido-server import` reads them and sends what they mean.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::Value;

use super::{body::JsonObject, caller::Caller, precondition::json, problem::Problem};
use crate::{
    app::App,
    import::{
        keep::keep,
        row::{BATCH_ROWS, Batch, BatchAnswer},
    },
};

pub const PATH: &str = "/import";

pub fn routes() -> Router<App> {
    Router::new().route(PATH, post(import))
}

async fn import(State(app): State<App>, caller: Caller, body: JsonObject) -> Result<Response, Problem> {
    let unreadable = |_| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The body has to be {\"rows\":[…]} as documented. Nothing was kept.",
        )
    };
    let batch: Batch = serde_json::from_value(Value::Object(body.object)).map_err(unreadable)?;
    if batch.rows.len() > BATCH_ROWS {
        let detail = format!("A batch has {BATCH_ROWS} rows at most. Nothing was kept; send smaller ones.");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    let now = app.clock.now();
    let kept = app.store.write(move |write| keep(write, &caller.account.id, &batch.rows, batch.dry_run, now));
    let answer = BatchAnswer { rows: kept.await? };
    Ok(json(serde_json::to_string(&answer)?).into_response())
}

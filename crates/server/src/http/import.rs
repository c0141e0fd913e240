//! `POST /import`: writes a batch of rows as records. The files themselves are not sent: `latido-server import` reads
//! them and sends their rows.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use latido_import::row::{BATCH_ROWS, ImportBatch, ImportResponse};
use latido_protocol::reason::Code;
use serde_json::Value;

use super::{body::JsonObject, current_user::CurrentUser, precondition::json, problem::Problem};
use crate::{http::limits::limit_import_rows, import::import_rows, state::AppState};

/// How many rows one transaction writes: about five milliseconds.
const TURN_ROWS: usize = 50;

pub const PATH: &str = "/import";

pub fn routes() -> Router<AppState> {
    Router::new().route(PATH, post(import))
}

async fn import(
    State(app): State<AppState>,
    caller: CurrentUser,
    body: JsonObject,
) -> Result<Response, Problem> {
    let unreadable = |_| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The body has to be {\"rows\":[…]} as documented. Nothing was kept.",
        )
    };
    let batch: ImportBatch = serde_json::from_value(Value::Object(body.object)).map_err(unreadable)?;
    if batch.rows.len() > BATCH_ROWS {
        let detail = format!("A batch has {BATCH_ROWS} rows at most. Nothing was kept; send smaller ones.");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, Code::BodyTooLarge.says(detail)));
    }
    let user = caller.id();
    limit_import_rows(&app, &user, batch.rows.len())?;
    let now = app.clock.now();
    let mut outcomes = Vec::with_capacity(batch.rows.len());
    let mut rows = batch.rows.into_iter();
    // Other users' writes come between two transactions. If one fails, the rows of those before stay: the batch can be
    // sent again, and no row is written twice.
    loop {
        let turn: Vec<_> = rows.by_ref().take(TURN_ROWS).collect();
        if turn.is_empty() {
            break;
        }
        let (user, dry_run) = (user.clone(), batch.dry_run);
        outcomes.extend(app.store.write(move |write| import_rows(write, &user, &turn, dry_run, now)).await?);
    }
    Ok(json(serde_json::to_string(&ImportResponse { rows: outcomes })?).into_response())
}

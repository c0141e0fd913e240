//! `GET /export`: everything that a user has, as a ZIP.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::stream;
use latido_domain::store::Flow;
use tracing::error;

use super::{current_user::CurrentUser, problem::Problem};
use crate::{
    export::{Export, ExportError},
    state::AppState,
};

pub fn routes() -> Router<AppState> {
    Router::new().route("/export", get(export))
}

/// Sends the ZIP piece by piece, each when the one before has gone out. Should the database fail, the
/// connection breaks off, so that half an export is not taken for a whole one.
async fn export(State(app): State<AppState>, caller: CurrentUser) -> Result<Response, Problem> {
    let (year, month, day) = app.clock.now().utc_date();
    let file = format!("attachment; filename=\"latido-{year:04}-{month:02}-{day:02}.zip\"");
    let pieces = stream::try_unfold(
        (Export::new(caller.id()), app, Flow::current()),
        async |(mut export, app, flow)| {
            let piece = flow.clone().scope(export.next_chunk(&*app.store)).await;
            let piece = piece.inspect_err(|error| error!(%error, "an export broke off"))?;
            Ok::<_, ExportError>(piece.map(|piece| (Bytes::from(piece), (export, app, flow))))
        },
    );
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

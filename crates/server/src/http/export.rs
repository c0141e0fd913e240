//! The route by which a person takes everything home.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::stream;
use tracing::error;

use super::{caller::Caller, problem::Problem};
use crate::{
    app::App,
    export::{Export, ExportError},
};

pub fn routes() -> Router<App> {
    Router::new().route("/export", get(export))
}

/// Sends the ZIP piece by piece, each when the one before has gone out. Should the database fail, the
/// connection breaks off, so that half an export is not taken for a whole one.
async fn export(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let (year, month, day) = app.clock.now().utc_date();
    let file = format!("attachment; filename=\"latido-{year:04}-{month:02}-{day:02}.zip\"");
    let pieces = stream::try_unfold((Export::of(caller.id()), app), async |(mut export, app)| {
        let piece =
            export.next(&*app.store).await.inspect_err(|error| error!(%error, "an export broke off"))?;
        Ok::<_, ExportError>(piece.map(|piece| (Bytes::from(piece), (export, app))))
    });
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

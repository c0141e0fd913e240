//! The fallback route: the dashboard's files, and its page for the dashboard's own addresses.

use axum::{
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use latido_protocol::reason::Code;

use super::problem::Problem;
use crate::state::AppState;

/// Answers whatever no other route has answered.
pub async fn serve(State(app): State<AppState>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Problem::method_not_allowed().into_response();
    }
    let path = uri.path();
    if let Some(asset) = app.site.asset(path) {
        return asset.answer(&headers);
    }
    // The dashboard's own addresses have no extension; it finds its way from the page itself.
    let is_page = !path.rsplit('/').next().unwrap_or_default().contains('.');
    match app.site.index() {
        Some(index) if is_page => index.answer(&headers),
        None if path == "/" => not_built(),
        _ => {
            Problem::not_found(Code::NoSuchAddress.says("There is nothing at this address.")).into_response()
        }
    }
}

fn not_built() -> Response {
    let text = "The server is running, but the dashboard has not been built.\n\
                Build it with `cargo xtask build` and start the server again,\n\
                or say with --dist where it is.\n";
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}

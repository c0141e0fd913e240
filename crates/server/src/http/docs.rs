//! The API's own description: as a document for machines and as a page for people. Open to everybody,
//! since it says nothing that the source does not.

use axum::{Router, http::HeaderMap, response::Response, routing::get};
use latido_domain::digest::Digest;

use super::{description::document, precondition::tagged_as};
use crate::{openapi, state::AppState};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route(
            "/openapi.json",
            get(async |headers: HeaderMap| answer(&headers, "application/json", &document().json)),
        )
        .route(
            "/docs",
            get(async |headers: HeaderMap| answer(&headers, "text/html; charset=utf-8", &document().page)),
        )
        .route(
            "/docs.css",
            get(async |headers: HeaderMap| answer(&headers, "text/css; charset=utf-8", openapi::STYLE)),
        )
}

fn answer(headers: &HeaderMap, content_type: &'static str, body: &'static str) -> Response {
    tagged_as(headers, &Digest::of(body.as_bytes()).entity_tag(), content_type, body)
}

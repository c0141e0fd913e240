//! A line and a count for every request: what was asked and how it went. Never the query, which may hold
//! a token, nor any header or body.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::Response,
};
use tracing::debug;

use crate::ops::metrics;

/// A path is as long as its sender likes; a line is not.
const PATH_CHARS: usize = 200;

pub async fn observe(request: Request, next: Next) -> Response {
    let method = name(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let path: String = request.uri().path().chars().take(PATH_CHARS).collect();
    let begun = Instant::now();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    metrics::request(method, route.as_ref().map_or("other", MatchedPath::as_str), status, took);
    debug!(method, path, status, ms = took.as_millis(), "request");
    response
}

/// One of the methods there are, since a client may invent others.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

//! Headers that make a request conditional or repeatable: `If-None-Match`, `If-Match` and
//! `Idempotency-Key`.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use latido_domain::error::Expected;

use super::problem::Problem;
use crate::etag::is_known;

/// Longer keys are refused. A UUID has 36 characters.
const MAX_KEY: usize = 255;

/// Answers with `body`, or with 304 if the client has it already. `tag` has its quotes.
pub fn with_etag(headers: &HeaderMap, tag: &str, body: String) -> Response {
    tagged_as(headers, tag, "application/json", body)
}

/// The same of any type.
pub fn tagged_as(
    headers: &HeaderMap,
    tag: &str,
    content_type: &'static str,
    body: impl IntoResponse,
) -> Response {
    let known = is_known(headers, tag);
    let tag = [(header::ETAG, tag)];
    if known {
        (StatusCode::NOT_MODIFIED, tag).into_response()
    } else {
        (tag, [(header::CONTENT_TYPE, content_type)], body).into_response()
    }
}

/// JSON that has been written already.
pub fn json(body: String) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], body)
}

/// The tag of one record: its version.
pub fn version_tag(version: u64) -> String {
    format!("\"{version}\"")
}

/// `If-Match`, with versions as tags. The typed header of `axum-extra` compares with a tag and does not name its own, which
/// the store has to know.
pub struct IfMatch(pub Expected);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(Expected::Any)) };
        let Ok(text) = value.to_str() else { return Err(unreadable()) };
        if text.trim() == "*" {
            return Ok(Self(Expected::Any));
        }
        let version = |tag: &str| tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok();
        let versions = text.split(',').map(version).collect::<Option<Vec<u64>>>().ok_or_else(unreadable)?;
        Ok(Self(Expected::OneOf(versions)))
    }
}

fn unreadable() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "If-Match has to hold a version in quotes, such as \"3\".")
}

/// `Idempotency-Key`, where there is one.
pub struct IdempotencyKey(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        match value.to_str() {
            Ok(key) if (1..=MAX_KEY).contains(&key.len()) => Ok(Self(Some(key.to_owned()))),
            _ => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "Idempotency-Key has to be 1 to 255 plain characters, such as a UUID.",
            )),
        }
    }
}

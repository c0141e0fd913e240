//! Request bodies: one JSON object of at most 64 KiB, nested no deeper than [`json::MAX_DEPTH`].

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use latido_protocol::problem::FieldError;
use serde_json::Value;

use super::problem::Problem;
use crate::{digest::Digest, domain::fields::Object, json};

const MAX_BYTES: usize = 64 * 1024;

pub struct JsonObject {
    pub object: Object,
    /// Of the bytes as they came: tells whether two bodies are the same.
    pub digest: Digest,
}

impl<S: Sync> FromRequest<S> for JsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body has to be JSON: send Content-Type: application/json.",
            ));
        }
        let bytes = read(request.into_body()).await?;
        Ok(Self { object: parse(&bytes)?, digest: Digest::of(&bytes) })
    }
}

/// The bytes of a body, if there are not too many.
pub async fn read(body: Body) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, MAX_BYTES).await.map_err(|_| {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "The body did not arrive whole within 64 KiB.")
    })
}

/// The object that they are.
pub fn parse(bytes: &[u8]) -> Result<Object, Problem> {
    if json::is_too_deep(bytes) {
        let detail = format!("The body is nested deeper than {} levels. Nothing was saved.", json::MAX_DEPTH);
        return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Problem::invalid(vec![FieldError {
            pointer: String::new(),
            detail: "must be a JSON object".to_owned(),
        }])),
        Err(error) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            format!("The body is not valid JSON (line {}, column {}).", error.line(), error.column()),
        )),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

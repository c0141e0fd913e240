//! Errors over REST: RFC 9457 `application/problem+json`.

use serde::{Deserialize, Serialize};

use crate::read_object;

/// The media type of an error answer.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What went wrong, in a form both people and programs can read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI that names the kind of problem; `about:blank` when the status says it all.
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub status: u16,
    #[serde(default)]
    pub detail: String,
    /// With status 422: every field that was refused, not only the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

read_object!(Problem {
    kind = "type" or String::new(),
    title = "title" or String::new(),
    status = "status" or 0,
    detail = "detail" or String::new(),
    errors = "errors" or Vec::new(),
});

/// One refused field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// A JSON pointer into the body, `/calories`.
    pub pointer: String,
    /// What the field has to be, `must be between 0 and 10000`.
    pub detail: String,
}

read_object!(FieldError { pointer = "pointer", detail = "detail" });

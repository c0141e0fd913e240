//! Errors over REST: RFC 9457 `application/problem+json`.

use serde::{Deserialize, Serialize};

use crate::reason::{Params, Reason};

/// The media type of an error response, `Content-Type` of a [`Problem`].
pub const CONTENT_TYPE: &str = "application/problem+json";

/// An error response. Programs read the status and the codes, people the sentences. Every field may be left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(description = "An error response (RFC 9457).")
)]
pub struct Problem {
    /// A URI that names the kind of problem, `type` on the wire; `about:blank` if the status says it all, empty if
    /// left out.
    #[serde(rename = "type", default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub kind: String,
    /// The status in words, `Not Found`; English.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub title: String,
    /// The HTTP status; 0 if left out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required, minimum = 400, maximum = 599))]
    pub status: u16,
    /// The failure at hand and what to do about it, in English.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub detail: String,
    /// The code of `detail`: one of [`Code`](crate::reason::Code), or of a newer server's. Absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The parameters of `code`; absent if there are none.
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub params: Params,
    /// With status 422, every field that was refused, not only the first; otherwise absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1))]
    pub errors: Vec<FieldError>,
}

impl Problem {
    /// A problem of which only the status and a sentence are known.
    pub fn of_status(status: u16, detail: impl Into<String>) -> Self {
        Self {
            kind: String::new(),
            title: String::new(),
            status,
            detail: detail.into(),
            code: None,
            params: Params::default(),
            errors: Vec::new(),
        }
    }
}

/// A refused field of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// A JSON pointer (RFC 6901) into the body, `/calories`; of a query parameter `/` and its name.
    pub pointer: String,
    /// What the field has to be, in English: `must be between 0 and 10000`.
    pub detail: String,
    /// The code of `detail`: one of [`Code`](crate::reason::Code), or of a newer server's. Absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The parameters of `code`; absent if there are none.
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub params: Params,
}

impl FieldError {
    /// A refusal of the field `name`; of a nested one, its path with slashes between, `fields/device`.
    pub fn new(name: &str, reason: impl Into<Reason>) -> Self {
        let reason = reason.into();
        Self {
            pointer: format!("/{name}"),
            code: reason.word(),
            detail: reason.detail,
            params: reason.params,
        }
    }
}

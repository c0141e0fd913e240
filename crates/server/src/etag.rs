//! What a client has already, by its entity tag.

use axum::http::HeaderMap;
use axum_extra::headers::{ETag, HeaderMapExt, IfNoneMatch};

/// Whether `If-None-Match` has this tag. Compared weakly, as RFC 9110 says: a proxy may have marked ours as weak.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    match (headers.typed_get::<IfNoneMatch>(), tag.parse::<ETag>()) {
        (Some(known), Ok(tag)) => !known.precondition_passes(&tag),
        _ => false,
    }
}

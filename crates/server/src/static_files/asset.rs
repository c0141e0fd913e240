//! One file of the dashboard.

use std::collections::HashMap;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use latido_domain::digest::Digest;

use crate::etag::is_known;

type Files = HashMap<String, Vec<u8>>;

/// A way of sending a file, with the tag of exactly these bytes.
struct Variant {
    encoding: Option<&'static str>,
    tag: String,
    bytes: Bytes,
}

pub struct Asset {
    content_type: &'static str,
    cache: &'static str,
    /// The best first; the plain one, which everybody understands, last.
    variants: Vec<Variant>,
}

/// The compressed siblings that a build writes, by extension, the best first.
const ENCODINGS: [(&str, &str); 2] = [(".br", "br"), (".gz", "gzip")];

/// Whether this is not a file of its own but another one, compressed.
pub fn is_precompressed(name: &str, files: &Files) -> bool {
    ENCODINGS
        .iter()
        .any(|(extension, _)| name.strip_suffix(extension).is_some_and(|plain| files.contains_key(plain)))
}

impl Asset {
    /// Takes the file and its compressed siblings out of `files`.
    pub fn new(name: &str, files: &mut Files) -> Self {
        let compressed =
            ENCODINGS.map(|(extension, encoding)| (format!("{name}{extension}"), Some(encoding)));
        let variants = compressed
            .into_iter()
            .chain([(name.to_owned(), None)])
            .filter_map(|(name, encoding)| {
                let bytes = files.remove(&name)?;
                Some(Variant { encoding, tag: Digest::of(&bytes).entity_tag(), bytes: bytes.into() })
            })
            .collect();
        // A name with a hash in it never means anything else. Any other is asked for again.
        let cache = if has_hash(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
        Self { content_type: content_type(name), cache, variants }
    }

    /// The file, in the best encoding that the client understands, or 304 if it has it.
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let accepted =
            |variant: &&Variant| variant.encoding.is_none_or(|encoding| accepts(request, encoding));
        let Some(variant) = self.variants.iter().find(accepted) else {
            return StatusCode::NOT_ACCEPTABLE.into_response();
        };
        let mut response = if is_known(request, &variant.tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Response::new(Body::from(variant.bytes.clone()))
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache));
        if let Ok(tag) = HeaderValue::from_str(&variant.tag) {
            headers.insert(header::ETAG, tag);
        }
        if let Some(encoding) = variant.encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        if self.variants.len() > 1 {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        response
    }
}

/// Whether `Accept-Encoding` names the encoding, and not with a weight of zero.
fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let values = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight =
            parts.find_map(|part| part.strip_prefix("q=")).and_then(|weight| weight.parse::<f32>().ok());
        named && weight != Some(0.0)
    })
}

/// Whether the build has put a hash of the content into the name: `latido-0123456789abcdef_bg.wasm`.
/// Trunk writes the 64 bits without leading zeros, so there may be a few digits less than sixteen.
fn has_hash(name: &str) -> bool {
    name.split('-').skip(1).any(|part| {
        let digits = part.split(['.', '_', '/']).next().unwrap_or_default();
        (12..=16).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_in_the_name_is_recognised() {
        for name in [
            "/latido-0123456789abcdef.js",
            "/latido-0123456789abcdef_bg.wasm",
            "/style-fedcba9876543210.css",
            "/favicon-a3ed350591a9408.svg",
            "/snippets/gloo-0123456789abcdef/inline0.js",
        ] {
            assert!(has_hash(name), "{name}");
        }
        for name in
            ["/index.html", "/icons.svg", "/a-deadbeef.js", "/a-0123456789abcdef0.js", "/0123456789abcdef.js"]
        {
            assert!(!has_hash(name), "{name}");
        }
    }

    #[test]
    fn a_weight_of_zero_is_a_no() {
        let mut request = HeaderMap::new();
        request.insert(header::ACCEPT_ENCODING, "gzip;q=0, BR;q=0.5, deflate".parse().unwrap());
        assert!(accepts(&request, "br"));
        assert!(!accepts(&request, "gzip"));
    }
}

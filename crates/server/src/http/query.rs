//! The parameters of list requests, and the cursor that leads from one page to the next.

use axum::{
    extract::{FromRequestParts, Query},
    http::{StatusCode, request::Parts},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use latido_domain::{
    fields::{Fields, Object, text, time},
    record_kind::RecordKind,
    store::document::{Cursor, Slice, SortOrder, Stored},
};
use latido_protocol::{reason::Code, time::Timestamp, values::Invalid};
use serde_json::Value;

use super::problem::Problem;

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: u32 = 200;

/// The query as an object of texts, so that parameters are read as fields are. Of a parameter that is
/// there twice the last counts; those nobody asks for are ignored.
pub struct Parameters(Object);

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "The query of the address cannot be read."))?;
        Ok(Self(pairs.0.into_iter().map(|(name, value)| (name, Value::String(value))).collect()))
    }
}

impl Parameters {
    /// A parameter that is there and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Which part of a list of `R` is asked for.
    pub fn slice<R: RecordKind>(&self) -> Result<Slice, Problem> {
        self.page((!R::FACETS.is_empty()).then_some(("kind", R::FACETS)))
    }

    /// Which part of a list is asked for. `facets` is the parameter by which it can be narrowed, and to what.
    pub fn page(&self, facets: Option<(&str, &'static [&'static str])>) -> Result<Slice, Problem> {
        let mut fields = Fields::of(&self.0);
        let from = fields.optional("from", time);
        let to = fields.optional("to", time);
        if let (Some(Some(from)), Some(Some(to))) = (from, to)
            && from > to
        {
            fields.refuse::<()>("to", Code::BeforeFrom.says("must not be before from"));
        }
        let limit = fields.or("limit", DEFAULT_LIMIT, text(limit));
        let behind = match fields.optional("cursor", text(|text| Ok(place(text)))) {
            Some(Some(None)) => fields.refuse("cursor", "must be a nextCursor of this list"),
            Some(Some(place)) => Some(place),
            Some(None) => Some(None),
            None => None,
        };
        let facet = match facets {
            Some((name, words)) => fields.optional(name, text(|word| facet(words, word))),
            None => Some(None),
        };
        let slice = (|| {
            Some(Slice {
                from: from?,
                to: to?,
                facet: facet?,
                behind: behind?,
                order: SortOrder::NewestFirst,
                limit: limit?,
            })
        })();
        fields.finish(slice).map_err(Problem::invalid)
    }
}

fn limit(text: &str) -> Result<usize, Invalid> {
    match text.parse::<u32>() {
        Ok(limit @ 1..=MAX_LIMIT) => Ok(limit as usize),
        _ => Err(Invalid::OutOfRange { min: 1, max: i64::from(MAX_LIMIT) }),
    }
}

fn facet(words: &'static [&'static str], word: &str) -> Result<&'static str, Invalid> {
    words.iter().find(|facet| **facet == word).copied().ok_or(Invalid::NotOneOf { words })
}

/// The cursor that continues behind this document.
pub fn cursor<T: Stored>(last: &T) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}:{}", last.at().unix_ms(), last.id()))
}

fn place(cursor: &str) -> Option<Cursor> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (at, id) = text.split_once(':')?;
    Some(Cursor { at: Timestamp::from_unix_ms(at.parse().ok()?), id: id.to_owned() })
}

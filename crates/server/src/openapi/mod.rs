//! The tools to describe the API, and both forms of the description: an `OpenAPI` 3.1 document for machines, and the page
//! made of it. What is described stands beside the handlers, in `http/description`.
//!
//! Schemas are derived from the wire types. The rest is written by hand, since the router cannot be asked for it: a test
//! walks through every operation and compares the router and its answers with the document.
//!
//! | file | what it holds |
//! |---|---|
//! | [`api`] | the description while it is put together |
//! | [`operation_builder`] | an operation while it is put together |
//! | [`derived`] | schemas of types, in bodies, answers and patches |
//! | [`components`] | what operations share: parameters, headers, refusals, how to sign in |
//! | [`page`] | the page: a section a topic, then the socket's frames, then the shapes |
//! | [`operation`], [`frames`], [`schema`], [`html`] | what the page is made of |

pub mod api;
mod components;
pub mod derived;
mod frames;
mod html;
mod operation;
pub mod operation_builder;
mod page;
mod schema;

use serde_json::Value;
use utoipa::openapi::OpenApi;

/// How the page looks. A file of its own, since the policy allows no style in a page but the dashboard's.
pub const STYLE: &str = include_str!("docs.css");

/// The document in both its forms.
pub struct Document {
    pub json: String,
    pub page: String,
}

impl Document {
    pub fn of(description: &OpenApi) -> Self {
        // Names and texts: it always serializes.
        let mut document = serde_json::to_value(description).unwrap_or_default();
        without_rust_links(&mut document);
        Self { json: document.to_string(), page: page::render(&document) }
    }
}

/// Makes `` `Code` `` of `` [`Code`](crate::reason::Code) `` in the descriptions, which come from doc comments.
fn without_rust_links(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(description)) = object.get_mut("description") {
                *description = plain(description);
            }
            object.values_mut().for_each(without_rust_links);
        }
        Value::Array(items) => items.iter_mut().for_each(without_rust_links),
        _ => {}
    }
}

fn plain(text: &str) -> String {
    let mut parts = text.split("[`");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push('`');
        match part.split_once("`]") {
            Some((name, rest)) => {
                plain.push_str(name);
                plain.push('`');
                let target = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
                plain.push_str(target.map_or(rest, |(_, rest)| rest));
            }
            None => plain.push_str(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_rust_become_names() {
        assert_eq!(plain("one of [`Code`](crate::reason::Code), or [`None`]."), "one of `Code`, or `None`.");
        assert_eq!(plain("a plain `text` (so)"), "a plain `text` (so)");
    }
}

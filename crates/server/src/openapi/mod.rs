//! What the API is, said for machines and for people: an `OpenAPI` 3.1 document, and the page made of it.
//!
//! The document is written by hand, a file a family, and merged when it is first asked for. It is not
//! generated from the code, because then it could not contradict the code: a test walks through every
//! operation and holds the router and its answers against it.
//!
//! | file | what it holds |
//! |---|---|
//! | `base.json` | what all families share: errors, parameters, how to say who one is |
//! | the other `.json` | one family each: its operations and the shapes of its records |
//! | [`page`] | the page: a section a family, then the socket's frames, then the shapes |
//! | [`operation`], [`frames`], [`schema`], [`html`] | what the page is made of |

mod frames;
mod html;
mod operation;
mod page;
mod schema;

use std::sync::LazyLock;

use serde_json::Value;

/// In the order in which the page shows them.
const FRAGMENTS: &[&str] = &[
    include_str!("base.json"),
    include_str!("session.json"),
    include_str!("foods.json"),
    include_str!("exercises.json"),
    include_str!("metrics.json"),
    include_str!("profile.json"),
    include_str!("conversations.json"),
    include_str!("deliveries.json"),
    include_str!("webhooks.json"),
    include_str!("devices.json"),
    include_str!("connections.json"),
    include_str!("account.json"),
    include_str!("socket.json"),
    include_str!("operations.json"),
];

/// How the page looks. A file of its own, since the policy allows no style in a page but the dashboard's.
pub const STYLE: &str = include_str!("docs.css");

/// The document in both its forms.
pub struct Document {
    pub json: String,
    pub page: String,
}

pub fn document() -> &'static Document {
    static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
        // Our own texts, of which a test knows that they can be read.
        let fragments = FRAGMENTS.iter().map(|text| serde_json::from_str(text).unwrap_or_default());
        let document = fragments.reduce(merge).unwrap_or_default();
        Document { json: document.to_string(), page: page::render(&document) }
    });
    &DOCUMENT
}

/// Lays `from` over `into`: objects are merged, lists joined, anything else is replaced.
fn merge(into: Value, from: Value) -> Value {
    match (into, from) {
        (Value::Object(mut into), Value::Object(from)) => {
            for (name, value) in from {
                let before = into.remove(&name);
                into.insert(
                    name,
                    before.map_or_else(|| value.clone(), |before| merge(before, value.clone())),
                );
            }
            Value::Object(into)
        }
        (Value::Array(mut into), Value::Array(from)) => {
            into.extend(from);
            Value::Array(into)
        }
        (_, from) => from,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_fragment_can_be_read() {
        for fragment in FRAGMENTS {
            let read: Result<Value, _> = serde_json::from_str(fragment);
            assert!(read.is_ok_and(|value| value.is_object()), "{fragment:.80}");
        }
    }

    #[test]
    fn objects_are_merged_and_lists_joined() {
        let one = json!({"tags": [1], "paths": {"/a": {"get": 1}}, "version": 1});
        let other = json!({"tags": [2], "paths": {"/a": {"post": 2}, "/b": {}}, "version": 2});
        let both = json!({"tags": [1, 2], "paths": {"/a": {"get": 1, "post": 2}, "/b": {}}, "version": 2});
        assert_eq!(merge(one, other), both);
    }
}

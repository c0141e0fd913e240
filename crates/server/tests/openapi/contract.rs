//! The document, as something that can be held against answers.

use std::collections::BTreeSet;

use latido_server::state::AppState;
use serde_json::{Value, json};

use crate::support::{Answer, Server};

/// The methods that a path may have.
pub const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

pub struct Contract {
    pub document: Value,
    /// The same, but that objects may have no fields that are not in it.
    strict: Value,
}

impl Contract {
    /// As the server hands it out.
    pub async fn of(server: &Server) -> Self {
        let answer = server.anonymous().get("/openapi.json").await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
        let mut strict = answer.body.clone();
        forbid_more(&mut strict);
        Self { document: answer.body, strict }
    }

    /// The paths with their parameters as `{}`, as names do not matter.
    pub fn paths(&self) -> BTreeSet<String> {
        self.document["paths"].as_object().unwrap().keys().map(|path| nameless(path)).collect()
    }

    /// Method and path of every operation.
    pub fn operations(&self) -> Vec<(&'static str, &str)> {
        let paths = self.document["paths"].as_object().unwrap();
        let of = |path, item: &Value| {
            let documented = |method: &&str| item.get(method.to_lowercase()).is_some();
            METHODS.into_iter().filter(documented).map(move |method| (method, path)).collect::<Vec<_>>()
        };
        paths.iter().flat_map(|(path, item)| of(path.as_str(), item)).collect()
    }

    pub fn operation(&self, method: &str, path: &str) -> &Value {
        &self.document["paths"][path][method.to_lowercase()]
    }

    /// The documented path of an address; one with fewer parameters goes before.
    pub fn path_of(&self, address: &str) -> String {
        let address: Vec<_> = address.split('?').next().unwrap().split('/').collect();
        let fits = |path: &&String| {
            let parts: Vec<_> = path.split('/').collect();
            let mut pairs = parts.iter().zip(&address);
            parts.len() == address.len() && pairs.all(|(part, given)| part == given || part.starts_with('{'))
        };
        let paths = self.document["paths"].as_object().unwrap().keys().filter(fits);
        paths.min_by_key(|path| path.matches('{').count()).unwrap_or_else(|| panic!("{address:?}")).clone()
    }

    /// Fails unless the answer is one that the operation is documented to give.
    pub fn check(&self, method: &str, path: &str, answer: &Answer) {
        let at = format!("{method} {path} answered {}: {}", answer.status, answer.text);
        let responses = &self.operation(method, path)["responses"];
        let response = responses.get(answer.status.as_str()).or(responses.get("default"));
        let response = self.resolve(response.unwrap_or_else(|| panic!("not documented: {at}")));
        for (name, _) in response["headers"].as_object().into_iter().flatten() {
            assert!(!answer.header(name).is_empty(), "without {name}: {at}");
        }
        let Some(content) = response.get("content") else {
            assert!(answer.text.is_empty(), "{at}");
            return;
        };
        let content_type = answer.header("content-type").split(';').next().unwrap();
        let schema = content.get(content_type).unwrap_or_else(|| panic!("as {content_type}: {at}"));
        if content_type.ends_with("json") {
            self.validate(&schema["schema"], &answer.body, &at);
        }
    }

    /// Fails unless a body that was taken is one that is documented.
    pub fn check_request(&self, method: &str, path: &str, body: &Value) {
        let schema = &self.operation(method, path)["requestBody"]["content"]["application/json"]["schema"];
        self.validate(schema, body, &format!("{method} {path} took {body}"));
    }

    pub fn validate(&self, schema: &Value, value: &Value, at: &str) {
        let mut root = self.strict.clone();
        root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        let mut schema = schema.clone();
        forbid_more(&mut schema);
        root["allOf"] = json!([schema]);
        let validator = jsonschema::options().should_validate_formats(true).build(&root).unwrap();
        let errors: Vec<_> =
            validator.iter_errors(value).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?} at {at}");
    }

    fn resolve<'d>(&'d self, value: &'d Value) -> &'d Value {
        let reference = value["$ref"].as_str();
        reference.map_or(value, |reference| self.document.pointer(&reference[1..]).unwrap())
    }
}

/// Clients ignore fields that they do not know, but here none is to go undocumented.
fn forbid_more(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if object.get("type") == Some(&json!("object")) && object.contains_key("properties") {
                object.entry("additionalProperties").or_insert(json!(false));
            }
            object.values_mut().for_each(forbid_more);
        }
        Value::Array(items) => items.iter_mut().for_each(forbid_more),
        _ => {}
    }
}

/// What the router really has. It cannot be asked, but it can be printed.
pub fn routes(app: &AppState) -> BTreeSet<String> {
    let printed = format!("{:#?}", latido_server::router::router(app));
    let routes = printed.split("fallback_router").next().unwrap();
    let path = |line: &str| Some(nameless(line.trim().strip_prefix("): \"")?.strip_suffix("\",")?));
    routes.lines().filter_map(path).collect()
}

fn nameless(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

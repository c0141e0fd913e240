//! One operation of the page: how it is called, what it takes, what it answers.

use serde_json::Value;

use super::{
    html::{code, escape, inline, prose, table},
    schema::{about, kind},
};

/// The methods in the order in which they are shown.
pub const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Follows a `$ref` within the document; gives anything else as it is.
pub fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let Some(reference) = value["$ref"].as_str() else { return value };
    document.pointer(reference.trim_start_matches('#')).unwrap_or(value)
}

pub fn render(document: &Value, path: &str, item: &Value, method: &str) -> String {
    let operation = &item[method];
    let text = |name: &str| operation[name].as_str().unwrap_or_default();
    format!(
        "<article id=\"{}\"><h3>{} {}</h3>\n<p>{}.</p>\n{}{}{}{}{}</article>\n",
        escape(text("operationId")),
        code(&method.to_uppercase()),
        code(path),
        inline(text("summary")),
        prose(text("description")),
        who(operation),
        parameters(document, item, operation),
        body(operation),
        answers(document, operation),
    )
}

/// Says what nearly all operations need not say: that anybody may call this one, or with what else.
fn who(operation: &Value) -> &'static str {
    match operation["security"].as_array() {
        None => "",
        Some(ways) if ways.is_empty() => "<p>Needs no access token.</p>\n",
        Some(_) => "<p>Needs the refresh cookie, no access token.</p>\n",
    }
}

fn parameters(document: &Value, item: &Value, operation: &Value) -> String {
    let shared = item["parameters"].as_array().into_iter().flatten();
    let own = operation["parameters"].as_array().into_iter().flatten();
    let rows = shared.chain(own).map(|parameter| {
        let parameter = resolve(document, parameter);
        let place = parameter["in"].as_str().unwrap_or_default();
        let name = code(parameter["name"].as_str().unwrap_or_default());
        [format!("{name} ({})", escape(place)), kind(&parameter["schema"]), about(parameter)]
    });
    table("Parameters", ["Name", "What it is", "About it"], rows)
}

fn body(operation: &Value) -> String {
    let Some(contents) = operation["requestBody"]["content"].as_object() else { return String::new() };
    let body = |(media, content): (&String, &Value)| {
        format!("<p>Body: {} as {}.</p>\n", kind(&content["schema"]), code(media))
    };
    contents.iter().map(body).collect()
}

/// The answers of this operation. What can go wrong everywhere is said once, not with each.
fn answers(document: &Value, operation: &Value) -> String {
    let answers = operation["responses"].as_object().into_iter().flatten();
    let rows = answers.filter(|(status, _)| *status != "default").map(|(status, answer)| {
        let answer = resolve(document, answer);
        let contents = answer["content"].as_object().into_iter().flatten();
        let kinds: Vec<_> = contents.map(|(_, content)| kind(&content["schema"])).collect();
        [code(status), inline(answer["description"].as_str().unwrap_or_default()), kinds.join(" or ")]
    });
    table("Answers", ["Status", "When", "Body"], rows)
}

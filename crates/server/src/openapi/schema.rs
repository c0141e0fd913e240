//! Shapes in words: what a value may be, and a table of an object's fields.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::html::{code, escape, inline, table};

/// The name that a `$ref` leads to.
pub fn target(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or_default()
}

/// What a value of this schema is, in a few words.
pub fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = escape(target(reference));
        return format!("<a href=\"#shape-{name}\">{name}</a>");
    }
    if let Some(value) = schema.get("const") {
        return literal(value);
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(literal).collect::<Vec<_>>().join(" or ");
    }
    for any in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[any].as_array() {
            return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    let types: Vec<_> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    match (&*types, schema["properties"].as_object()) {
        (["array"], _) => format!("list of {}", kind(&schema["items"])),
        (["object"], Some(properties)) => {
            let fields = properties.iter().map(|(name, field)| format!("{}: {}", code(name), kind(field)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        ([], _) => "anything".to_owned(),
        (types, _) => format!("{}{}", types.join(" or "), bounds(schema)),
    }
}

fn literal(value: &Value) -> String {
    code(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// The limits of a number or a text, behind a comma.
fn bounds(schema: &Value) -> String {
    let mut bounds = String::new();
    let mut say = |text: std::fmt::Arguments| {
        // Writing to a string cannot fail.
        let _ = write!(bounds, ", {text}");
    };
    if let Some(format) = schema["format"].as_str() {
        say(format_args!("{format}"));
    }
    for (low, high, unit) in [("minimum", "maximum", ""), ("minLength", "maxLength", " characters")] {
        match (schema.get(low), schema.get(high)) {
            (Some(low), Some(high)) => say(format_args!("{low} to {high}{unit}")),
            (Some(low), None) => say(format_args!("at least {low}{unit}")),
            (None, Some(high)) => say(format_args!("at most {high}{unit}")),
            (None, None) => {}
        }
    }
    if let Some(low) = schema.get("exclusiveMinimum") {
        say(format_args!("more than {low}"));
    }
    if let Some(default) = schema.get("default") {
        say(format_args!("{default} if not said"));
    }
    bounds
}

/// What is said about a value, with an example.
pub fn about(schema: &Value) -> String {
    // Of a field that may be `null` the description is with what it is otherwise.
    let description = schema["description"].as_str().or(schema["oneOf"][0]["description"].as_str());
    let mut about = inline(description.unwrap_or_default());
    if let Some(example) = schema["examples"].get(0) {
        let _ = write!(about, " For example {}.", literal(example));
    }
    about
}

/// Every named shape, with a table of its fields.
pub fn shapes(schemas: &Map<String, Value>) -> String {
    schemas.iter().map(|(name, schema)| shape(name, schema)).collect()
}

fn shape(name: &str, schema: &Value) -> String {
    let name = escape(name);
    let mut shape = format!("<article id=\"shape-{name}\"><h3>{name}</h3>\n<p>{}</p>\n", about(schema));
    match schema["properties"].as_object() {
        Some(properties) => shape.push_str(&fields(&name, properties, &schema["required"])),
        None => {
            let _ = writeln!(shape, "<p>{}</p>", kind(schema));
        }
    }
    shape.push_str("</article>\n");
    shape
}

/// First what is always there.
fn fields(name: &str, properties: &Map<String, Value>, required: &Value) -> String {
    let is_required =
        |name: &str| required.as_array().is_some_and(|names| names.iter().any(|one| one == name));
    let (always, sometimes): (Vec<_>, Vec<_>) = properties.iter().partition(|(name, _)| is_required(name));
    let row = |(name, schema): (&String, &Value), mark: &str| {
        [format!("{}{mark}", code(name)), kind(schema), about(schema)]
    };
    let always = always.into_iter().map(|field| row(field, ""));
    let sometimes = sometimes.into_iter().map(|field| row(field, " (optional)"));
    table(&format!("Fields of {name}"), ["Field", "What it is", "About it"], always.chain(sometimes))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_told_in_a_few_words() {
        for (schema, words) in [
            (json!({"type": "number", "minimum": 0, "maximum": 10}), "number, 0 to 10"),
            (json!({"type": ["string", "null"], "maxLength": 9}), "string or null, at most 9 characters"),
            (json!({"enum": ["a", "b"]}), "<code>a</code> or <code>b</code>"),
            (
                json!({"type": "array", "items": {"$ref": "#/components/schemas/User"}}),
                "list of <a href=\"#shape-User\">User</a>",
            ),
            (json!({}), "anything"),
        ] {
            assert_eq!(kind(&schema), words);
        }
    }
}
